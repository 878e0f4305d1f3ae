//! Rows whose order nothing fixes are refused, so that results are the same on every machine.

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
fn a_limit_needs_an_order() {
    assert_snapshot!(refused("SELECT kv, requests, step_us FROM steps LIMIT 2"), @"
    error: table `times`: LIMIT or OFFSET without ORDER BY takes rows that nothing fixes
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us FROM steps LIMIT 2
       |          ^^^^^^
    ");
    assert_snapshot!(refused("SELECT kv, requests, step_us FROM (SELECT * FROM steps OFFSET 1) s"), @"
    error: table `times`: LIMIT or OFFSET without ORDER BY takes rows that nothing fixes
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT kv, requests, step_us FROM (SELECT * FROM steps OFFSET 1) s
       |          ^^^^^^
    ");
}

#[test]
fn nested_rows_need_an_order_too() {
    assert_snapshot!(refused("SELECT SUM(slowest) AS step_us FROM (SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv) s"), @"
    error: table `times`: a nested SELECT that groups, unites or takes distinct rows has them in no fixed order: make it a table of its own, with ORDER BY
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: SELECT SUM(slowest) AS step_us FROM (SELECT kv, MAX(step_us) AS slowest FROM steps GROUP BY kv) s
       |          ^^^^^^
    ");
    assert_snapshot!(refused("WITH s AS (SELECT DISTINCT kv FROM steps) SELECT kv, kv AS requests, kv AS step_us FROM s"), @"
    error: table `times`: a nested SELECT that groups, unites or takes distinct rows has them in no fixed order: make it a table of its own, with ORDER BY
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:10
       |
    22 |     sql: WITH s AS (SELECT DISTINCT kv FROM steps) SELECT kv, kv AS requests, kv AS step_us FROM s
       |          ^^^^
    ");
}
