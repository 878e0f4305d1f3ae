//! Axes that take their values from SQL over earlier runs and tables.

use insta::assert_snapshot;
use rayon::ThreadPoolBuilder;

use crate::test_project::{TestProject, file_text};

/// The hypothesis with a second run, `again`, and a table of what it computes.
fn with_again(run: &str, columns: &str) -> TestProject {
    TestProject::new()
        .edit("tables:\n", &format!("  again:\n    {run}\ntables:\n"))
        .edit(
            "checks:\n",
            &format!(
                "  again_times:
    title: What follows
    sql: SELECT {columns} FROM again
checks:
"
            ),
        )
}

/// The second run with one axis, `x`, whose values this SQL gives.
fn with_axis(sql: &str, rest: &str, columns: &str) -> TestProject {
    with_again(
        &format!("step: {{vary: {{x: {{sql: \"{sql}\"}}}}, {rest}}}"),
        columns,
    )
}

#[track_caller]
fn again_times(project: &TestProject) -> String {
    file_text(&project.run(), "results/again_times.csv")
}

const OVERHEAD: &str = "setup: {hardware: {per_layer_overhead_us: x}}, batch: {decode: [{kv: 64}]}";

#[test]
fn whole_numbers_in_their_order() {
    // One decode at 64 tokens takes 42.5984 us without overhead; each of the two layers adds one.
    let columns = "x, step_us_exact";
    let rows = |sql: &str| again_times(&with_axis(sql, OVERHEAD, columns));
    assert_snapshot!(rows("SELECT step_us AS value FROM times ORDER BY value DESC"), @"
    x,step_us_exact
    117,276.59839999999997
    71,184.5984
    71,184.5984
    43,128.5984
    ");
    // Without ORDER BY the rows come as those of the table.
    assert_snapshot!(rows("SELECT step_us AS value FROM times WHERE requests = 1"), @"
    x,step_us_exact
    43,128.5984
    71,184.5984
    ");
}

#[test]
fn fractions_in_their_order() {
    let csv = again_times(&with_axis(
        "SELECT kv / 256 AS value FROM times WHERE requests = 1 ORDER BY value DESC",
        OVERHEAD,
        "x, step_us_exact",
    ));
    assert_snapshot!(csv, @"
    x,step_us_exact
    0.5,43.5984
    0.25,43.0984
    ");
}

#[test]
fn a_fraction_that_is_whole_stays_a_fraction() {
    let csv = again_times(&with_axis(
        "SELECT kv / 64 AS value FROM times WHERE requests = 1",
        OVERHEAD,
        "x, x / 2 AS half",
    ));
    assert_snapshot!(csv, @"
    x,half
    1.0,0.5
    2.0,1.0
    ");
}

#[test]
fn counts_and_lengths_of_a_batch() {
    let csv = again_times(&with_axis(
        "SELECT requests + 1 AS value FROM times WHERE kv = 64",
        "batch: {decode: [{kv: 64, count: x}], prefill: [{new: x}]}",
        "x, decode_requests, prefill_tokens",
    ));
    assert_snapshot!(csv, @"
    x,decode_requests,prefill_tokens
    2,2,2
    3,3,3
    ");
}

#[test]
fn words_name_a_choice() {
    let csv = again_times(&with_axis(
        "SELECT CASE WHEN kv > 64 THEN 'max' ELSE 'additive' END AS value FROM times WHERE requests = 1",
        "setup: {assumptions: {mixed_batch: x}}, batch: {decode: [{kv: 64}], prefill: [{new: 64}]}",
        "x, step_us",
    ));
    assert_snapshot!(csv, @"
    x,step_us
    additive,204
    max,169
    ");
}

#[test]
fn words_name_a_model_that_another_run_names() {
    let project = TestProject::new()
        .with_small_model()
        .edit("  model: tiny\n", "")
        .edit(
            "      vary:\n        kv: [64, 128]\n",
            "      setup: {model: name}\n      vary:\n        name: [tiny, small]\n        kv: [64, 128]\n",
        )
        .edit("SELECT kv, requests, step_us", "SELECT name, kv, requests, step_us")
        .edit(
            "tables:\n",
            "  again:
    step:
      vary: {best: {sql: SELECT name AS value FROM fastest}}
      setup: {model: best}
      batch: {decode: [{kv: 64}]}
tables:
",
        )
        .edit(
            "checks:\n",
            "  fastest: {title: The fastest, sql: 'SELECT name, step_us_exact FROM times ORDER BY step_us_exact, name LIMIT 1'}
  again_times: {title: Again, sql: 'SELECT best, step_us FROM again'}
checks:
",
        );
    assert_snapshot!(again_times(&project), @"
    best,step_us
    small,9
    ");
}

#[test]
fn words_name_a_projection_and_numbers_a_lookup() {
    let gemm = with_again(
        "gemm: {vary: {x: {sql: \"SELECT CASE WHEN kv > 64 THEN 'up' ELSE 'query' END AS value FROM times WHERE requests = 1\"}}, tokens: 8, projection: x}",
        "x, gemm_us",
    );
    assert_snapshot!(again_times(&gemm), @"
    x,gemm_us
    query,5.2428799999999995
    up,20.971519999999998
    ");
    let mfu = with_again(
        "mfu: {vary: {x: {sql: SELECT kv AS value FROM times WHERE requests = 1}}, lookup: {prefill: {seq_len: x}}}",
        "x, mfu",
    );
    assert_snapshot!(again_times(&mfu), @"
    x,mfu
    64,0.2
    128,0.2
    ");
}

#[test]
fn axes_multiply() {
    let project = with_again(
        "step:
      vary:
        x: {sql: SELECT requests AS value FROM times WHERE kv = 64}
        kv: [64, 128]
        layer_us: {sql: SELECT kv AS value FROM times WHERE requests = 1 ORDER BY value DESC}
      setup: {hardware: {per_layer_overhead_us: layer_us}}
      batch: {decode: [{kv: kv, count: x}]}",
        "x, kv, layer_us",
    );
    assert_snapshot!(again_times(&project), @"
    x,kv,layer_us
    1,64,128
    1,64,64
    1,128,128
    1,128,64
    2,64,128
    2,64,64
    2,128,128
    2,128,64
    ");
}

/// run -> table -> run -> table -> run, with the last run first in the file.
fn chain() -> TestProject {
    TestProject::new()
        .edit(
            "runs:\n",
            "runs:
  third:
    step:
      vary: {x: {sql: SELECT MAX(x) + 1 AS value FROM second_times}}
      batch: {decode: [{kv: x}]}
  second:
    step:
      vary: {x: {sql: 'SELECT kv // 2 AS value FROM times WHERE requests = 1 ORDER BY value DESC'}}
      batch: {decode: [{kv: x}]}
",
        )
        .edit(
            "tables:\n",
            "tables:
  third_times: {title: Third, sql: 'SELECT x, kv_max, step_us FROM third'}
  second_times: {title: Second, sql: 'SELECT x, kv_max, step_us FROM second'}
",
        )
}

#[test]
fn runs_and_tables_wait_for_what_they_read() {
    let outcome = chain().run();
    assert_snapshot!(file_text(&outcome, "results/second_times.csv"), @"
    x,kv_max,step_us
    64,64,43
    32,32,26
    ");
    assert_snapshot!(file_text(&outcome, "results/third_times.csv"), @"
    x,kv_max,step_us
    65,65,43
    ");
}

#[test]
fn an_axis_can_read_a_run_and_several_tables() {
    let csv = again_times(&with_axis(
        "SELECT DISTINCT s.kv_max + t.requests AS value FROM steps s JOIN times t ON s.kv = t.kv ORDER BY value",
        "batch: {decode: [{kv: x}]}",
        "x",
    ));
    assert_snapshot!(csv, @"
    x
    65
    66
    129
    130
    ");
}

#[test]
fn a_run_that_only_an_axis_reads_is_read() {
    // The axis alone reads `batch_size` of `steps`, and nothing else does.
    let project = with_axis(
        "SELECT batch_size AS value FROM steps WHERE kv_max = 128",
        "batch: {decode: [{kv: x}]}",
        "x",
    )
    .edit(
        "  times:
    title: Step times
    sql: SELECT kv, requests, step_us, step_us_exact FROM steps
    columns:
      kv: {label: KV length}
",
        "",
    )
    .edit(
        "SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times",
        "SELECT MIN(x) >= 1 AS holds, MIN(x) AS observed FROM again_times",
    );
    assert_snapshot!(again_times(&project), @"
    x
    1
    2
    ");
}

#[test]
fn findings_show_the_values() {
    let findings = file_text(&chain().run(), "FINDINGS.md");
    let design = &findings[findings.find("Run `third`").unwrap()..];
    assert_snapshot!(&design[..design.find("## How").unwrap()], @"
    Run `third` (step probe, 1 cell): 1 decode at KV length `x`.

    - independent variable `x` (1 value): 65
    - dependent variables: `kv_max`, `step_us`

    Run `second` (step probe, 2 cells): 1 decode at KV length `x`.

    - independent variable `x` (2 values): 64, 32
    - dependent variables: `kv_max`, `step_us`

    Run `steps` (step probe, 4 cells): `requests` decode at KV length `kv`.

    - independent variable `kv` (2 values): 64, 128
    - independent variable `requests` (2 values): 1, 2
    - dependent variables: `step_us`, `step_us_exact`
    ");
}

#[test]
fn outcomes_do_not_depend_on_the_pool() {
    let project = chain().edit("kv: [64, 128]", "kv: {range: [2, 9000]}");
    let hypothesis = project.load().unwrap();
    let in_pool = |threads| {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| hypothesis.run().unwrap()).files
    };
    assert!(in_pool(1) == in_pool(4));
}

#[test]
fn cells_are_counted_once_the_values_are_known() {
    let hypothesis = chain().load().unwrap();
    assert_eq!(hypothesis.cells(), 4);
}
