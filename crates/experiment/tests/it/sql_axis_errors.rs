//! Errors of axes that take their values from SQL.

use insta::assert_snapshot;

use crate::test_project::TestProject;

/// The hypothesis with a second run whose axis `x` has the values of this SQL.
fn with_axis(sql: &str, rest: &str) -> TestProject {
    TestProject::new()
        .edit(
            "tables:\n",
            &format!(
                "  again:
    step:
      vary: {{x: {{sql: \"{sql}\"}}}}
      {rest}
tables:
"
            ),
        )
        .edit(
            "checks:\n",
            "  again_times: {title: Again, sql: 'SELECT x, step_us FROM again'}\nchecks:\n",
        )
}

fn overhead(sql: &str) -> TestProject {
    with_axis(
        sql,
        "setup: {hardware: {per_layer_overhead_us: x}}\n      batch: {decode: [{kv: 64}]}",
    )
}

#[test]
fn the_product_has_a_limit() {
    let limited =
        overhead("SELECT kv AS value FROM times").edit("setup:\n", "max_cells: 4\nsetup:\n");
    limited.run();
    let limited = limited
        .edit("x: {sql:", "y: [1, 2], x: {sql:")
        .edit("decode: [{kv: 64}]", "decode: [{kv: y}]");
    assert_snapshot!(limited.run_error(), @r#"
    error: axis `x` of run `again`: with its values the run has 2 x 4 cells, over the limit of 4
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:34
       |
    22 |       vary: {y: [1, 2], x: {sql: "SELECT kv AS value FROM times"}}
       |                                  ^^^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    "#);
}

#[test]
fn projections_and_lookups_say_what_they_take() {
    let gemm = TestProject::new().edit(
        "    step:
      vary:
        kv: [64, 128]
        requests: {range: [1, 2]}
      batch: {decode: [{kv: kv, count: requests}]}
",
        "    gemm: {vary: {kv: [64], requests: {sql: SELECT 'down' AS value}}, tokens: kv, projection: requests}\n",
    )
    .edit("step_us, step_us_exact FROM", "gemm_us AS step_us, gemm_us AS step_us_exact FROM");
    gemm.run();
    let wrong = gemm.edit("'down'", "'donw'");
    assert_snapshot!(wrong.run_error(), @"
    error: run `steps`, kv = 64, requests = donw: `donw` is no projection (projections: all, query, key, value, output, gate, up, down, lm-head)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}
