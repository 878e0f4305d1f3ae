//! Published values beside ours, from the files to the findings.

use experiment::{Drift, Outcome, Verdict};

use crate::test_project::{TestProject, file_text};

/// A hypothesis with a table of plain values and what was published of it.
fn published(csv: &str, rest: &str) -> Outcome {
    TestProject::new()
        .edit(
            "checks:\n",
            "  plain:
    title: Plain values
    sql: SELECT kv, kv * 1.0 / 3 AS third, regime, kv > 64 AS is_long, CASE WHEN kv > 64 THEN 1 END AS maybe FROM steps WHERE requests = 1
checks:
",
        )
        .append(&format!(
            "published:\n  verdict: confirmed\n  source: A page.\n  tables:\n    plain:\n      key: [kv]\n{rest}"
        ))
        .with_own("published/plain.csv", csv)
        .run()
}

fn differences(outcome: &Outcome) -> Vec<String> {
    outcome
        .comparison
        .differing
        .iter()
        .map(|difference| {
            let row: Vec<String> = difference
                .row
                .iter()
                .map(|(key, value)| format!("{key} = {value}"))
                .collect();
            format!(
                "{} {} {}: {} not {} ({})",
                difference.table,
                row.join(", "),
                difference.column,
                difference.published,
                difference.ours,
                difference.why.as_deref().unwrap_or("unexplained")
            )
        })
        .collect()
}

fn drift(outcome: &Outcome) -> Vec<String> {
    outcome.drift().iter().map(Drift::to_string).collect()
}

#[test]
fn values_are_compared_to_their_own_digits() {
    let outcome = published(
        "kv,third,regime,is_long,maybe\n64,21.3,compute,false,\n128,42.67,compute,true,1\n",
        "",
    );
    assert_eq!(differences(&outcome), [] as [&str; 0]);
    // The empty cell was not published.
    assert_eq!(outcome.comparison.reproduction.equal, 7);
    assert_eq!(drift(&outcome), [] as [&str; 0]);
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(findings.contains(
        "Published verdict: CONFIRMED, the same. Published values: **7 of 7 equal to the digits, 0 within a stated tolerance, 0 different**. Source: "
    ));
    assert!(!findings.contains("## Differences"));
}

#[test]
fn what_differs_and_is_not_explained_is_drift() {
    let outcome = published("kv,third,regime\n64,21.4,memory\n128,42.67,compute\n", "");
    assert_eq!(outcome.comparison.reproduction.equal, 2);
    assert_eq!(
        differences(&outcome),
        [
            "plain kv = 64 third: 21.4 not 21.333333333333332 (unexplained)",
            "plain kv = 64 regime: memory not compute (unexplained)",
        ]
    );
    assert_eq!(
        drift(&outcome),
        [
            "table `plain`, kv = 64, `third`: published 21.4, ours 21.333333333333332",
            "table `plain`, kv = 64, `regime`: published memory, ours compute",
        ]
    );
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(findings.contains("2 different**; the 2 that differ are listed"));
    assert!(findings.contains("2 of 2 have no explanation. All published values"));
    assert!(
        findings.contains("| `plain` | kv = 64 | regime | memory | compute | **not explained** |")
    );
}

#[test]
fn a_declared_difference_is_no_drift() {
    let outcome = published(
        "kv,third\n64,21.4\n128,42.67\n",
        "      differences: [{row: {kv: 64}, column: third, why: A slip of the pen.}]\n",
    );
    assert_eq!(
        differences(&outcome),
        ["plain kv = 64 third: 21.4 not 21.333333333333332 (A slip of the pen.)"]
    );
    assert_eq!(drift(&outcome), [] as [&str; 0]);
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(findings.contains("1 different**; the one that differs is listed"));
    // One digit more than was published.
    assert!(findings.contains("| `plain` | kv = 64 | third | 21.4 | 21.33 | A slip of the pen. |"));
}

#[test]
fn a_declared_difference_that_is_reproduced_is_drift() {
    let outcome = published(
        "kv,third\n64,21.3\n128,42.67\n",
        "      differences: [{row: {kv: 64}, column: third, why: A slip of the pen.}]\n",
    );
    assert_eq!(outcome.comparison.reproduction.equal, 2);
    assert_eq!(
        drift(&outcome),
        [
            "table `plain`, kv = 64, `third`: published 21.3, ours 21.333333333333332, which agree, though they are declared to differ"
        ]
    );
}

#[test]
fn a_tolerance_replaces_the_digits() {
    let csv = "kv,third\n64,21.4\n128,42.6\n";
    let outcome = published(csv, "      tolerance: {third: 0.07}\n");
    assert_eq!(differences(&outcome), [] as [&str; 0]);
    let outcome = published(csv, "      tolerance: {third: 0.066}\n");
    assert_eq!(outcome.comparison.differing.len(), 2);
    let outcome = published("kv,third\n64,21.3\n", "      tolerance: {third: 0}\n");
    assert_eq!(outcome.comparison.differing.len(), 1);
}

#[test]
fn a_row_or_value_that_we_lack_differs() {
    let outcome = published("kv,third,maybe\n64,21.3,1\n65,21.7,\n", "");
    assert_eq!(
        differences(&outcome),
        [
            "plain kv = 64 maybe: 1 not (nothing) (unexplained)",
            "plain kv = 65 third: 21.7 not (no such row) (unexplained)",
        ]
    );
}

#[test]
fn keys_agree_by_value_and_rows_in_any_order() {
    let outcome = published("third,kv\n42.67,128.0\n21.3,64\n", "");
    assert_eq!(differences(&outcome), [] as [&str; 0]);
    assert_eq!(outcome.comparison.reproduction.equal, 2);
}

#[test]
fn a_verdict_that_differs_needs_a_reason() {
    let with_verdict = |published: &str| {
        TestProject::new()
            .append(&format!("published: {{source: A page., {published}}}\n"))
            .run()
    };
    let outcome = with_verdict("verdict: refuted");
    assert_eq!(
        drift(&outcome),
        ["verdict CONFIRMED was published as REFUTED (explain it in `published.verdict_differs`)"]
    );
    assert_eq!(
        outcome.drift(),
        [Drift::Verdict {
            computed: Verdict::Confirmed,
            published: Verdict::Refuted
        }]
    );
    let outcome = with_verdict("verdict: refuted, verdict_differs: They rounded.");
    assert_eq!(drift(&outcome), [] as [&str; 0]);
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(findings.contains("\n**The published verdict was REFUTED.** They rounded."));
    let outcome = with_verdict("verdict: confirmed, verdict_differs: They rounded.");
    assert_eq!(outcome.drift(), [Drift::VerdictAgrees]);
    assert_eq!(
        drift(&outcome),
        [
            "the verdict agrees with the published one, though `published.verdict_differs` says otherwise"
        ]
    );
}
