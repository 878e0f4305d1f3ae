//! Columns that are not there, shown in their line with the nearest that is.

use insta::assert_snapshot;

use crate::test_project::{refused, refused_block};

#[test]
fn an_unknown_column_is_shown_in_its_line() {
    assert_snapshot!(refused("SELECT kv, step_uss FROM steps"), @"
    error: table `times`: unknown column `step_uss`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:21
       |
    22 |     sql: SELECT kv, step_uss FROM steps
       |                     ^^^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused_block(&["SELECT kv,", "       MAX(stepus) AS slowest", "FROM steps GROUP BY kv ORDER BY kv"]), @"
    error: table `times`: unknown column `stepus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:18
       |
    24 |              MAX(stepus) AS slowest
       |                  ^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused_block(&["SELECT kv, step_us FROM steps", "WHERE requets = 1"]), @"
    error: table `times`: unknown column `requets`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:13
       |
    24 |       WHERE requets = 1
       |             ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT kv FROM steps ORDER BY request"), @"
    error: table `times`: unknown column `request`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT kv FROM steps ORDER BY request
       |                                        ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT kv FROM steps GROUP BY vk ORDER BY kv"), @"
    error: table `times`: unknown column `vk`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT kv FROM steps GROUP BY vk ORDER BY kv
       |                                        ^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT a.kv AS kv, b.stepus AS x FROM steps a JOIN steps b ON a.kv = b.kv ORDER BY kv"), @"
    error: table `times`: unknown column `stepus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:31
       |
    22 |     sql: SELECT a.kv AS kv, b.stepus AS x FROM steps a JOIN steps b ON a.kv = b.kv ORDER BY kv
       |                               ^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT a.kv AS kv FROM steps a JOIN steps b ON a.kv = b.kvv ORDER BY kv"), @"
    error: table `times`: unknown column `kvv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:66
       |
    22 |     sql: SELECT a.kv AS kv FROM steps a JOIN steps b ON a.kv = b.kvv ORDER BY kv
       |                                                                  ^^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT kv FROM steps a JOIN steps b USING (kvv) ORDER BY kv"), @"
    error: table `times`: unknown column `kvv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:53
       |
    22 |     sql: SELECT kv FROM steps a JOIN steps b USING (kvv) ORDER BY kv
       |                                                     ^^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT c.kv FROM steps a"), @"
    error: table `times`: there is no run, table or alias `c` in the query
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:17
       |
    22 |     sql: SELECT c.kv FROM steps a
       |                 ^
       |
       = help: names in the query: a, steps
    ");
    assert_snapshot!(refused("WITH t AS (SELECT kv AS length FROM steps) SELECT lenght FROM t"), @"
    error: table `times`: unknown column `lenght`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:60
       |
    22 |     sql: WITH t AS (SELECT kv AS length FROM steps) SELECT lenght FROM t
       |                                                            ^^^^^^
       |
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT LAG(step_uss) OVER (ORDER BY kv) AS x FROM steps"), @"
    error: table `times`: unknown column `step_uss`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:21
       |
    22 |     sql: SELECT LAG(step_uss) OVER (ORDER BY kv) AS x FROM steps
       |                     ^^^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT \"Step_us\" FROM steps"), @r#"
    error: table `times`: unknown column `Step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:18
       |
    22 |     sql: SELECT "Step_us" FROM steps
       |                  ^^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    "#);
    assert_snapshot!(refused("SELECT COUNT(*) FILTER (WHERE bogus > 1) AS n FROM steps"), @"
    error: table `times`: unknown column `bogus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT COUNT(*) FILTER (WHERE bogus > 1) AS n FROM steps
       |                                        ^^^^^
       |
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, bandwidth_bytes_per_s, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, peak_flops_per_s, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
}

#[test]
fn a_column_may_be_gone() {
    assert_snapshot!(refused("SELECT kv FROM steps GROUP BY kv ORDER BY MAX(step_us)"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps GROUP BY kv ORDER BY MAX(step_us)
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: table `times`: column `step_us` cannot be used everywhere here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:56
       |
    22 |     sql: SELECT kv FROM steps GROUP BY kv ORDER BY MAX(step_us)
       |                                                        ^^^^^^^
       |
       = help: behind GROUP BY and outside of a subquery, only what was selected is left
    ");
    assert_snapshot!(refused("SELECT kv, step_us FROM (SELECT kv FROM steps) s"), @"
    error: table `times`: column `step_us` cannot be used everywhere here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:21
       |
    22 |     sql: SELECT kv, step_us FROM (SELECT kv FROM steps) s
       |                     ^^^^^^^
       |
       = help: behind GROUP BY and outside of a subquery, only what was selected is left
    ");
}

#[test]
fn names_that_the_query_gives_itself_are_known_where_they_are_seen() {
    let ordered = refused("SELECT kv AS length, step_us FROM steps ORDER BY lenght");
    assert!(ordered.contains("did you mean `length`?"), "{ordered}");
    let filtered = refused("SELECT kv AS length FROM steps WHERE length > 1");
    assert!(filtered.contains("unknown column `length`"), "{filtered}");
    assert!(
        filtered.contains("named in a SELECT that does not see it itself"),
        "{filtered}"
    );
    // The mark is under the use, not under the name that is given.
    let mark = filtered.lines().find(|line| line.contains("^^^")).unwrap();
    let line = filtered
        .lines()
        .find(|line| line.contains("WHERE"))
        .unwrap();
    assert_eq!(mark.find('^'), line.rfind("length"), "{filtered}");
}
