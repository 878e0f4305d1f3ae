//! Errors of id, date and what a hypothesis must have at all.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
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
