//! What a reader is told of figures that must not be taken for what they look like.

use experiment::{Outcome, Warning, WarningKind};

use crate::measured_project::{PROFILE, synchronous};
use crate::measured_rows::{chat, with_keys};
use crate::test_project::{TestProject, file_text};

/// The warnings of a kind, which findings and `outcome.json` have as well.
#[track_caller]
fn of_kind(outcome: &Outcome, kind: WarningKind) -> Vec<Warning> {
    let all = outcome.warnings.iter().filter(|one| one.kind == kind);
    let warnings: Vec<Warning> = all.cloned().collect();
    let findings = file_text(outcome, "FINDINGS.md");
    let json: serde_json::Value =
        serde_json::from_str(&file_text(outcome, "results/outcome.json")).unwrap();
    let written = json["warnings"].as_array().unwrap();
    for warning in &warnings {
        assert!(findings.contains(&warning.what), "{warning}\n{findings}");
        assert!(written.contains(&serde_json::to_value(warning).unwrap()));
    }
    warnings
}

/// How many cells or rows the one warning of a kind concerns; none without a warning.
#[track_caller]
fn cells(outcome: &Outcome, kind: WarningKind) -> Option<usize> {
    match of_kind(outcome, kind).as_slice() {
        [] => None,
        [one] => one.cells,
        several => panic!("{several:?}"),
    }
}

const SWEPT: &str = "kv: [64, 128, 256, 512]";

/// A sweep over four KV lengths and a table `best` of it.
fn with_best(sql: &str) -> TestProject {
    let best = format!("  best:\n    title: Best\n    sql: {sql}\nchecks:\n");
    TestProject::new()
        .edit("kv: [64, 128]", SWEPT)
        .edit("checks:\n", &best)
}

#[test]
fn a_best_value_at_the_end_of_its_range_is_told_of() {
    let edge = |sql: &str| cells(&with_best(sql).run(), WarningKind::EdgeOfRange);
    // The shortest cache is read fastest, for one request and for two.
    let fastest = "SELECT kv, requests, step_us FROM times QUALIFY ROW_NUMBER() OVER (PARTITION BY requests ORDER BY step_us, kv) = 1 ORDER BY requests";
    assert_eq!(edge(fastest), Some(2));
    // 128 is nearest to 130, and has neighbours on both sides.
    let nearest = "WITH d AS (SELECT kv, requests, ABS(kv - 130) AS distance FROM times) SELECT kv, requests, distance FROM d QUALIFY ROW_NUMBER() OVER (PARTITION BY requests ORDER BY distance, kv) = 1 ORDER BY requests";
    assert_eq!(edge(nearest), None);
    // Who asks for an end by name looks for no optimum.
    assert_eq!(
        edge("SELECT kv, requests, step_us FROM times WHERE kv = 64"),
        None
    );
    assert_eq!(
        edge("SELECT kv, requests FROM times WHERE kv IN (SELECT MAX(kv) FROM times)"),
        None
    );
    let least = "WITH m AS (SELECT MIN(step_us_exact) AS least FROM times) SELECT kv, requests FROM times CROSS JOIN m WHERE step_us_exact = least ORDER BY kv, requests";
    assert_eq!(edge(least), Some(1));
    let most = "SELECT kv, requests FROM times WHERE step_us_exact IN (SELECT MAX(step_us_exact) FROM times)";
    assert_eq!(edge(most), Some(1));
}

#[test]
fn a_best_value_that_a_check_observes_is_told_of() {
    let check = "  - id: best-is-short
    role: control
    claim: The fastest cache is short.
    sql: SELECT MAX(kv) < 100 AS holds, MAX(kv) AS observed FROM times WHERE step_us_exact IN (SELECT MIN(step_us_exact) FROM times)
";
    let outcome = TestProject::new()
        .edit("kv: [64, 128]", SWEPT)
        .append(check)
        .run();
    assert_eq!(cells(&outcome, WarningKind::EdgeOfRange), Some(1));
}

