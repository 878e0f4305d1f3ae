//! Errors of SQL that are found before anything runs.

use insta::assert_snapshot;

use crate::test_project::TestProject;

/// The error of a hypothesis whose table has this SQL.
#[track_caller]
fn refused(sql: &str) -> String {
    TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            &format!("sql: {sql}"),
        )
        .load_error()
}

/// The same with the SQL as a folded block, over several lines.
#[track_caller]
fn refused_block(lines: &[&str]) -> String {
    let block = lines.iter().fold(">".to_owned(), |block, line| {
        format!("{block}\n      {line}")
    });
    refused(&block)
}

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
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused_block(&["SELECT kv,", "       MAX(stepus) AS slowest", "FROM steps GROUP BY kv ORDER BY kv"]), @"
    error: table `times`: unknown column `stepus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:18
       |
    24 |              MAX(stepus) AS slowest
       |                  ^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused_block(&["SELECT kv, step_us FROM steps", "WHERE requets = 1"]), @"
    error: table `times`: unknown column `requets`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:13
       |
    24 |       WHERE requets = 1
       |             ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT kv FROM steps ORDER BY request"), @"
    error: table `times`: unknown column `request`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT kv FROM steps ORDER BY request
       |                                        ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT kv FROM steps GROUP BY vk ORDER BY kv"), @"
    error: table `times`: unknown column `vk`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT kv FROM steps GROUP BY vk ORDER BY kv
       |                                        ^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT a.kv AS kv, b.stepus AS x FROM steps a JOIN steps b ON a.kv = b.kv ORDER BY kv"), @"
    error: table `times`: unknown column `stepus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:31
       |
    22 |     sql: SELECT a.kv AS kv, b.stepus AS x FROM steps a JOIN steps b ON a.kv = b.kv ORDER BY kv
       |                               ^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT a.kv AS kv FROM steps a JOIN steps b ON a.kv = b.kvv ORDER BY kv"), @"
    error: table `times`: unknown column `kvv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:66
       |
    22 |     sql: SELECT a.kv AS kv FROM steps a JOIN steps b ON a.kv = b.kvv ORDER BY kv
       |                                                                  ^^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT kv FROM steps a JOIN steps b USING (kvv) ORDER BY kv"), @"
    error: table `times`: unknown column `kvv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:53
       |
    22 |     sql: SELECT kv FROM steps a JOIN steps b USING (kvv) ORDER BY kv
       |                                                     ^^^
       |
       = help: did you mean `kv`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT c.kv FROM steps a"), @"
    error: table `times`: there is no run, table or alias `c` in the query
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:17
       |
    22 |     sql: SELECT c.kv FROM steps a
       |                 ^
    ");
    assert_snapshot!(refused("WITH t AS (SELECT kv AS length FROM steps) SELECT lenght FROM t"), @"
    error: table `times`: unknown column `lenght`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:60
       |
    22 |     sql: WITH t AS (SELECT kv AS length FROM steps) SELECT lenght FROM t
       |                                                            ^^^^^^
       |
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT LAG(step_uss) OVER (ORDER BY kv) AS x FROM steps"), @"
    error: table `times`: unknown column `step_uss`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:21
       |
    22 |     sql: SELECT LAG(step_uss) OVER (ORDER BY kv) AS x FROM steps
       |                     ^^^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
    assert_snapshot!(refused("SELECT \"Step_us\" FROM steps"), @r#"
    error: table `times`: unknown column `Step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:18
       |
    22 |     sql: SELECT "Step_us" FROM steps
       |                  ^^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    "#);
    assert_snapshot!(refused("SELECT COUNT(*) FILTER (WHERE bogus > 1) AS n FROM steps"), @"
    error: table `times`: unknown column `bogus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT COUNT(*) FILTER (WHERE bogus > 1) AS n FROM steps
       |                                        ^^^^^
       |
       = help: known columns: activation_bytes, arithmetic_intensity, attention_flops_charged, attention_flops_ideal, attention_us, batch_size, compute_us, decode_attention_found, decode_attention_mfu, decode_attention_us, decode_compute_us, decode_gemm_found, decode_gemm_us, decode_memory_us, decode_regime, decode_requests, decode_us, dynamic_bytes, gemm_flops, gemm_us, hardware_us, kv, kv_max, kv_mean, kv_min, kv_read_bytes, kv_sum, kv_write_bytes, memory_us, overhead_us, prefill_attention_found, prefill_attention_mfu, prefill_attention_us, prefill_compute_us, prefill_gemm_found, prefill_gemm_us, prefill_memory_us, prefill_regime, prefill_requests, prefill_tokens, prefill_us, regime, requests, step_us, step_us_exact, total_bytes, weight_bytes
    ");
}

#[test]
fn what_does_not_parse_is_shown_at_its_word() {
    assert_snapshot!(refused("SELEC kv FROM steps"), @"
    error: table `times`: SQL does not parse: Expected: an SQL statement, found: SELEC at Line: 1, Column: 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELEC kv FROM steps
       |          ^^^^^
    ");
    assert_snapshot!(refused("SELECT kv, FROM FROM steps"), @"
    error: table `times` reads `FROM`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:21
       |
    22 |     sql: SELECT kv, FROM FROM steps
       |                     ^^^^
       |
       = help: runs and tables: steps, times
    ");
    assert_snapshot!(refused("SELECT kv FROM steps WHERE (kv > 1"), @"
    error: table `times`: SQL does not parse: Expected: ), found: EOF
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps WHERE (kv > 1
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv FROM steps WHERE kv = 'a"), @"
    error: table `times`: SQL does not parse: Unterminated string literal at Line: 1, Column: 33
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps WHERE kv = 'a
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv FROM steps foo bar baz"), @"
    error: table `times`: SQL does not parse: Expected: end of statement, found: bar at Line: 1, Column: 26
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:35
       |
    22 |     sql: SELECT kv FROM steps foo bar baz
       |                                   ^^^
    ");
    assert_snapshot!(refused_block(&["SELECT kv", "FROM steps", "WHERE kv >> > 1"]), @"
    error: table `times`: SQL does not parse: Expected: an expression, found: > at Line: 1, Column: 34
      --> hypotheses/H1-longer-cache/hypothesis.yaml:25:16
       |
    25 |       WHERE kv >> > 1
       |                ^
    ");
    assert_snapshot!(refused("''"), @"
    error: table `times`: SQL must be one SELECT, not 0 statements
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: ''
       |          ^^
    ");
}

#[test]
fn types_must_fit() {
    assert_snapshot!(refused("SELECT kv + 'a' AS x FROM steps"), @r#"
    error: table `times`: SQL does not run: arithmetic on dtypes i64 and str is not allowed (lhs: column 'kv', rhs: expression `"a"`); try an explicit cast first
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv + 'a' AS x FROM steps
       |          ^^^^^^
    "#);
    assert_snapshot!(refused("SELECT kv FROM steps WHERE kv"), @"
    error: table `times`: SQL does not run: filter predicate must be of type `Boolean`, got `Int64`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps WHERE kv
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv FROM steps WHERE regime > 1"), @"
    error: table `times`: SQL does not run: cannot compare string with numeric type (i32)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps WHERE regime > 1
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT SUM(regime) AS x FROM steps"), @"
    error: table `times`: SQL does not run: `sum` operation not supported for dtype `str`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT SUM(regime) AS x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT NO_SUCH(kv) AS x FROM steps"), @"
    error: table `times`: SQL does not run: unsupported function 'no_such'
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT NO_SUCH(kv) AS x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT ROUND(regime) AS x FROM steps"), @"
    error: table `times`: SQL does not run: rounding ('half_to_even') can only be used on numeric types
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT ROUND(regime) AS x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT CASE WHEN kv THEN 1 END AS x FROM steps"), @"
    error: table `times`: SQL does not run: invalid series dtype: expected `Boolean`, got `i64` for series with name `kv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT CASE WHEN kv THEN 1 END AS x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv FROM steps UNION ALL SELECT kv, requests FROM steps ORDER BY kv"), @"
    error: table `times`: SQL does not run: UNION requires equal number of columns in each table (use 'UNION BY NAME' to combine mismatched tables)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps UNION ALL SELECT kv, requests FROM steps ORDER BY kv
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv, kv FROM steps"), @r#"
    error: table `times`: SQL does not run: duplicate: projections contained duplicate output name 'kv'. It's possible that multiple expressions are returning the same default column name. If this is the case, try renaming the columns with `.alias("new_name")` to avoid duplicate column names.
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, kv FROM steps
       |          ^^^^^^
    "#);
    assert_snapshot!(refused("SELECT (SELECT MAX(kv) FROM steps) AS x FROM steps"), @"
    error: table `times`: SQL does not run: unexpected subquery
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT (SELECT MAX(kv) FROM steps) AS x FROM steps
       |          ^^^^^^
    ");
}

#[test]
fn only_numbers_words_and_truth_values_come_out() {
    assert_snapshot!(refused("SELECT STRING_TO_ARRAY(regime, 'm') AS parts FROM steps"), @"
    error: table `times`: column `parts` is of type list[str], and tables hold numbers, words and truth values only
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT STRING_TO_ARRAY(regime, 'm') AS parts FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT ARRAY_AGG(kv) AS all_kv FROM steps"), @"
    error: table `times`: column `all_kv` is of type list[i64], and tables hold numbers, words and truth values only
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT ARRAY_AGG(kv) AS all_kv FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT DATE '2026-01-31' AS day FROM steps"), @"
    error: table `times`: column `day` is of type date, and tables hold numbers, words and truth values only
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT DATE '2026-01-31' AS day FROM steps
       |          ^^^^^^
    ");
}

#[test]
fn there_is_one_select() {
    assert_snapshot!(refused("SELECT kv FROM steps; SELECT kv FROM steps"), @"
    error: table `times`: SQL must be one SELECT, not 2 statements
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps; SELECT kv FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("DROP TABLE steps"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: DROP TABLE steps
       |          ^^^^
    ");
    assert_snapshot!(refused("INSERT INTO steps VALUES (1)"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: INSERT INTO steps VALUES (1)
       |          ^^^^^^
    ");
    assert_snapshot!(refused("UPDATE steps SET kv = 1"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: UPDATE steps SET kv = 1
       |          ^^^^^^
    ");
    assert_snapshot!(refused("DELETE FROM steps"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: DELETE FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("TRUNCATE TABLE steps"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: TRUNCATE TABLE steps
       |          ^^^^^^^^
    ");
    assert_snapshot!(refused("CREATE TABLE x AS SELECT kv FROM steps"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: CREATE TABLE x AS SELECT kv FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SHOW TABLES"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SHOW TABLES
       |          ^^^^
    ");
    assert_snapshot!(refused("EXPLAIN SELECT kv FROM steps"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: EXPLAIN SELECT kv FROM steps
       |          ^^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv INTO x FROM steps"), @"
    error: table `times`: SQL does not run: `SELECT INTO` clause is not supported
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv INTO x FROM steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("COPY steps TO 'x.csv'"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: COPY steps TO 'x.csv'
       |          ^^^^
    ");
    assert_snapshot!(refused("-- only a comment"), @"
    error: table `times`: SQL must be one SELECT, not 0 statements
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: -- only a comment
       |          ^^
    ");
}

#[test]
fn files_are_out_of_reach() {
    for sql in [
        "SELECT * FROM read_csv('bench_data/toy/gemm.csv')",
        "SELECT * FROM read_parquet('x.parquet')",
        "SELECT * FROM read_json('x.json')",
        "SELECT * FROM read_ipc('x.arrow')",
        "SELECT * FROM 'bench_data/toy/gemm.csv'",
        "SELECT * FROM \"bench_data/toy/gemm.csv\"",
        "SELECT * FROM `bench_data/toy/gemm.csv`",
        "SELECT * FROM glob('*')",
        "SELECT kv FROM steps JOIN read_csv('x.csv') USING (kv) ORDER BY kv",
        "SELECT kv FROM steps WHERE kv IN (SELECT k FROM read_csv('x.csv'))",
        "WITH t AS (SELECT * FROM read_csv('x.csv')) SELECT * FROM t",
        "SELECT * FROM steps, LATERAL read_csv('x.csv')",
        "SELECT * FROM TABLE(read_csv('x.csv'))",
    ] {
        let error = refused(&format!(">\n      {sql}"));
        assert!(error.starts_with("error: table `times`"), "{sql}: {error}");
        assert!(
            error.contains("SQL reads only runs and tables of this file")
                || error.contains("which is neither a run nor a table")
                || error.contains("SQL does not parse"),
            "{sql}: {error}"
        );
    }
    assert_snapshot!(refused("SELECT * FROM read_csv('bench_data/toy/gemm.csv')"), @"
    error: table `times`: SQL reads only runs and tables of this file, not the function `read_csv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:24
       |
    22 |     sql: SELECT * FROM read_csv('bench_data/toy/gemm.csv')
       |                        ^^^^^^^^
    ");
    assert_snapshot!(refused("SELECT * FROM 'bench_data/toy/gemm.csv'"), @"
    error: table `times` reads `bench_data/toy/gemm.csv`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:25
       |
    22 |     sql: SELECT * FROM 'bench_data/toy/gemm.csv'
       |                         ^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: runs and tables: steps, times
    ");
}

#[test]
fn names_are_not_qualified() {
    assert_snapshot!(refused("SELECT kv FROM main.steps"), @"
    error: table `times`: SQL reads only runs and tables of this file, and `main.steps` is a qualified name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:25
       |
    22 |     sql: SELECT kv FROM main.steps
       |                         ^^^^^^^^^^
    ");
    assert_snapshot!(refused("SELECT table_name FROM information_schema.tables"), @"
    error: table `times`: SQL reads only runs and tables of this file, and `information_schema.tables` is a qualified name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:33
       |
    22 |     sql: SELECT table_name FROM information_schema.tables
       |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn what_is_read_is_there() {
    assert_snapshot!(refused("SELECT kv FROM step"), @"
    error: table `times` reads `step`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:25
       |
    22 |     sql: SELECT kv FROM step
       |                         ^^^^
       |
       = help: did you mean `steps`?
       = help: runs and tables: steps, times
    ");
    assert_snapshot!(refused("SELECT kv FROM Steps"), @"
    error: table `times` reads `Steps`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:25
       |
    22 |     sql: SELECT kv FROM Steps
       |                         ^^^^^
       |
       = help: did you mean `steps`?
       = help: runs and tables: steps, times
    ");
    assert_snapshot!(refused_block(&["SELECT kv FROM steps", "WHERE kv IN (SELECT kv FROM stepz)"]), @"
    error: table `times` reads `stepz`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:35
       |
    24 |       WHERE kv IN (SELECT kv FROM stepz)
       |                                   ^^^^^
       |
       = help: did you mean `steps`?
       = help: runs and tables: steps, times
    ");
}

#[test]
fn rows_come_in_a_fixed_order() {
    assert_snapshot!(refused("SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv, slowest
    ");
    assert_snapshot!(refused("SELECT a.kv AS kv FROM steps a JOIN steps b ON a.kv = b.kv"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT a.kv AS kv FROM steps a JOIN steps b ON a.kv = b.kv
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv
    ");
    assert_snapshot!(refused("SELECT DISTINCT kv FROM steps"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT DISTINCT kv FROM steps
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv
    ");
    assert_snapshot!(refused("SELECT kv FROM steps UNION SELECT requests AS kv FROM steps"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps UNION SELECT requests AS kv FROM steps
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv
    ");
    assert_snapshot!(refused("SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY MAX(step_us)"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY MAX(step_us)
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: table `times`: column `step_us` cannot be used everywhere here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:25
       |
    22 |     sql: SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY MAX(step_us)
       |                         ^^^^^^^
       |
       = help: behind GROUP BY and outside of a subquery, only what was selected is left
    ");
    assert_snapshot!(refused("SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv, requests ORDER BY requests"), @"
    error: table `times` is ordered by `requests`, which is no column of its result
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:69
       |
    22 |     sql: SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv, requests ORDER BY requests
       |                                                                     ^^^^^^^^
       |
       = help: its columns: kv, slowest

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv, slowest
    ");
    assert_snapshot!(refused("SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY 1"), @"
    error: table `times` leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY 1
       |          ^^^^^^
       |
       = help: end its SQL with ORDER BY and columns of the result

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv, slowest
    ");
    assert_snapshot!(refused("SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY ALL"), @"
    error: table `times` is ordered by `ALL`, which is no column of its result
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:77
       |
    22 |     sql: SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv ORDER BY ALL
       |                                                                             ^^^
       |
       = help: its columns: kv, slowest

    error: check `takes-time`: unknown column `step_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |                     ^^^^^^^
       |
       = help: known columns: kv, slowest
    ");
}

#[test]
fn rows_that_tie_have_no_order() {
    let tie = TestProject::new().edit(
        "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
        "sql: SELECT kv, requests, MAX(step_us) AS step_us FROM steps GROUP BY kv, requests ORDER BY kv",
    );
    assert_snapshot!(tie.run_error(), @"
    error: table `times`: rows 1 and 2 tie in all columns of ORDER BY, which leaves their order open
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, MAX(step_us) AS step_us FROM steps GROUP BY kv, requests ORDER BY kv
       |          ^^^^^^
       |
       = help: order by another column too
    ");
    let tie = TestProject::new().edit(
        "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
        "sql: SELECT kv, requests, step_us FROM steps ORDER BY kv",
    );
    assert_snapshot!(tie.run_error(), @"
    error: table `times`: rows 1 and 2 tie in all columns of ORDER BY, which leaves their order open
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us FROM steps ORDER BY kv
       |          ^^^^^^
       |
       = help: order by another column too
    ");
}

#[test]
fn tables_do_not_read_each_other() {
    let with_tables = |tables: &str| {
        TestProject::new()
            .edit("tables:\n", &format!("tables:\n{tables}"))
            .load_error()
    };
    assert_snapshot!(with_tables("  own: {title: O, sql: SELECT kv FROM own}\n"), @"
    error: tables read each other in a cycle: `own` reads `own`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   own: {title: O, sql: SELECT kv FROM own}
       |   ^^^
    ");
    assert_snapshot!(with_tables("  a: {title: A, sql: SELECT kv FROM b}\n  b: {title: B, sql: SELECT kv FROM a}\n"), @"
    error: tables read each other in a cycle: `a` reads `b` reads `a`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   a: {title: A, sql: SELECT kv FROM b}
       |   ^
    ");
    assert_snapshot!(with_tables("  d: {title: D, sql: SELECT kv FROM a}\n  a: {title: A, sql: SELECT kv FROM b}\n  b: {title: B, sql: SELECT kv FROM c}\n  c: {title: C, sql: SELECT kv FROM a}\n"), @"
    error: tables read each other in a cycle: `a` reads `b` reads `c` reads `a`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:3
       |
    21 |   a: {title: A, sql: SELECT kv FROM b}
       |   ^
    ");
}
