//! Intervals of checks: what the findings say of them, and what may be asked for.

use experiment::{CheckInterval, Outcome};
use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// Two checks with intervals over a table of 30 rows and one without. The 15 step times of each number of requests grow
/// with the KV length.
const CHECKS: &str = "  - id: grows
    role: acceptance
    claim: Two requests take longer than one.
    sql: SELECT AVG(two_us - one_us) > 0 AS holds, AVG(two_us - one_us) AS observed FROM pairs
    digits: 2
    suffix: \" us\"
    interval: {table: pairs, of: {difference: [two_us, one_us]}}
  - id: follows-kv
    role: control
    claim: Times follow the KV length.
    sql: SELECT COUNT(*) = 15 AS holds, COUNT(*) AS observed FROM pairs
    digits: 3
    interval: {table: pairs, of: {correlation: [kv, one_us]}, block: 3, level: 0.9, resamples: 2000, seed: 7}
  - id: rows
    role: control
    claim: There are rows.
    sql: SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM times
";

fn with_checks(checks: &str) -> TestProject {
    TestProject::new()
        .edit("kv: [64, 128]", "kv: {range: [64, 960, 64]}")
        .edit(
            "checks:
  - id: takes-time
    role: acceptance
    claim: Every step takes a microsecond or more.
    sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
",
            &format!(
                "  pairs:
    title: Pairs
    rows: 0
    sql: >
      SELECT kv, MAX(CASE WHEN requests = 1 THEN step_us_exact END) AS one_us, MAX(CASE WHEN requests = 2 THEN step_us_exact END) AS two_us,
             MAX(CASE WHEN kv > 500 THEN 'long' ELSE 'short' END) AS length, MAX(kv) > 500 AS is_long,
             MAX(CASE WHEN kv > 500 THEN step_us_exact END) AS gapped_us
      FROM times GROUP BY kv ORDER BY kv
checks:
{checks}"
            ),
        )
}

/// The checks with one interval, of this text.
fn with_interval(interval: &str) -> TestProject {
    with_checks(&format!(
        "  - id: a
    role: acceptance
    claim: C.
    sql: SELECT COUNT(*) > 0 AS holds, AVG(one_us) AS observed FROM pairs
    digits: 3
    interval: {interval}
"
    ))
}

#[track_caller]
fn interval_of(outcome: &Outcome, check: usize) -> &CheckInterval {
    outcome.checks[check].interval.as_ref().unwrap()
}

/// The checks with what stands below them.
fn checks_section(outcome: &Outcome) -> String {
    let findings = file_text(outcome, "FINDINGS.md");
    let start = findings.find("## Checks").unwrap();
    let end = findings.find("## Results").unwrap();
    findings[start..end].to_owned()
}

