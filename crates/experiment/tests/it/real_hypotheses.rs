//! The hypotheses of this repository: decided as committed, and equal to the figures that they set out to reproduce.

use std::fs;
use std::path::{Path, PathBuf};

use experiment::{
    Audit, Hypothesis, HypothesisFolder, LoadOptions, Outcome, Project, Verdict, WarningKind,
};

use crate::shared_tables::{CsvText, expected_table};
use crate::test_project::file_text;

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folders of the hypotheses that the README names. Others are of those who try one of their own in their clone.
pub(crate) fn named_folders() -> Vec<HypothesisFolder> {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let project = Project::at(&repository()).unwrap();
    let mut folders = project.hypotheses().unwrap();
    folders.retain(|folder| readme.contains(&format!("({}/FINDINGS.md)", folder.path().display())));
    assert!(folders.len() >= 16, "{folders:?}");
    folders
}

/// What a hypothesis of the repository comes to, and its folder.
pub(crate) fn outcome(id: &str) -> (Outcome, PathBuf) {
    let project = Project::at(&repository()).unwrap();
    let folder = project.hypothesis(id).unwrap();
    let hypothesis = Hypothesis::load(&project, &folder, &LoadOptions::default())
        .unwrap_or_else(|error| panic!("{error}"));
    let outcome = hypothesis.run().unwrap_or_else(|error| panic!("{error}"));
    (outcome, project.root().join(folder.path()))
}

#[test]
fn the_published_verdicts_are_reproduced() {
    for (id, total, differing) in [
        ("H6", 66, 0),
        ("H27", 273, 1),
        ("H33", 207, 4),
        ("H34", 78, 0),
        ("H35", 71, 8),
    ] {
        let (outcome, _) = outcome(id);
        assert_eq!(outcome.verdict, Verdict::Confirmed, "{id}");
        assert_eq!(outcome.published_verdict, Some(Verdict::Confirmed), "{id}");
        let comparison = &outcome.comparison;
        assert_eq!(
            (
                comparison.reproduction.compared(),
                comparison.differing.len()
            ),
            (total, differing),
            "{id}"
        );
    }
}

#[test]
fn h28_is_not_superlinear() {
    let (outcome, _) = outcome("H28");
    assert_eq!(outcome.verdict, Verdict::PartiallyConfirmed);
    assert_eq!(outcome.published_verdict, Some(Verdict::Confirmed));
    let comparison = &outcome.comparison;
    assert_eq!(
        (
            comparison.reproduction.compared(),
            comparison.differing.len()
        ),
        (46, 1)
    );
}

/// Error by efficiency falls to the edge, as predictions that all are too fast must: slower steps are nearer.
#[test]
fn h1_finds_no_best_efficiency_inside_its_range() {
    let (outcome, _) = outcome("H1");
    let edges: Vec<_> = outcome
        .warnings
        .iter()
        .filter(|warning| warning.kind == WarningKind::EdgeOfRange)
        .collect();
    assert_eq!(edges.len(), 1);
    assert!(edges[0].what.contains("`best_efficiency`"));
}

#[test]
fn h29_is_refuted_by_its_own_criterion() {
    let (outcome, _) = outcome("H29");
    assert_eq!(outcome.verdict, Verdict::Refuted);
    assert_eq!(outcome.published_verdict, Some(Verdict::Confirmed));
    let comparison = &outcome.comparison;
    assert_eq!(
        (
            comparison.reproduction.compared(),
            comparison.differing.len()
        ),
        (240, 0)
    );
    let top = file_text(&outcome, "FINDINGS.md");
    let top: Vec<&str> = top.lines().take(12).collect();
    assert!(
        top.iter()
            .any(|line| line.contains("7365 us") && line.contains("7312 us"))
    );
}