#[test]
fn an_axis_of_two_values_has_no_inside() {
    let sql = "SELECT kv, requests, step_us FROM times QUALIFY ROW_NUMBER() OVER (ORDER BY step_us, kv, requests) = 1";
    let project = with_best(sql).edit(SWEPT, "kv: [64, 128]");
    assert_eq!(cells(&project.run(), WarningKind::EdgeOfRange), None);
}

#[test]
fn a_correlation_of_fewer_than_ten_pairs_is_told_of() {
    // Four KV lengths by two numbers of requests are eight pairs; six lengths are twelve.
    let sql = "SELECT CORR(kv, step_us_exact) AS r FROM times";
    assert_eq!(cells(&with_best(sql).run(), WarningKind::FewRows), Some(1));
    let six = with_best(sql).edit(SWEPT, "kv: [64, 128, 256, 512, 600, 700]");
    assert_eq!(cells(&six.run(), WarningKind::FewRows), None);
    // By number of requests there are two correlations of six pairs each.
    let by = "SELECT requests, CORR(kv, step_us_exact) AS r FROM times GROUP BY requests ORDER BY requests";
    let two = with_best(by).edit(SWEPT, "kv: [64, 128, 256, 512, 600, 700]");
    assert_eq!(cells(&two.run(), WarningKind::FewRows), Some(2));
}

#[test]
fn cells_beyond_what_was_measured_and_beyond_memory_are_counted() {
    // The toy GPU was measured with KV lengths from 64 to 1024 and GEMMs from 8 rows on.
    let measured = TestProject::new().edit("requests: {range: [1, 2]}", "requests: [16]");
    let outcome = measured.run();
    assert_eq!(cells(&outcome, WarningKind::Memory), None);
    assert_eq!(cells(&outcome, WarningKind::Communication), None);
    let longer = TestProject::new()
        .edit("kv: [64, 128]", "kv: [64, 2048]")
        .edit("requests: {range: [1, 2]}", "requests: [16]");
    let clamped = |outcome: &Outcome| {
        let warnings = of_kind(outcome, WarningKind::UnmeasuredLookups);
        warnings
            .iter()
            .any(|one| one.what.contains("clamped to the end of the table in 1"))
    };
    assert!(clamped(&longer.run()));
    assert!(!clamped(&outcome));
    // A token has 2 layers x 2 KV heads x 32 numbers, keys and values, of 2 bytes: 512 bytes. 85899345920 bytes hold
    // 167.8 million beside the weights, and 100000 requests of 2048 tokens have 204.8 million.
    let crowd = TestProject::new()
        .edit("kv: [64, 128]", "kv: [64, 2048]")
        .edit("requests: {range: [1, 2]}", "requests: [100000]");
    assert_eq!(cells(&crowd.run(), WarningKind::Memory), Some(1));
}

#[test]
fn tensor_parallel_without_communication_is_told_of() {
    let project = TestProject::new().edit("  gpu: toy\n", "  gpu: toy\n  tensor_parallel: 2\n");
    assert_eq!(cells(&project.run(), WarningKind::Communication), Some(4));
}

/// One experiment, simulated with two efficiencies: two rows, and an interval of them.
fn of_one_experiment(interval: &str) -> TestProject {
    let project = with_keys(
        chat(PROFILE, &synchronous()),
        "        efficiency: [0.7, 0.8]\n      setup: {hardware: {bandwidth_efficiency: efficiency}}\n",
    );
    let project = project.edit("experiment: chat-tp1}}\n", "experiment: chat-tp1}}\n");
    let text = project.hypothesis().to_owned();
    project.with_hypothesis(format!("{text}    interval: {interval}\n"))
}

#[test]
fn an_interval_over_rows_that_repeat_an_experiment_is_told_of() {
    let outcome = of_one_experiment("{table: arms, of: {mean: predicted_tpot_ms}}").run();
    assert_eq!(cells(&outcome, WarningKind::RepeatedExperiments), Some(2));
    let blocks = of_one_experiment("{table: arms, of: {mean: predicted_tpot_ms}, block: 2}").run();
    assert_eq!(cells(&blocks, WarningKind::RepeatedExperiments), None);
}