#[test]
fn findings_show_intervals_beside_what_was_observed() {
    let outcome = with_checks(CHECKS)
        .with_own(
            "narrative.md.tera",
            "It takes {{ interval(check=\"grows\") }} longer.\n",
        )
        .run();
    assert_snapshot!(checks_section(&outcome), @"
    ## Checks

    | Check | Role | Claim | Observed | Interval | Holds |
    | --- | --- | --- | --- | --- | --- |
    | `grows` | acceptance | Two requests take longer than one. | 105.80 us | BCa 84.57 to 123.50, percentile 85.70 to 124.54 (n = 15) | yes |
    | `follows-kv` | control | Times follow the KV length. | 15.000 | of 0.984: percentile 0.984 to 0.997, no BCa (n = 15) | yes |
    | `rows` | control | There are rows. | 30 |  | yes |

    Intervals by the bootstrap, bias-corrected and accelerated (BCa) and between percentiles of the resamples. They decide nothing.

    - `grows`: mean of `two_us` less `one_us` in each row of `pairs`, which are drawn as pairs; 95%, 10,000 resamples, seed 42.
    - `follows-kv`: correlation of `kv` and `one_us` over the rows of `pairs`, which are drawn as pairs; 90%, 2000 resamples of blocks of 3 rows that follow one another, seed 7.

    Holds: whether the claim is true of what was observed. An answer in bold speaks against the hypothesis. Roles: acceptance: where it fails the hypothesis is confirmed in part at most; control: decides nothing.
    ");
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(findings.contains("\nIt takes 84.57 to 123.50 us longer.\n"));
    let paired = interval_of(&outcome, 0).values.as_ref().unwrap();
    assert_eq!((paired.rows.as_slice(), paired.level), (&[15][..], 0.95));
    assert!(outcome.checks[2].interval.is_none());
}

#[test]
fn without_an_interval_the_table_of_checks_has_no_column_for_it() {
    let findings = checks_section(&TestProject::new().run());
    assert!(!findings.to_lowercase().contains("interval"), "{findings}");
}

#[test]
fn a_run_has_intervals_too_and_keeps_their_columns() {
    // No query reads these columns.
    let outcome = with_interval("{table: steps, of: {mean: memory_us}}").run();
    let interval = interval_of(&outcome, 0);
    assert_eq!(interval.of, "mean of `memory_us` over the rows of `steps`");
    assert_eq!(interval.values.as_ref().unwrap().rows, [30]);
}

#[test]
fn groups_are_drawn_from_on_their_own() {
    let of = "{difference_of_groups: {column: one_us, by: length, groups: [long, short]}}";
    let outcome = with_interval(&format!("{{table: pairs, of: {of}}}")).run();
    let values = interval_of(&outcome, 0).values.as_ref().unwrap();
    // KV lengths of 64 to 448 and of 512 to 960.
    assert_eq!(values.rows, [8, 7]);
    assert!(values.estimate > 0.0);
}

#[test]
fn another_number_than_was_observed_is_shown() {
    let shown = |of: &str| {
        let outcome = with_interval(&format!("{{table: pairs, of: {of}}}")).run();
        interval_of(&outcome, 0).shown.clone()
    };
    assert!(shown("{mean: one_us}").starts_with("BCa "));
    assert!(shown("{mean: two_us}").starts_with("of "));
}

#[test]
fn rows_that_say_nothing_have_no_interval() {
    let shown = |interval: &str| {
        let outcome = with_interval(interval)
            .with_own("narrative.md.tera", "{{ interval(check=\"a\") }}\n")
            .run();
        let findings = file_text(&outcome, "FINDINGS.md");
        assert!(findings.contains("\nno interval\n"), "{findings}");
        let interval = interval_of(&outcome, 0);
        assert!(interval.values.is_none());
        interval.shown.clone()
    };
    let groups = "{table: pairs, of: {difference_of_groups: {column: one_us, by: length, groups: [long, tall]}}}";
    assert_snapshot!(shown(groups), @"none: an interval needs 3 rows, and there are 0");
    assert_snapshot!(shown("{table: pairs, of: {mean: gapped_us}}"), @"none: column `gapped_us`, row 1 is NULL");
    assert_snapshot!(shown("{table: pairs, of: {mean: one_us}, block: 8}"), @"none: an interval needs 3 blocks, and 15 rows have 1 of 8");
    assert_snapshot!(shown("{table: steps, of: {mean: prefill_us}}"), @"none: the rows do not differ");
}

#[test]
fn a_failed_precondition_leaves_intervals_without_rows() {
    let outcome = with_checks(
        "  - id: has-rows
    role: precondition
    claim: There are many.
    sql: SELECT COUNT(*) > 99 AS holds, COUNT(*) AS observed FROM pairs
  - id: a
    role: acceptance
    claim: C.
    sql: SELECT AVG(gapped_us) > 0 AS holds, AVG(gapped_us) AS observed FROM pairs WHERE kv < 100
    interval: {table: pairs, of: {mean: gapped_us}}
",
    )
    .run();
    let check = &outcome.checks[1];
    assert_eq!(check.observed, "no data");
    assert!(interval_of(&outcome, 1).values.is_none());
}

#[track_caller]
fn refused(interval: &str) -> String {
    with_interval(interval).load_error()
}

#[test]
fn an_interval_names_what_there_is() {
    assert_snapshot!(refused("{table: pair, of: {mean: one_us}}"), @"
    error: the interval of check `a`: there is no table or run `pair`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:23
       |
    39 |     interval: {table: pair, of: {mean: one_us}}
       |                       ^^^^
       |
       = help: did you mean `pairs`?
       = help: tables and runs: times, pairs, steps
    ");
    assert_snapshot!(refused("{table: pairs, of: {mean: oneus}}"), @"
    error: the interval of check `a`: `pairs` has no column `oneus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:41
       |
    39 |     interval: {table: pairs, of: {mean: oneus}}
       |                                         ^^^^^
       |
       = help: did you mean `one_us`?
       = help: its columns: kv, one_us, two_us, length, is_long, gapped_us
    ");
    assert_snapshot!(refused("{table: pairs, of: {difference: [one_us, length]}}"), @"
    error: the interval of check `a`: column `length` holds no numbers
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:56
       |
    39 |     interval: {table: pairs, of: {difference: [one_us, length]}}
       |                                                        ^^^^^^
    ");
    assert_snapshot!(refused("{table: pairs, of: {difference_of_groups: {column: one_us, by: is_long, groups: [a, b]}}}"), @"
    error: the interval of check `a`: column `is_long` holds no words, which tell groups apart
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:78
       |
    39 |     interval: {table: pairs, of: {difference_of_groups: {column: one_us, by: is_long, groups: [a, b]}}}
       |                                                                              ^^^^^^^
    ");
    assert_snapshot!(refused("{table: pairs, of: {correlation: [one_us, one_us]}}"), @"
    error: the interval of check `a` compares column `one_us` with itself
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:57
       |
    39 |     interval: {table: pairs, of: {correlation: [one_us, one_us]}}
       |                                                         ^^^^^^
    ");
    assert_snapshot!(refused("{table: pairs, of: {difference_of_groups: {column: one_us, by: length, groups: [long, long]}}}"), @"
    error: the interval of check `a` compares group `long` with itself
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:101
       |
    39 |     interval: {table: pairs, of: {difference_of_groups: {column: one_us, by: length, groups: [long, long]}}}
       |                                                                                                     ^^^^
    ");
}

#[test]
fn an_interval_has_bounds() {
    assert_snapshot!(refused("{table: pairs, of: {mean: one_us}, level: 95}"), @"
    error: the interval of check `a`: `level` is 95, expected more than 0.5 and at most 0.9999
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:57
       |
    39 |     interval: {table: pairs, of: {mean: one_us}, level: 95}
       |                                                         ^^
    ");
    assert_snapshot!(refused("{table: pairs, of: {mean: one_us}, resamples: 1000000}"), @"
    error: the interval of check `a`: `resamples` is 1000000, expected 100 to 100000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:61
       |
    39 |     interval: {table: pairs, of: {mean: one_us}, resamples: 1000000}
       |                                                             ^^^^^^^
    ");
    assert_snapshot!(refused("{table: pairs, of: {mean: one_us}, block: 0}"), @"
    error: the interval of check `a`: `block` is 0, expected 1 (rows are independent) or more
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:57
       |
    39 |     interval: {table: pairs, of: {mean: one_us}, block: 0}
       |                                                         ^
    ");
    assert_snapshot!(refused("{table: pairs, of: {mean: one_us}, level: 0.9999}"), @"
    error: the interval of check `a`: `resamples` is 10000, expected at least 20000 for a level of 0.9999: fewer have no resample in each tail
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:23
       |
    39 |     interval: {table: pairs, of: {mean: one_us}, level: 0.9999}
       |                       ^^^^^
    ");
}

#[test]
fn slips_in_an_interval_show_the_keys() {
    assert_snapshot!(refused("{table: pairs, of: {median: one_us}}"), @"
    error: unknown choice `median`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:35
       |
    39 |     interval: {table: pairs, of: {median: one_us}}
       |                                   ^^^^^^
       |
       = help: did you mean `mean`?
       = help: valid choices: mean, difference, correlation, difference_of_groups
    ");
    assert_snapshot!(refused("{table: pairs, of: {mean: one_us}, seeds: 1}"), @"
    error: unknown key `seeds`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:50
       |
    39 |     interval: {table: pairs, of: {mean: one_us}, seeds: 1}
       |                                                  ^^^^^
       |
       = help: did you mean `seed`?
       = help: keys here: table, of, block, level, resamples, seed
    ");
    assert_snapshot!(refused("{table: pairs, of: {difference: [one_us]}}"), @"
    error: 2 values are expected here, not 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:30
       |
    39 |     interval: {table: pairs, of: {difference: [one_us]}}
       |                              ^^
    ");
    assert_snapshot!(refused("{table: pairs, of: {difference: [one_us, two_us, kv]}}"), @"
    error: 2 values are expected here, not 3
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:30
       |
    39 |     interval: {table: pairs, of: {difference: [one_us, two_us, kv]}}
       |                              ^^
    ");
    assert_snapshot!(refused("{table: pairs, of: one_us}"), @"
    error: unknown choice `one_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:34
       |
    39 |     interval: {table: pairs, of: one_us}
       |                                  ^^^^^^
       |
       = help: valid choices: mean, difference, correlation, difference_of_groups
    ");
    assert_snapshot!(refused("{table: pairs}"), @"
    error: the key `of` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:16
       |
    39 |     interval: {table: pairs}
       |                ^^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("{table: pairs, of: {mean: one_us}, seed: -1}"), @"
    error: a whole number is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:56
       |
    39 |     interval: {table: pairs, of: {mean: one_us}, seed: -1}
       |                                                        ^^
    ");
}

#[test]
fn there_is_an_end_to_the_work() {
    let error = with_interval("{table: steps, of: {mean: step_us_exact}, resamples: 100000}")
        .edit("kv: {range: [64, 960, 64]}", "kv: {range: [64, 31063]}")
        .run_error();
    assert_snapshot!(error, @"
    error: the interval of check `a`: the resamples are 6200000000 draws, of at most 5000000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:39:23
       |
    39 |     interval: {table: steps, of: {mean: step_us_exact}, resamples: 100000}
       |                       ^^^^^
       |
       = help: ask for fewer `resamples`, for rows in time order in a `block`, or of a table with fewer rows
    ");
}

#[test]
fn a_narrative_is_told_which_checks_have_intervals() {
    let error = with_checks(CHECKS)
        .with_own("narrative.md.tera", "{{ interval(check=\"rows\") }}\n")
        .run_error();
    assert_snapshot!(error, @r#"
    error: there is no check `rows` with an interval
     --> hypotheses/H1-longer-cache/narrative.md.tera:1:4
      |
    1 | {{ interval(check="rows") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `grows`?
      = help: checks with one: follows-kv, grows
    "#);
}

#[test]
fn threads_change_no_byte() {
    let project = with_checks(CHECKS);
    let findings = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| file_text(&project.run(), "FINDINGS.md"))
    };
    let one = findings(1);
    assert!(findings(4) == one);
}