#[test]
fn no_finding_drifted_and_no_file_is_stale() {
    let project = Project::at(&repository()).unwrap();
    let folders = named_folders();
    let is_alone = project.hypotheses().unwrap() == folders;
    let mut outcomes = Vec::new();
    for folder in folders {
        let (outcome, path) = outcome(folder.id());
        assert_eq!(outcome.drift(), [], "{}", folder.name());
        assert_eq!(outcome.stale_files(&path).unwrap(), [], "{}", folder.name());
        let committed = fs::read_to_string(path.join("FINDINGS.md")).unwrap();
        assert_eq!(file_text(&outcome, "FINDINGS.md"), committed);
        outcomes.push(outcome);
    }
    if is_alone {
        let audit = fs::read_to_string(project.hypotheses_folder().join(Audit::FILE)).unwrap();
        assert_eq!(Audit::of(&outcomes).to_markdown(), audit);
    }
}

#[test]
fn the_known_defects_of_the_published_findings_are_stated_by_numbers() {
    // The figures are those of the published pages and of the vendor's data sheet.
    for (id, defect, figures) in [
        (
            "H1",
            "two-quantities-one-name",
            &["47.7 to 36.1%", "497.6 for summarization"][..],
        ),
        (
            "H28",
            "two-peaks",
            &["1979 TFLOP/s for the GEMM table", "989 for decode", "2.00x"],
        ),
        (
            "H33",
            "baseline-is-not-one",
            &["5.000000", "0.652174", "1.000000"],
        ),
        (
            "H35",
            "regime-after-rounding",
            &["KV 2048 CMP", "KV 256 CMP"],
        ),
        (
            "H35",
            "no-change-that-is-one",
            &["8595 to 8594 us", "0.0000%"],
        ),
        ("H29", "own-criterion", &["1.007x", "2.75x"]),
        ("HG1", "one-setting-two-errors", &["15.5%", "47.7%"]),
        // 137 GB of weights over four times 3.35 TB/s.
        ("I2-H1", "wrong-clock", &["10,217 us", "0.801", "0.556"]),
        // Of d d: 1 + 2 f / d in the formula; 2 + 2 / 8 + 3 f / d in the model. f / d is 2.6875 at the least.
        (
            "I2-H1",
            "gemm-formula-lacks-projections",
            &["61.8% of the FLOPs"],
        ),
    ] {
        let (outcome, _) = outcome(id);
        let found = outcome.defects.iter().find(|one| one.id == defect);
        let what = &found.unwrap_or_else(|| panic!("{id} lacks {defect}")).what;
        for figure in figures {
            assert!(what.contains(figure), "{id}: {figure} in {what}");
        }
        let findings = file_text(&outcome, "FINDINGS.md");
        assert!(findings.contains(what), "{id}: {defect}");
    }
}

/// Compares every value of an expected table with ours, to the digits that are printed there.
///
/// `columns` pairs each expected column with ours; the first `keys` of them tell the rows apart.
#[track_caller]
fn check_expected(id: &str, table: &str, expected: &str, keys: usize, columns: &[(&str, &str)]) {
    let Some(expected) = expected_table(expected) else {
        return;
    };
    let (outcome, _) = outcome(id);
    let ours = CsvText::read(&file_text(&outcome, &format!("results/{table}.csv")));
    let names: Vec<&str> = columns.iter().map(|(theirs, _)| *theirs).collect();
    assert_eq!(expected.header, names, "{table}: a column is not compared");
    assert_eq!(ours.rows.len(), expected.rows.len(), "{table}");
    for row in &expected.rows {
        let same_key = |candidate: &&Vec<String>| {
            columns[..keys]
                .iter()
                .all(|(theirs, name)| expected.value(row, theirs) == ours.value(candidate, name))
        };
        let found: Vec<_> = ours.rows.iter().filter(same_key).collect();
        assert_eq!(found.len(), 1, "{table}: {row:?}");
        for (theirs, name) in columns {
            let printed = expected.value(row, theirs);
            let value = ours.value(found[0], name);
            assert_eq!(
                to_the_digits_of(printed, value),
                printed,
                "{table}: {row:?}"
            );
        }
    }
}

