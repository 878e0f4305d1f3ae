//! Differences that are declared for a whole published column.

use experiment::{Drift, Outcome};
use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// The hypothesis with published step times and these entries of `differences`.
fn project(csv: &str, differences: &str) -> TestProject {
    TestProject::new()
        .append(&format!(
            "published:
  verdict: confirmed
  source: A page.
  tables:
    times:
      key: [kv, requests]
      differences:
{differences}"
        ))
        .with_own("published/times.csv", csv)
}

fn drift(outcome: &Outcome) -> Vec<String> {
    outcome.drift().iter().map(Drift::to_string).collect()
}

/// The column, the published value and the reason of what differs.
fn differing(outcome: &Outcome) -> Vec<String> {
    outcome
        .comparison
        .differing
        .iter()
        .map(|difference| {
            format!(
                "{} {}: {}",
                difference.column,
                difference.published,
                difference.why.as_deref().unwrap_or("unexplained")
            )
        })
        .collect()
}

/// What the findings say of published values.
fn comparison(outcome: &Outcome) -> String {
    let findings = file_text(outcome, "FINDINGS.md");
    let start = findings
        .find("\n## Differences from what was published\n")
        .unwrap();
    let end = findings.find("\n## How to reproduce\n").unwrap();
    findings[start..end].trim().to_owned()
}

const COLUMN: &str = "        - {column: step_us, why: Another overhead.}\n";

/// 43, 71, 71 and 117 us are ours.
const SOME: &str = "kv,requests,step_us\n64,1,43\n64,2,72\n128,1,71\n128,2,120\n";

