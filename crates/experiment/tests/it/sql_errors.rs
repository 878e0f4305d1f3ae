//! Errors of SQL that are found before anything runs.

use insta::assert_snapshot;

use crate::test_project::{TestProject, refused, refused_block};

#[test]
fn what_does_not_parse_is_shown_at_its_word() {
    assert_snapshot!(refused("SELEC kv FROM steps"), @"
    error: table `times`: SQL does not parse: Expected: an SQL statement, found: SELEC
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELEC kv FROM steps
       |          ^^^^^
       |
       = help: did you mean `SELECT`?
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
    error: table `times`: SQL does not parse: Unterminated string literal
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv FROM steps WHERE kv = 'a
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv FROM steps foo bar baz"), @"
    error: table `times`: SQL does not parse: Expected: end of statement, found: bar
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:35
       |
    22 |     sql: SELECT kv FROM steps foo bar baz
       |                                   ^^^
       |
       = help: before `bar`, a comma, an operator or a closing parenthesis may be missing
    ");
    assert_snapshot!(refused_block(&["SELECT MAX(kv) AS kv,", "       (kv + 1)) AS x", "FROM steps"]), @"
    error: table `times`: SQL does not parse: Expected: end of statement, found: )
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:22
       |
    24 |              (kv + 1)) AS x
       |                      ^
       |
       = help: the parentheses do not match: one is missing before, or this one is too many
    ");
    assert_snapshot!(refused_block(&["SELECT kv", "FROM steps", "WHERE kv >> > 1"]), @"
    error: table `times`: SQL does not parse: Expected: an expression, found: >
      --> hypotheses/H1-longer-cache/hypothesis.yaml:25:19
       |
    25 |       WHERE kv >> > 1
       |                   ^
       |
       = help: before `>`, a comma, an operator or a closing parenthesis may be missing
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
    assert_snapshot!(refused("SELECT kv + 'a' AS x FROM steps"), @"
    error: table `times`: SQL does not run: arithmetic on dtypes i64 and str is not allowed
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv + 'a' AS x FROM steps
       |          ^^^^^^
       |
       = help: words stand in single quotes and numbers in none; CAST(x AS DOUBLE) makes a number of a word, CAST(x AS VARCHAR) a word of a number
    ");
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
       |
       = help: words stand in single quotes and numbers in none; CAST(x AS DOUBLE) makes a number of a word, CAST(x AS VARCHAR) a word of a number
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
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:17
       |
    22 |     sql: SELECT NO_SUCH(kv) AS x FROM steps
       |                 ^^^^^^^
       |
       = help: functions: those of polars' SQL, such as ABS, AVG, COALESCE, COUNT, GREATEST, LEAST, MAX, MEDIAN, MIN, POW, QUANTILE_CONT, ROUND, SQRT, STDDEV, SUM
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
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:49
       |
    22 |     sql: SELECT STRING_TO_ARRAY(regime, 'm') AS parts FROM steps
       |                                                 ^^^^^
       |
       = help: where rows are grouped, a column stands in GROUP BY or in an aggregate, as in MAX(x), MIN(x) or AVG(x)
    ");
    assert_snapshot!(refused("SELECT ARRAY_AGG(kv) AS all_kv FROM steps"), @"
    error: table `times`: column `all_kv` is of type list[i64], and tables hold numbers, words and truth values only
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:34
       |
    22 |     sql: SELECT ARRAY_AGG(kv) AS all_kv FROM steps
       |                                  ^^^^^^
       |
       = help: where rows are grouped, a column stands in GROUP BY or in an aggregate, as in MAX(x), MIN(x) or AVG(x)
    ");
    assert_snapshot!(refused("SELECT DATE '2026-01-31' AS day FROM steps"), @"
    error: table `times`: column `day` is of type date, and tables hold numbers, words and truth values only
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:38
       |
    22 |     sql: SELECT DATE '2026-01-31' AS day FROM steps
       |                                      ^^^
       |
       = help: where rows are grouped, a column stands in GROUP BY or in an aggregate, as in MAX(x), MIN(x) or AVG(x)
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

#[test]
fn numbers_keep_their_digits() {
    assert_snapshot!(refused("SELECT kv, requests, step_us + 9223372036854775807 AS step_us FROM steps"), @"
    error: table `times`: `9223372036854775807` is beyond 9007199254740992, where whole numbers lose digits or overflow
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:41
       |
    22 |     sql: SELECT kv, requests, step_us + 9223372036854775807 AS step_us FROM steps
       |                                         ^^^^^^^^^^^^^^^^^^^
    ");
    let product = TestProject::new().edit("SELECT kv, requests, step_us, step_us_exact FROM steps", "SELECT kv, requests, step_us, step_us * 1000000000000 * 1000000 AS step_us_exact FROM steps");
    assert_snapshot!(product.run_error(), @"
    error: table `times`: column `step_us_exact`, row 1 is a whole number beyond 2^53 or overflowed: multiply by 1.0 before it grows
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us, step_us * 1000000000000 * 1000000 AS step_us_exact FROM steps
       |          ^^^^^^
    ");
}

#[test]
fn functions_of_any_length_are_refused() {
    assert_snapshot!(refused("SELECT kv, requests, step_us, REPEAT(regime, 1000000000) AS t FROM steps"), @"
    error: table `times`: the SQL function `REPEAT` is not available: it makes text or rows of any length
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT kv, requests, step_us, REPEAT(regime, 1000000000) AS t FROM steps
       |                                        ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv, requests, step_us, LPAD(regime, 1000000000, '.') AS t FROM steps"), @"
    error: table `times`: the SQL function `LPAD` is not available: it makes text or rows of any length
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:40
       |
    22 |     sql: SELECT kv, requests, step_us, LPAD(regime, 1000000000, '.') AS t FROM steps
       |                                        ^^^^
    ");
    assert_snapshot!(refused("SELECT UNNEST(ARRAY_AGG(kv)) AS kv FROM steps"), @"
    error: table `times`: the SQL function `UNNEST` is not available: it makes text or rows of any length
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:17
       |
    22 |     sql: SELECT UNNEST(ARRAY_AGG(kv)) AS kv FROM steps
       |                 ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv FROM steps, GENERATE_SERIES(1, 1000000000) s"), @"
    error: table `times`: SQL reads only runs and tables of this file, not the function `GENERATE_SERIES`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:32
       |
    22 |     sql: SELECT kv FROM steps, GENERATE_SERIES(1, 1000000000) s
       |                                ^^^^^^^^^^^^^^^
    ");
}

#[test]
fn what_is_beyond_the_engine_is_an_error() {
    assert_snapshot!(refused("SELECT kv, requests, step_us, GREATEST() AS x FROM steps"), @r#"
    error: table `times`: SQL is beyond the engine, which gave up on it: called `Result::unwrap()` on an `Err` value: ComputeError(ErrString("cannot return empty fold because the number of output rows is unknown"))
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us, GREATEST() AS x FROM steps
       |          ^^^^^^
    "#);
    assert_snapshot!(refused("SELECT kv, requests, step_us FROM steps WHERE EXISTS (SELECT 1 FROM steps)"), @"
    error: table `times`: SQL does not run: an expression of the kind Exists is not supported
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us FROM steps WHERE EXISTS (SELECT 1 FROM steps)
       |          ^^^^^^
    ");
    assert_snapshot!(refused("TABLE steps"), @"
    error: table `times`: SQL does not parse: Expected: an SQL statement, found: TABLE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: TABLE steps
       |          ^^^^^
       |
       = help: before `TABLE`, a comma, an operator or a closing parenthesis may be missing
    ");
    assert_snapshot!(refused("SELECT kv, requests, step_us FROM steps UNION ALL TABLE steps"), @"
    error: table `times`: SQL must be a SELECT: nothing else is run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us FROM steps UNION ALL TABLE steps
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv, requests, step_us, kv AS \"\" FROM steps"), @r#"
    error: table `times` has a column without a name, or none at all
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us, kv AS "" FROM steps
       |          ^^^^^^
    "#);
}
