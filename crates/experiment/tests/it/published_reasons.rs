//! Reasons of differences in the column `why` of published values.

use experiment::{Drift, Outcome};
use insta::assert_snapshot;

use crate::test_project::TestProject;

/// The outcome beside published step times. Ours are 43, 71, 71 and 117 us.
fn published(csv: &str) -> Outcome {
    TestProject::new()
        .append(
            "published:
  verdict: confirmed
  source: A page.
  tables:
    times: {key: [kv, requests]}
",
        )
        .with_own("published/times.csv", csv)
        .run()
}

/// The column, the published value and the reason of what differs.
fn differing(outcome: &Outcome) -> Vec<String> {
    let differing = outcome.comparison.differing.iter();
    let lines = differing.map(|one| {
        let why = one.why.as_deref().unwrap_or("unexplained");
        format!("{} {}: {why}", one.column, one.published)
    });
    lines.collect()
}

fn drift(outcome: &Outcome) -> String {
    let drift = outcome.drift();
    let lines: Vec<String> = drift.iter().map(Drift::to_string).collect();
    lines.join("\n")
}

#[test]
fn a_reason_is_of_all_that_was_published_in_the_row() {
    let outcome = published(
        "kv,requests,step_us,step_us_exact,why\n64,1,43,,\n64,2,72,71.9,\"Rounded up, twice.\"\n128,1,70,,A slip.\n",
    );
    assert_eq!(
        differing(&outcome),
        [
            "step_us 72: Rounded up, twice.",
            "step_us_exact 71.9: Rounded up, twice.",
            "step_us 70: A slip.",
        ]
    );
    assert_eq!(drift(&outcome), "");
}

#[test]
fn a_reason_names_columns_in_front_of_a_colon() {
    let outcome = published(
        "kv,requests,step_us,step_us_exact,why\n64,1,44,40.5,\"step_us, step_us_exact: Both.\"\n64,2,71,71.9,step_us_exact: Its digits: two.\n128,1,70,70.1,Note: no column.\n",
    );
    assert_eq!(
        differing(&outcome),
        [
            "step_us 44: Both.",
            "step_us_exact 40.5: Both.",
            "step_us_exact 71.9: Its digits: two.",
            "step_us 70: Note: no column.",
            "step_us_exact 70.1: Note: no column.",
        ]
    );
    assert_eq!(drift(&outcome), "");
}

#[test]
fn a_value_that_agrees_although_a_reason_is_stated_is_drift() {
    let outcome = published(
        "kv,requests,step_us,step_us_exact,why\n64,1,43,,A slip.\n64,2,71,71.9,Both are off.\n128,1,71,70.1,step_us: A slip.\n",
    );
    assert_eq!(outcome.comparison.reproduction.equal, 3);
    assert_snapshot!(drift(&outcome), @"
    table `times`, kv = 128, requests = 1, `step_us_exact`: published 70.1, ours 71.2704
    table `times`, kv = 64, requests = 1, `step_us`: published 43, ours 43, which agree, though they are declared to differ
    table `times`, kv = 64, requests = 2, `step_us`: published 71, ours 71, which agree, though they are declared to differ
    table `times`, kv = 128, requests = 1, `step_us`: published 71, ours 71, which agree, though they are declared to differ
    ");
}

#[test]
fn a_column_of_that_name_in_the_table_is_a_value() {
    let outcome = TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            "sql: SELECT kv, requests, step_us, regime AS why FROM steps",
        )
        .append(
            "published:\n  verdict: confirmed\n  source: A page.\n  tables:\n    times: {key: [kv, requests]}\n",
        )
        .with_own("published/times.csv", "kv,requests,why\n64,1,compute\n64,2,other\n")
        .run();
    assert_eq!(differing(&outcome), ["why other: unexplained"]);
}
