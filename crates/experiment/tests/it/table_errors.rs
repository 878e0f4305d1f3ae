//! Errors of tables, figures and formats.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
}

/// A hypothesis with one more table.
fn with_table(table: &str) -> TestProject {
    TestProject::new().edit("tables:\n", &format!("tables:\n  {table}\n"))
}

#[test]
fn a_table_has_a_name_of_its_own() {
    assert_snapshot!(with_table("steps: {title: S, sql: SELECT kv FROM steps}").load_error(), @"
    error: table `steps` has the name of a run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   steps: {title: S, sql: SELECT kv FROM steps}
       |   ^^^^^

    error: tables read each other in a cycle: `steps` reads `steps`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   steps: {title: S, sql: SELECT kv FROM steps}
       |   ^^^^^
    ");
    assert_snapshot!(with_table("my-table: {title: S, sql: SELECT kv FROM steps}").load_error(), @"
    error: table `my-table` has no usable name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   my-table: {title: S, sql: SELECT kv FROM steps}
       |   ^^^^^^^^
       |
       = help: names used in SQL begin with a letter and have letters, digits and underscores
    ");
}

#[test]
fn a_table_is_sql_or_figures() {
    assert_snapshot!(with_table("t: {title: T}").load_error(), @"
    error: table `t` needs either `sql` or `figures`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   t: {title: T}
       |   ^
    ");
    assert_snapshot!(with_table("t: {title: T, sql: SELECT kv FROM steps, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps}]}").load_error(), @"
    error: table `t` needs either `sql` or `figures`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   t: {title: T, sql: SELECT kv FROM steps, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps}]}
       |   ^
    ");
}

#[test]
fn a_run_must_be_read() {
    let run = "runs:\n  idle: {step: {batch: {decode: [{kv: 64}]}}}\n";
    assert_snapshot!(refused("runs:\n", run), @"
    error: run `idle` is read by no table and no check
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   idle: {step: {batch: {decode: [{kv: 64}]}}}
       |   ^^^^
       |
       = help: read it in the SQL of a table or check, or remove it
    ");
}

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

#[test]
fn a_figure_is_one_number() {
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS m FROM steps}]}").load_error(), @"
    error: figure `n` of table `t` returns no number named `value`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:42
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS m FROM steps}]}
       |                                          ^^^^^^
       |
       = help: it returns: m
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT MAX(regime) AS value FROM steps}]}").load_error(), @"
    error: figure `n` of table `t` returns no number named `value`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:42
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT MAX(regime) AS value FROM steps}]}
       |                                          ^^^^^^
       |
       = help: it returns: value
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT kv AS value FROM steps}]}").run_error(), @"
    error: figure `n` of table `t`: its SQL returns 4 rows, and a figure is one number
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:42
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT kv AS value FROM steps}]}
       |                                          ^^^^^^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT kv AS value FROM steps WHERE kv > 1000}]}").run_error(), @"
    error: figure `n` of table `t`: its SQL returns 0 rows, and a figure is one number
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:42
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT kv AS value FROM steps WHERE kv > 1000}]}
       |                                          ^^^^^^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps WHERE kv > 1000}]}").run_error(), @"
    error: figure `n` of table `t`: its value is NULL: the rows it reads are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:42
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps WHERE kv > 1000}]}
       |                                          ^^^^^^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT 1 / (MIN(kv) - 64) AS value FROM steps}]}").run_error(), @"
    error: figure `n` of table `t`: column `value`, row 1 is inf: guard what divides by nothing or has too few rows with CASE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:42
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT 1 / (MIN(kv) - 64) AS value FROM steps}]}
       |                                          ^^^^^^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps}, {name: n, sql: SELECT MIN(kv) AS value FROM steps}]}").load_error(), @"
    error: figure `n` stands twice in the table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:86
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps}, {name: n, sql: SELECT MIN(kv) AS value FROM steps}]}
       |                                                                                      ^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT MAX(kvv) AS value FROM steps}]}").load_error(), @"
    error: figure `n` of table `t`: unknown column `kvv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:53
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT MAX(kvv) AS value FROM steps}]}
       |                                                     ^^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
}

#[test]
fn a_format_is_for_a_column() {
    assert_snapshot!(refused("      kv: {label: KV length}", "      kv_len: {label: KV length}"), @"
    error: table `times` has no column `kv_len`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:7
       |
    24 |       kv_len: {label: KV length}
       |       ^^^^^^
       |
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused("{label: KV length}", "{label: KV length, digits: 18}"), @"
    error: 18 digits are more than the 17 that a number has
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:38
       |
    24 |       kv: {label: KV length, digits: 18}
       |                                      ^^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, digits: 200, sql: SELECT MAX(kv) AS value FROM steps}]}").load_error(), @"
    error: 200 digits are more than the 17 that a number has
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:34
       |
    20 |   t: {title: T, figures: [{name: n, digits: 200, sql: SELECT MAX(kv) AS value FROM steps}]}
       |                                  ^
    ");
    assert_snapshot!(with_table("t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps}], columns: {value: {digits: 3}}}").load_error(), @"
    error: the values of table `t` have no format in common
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:90
       |
    20 |   t: {title: T, figures: [{name: n, sql: SELECT MAX(kv) AS value FROM steps}], columns: {value: {digits: 3}}}
       |                                                                                          ^^^^^
       |
       = help: give each figure its own `digits` and `suffix`
    ");
}

#[test]
fn a_number_that_is_not_finite_is_an_error() {
    let table = |sql: &str| {
        TestProject::new()
            .edit(
                "tables:\n",
                &format!("tables:\n  t:\n    title: T\n    sql: {sql}\n"),
            )
            .run_error()
    };
    assert_snapshot!(table("SELECT kv, step_us_exact / (kv - 64) AS x FROM steps"), @"
    error: table `t`: column `x`, row 1 is inf: guard what divides by nothing or has too few rows with CASE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, step_us_exact / (kv - 64) AS x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(table("SELECT (kv - kv) / (kv - kv) AS x FROM steps"), @"
    error: table `t`: column `x`, row 1 is NaN: guard what divides by nothing or has too few rows with CASE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT (kv - kv) / (kv - kv) AS x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(table("SELECT LN(kv - 64) AS x FROM steps"), @"
    error: table `t`: column `x`, row 1 is -inf: guard what divides by nothing or has too few rows with CASE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT LN(kv - 64) AS x FROM steps
       |          ^^^^^^
    ");
}
