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

fn lengths(sql: &str) -> TestProject {
    with_axis(sql, "batch: {decode: [{kv: x}]}")
}

#[test]
fn what_a_query_reads_is_there() {
    assert_snapshot!(overhead("SELECT kv AS value FROM time").load_error(), @r#"
    error: axis `x` of run `again` reads `time`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:48
       |
    21 |       vary: {x: {sql: "SELECT kv AS value FROM time"}}
       |                                                ^^^^
       |
       = help: did you mean `times`?
       = help: runs and tables: steps, again, times, again_times
    "#);
    assert_snapshot!(overhead("SELECT kvs AS value FROM times").load_error(), @r#"
    error: axis `x` of run `again`: unknown column `kvs`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:31
       |
    21 |       vary: {x: {sql: "SELECT kvs AS value FROM times"}}
       |                               ^^^
       |
       = help: did you mean `kv`?
       = help: known columns: kv, requests, step_us, step_us_exact
    "#);
    assert_snapshot!(overhead("SELECT kv AS value FORM times").load_error(), @r#"
    error: axis `x` of run `again`: SQL does not parse: Expected: end of statement, found: FORM
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:43
       |
    21 |       vary: {x: {sql: "SELECT kv AS value FORM times"}}
       |                                           ^^^^
       |
       = help: did you mean `FROM`?
    "#);
}

#[test]
fn a_query_gives_one_column() {
    assert_snapshot!(overhead("SELECT kv FROM times").load_error(), @r#"
    error: axis `x` of run `again` needs exactly one column, named `value`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT kv FROM times"}}
       |                       ^^^^^^^
       |
       = help: it returns: kv
    "#);
    assert_snapshot!(overhead("SELECT kv AS value, requests FROM times").load_error(), @r#"
    error: axis `x` of run `again` needs exactly one column, named `value`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT kv AS value, requests FROM times"}}
       |                       ^^^^^^^
       |
       = help: it returns: value, requests
    "#);
    assert_snapshot!(overhead("SELECT * FROM times").load_error(), @r#"
    error: axis `x` of run `again` needs exactly one column, named `value`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT * FROM times"}}
       |                       ^^^^^^^
       |
       = help: it returns: kv, requests, step_us, step_us_exact
    "#);
}

#[test]
fn a_query_has_an_order() {
    assert_snapshot!(overhead("SELECT kv AS value FROM times GROUP BY kv").load_error(), @r#"
    error: axis `x` of run `again` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT kv AS value FROM times GROUP BY kv"}}
       |                       ^^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result
    "#);
    assert_snapshot!(overhead("SELECT DISTINCT kv AS value FROM times").load_error(), @r#"
    error: axis `x` of run `again` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT DISTINCT kv AS value FROM times"}}
       |                       ^^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result
    "#);
    assert_snapshot!(overhead("SELECT kv AS value FROM times ORDER BY step_us").load_error(), @r#"
    error: axis `x` of run `again` is ordered by `step_us`, which is no column of its result
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:63
       |
    21 |       vary: {x: {sql: "SELECT kv AS value FROM times ORDER BY step_us"}}
       |                                                               ^^^^^^^
       |
       = help: its columns: value
       = help: an axis reads `value` alone: where another column orders it, order a table by that and read the table
    "#);
}

#[test]
fn nothing_reads_itself() {
    // The run reads the table that reads it.
    assert_snapshot!(overhead("SELECT x AS value FROM again_times").load_error(), @"
    error: runs and tables read each other in a cycle: `again` reads `again_times` reads `again`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    assert_snapshot!(overhead("SELECT x AS value FROM again").load_error(), @"
    error: runs and tables read each other in a cycle: `again` reads `again`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    let two_runs = TestProject::new()
        .edit(
            "kv: [64, 128]",
            "kv: {sql: SELECT other AS value FROM others}",
        )
        .edit(
            "tables:\n",
            "  others:
    step:
      vary: {other: {sql: SELECT kv AS value FROM times}}
      batch: {decode: [{kv: other}]}
tables:
",
        );
    assert_snapshot!(two_runs.load_error(), @"
    error: runs and tables read each other in a cycle: `steps` reads `others` reads `times` reads `steps`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
    let tables_alone = TestProject::new().edit("FROM steps\n", "FROM others\n").edit(
        "checks:\n",
        "  others: {title: Others, sql: 'SELECT kv, requests, step_us, step_us_exact FROM times'}\nchecks:\n",
    );
    assert_snapshot!(tables_alone.load_error(), @"
    error: tables read each other in a cycle: `times` reads `others` reads `times`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   times:
       |   ^^^^^
    ");
}

#[test]
fn the_axis_is_used_and_its_values_are_text() {
    let unused = with_axis(
        "SELECT kv AS value FROM times",
        "batch: {decode: [{kv: 64}]}",
    );
    assert_snapshot!(unused.load_error(), @r#"
    error: axis `x` of run `again` is not used: nothing in the run names it
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:14
       |
    21 |       vary: {x: {sql: "SELECT kv AS value FROM times"}}
       |              ^
    "#);
    let list = TestProject::new().edit("kv: [64, 128]", "kv: {sql: [64]}");
    assert_snapshot!(list.load_error(), @"
    error: text is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:19
       |
    16 |         kv: {sql: [64]}
       |                   ^^^
    ");
    let two = TestProject::new().edit(
        "kv: [64, 128]",
        "kv: {sql: SELECT 1 AS value, range: [1, 2]}",
    );
    assert_snapshot!(two.load_error(), @"
    error: an axis is one of range, cases, sql, ground_truth: `range` is one too many
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:13
       |
    16 |         kv: {sql: SELECT 1 AS value, range: [1, 2]}
       |             ^^^^
    ");
}

#[test]
fn an_axis_has_values() {
    assert_snapshot!(overhead("SELECT kv AS value FROM times WHERE kv > 1000").run_error(), @r#"
    error: axis `x` of run `again`: its SQL returns no row, and an axis has at least one value
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT kv AS value FROM times WHERE kv > 1000"}}
       |                       ^^^^^^^
    "#);
    assert_snapshot!(overhead("SELECT CASE WHEN kv > 64 THEN kv END AS value FROM times").run_error(), @r#"
    error: axis `x` of run `again`: row 1 of its SQL is NULL, and no value of an axis can be missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT CASE WHEN kv > 64 THEN kv END AS value FROM times"}}
       |                       ^^^^^^^
    "#);
    assert_snapshot!(overhead("SELECT NULL AS value FROM times").run_error(), @r#"
    error: axis `x` of run `again`: row 1 of its SQL is NULL, and no value of an axis can be missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT NULL AS value FROM times"}}
       |                       ^^^^^^^
    "#);
    assert_snapshot!(overhead("SELECT 1 / (kv - 64) AS value FROM times").run_error(), @r#"
    error: axis `x` of run `again`: column `value`, row 1 is inf: guard what divides by nothing or has too few rows with CASE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:23
       |
    21 |       vary: {x: {sql: "SELECT 1 / (kv - 64) AS value FROM times"}}
       |                       ^^^^^^^
    "#);
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
fn values_fit_where_they_are_used() {
    assert_snapshot!(lengths("SELECT kv / 3 AS value FROM times").run_error(), @"
    error: run `again`, x = 21.333333333333332: axis `x` has the value `21.333333333333332`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    assert_snapshot!(lengths("SELECT kv / 2 AS value FROM times").run_error(), @"
    error: run `again`, x = 32: axis `x` has the value `32.0`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    assert_snapshot!(lengths("SELECT kv - 100 AS value FROM times").run_error(), @"
    error: run `again`, x = -36: axis `x` has the value `-36`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    assert_snapshot!(lengths("SELECT kv > 1 AS value FROM times").run_error(), @"
    error: run `again`, x = true: axis `x` has the value `true`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    assert_snapshot!(overhead("SELECT -kv AS value FROM times").run_error(), @"
    error: run `again`, x = -64: `hardware.per_layer_overhead_us` cannot be `-64`: it takes a number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    assert_snapshot!(overhead("SELECT 'long' AS value FROM times").run_error(), @"
    error: run `again`, x = long: `hardware.per_layer_overhead_us` cannot be `long`: it takes a number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    let preset = with_axis(
        "SELECT 'feb28' AS value FROM times",
        "setup: {assumptions: {preset: x}}\n      batch: {decode: [{kv: 64}]}",
    );
    assert_snapshot!(preset.run_error(), @"
    error: run `again`, x = feb28: `assumptions.preset` cannot be `feb28`: it takes one of the choices
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
       |
       = help: did you mean `feb24`?
       = help: valid choices: feb24, feb25-base, feb25-h28-fixed, feb27
    ");
    let tensor_parallel = with_axis(
        "SELECT 3 AS value FROM times",
        "setup: {tensor_parallel: x}\n      batch: {decode: [{kv: 64}]}",
    );
    assert_snapshot!(tensor_parallel.run_error(), @"
    error: run `again`, x = 3: invalid step model: `tensor_parallel` is 3, which does not divide the 4 heads
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
}

#[test]
fn a_model_is_named_in_the_file() {
    let model = with_axis(
        "SELECT 'mixture' AS value",
        "setup: {model: x}\n      batch: {decode: [{kv: 64}]}",
    );
    assert_snapshot!(model.run_error(), @"
    error: run `again`, x = mixture: model `mixture` comes from SQL, and only those that the file or an experiment names are read
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
    let gpu = with_axis(
        "SELECT 'bare' AS value",
        "setup: {gpu: x}\n      batch: {decode: [{kv: 64}]}",
    );
    assert_snapshot!(gpu.run_error(), @"
    error: run `again`, x = bare: gpu `bare` comes from SQL, and only those that the file or an experiment names are read
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:3
       |
    19 |   again:
       |   ^^^^^
    ");
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
