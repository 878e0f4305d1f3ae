//! Errors of published values.

use insta::assert_snapshot;

use crate::test_project::TestProject;

/// A hypothesis that compares with a published `times` table.
fn published(table: &str, csv: &str) -> TestProject {
    TestProject::new()
        .append(&format!(
            "published:\n  verdict: confirmed\n  source: A page.\n  tables:\n    times: {table}\n"
        ))
        .with_own("published/times.csv", csv)
}

#[track_caller]
fn refused(table: &str, csv: &str) -> String {
    published(table, csv).load_error()
}

const KEY: &str = "{key: [kv, requests]}";
const CSV: &str = "kv,requests,step_us\n64,1,31\n";

#[test]
fn the_tables_and_files_are_there() {
    let table = TestProject::new()
        .append("published: {verdict: confirmed, source: A page., tables: {tims: {key: [kv]}}}\n");
    assert_snapshot!(table.load_error(), @"
    error: there is no table `tims` to compare with what was published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:30:59
       |
    30 | published: {verdict: confirmed, source: A page., tables: {tims: {key: [kv]}}}
       |                                                           ^^^^
       |
       = help: did you mean `times`?
       = help: tables: times
    ");
    let file = TestProject::new()
        .append("published: {verdict: confirmed, source: A page., tables: {times: {key: [kv]}}}\n");
    assert_snapshot!(file.load_error(), @"
    error: the published values of `times` cannot be read: No such file or directory (os error 2)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:30:59
       |
    30 | published: {verdict: confirmed, source: A page., tables: {times: {key: [kv]}}}
       |                                                           ^^^^^
       |
       = help: they are expected in hypotheses/H1-longer-cache/published/times.csv
    ");
    let verdict = TestProject::new().append("published: {verdict: true, source: A page.}\n");
    assert_snapshot!(verdict.load_error(), @"
    error: unknown choice `true`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:30:22
       |
    30 | published: {verdict: true, source: A page.}
       |                      ^^^^
       |
       = help: valid choices: confirmed, partially-confirmed, refuted, inconclusive
    ");
}

#[test]
fn columns_and_keys_are_ours() {
    assert_snapshot!(refused(KEY, "kv,requests,stepus\n64,1,31\n"), @"
    error: column `stepus` is not a column of our table `times`
     --> hypotheses/H1-longer-cache/published/times.csv:1:13
      |
    1 | kv,requests,stepus
      |             ^^^^^^
      |
      = help: did you mean `step_us`?
      = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused("{key: [kv, request]}", CSV), @"
    error: key `request` is not a column of table `times`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:23
       |
    34 |     times: {key: [kv, request]}
       |                       ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused(KEY, "kv,step_us\n64,31\n"), @"
    error: key `requests` is not a column of hypotheses/H1-longer-cache/published/times.csv
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:23
       |
    34 |     times: {key: [kv, requests]}
       |                       ^^^^^^^^
       |
       = help: its columns: kv, step_us
    ");
    assert_snapshot!(refused("{key: []}", CSV), @"
    error: `key` of `times` is empty
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:5
       |
    34 |     times: {key: []}
       |     ^^^^^
       |
       = help: name the columns by which its rows are told apart
    ");
    assert_snapshot!(refused("{key: [kv, kv]}", CSV), @"
    error: key `kv` stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:23
       |
    34 |     times: {key: [kv, kv]}
       |                       ^^
    ");
    assert_snapshot!(refused(KEY, "kv,requests,step_us,step_us\n64,1,31,31\n"), @"
    error: column `step_us` stands twice
     --> hypotheses/H1-longer-cache/published/times.csv:1:21
      |
    1 | kv,requests,step_us,step_us
      |                     ^^^^^^^
    ");
    assert_snapshot!(refused(KEY, "kv,requests\n64,1\n"), @"
    error: nothing was published for `times` here
     --> hypotheses/H1-longer-cache/published/times.csv:1:1
      |
    1 | kv,requests
      | ^^
      |
      = help: a published table has a header, rows, and a column beside those of its key
    ");
    assert_snapshot!(refused(KEY, ""), @"
    error: key `kv` is not a column of hypotheses/H1-longer-cache/published/times.csv
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:19
       |
    34 |     times: {key: [kv, requests]}
       |                   ^^
       |
       = help: its columns: none

    error: key `requests` is not a column of hypotheses/H1-longer-cache/published/times.csv
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:23
       |
    34 |     times: {key: [kv, requests]}
       |                       ^^^^^^^^
       |
       = help: its columns: none

    error: nothing was published for `times` here
    --> hypotheses/H1-longer-cache/published/times.csv
     = help: a published table has a header, rows, and a column beside those of its key
    ");
    assert_snapshot!(refused(KEY, "kv,requests,step_us\n"), @"
    error: nothing was published for `times` here
     --> hypotheses/H1-longer-cache/published/times.csv:1:1
      |
    1 | kv,requests,step_us
      | ^^
      |
      = help: a published table has a header, rows, and a column beside those of its key
    ");
}

#[test]
fn rows_are_unique_and_whole() {
    assert_snapshot!(refused(KEY, "kv,requests,step_us\n64,1,31\n128,1,32\n64.0,1,33\n"), @"
    error: row 64.0, 1 was published on line 2 already
     --> hypotheses/H1-longer-cache/published/times.csv:4:1
      |
    4 | 64.0,1,33
      | ^^^^
    ");
    assert_snapshot!(refused(KEY, "kv,requests,step_us\n64,1,31\n128,1\n"), @"
    error: the row has 2 values, and the header has 3
     --> hypotheses/H1-longer-cache/published/times.csv:3:1
      |
    3 | 128,1
      | ^^^
      |
      = help: the header is kv,requests,step_us
      = help: a cell that was not published is empty; one with a comma needs double quotes
    ");
    assert_snapshot!(refused(KEY, "kv,requests,step_us\n64,1,31,7\n"), @"
    error: the row has 4 values, and the header has 3
     --> hypotheses/H1-longer-cache/published/times.csv:2:1
      |
    2 | 64,1,31,7
      | ^^
      |
      = help: the header is kv,requests,step_us
      = help: a cell that was not published is empty; one with a comma needs double quotes
    ");
    assert_snapshot!(refused(KEY, "kv,requests,step_us\n64,,31\n"), @"
    error: the key `requests` is empty
     --> hypotheses/H1-longer-cache/published/times.csv:2:1
      |
    2 | 64,,31
      | ^^
    ");
}

#[test]
fn numbers_are_plain() {
    for text in [
        "fast", "1e3", "NaN", "inf", "1,000", "0x10", "31 us", "+31", "--3", ".",
    ] {
        let csv = format!("kv,requests,step_us\n64,1,\"{text}\"\n");
        let error = refused(KEY, &csv);
        assert!(
            error.contains(&format!(
                "`{text}` in column `step_us` is not a plain decimal number"
            )),
            "{error}"
        );
    }
    assert_snapshot!(refused(KEY, "kv,requests,step_us\n64,1,31\n128,2,1e3\n"), @"
    error: `1e3` in column `step_us` is not a plain decimal number
     --> hypotheses/H1-longer-cache/published/times.csv:3:7
      |
    3 | 128,2,1e3
      |       ^^^
      |
      = help: numbers are written as in 1234.5; a cell that was not published is empty, and units belong into the column's name
    ");
}

#[test]
fn a_key_tells_our_rows_apart() {
    let project = published("{key: [kv]}", "kv,step_us\n64,31\n");
    assert_snapshot!(project.run_error(), @"
    error: the key kv of table `times` does not tell its rows apart: rows 1 and 2 both are 64
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:5
       |
    34 |     times: {key: [kv]}
       |     ^^^^^
    ");
}

#[test]
fn tolerances_and_differences_are_for_what_was_published() {
    assert_snapshot!(refused("{key: [kv, requests], tolerance: {step_us_exact: 0}}", CSV), @"
    error: tolerance for `step_us_exact`, which was not published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:46
       |
    34 |     times: {key: [kv, requests], tolerance: {step_us_exact: 0}}
       |                                              ^^^^^^^^^^^^^
       |
       = help: published columns: step_us
    ");
    assert_snapshot!(refused("{key: [kv, requests], tolerance: {stepus: 0}}", CSV), @"
    error: tolerance for `stepus`, which was not published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:46
       |
    34 |     times: {key: [kv, requests], tolerance: {stepus: 0}}
       |                                              ^^^^^^
       |
       = help: did you mean `step_us`?
       = help: published columns: step_us
    ");
    assert_snapshot!(refused("{key: [kv, requests], tolerance: {step_us: -1}}", CSV), @"
    error: the tolerance of `step_us` must be a number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:46
       |
    34 |     times: {key: [kv, requests], tolerance: {step_us: -1}}
       |                                              ^^^^^^^
    ");
    assert_snapshot!(refused("{key: [kv, requests], tolerance: {step_us: .nan}}", CSV), @"
    error: the tolerance of `step_us` must be a number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:46
       |
    34 |     times: {key: [kv, requests], tolerance: {step_us: .nan}}
       |                                              ^^^^^^^
    ");
    assert_snapshot!(refused("{key: [kv, requests], tolerance: {step_us: .inf}}", CSV), @"
    error: the tolerance of `step_us` must be a number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:46
       |
    34 |     times: {key: [kv, requests], tolerance: {step_us: .inf}}
       |                                              ^^^^^^^
    ");
    let difference = |difference: &str| {
        refused(
            &format!("{{key: [kv, requests], differences: [{difference}]}}"),
            CSV,
        )
    };
    assert_snapshot!(difference("{row: {kv: 64, requests: 1}, column: stepus, why: W}"), @"
    error: difference in `stepus`, which was not published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:48
       |
    34 |     times: {key: [kv, requests], differences: [{row: {kv: 64, requests: 1}, column: stepus, why: W}]}
       |                                                ^^^^
       |
       = help: did you mean `step_us`?
       = help: published columns: step_us
    ");
    assert_snapshot!(difference("{row: {kv: 64, requests: 2}, column: step_us, why: W}"), @"
    error: no value was published for `step_us` in the row kv = 64, requests = 2
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:48
       |
    34 |     times: {key: [kv, requests], differences: [{row: {kv: 64, requests: 2}, column: step_us, why: W}]}
       |                                                ^^^^
       |
       = help: rows with a value, by kv, requests: 64, 1
    ");
    assert_snapshot!(difference("{row: {kv: 64}, column: step_us, why: W}"), @"
    error: the row of a difference needs the key column `requests`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:48
       |
    34 |     times: {key: [kv, requests], differences: [{row: {kv: 64}, column: step_us, why: W}]}
       |                                                ^^^^
    ");
    assert_snapshot!(difference("{row: {kv: 64, requests: 1, step_us: 31}, column: step_us, why: W}"), @"
    error: `step_us` is no key of this table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:76
       |
    34 |     times: {key: [kv, requests], differences: [{row: {kv: 64, requests: 1, step_us: 31}, column: step_us, why: W}]}
       |                                                                            ^^^^^^^
       |
       = help: its key: kv, requests
    ");
    assert_snapshot!(difference("{row: {kv: 64, requests: 1}, column: step_us, why: ''}"), @"
    error: a difference needs a reason in `why`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:48
       |
    34 |     times: {key: [kv, requests], differences: [{row: {kv: 64, requests: 1}, column: step_us, why: ''}]}
       |                                                ^^^^
    ");
    assert_snapshot!(difference("{row: {kv: 64, requests: 1}, column: step_us, why: W}, {row: {kv: 64, requests: 1}, column: step_us, why: V}"), @"
    error: the difference in `step_us` of this row stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:103
       |
    34 |     times: {key: [kv, requests], differences: [{row: {kv: 64, requests: 1}, column: step_us, why: W}, {row: {kv: 64, requests: 1}, c...
       |                                                                                                       ^^^^
    ");
}

#[test]
fn a_quote_that_is_not_closed_does_not_swallow_the_rest() {
    let error = refused(KEY, "kv,requests,step_us\n64,1,\"31\n128,2,32\n");
    assert!(
        error.contains("a double quote of this row is not closed"),
        "{error}"
    );
    assert!(error.contains("times.csv:2:1"), "{error}");
}
