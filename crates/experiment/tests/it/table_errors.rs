//! Errors of tables, figures and formats.

use crate::test_project::TestProject;

#[test]
fn a_run_that_is_only_counted_is_read() {
    let project = TestProject::new()
        .edit(
            "runs:\n",
            "runs:\n  idle: {step: {batch: {decode: [{kv: 64}]}}}\n",
        )
        .edit(
            "tables:\n",
            "tables:\n  n: {title: N, sql: SELECT COUNT(*) AS cells FROM idle}\n",
        );
    let outcome = project.run();
    assert_eq!(
        crate::test_project::file_text(&outcome, "results/n.csv"),
        "cells\n1\n"
    );
}