#[test]
fn values_that_agree_by_chance_are_no_drift() {
    let outcome = project(SOME, COLUMN).run();
    assert_eq!(outcome.comparison.reproduction.equal, 2);
    assert_eq!(
        differing(&outcome),
        [
            "step_us 72: Another overhead.",
            "step_us 120: Another overhead."
        ]
    );
    assert_eq!(drift(&outcome), [] as [&str; 0]);
    assert_snapshot!(comparison(&outcome), @"
    ## Differences from what was published

    2 of 4 equal, 0 within tolerance, 2 different. A value is equal where it agrees with the published digits: within half a unit of the last one. Ours has one digit more here. All published values, and ours to every digit, are in [published-values.csv](results/published-values.csv).

    | Table | Row | Column | Published | Ours | Why |
    | --- | --- | --- | --- | --- | --- |
    | `times` | kv = 64, requests = 2 | step_us | 72 | 71 | (1) |
    | `times` | kv = 128, requests = 2 | step_us | 120 | 117 | (1) |

    (1) 2 values: Another overhead.
    ");
    assert_snapshot!(file_text(&outcome, "results/published-values.csv"), @r#"
    table,row,column,published,ours,agreement,why
    times,"kv = 64, requests = 1",step_us,43,43,equal,
    times,"kv = 64, requests = 2",step_us,72,71,different,Another overhead.
    times,"kv = 128, requests = 1",step_us,71,71,equal,
    times,"kv = 128, requests = 2",step_us,120,117,different,Another overhead.
    "#);
}

#[test]
fn a_column_that_agrees_throughout_is_drift() {
    let outcome = project(
        "kv,requests,step_us\n64,1,43\n64,2,71\n128,1,71\n128,2,117\n",
        COLUMN,
    )
    .run();
    assert_eq!(outcome.comparison.reproduction.equal, 4);
    assert_eq!(differing(&outcome), [] as [&str; 0]);
    assert_snapshot!(drift(&outcome).join("\n"), @"table `times`, `step_us`: no value differs for the reason that is given for the whole column");
}

#[test]
fn the_entry_of_a_row_comes_first() {
    let outcome = project(
        SOME,
        &format!(
            "{COLUMN}        - {{row: {{kv: 128, requests: 2}}, column: step_us, why: A slip.}}\n"
        ),
    )
    .run();
    assert_eq!(
        differing(&outcome),
        ["step_us 72: Another overhead.", "step_us 120: A slip."]
    );
    assert_eq!(drift(&outcome), [] as [&str; 0]);
}

#[test]
fn the_entry_of_a_row_that_agrees_is_drift_beside_that_of_the_column() {
    let outcome = project(
        SOME,
        &format!(
            "{COLUMN}        - {{row: {{kv: 64, requests: 1}}, column: step_us, why: A slip.}}\n"
        ),
    )
    .run();
    assert_snapshot!(drift(&outcome).join("\n"), @"table `times`, kv = 64, requests = 1, `step_us`: published 43, ours 43, which agree, though they are declared to differ");
}

#[test]
fn the_entry_of_a_column_explains_something_itself() {
    // Each value that differs has an entry of its own: nothing is left for that of the column.
    let outcome = project(
        SOME,
        &format!(
            "{COLUMN}        - {{row: {{kv: 128, requests: 2}}, column: step_us, why: A slip.}}
        - {{row: {{kv: 64, requests: 2}}, column: step_us, why: Another slip.}}\n"
        ),
    )
    .run();
    assert_snapshot!(drift(&outcome).join("\n"), @"table `times`, `step_us`: no value differs for the reason that is given for the whole column");
}

#[test]
fn other_columns_are_not_explained() {
    let outcome = project(
        "kv,requests,step_us,step_us_exact\n64,1,42,42.5\n64,2,71,\n",
        COLUMN,
    )
    .run();
    assert_eq!(
        differing(&outcome),
        [
            "step_us 42: Another overhead.",
            "step_us_exact 42.5: unexplained"
        ]
    );
    assert_eq!(
        drift(&outcome),
        ["table `times`, kv = 64, requests = 1, `step_us_exact`: published 42.5, ours 42.5984"]
    );
}

#[test]
fn a_row_that_we_lack_counts_as_a_difference() {
    let outcome = project("kv,requests,step_us\n64,1,43\n64,3,99\n", COLUMN).run();
    assert_eq!(differing(&outcome), ["step_us 99: Another overhead."]);
    assert_eq!(drift(&outcome), [] as [&str; 0]);
}

#[test]
fn reasons_that_several_share_stand_below_the_table_once() {
    let outcome = project(
        "kv,requests,step_us,step_us_exact\n64,1,42,42\n64,2,72,72\n128,1,71,70\n128,2,120,121\n",
        "        - {row: {kv: 64, requests: 2}, column: step_us_exact, why: One of a kind.}
        - {column: step_us_exact, why: 'A reason of
            two lines, | with a bar.'}
        - {column: step_us, why: Another overhead.}
",
    )
    .run();
    assert_eq!(drift(&outcome), [] as [&str; 0]);
    assert_snapshot!(comparison(&outcome), @"
    ## Differences from what was published

    1 of 8 equal, 0 within tolerance, 7 different. A value is equal where it agrees with the published digits: within half a unit of the last one. Ours has one digit more here. All published values, and ours to every digit, are in [published-values.csv](results/published-values.csv).

    | Table | Row | Column | Published | Ours | Why |
    | --- | --- | --- | --- | --- | --- |
    | `times` | kv = 64, requests = 1 | step_us | 42 | 43 | (1) |
    | `times` | kv = 64, requests = 1 | step_us_exact | 42 | 42.6 | (2) |
    | `times` | kv = 64, requests = 2 | step_us | 72 | 71 | (1) |
    | `times` | kv = 64, requests = 2 | step_us_exact | 72 | 71.4 | One of a kind. |
    | `times` | kv = 128, requests = 1 | step_us_exact | 70 | 71.3 | (2) |
    | `times` | kv = 128, requests = 2 | step_us | 120 | 117 | (1) |
    | `times` | kv = 128, requests = 2 | step_us_exact | 121 | 116.7 | (2) |

    (1) 3 values: Another overhead.

    (2) 3 values: A reason of two lines, | with a bar.
    ");
}

#[test]
fn an_entry_stands_once_and_names_a_published_column() {
    let twice = project(SOME, &format!("{COLUMN}{COLUMN}"));
    assert_snapshot!(twice.load_error(), @"
    error: the difference in `step_us` of every row stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:11
       |
    38 |         - {column: step_us, why: Another overhead.}
       |           ^^^^^^^
    ");
    let row = "        - {row: {kv: 64, requests: 2}, column: step_us, why: A slip.}\n";
    assert_snapshot!(project(SOME, &format!("{row}{row}")).load_error(), @"
    error: the difference in `step_us` of this row stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:11
       |
    38 |         - {row: {kv: 64, requests: 2}, column: step_us, why: A slip.}
       |           ^^^^
    ");
    let unpublished = project(SOME, "        - {column: step_us_exact, why: Rounded.}\n");
    assert_snapshot!(unpublished.load_error(), @"
    error: difference in `step_us_exact`, which was not published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:37:11
       |
    37 |         - {column: step_us_exact, why: Rounded.}
       |           ^^^^^^^
       |
       = help: published columns: step_us
    ");
    let key = project(SOME, "        - {column: kv, why: Rounded.}\n");
    assert_snapshot!(key.load_error(), @"
    error: difference in `kv`, which was not published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:37:11
       |
    37 |         - {column: kv, why: Rounded.}
       |           ^^^^^^^
       |
       = help: published columns: step_us
    ");
    let no_reason = project(SOME, "        - {column: step_us, why: ' '}\n");
    assert_snapshot!(no_reason.load_error(), @"
    error: a difference has a reason in `why`, or the data that it lacks in `needs`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:37:11
       |
    37 |         - {column: step_us, why: ' '}
       |           ^^^^^^^
    ");
    let nothing = project(SOME, "        - {why: Rounded.}\n");
    assert_snapshot!(nothing.load_error(), @"
    error: the key `column` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:37:12
       |
    37 |         - {why: Rounded.}
       |            ^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
}
