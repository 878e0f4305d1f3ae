//! A run keeps the columns that its queries read, whichever way they name them.

use crate::test_project::{TestProject, file_text};

/// The first lines of a table with this SQL, where nothing else reads the run.
fn table(sql: &str, lines: usize) -> String {
    let project = TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps\n    columns:\n      kv: {label: KV length}\n",
            &format!("sql: {sql}\n"),
        )
        .edit(
            "SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times",
            "SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM times",
        );
    let csv = file_text(&project.run(), "results/times.csv");
    csv.lines().take(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn named_columns() {
    for (sql, expected) in [
        (
            "SELECT kv_max, batch_size FROM steps WHERE requests = 2",
            "kv_max,batch_size\n64,2",
        ),
        ("SELECT \"kv_max\" AS k FROM steps", "k\n64"),
        ("SELECT steps.kv_max AS k FROM steps", "k\n64"),
        (
            "SELECT 1 AS one FROM steps WHERE prefill_tokens = 0 AND kv_mean > 1",
            "one\n1",
        ),
        (
            "SELECT requests, MAX(kv_sum) AS k FROM steps GROUP BY requests ORDER BY requests",
            "requests,k\n1,128",
        ),
        (
            "SELECT kv, RANK() OVER (ORDER BY kv_sum DESC) AS place FROM steps WHERE requests = 2 ORDER BY place",
            "kv,place\n128,1",
        ),
        (
            "SELECT kv, requests FROM steps ORDER BY kv DESC, requests LIMIT 1",
            "kv,requests\n128,1",
        ),
        (
            "WITH t AS (SELECT kv_max AS k FROM steps) SELECT MAX(k) AS m FROM t",
            "m\n128",
        ),
    ] {
        assert_eq!(table(sql, 2), expected, "{sql}");
    }
}

#[test]
fn all_columns() {
    let all = table("SELECT * FROM steps", 1);
    assert!(all.starts_with("kv,requests,batch_size,"), "{all}");
    assert!(all.ends_with(",bandwidth_bytes_per_s"), "{all}");
    assert_eq!(table("SELECT a.* FROM steps a", 1), all);
    assert_eq!(table("FROM steps", 1), all);
    assert_eq!(table("FROM steps SELECT kv_max", 2), "kv_max\n64");
    assert_eq!(table("SELECT s.* FROM (SELECT * FROM steps) s", 1), all);
    let without = table("SELECT * EXCLUDE (kv, requests) FROM steps", 1);
    assert!(without.starts_with("batch_size,"), "{without}");
}

#[test]
fn columns_by_a_pattern() {
    let columns = table("SELECT COLUMNS('^kv_.*') FROM steps", 2);
    assert_eq!(
        columns,
        "kv_min,kv_max,kv_mean,kv_sum,kv_write_bytes,kv_read_bytes\n64,64,64.0,64,512.0,26214.4"
    );
}

#[test]
fn columns_that_both_sides_have() {
    let both = table(
        "SELECT kv, requests FROM steps a NATURAL JOIN (SELECT kv, requests, step_us FROM steps WHERE step_us > 44) b ORDER BY kv, requests",
        9,
    );
    assert!(both.starts_with("kv,requests\n"), "{both}");
}

#[test]
fn a_name_given_by_with_is_not_a_run() {
    let error = TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            "sql: WITH steps AS (SELECT kv, requests, step_us FROM steps) SELECT kv, requests, step_us FROM steps",
        )
        .load_error();
    insta::assert_snapshot!(error, @"
    error: table `times` gives a WITH the name `steps` of a run or table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:15
       |
    22 |     sql: WITH steps AS (SELECT kv, requests, step_us FROM steps) SELECT kv, requests, step_us FROM steps
       |               ^^^^^
    ");
}
