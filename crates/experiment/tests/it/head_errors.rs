//! Errors of id, date and what a hypothesis must have at all.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
}

#[test]
fn the_id_is_that_of_the_folder() {
    assert_snapshot!(refused("id: H1\n", "id: H2\n"), @"
    error: id `H2` is not that of the folder `H1-longer-cache`, which is `H1`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H2
      |     ^^
    ");
    assert_snapshot!(refused("id: H1\n", "id: ''\n"), @"
    error: id `` is not that of the folder `H1-longer-cache`, which is `H1`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: ''
      |     ^^
    ");
}

#[test]
fn the_date_is_a_day() {
    assert_snapshot!(refused("2026-01-31", "2026-02-30"), @"
    error: date `2026-02-30` is not a day of the calendar written as YYYY-MM-DD
     --> hypotheses/H1-longer-cache/hypothesis.yaml:5:7
      |
    5 | date: 2026-02-30
      |       ^^^^^^^^^^
    ");
    assert_snapshot!(refused("2026-01-31", "31 January 2026"), @"
    error: date `31 January 2026` is not a day of the calendar written as YYYY-MM-DD
     --> hypotheses/H1-longer-cache/hypothesis.yaml:5:7
      |
    5 | date: 31 January 2026
      |       ^^
    ");
}

#[test]
fn the_words_say_something() {
    assert_snapshot!(refused("title: A longer cache takes longer", "title: ' '"), @"
    error: `title` says nothing
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
    ");
    assert_snapshot!(refused("refuted_if: It does not.", "refuted_if: ''"), @"
    error: `refuted_if` says nothing
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
    ");
    assert_snapshot!(refused("statement: A decode step over a longer KV cache takes longer.", "statement: ''"), @"
    error: `statement` says nothing
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
    ");
    assert_snapshot!(refused("claim: Every step takes a microsecond or more.", "claim: ''"), @"
    error: the claim of check `takes-time` says nothing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:26:9
       |
    26 |   - id: takes-time
       |         ^^^^^^^^^^
    ");
    assert_snapshot!(refused("title: Step times", "title: ''"), @"
    error: the title of table `times` says nothing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   times:
       |   ^^^^^
    ");
}

#[test]
fn there_are_runs_and_checks() {
    let run = "  steps:
    step:
      vary:
        kv: [64, 128]
        requests: {range: [1, 2]}
      batch: {decode: [{kv: kv, count: requests}]}
";
    assert_snapshot!(refused(&format!("runs:\n{run}"), "runs: {}\n"), @"
    error: the hypothesis has no runs
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
    ");
    let check = "checks:
  - id: takes-time
    role: acceptance
    claim: Every step takes a microsecond or more.
    sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
";
    assert_snapshot!(refused(check, "checks: []\n"), @"
    error: no check decides the hypothesis
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
      |
      = help: give at least one check the role acceptance, primary or refutation
    ");
}

#[test]
fn there_is_not_too_much_of_it() {
    let tables = (0..1000)
        .map(|index| format!("  t{index}: {{title: T, sql: SELECT kv FROM steps}}\n"))
        .collect::<Vec<_>>()
        .concat();
    assert_snapshot!(refused("tables:\n", &format!("tables:\n{tables}")), @"
    error: the hypothesis has 1003 runs, tables, figures, checks and plots, over the limit of 1000
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
    ");
}

#[test]
fn several_problems_come_at_once() {
    let project = TestProject::new()
        .edit("id: H1\n", "id: H2\n")
        .edit("2026-01-31", "2026-01-32")
        .edit("gpu: toy", "gpu: tyo")
        .edit("count: requests", "count: request");
    assert_snapshot!(project.load_error(), @"
    error: id `H2` is not that of the folder `H1-longer-cache`, which is `H1`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H2
      |     ^^

    error: date `2026-01-32` is not a day of the calendar written as YYYY-MM-DD
     --> hypotheses/H1-longer-cache/hypothesis.yaml:5:7
      |
    5 | date: 2026-01-32
      |       ^^^^^^^^^^

    error: gpu `tyo` not found (did you mean `toy`? known gpus: bare, toy)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:10:8
       |
    10 |   gpu: tyo
       |        ^^^

    error: run `steps` has no axis `request`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:40
       |
    18 |       batch: {decode: [{kv: kv, count: request}]}
       |                                        ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: its axes and fields: kv, requests
    ");
}
