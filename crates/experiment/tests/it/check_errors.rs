//! Errors of checks.

use insta::assert_snapshot;

use crate::test_project::TestProject;

const SQL: &str = "sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times";

fn with_sql(sql: &str) -> TestProject {
    TestProject::new().edit(SQL, &format!("sql: {sql}"))
}

#[test]
fn a_check_returns_holds_and_observed() {
    assert_snapshot!(with_sql("SELECT MIN(step_us) AS observed FROM times").load_error(), @"
    error: check `takes-time` returns no column `holds`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT MIN(step_us) AS observed FROM times
       |          ^^^^^^
       |
       = help: it returns: observed
       = help: a check is written SELECT MAX(x) < 2 AS holds, MAX(x) AS observed FROM ...
    ");
    assert_snapshot!(with_sql("SELECT MIN(step_us) >= 1 AS holds FROM times").load_error(), @"
    error: check `takes-time` returns no column `observed`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds FROM times
       |          ^^^^^^
       |
       = help: it returns: holds
       = help: a check is written SELECT MAX(x) < 2 AS holds, MAX(x) AS observed FROM ...
    ");
    assert_snapshot!(with_sql("SELECT MIN(step_us) AS holds, 1 AS observed FROM times").load_error(), @"
    error: check `takes-time`: `holds` is of type integer, and must be true/false
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT MIN(step_us) AS holds, 1 AS observed FROM times
       |          ^^^^^^
       |
       = help: it returns: holds, observed
       = help: compare it with what it should be, as in MAX(x) < 2 AS holds
    ");
    assert_snapshot!(with_sql("SELECT 'yes' AS holds, 1 AS observed FROM times").load_error(), @"
    error: check `takes-time`: `holds` is of type text, and must be true/false
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT 'yes' AS holds, 1 AS observed FROM times
       |          ^^^^^^
       |
       = help: it returns: holds, observed
       = help: compare it with what it should be, as in MAX(x) < 2 AS holds
    ");
    assert_snapshot!(with_sql("SELECT NULL AS holds, 1 AS observed FROM times").load_error(), @"
    error: check `takes-time`: `holds` is of type number, and must be true/false
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT NULL AS holds, 1 AS observed FROM times
       |          ^^^^^^
       |
       = help: it returns: holds, observed
       = help: compare it with what it should be, as in MAX(x) < 2 AS holds
    ");
    assert_snapshot!(with_sql("SELECT MIN(step_uss) >= 1 AS holds, 1 AS observed FROM times").load_error(), @"
    error: check `takes-time`: unknown column `step_uss`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:21
       |
    29 |     sql: SELECT MIN(step_uss) >= 1 AS holds, 1 AS observed FROM times
       |                     ^^^^^^^^
       |
       = help: did you mean `step_us`?
       = help: known columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(with_sql("SELECT MIN(step_us) >= 1 AS holds, 1 AS observed FROM tims").load_error(), @"
    error: check `takes-time` reads `tims`, which is neither a run nor a table
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:64
       |
    29 |     sql: SELECT MIN(step_us) >= 1 AS holds, 1 AS observed FROM tims
       |                                                                ^^^^
       |
       = help: did you mean `times`?
       = help: runs and tables: steps, times
    ");
}

#[test]
fn some_check_decides() {
    let control = TestProject::new().edit("role: acceptance", "role: control");
    assert_snapshot!(control.load_error(), @"
    error: no check decides the hypothesis
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
      |
      = help: give at least one check the role acceptance, primary or refutation
    ");
    let precondition = TestProject::new().edit("role: acceptance", "role: precondition");
    assert_snapshot!(precondition.load_error(), @"
    error: no check decides the hypothesis
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
      |
      = help: give at least one check the role acceptance, primary or refutation
    ");
}

#[test]
fn a_check_stands_once() {
    let twice = TestProject::new().append(
        "  - {id: takes-time, role: control, claim: Again., sql: \"SELECT TRUE AS holds, 1 AS observed\"}\n",
    );
    assert_snapshot!(twice.load_error(), @r#"
    error: check `takes-time` stands twice in the file
      --> hypotheses/H1-longer-cache/hypothesis.yaml:30:10
       |
    30 |   - {id: takes-time, role: control, claim: Again., sql: "SELECT TRUE AS holds, 1 AS observed"}
       |          ^^^^^^^^^^
    "#);
}

#[test]
fn a_check_has_one_answer() {
    assert_snapshot!(with_sql("SELECT step_us >= 1 AS holds, step_us AS observed FROM times").run_error(), @"
    error: check `takes-time`: its SQL returns 4 rows, and a check has one answer
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT step_us >= 1 AS holds, step_us AS observed FROM times
       |          ^^^^^^
       |
       = help: one row comes of aggregates alone, as in MAX(x), MIN(x) or COUNT(*), or of a WHERE that leaves one
    ");
    assert_snapshot!(with_sql("SELECT step_us >= 1 AS holds, step_us AS observed FROM times WHERE kv = 1").run_error(), @"
    error: check `takes-time`: its SQL returns 0 rows, and a check has one answer
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT step_us >= 1 AS holds, step_us AS observed FROM times WHERE kv = 1
       |          ^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    ");
    assert_snapshot!(with_sql("SELECT MAX(step_us) >= 1 AS holds, 1 AS observed FROM times WHERE kv = 1").run_error(), @"
    error: check `takes-time`: `holds` is NULL: the rows it compares are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT MAX(step_us) >= 1 AS holds, 1 AS observed FROM times WHERE kv = 1
       |          ^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    ");
    assert_snapshot!(with_sql("SELECT TRUE AS holds, MAX(step_us) AS observed FROM times WHERE kv = 1").run_error(), @"
    error: check `takes-time`: `observed` is NULL: the rows it reads are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT TRUE AS holds, MAX(step_us) AS observed FROM times WHERE kv = 1
       |          ^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    ");
    assert_snapshot!(with_sql("SELECT TRUE AS holds, 1.0 / (MIN(kv) - 64) AS observed FROM times").run_error(), @"
    error: check `takes-time`: column `observed`, row 1 is inf: guard what divides by nothing or has too few rows with CASE
      --> hypotheses/H1-longer-cache/hypothesis.yaml:29:10
       |
    29 |     sql: SELECT TRUE AS holds, 1.0 / (MIN(kv) - 64) AS observed FROM times
       |          ^^^^^^
    ");
}

#[test]
fn digits_are_those_of_a_number() {
    let digits = TestProject::new().edit(SQL, &format!("{SQL}\n    digits: 99"));
    assert_snapshot!(digits.load_error(), @"
    error: 99 digits are more than the 17 that a number has
      --> hypotheses/H1-longer-cache/hypothesis.yaml:26:9
       |
    26 |   - id: takes-time
       |         ^^^^^^^^^^
    ");
}