/// A value as it would be printed with as many decimals as `printed` has; a word as it is.
fn to_the_digits_of(printed: &str, value: &str) -> String {
    match (printed.parse::<f64>(), value.parse::<f64>()) {
        (Ok(_), Ok(number)) => {
            let decimals = printed
                .split_once('.')
                .map_or(0, |(_, digits)| digits.len());
            format!("{number:.decimals$}")
        }
        _ => value.to_owned(),
    }
}

/// Columns that both tables call the same.
fn same<'n>(names: &[&'n str]) -> Vec<(&'n str, &'n str)> {
    names.iter().map(|name| (*name, *name)).collect()
}

#[test]
fn h28_has_the_expected_step_times() {
    let columns = same(&[
        "batch_size",
        "heterogeneous_us",
        "homogeneous_us",
        "ratio",
        "roofline_attention_flops",
        "ideal_attention_flops",
        "overestimation",
    ]);
    check_expected("H28", "step_times", "h28-step-times.csv", 1, &columns);
}

#[test]
fn h33_has_the_expected_scenarios() {
    let columns = same(&[
        "scenario",
        "kv_lens",
        "batch_size",
        "max_kv",
        "kv_range",
        "attention_time_ratio",
        "baseline_step_us",
        "per_request_step_us",
        "attention_share_of_hardware_step_pct",
    ]);
    check_expected("H33", "scenario_results", "h33-scenarios.csv", 1, &columns);
}

#[test]
fn h33_has_the_expected_mfu() {
    let columns = same(&[
        "kv_len",
        "mfu_batch_1",
        "mfu_batch_4",
        "mfu_batch_8",
        "mfu_batch_16",
        "mfu_batch_32",
    ]);
    check_expected("H33", "decode_mfu", "h33-decode-mfu.csv", 1, &columns);
}

#[test]
fn h33_has_the_expected_range_sweep() {
    let columns = same(&["short_kv", "attention_time_ratio"]);
    check_expected("H33", "range_results", "h33-range-sweep.csv", 1, &columns);
}

#[test]
fn h35_has_the_expected_grid() {
    let mut columns = same(&[
        "batch_size",
        "kv_len",
        "step_us_f050",
        "step_us_f075",
        "step_us_f100",
        "step_us_f150",
        "activation_pct_of_dynamic_bytes",
    ]);
    columns.push(("regime_exact", "regime"));
    check_expected("H35", "grid_points", "h35-grid.csv", 2, &columns);
}

#[test]
fn h6_has_the_expected_sweeps() {
    let columns = same(&[
        "sweep",
        "points",
        "unique_mfu",
        "jumps_5pct",
        "jumps_10pct",
        "jumps_20pct",
        "max_jump_pct",
        "longest_flat",
    ]);
    check_expected("H6", "sweeps", "h6-sweeps.csv", 1, &columns);
}

#[test]
fn h27_has_the_expected_cases() {
    let columns = same(&[
        "case",
        "tensor_parallel",
        "prefill_requests",
        "prefill_tokens",
        "decode_requests",
        "prefill_only_us",
        "decode_only_us",
        "max_us",
        "weighted_average_us",
        "regime",
    ]);
    check_expected("H27", "cases", "h27-cases.csv", 1, &columns);
}

#[test]
fn h29_has_the_expected_prefills() {
    let columns = same(&["seq_len", "step_us", "compute_us", "memory_us"]);
    check_expected("H29", "step_times", "h29-published.csv", 1, &columns);
    let columns = same(&[
        "seq_len",
        "bucketed_step_us",
        "bucketed_compute_us_floor",
        "memory_us_floor",
        "unbucketed_flops_step_us",
    ]);
    check_expected("H29", "prefill_sweep", "h29-prefill-sweep.csv", 1, &columns);
}

#[test]
fn h34_has_the_expected_gemm_times() {
    let columns = same(&["model", "batch_size", "gemm_us", "ratio_to_batch_8"]);
    check_expected("H34", "gemm_scaling", "h34-gemm-scaling.csv", 2, &columns);
}
