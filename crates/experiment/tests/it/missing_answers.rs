//! Checks without an answer: fine where a precondition fails, an error everywhere else.

use experiment::{Outcome, Verdict};
use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// The hypothesis with these checks in place of its own, each an id, a role and its SQL.
fn with_checks(checks: &[(&str, &str, &str)]) -> TestProject {
    let text = checks
        .iter()
        .map(|(id, role, sql)| {
            format!(
                "  - {{id: {id}, role: {role}, claim: Claim of {id}., digits: 1, suffix: x, sql: \"{sql}\"}}\n"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    TestProject::new().edit(
        "  - id: takes-time
    role: acceptance
    claim: Every step takes a microsecond or more.
    sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
",
        &text,
    )
}

const FAILS: (&str, &str, &str) = (
    "has-long",
    "precondition",
    "SELECT MAX(kv) > 500 AS holds, MAX(kv) AS observed FROM times",
);
const HOLDS: (&str, &str, &str) = (
    "has-short",
    "precondition",
    "SELECT MAX(kv) > 50 AS holds, MAX(kv) AS observed FROM times",
);

/// Neither claim nor observation, for want of rows.
const NULLS: &str =
    "SELECT AVG(step_us) > 1 AS holds, AVG(step_us) AS observed FROM times WHERE kv > 500";
/// A claim without an observation.
const NULL_OBSERVED: &str =
    "SELECT COUNT(*) > 1 AS holds, AVG(step_us) AS observed FROM times WHERE kv > 500";
/// An observation without a claim.
const NULL_HOLDS: &str =
    "SELECT AVG(step_us) > 1 AS holds, COUNT(*) AS observed FROM times WHERE kv > 500";
/// No row.
const NO_ROW: &str = "SELECT step_us > 1 AS holds, step_us AS observed FROM times WHERE kv > 500";

const MISSING: [&str; 4] = [NULLS, NULL_OBSERVED, NULL_HOLDS, NO_ROW];

fn checks_table(outcome: &Outcome) -> String {
    let findings = file_text(outcome, "FINDINGS.md");
    let rows = findings.lines().filter(|line| line.starts_with("| `"));
    rows.take(outcome.checks.len())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_failed_precondition_leaves_nothing_to_answer() {
    for sql in MISSING {
        for role in ["acceptance", "primary", "refutation", "control"] {
            let mut checks = vec![FAILS, ("speed", role, sql)];
            if role == "control" {
                checks.push(("decides", "acceptance", sql));
            }
            let outcome = with_checks(&checks).run();
            assert_eq!(outcome.verdict, Verdict::Inconclusive, "{role}: {sql}");
            let speed = &outcome.checks[1];
            assert_eq!(
                (speed.holds, speed.observed.as_str()),
                (None, "no data"),
                "{role}: {sql}"
            );
            // The order of the file does not matter.
            checks.reverse();
            let outcome = with_checks(&checks).run();
            assert_eq!(outcome.verdict, Verdict::Inconclusive, "{role}: {sql}");
        }
    }
}

#[test]
fn findings_say_which_precondition_fails() {
    let outcome = with_checks(&[
        HOLDS,
        FAILS,
        ("speed", "primary", NULLS),
        ("slow", "refutation", NO_ROW),
        (
            "rows",
            "acceptance",
            "SELECT COUNT(*) = 4 AS holds, COUNT(*) AS observed FROM times",
        ),
    ])
    .run();
    assert_snapshot!(checks_table(&outcome), @"
    | `has-short` | precondition | Claim of has-short. | 128.0x | yes |
    | `has-long` | precondition | Claim of has-long. | 128.0x | **no** |
    | `speed` | primary | Claim of speed. | no data | - |
    | `slow` | refutation | Claim of slow. | no data | - |
    | `rows` | acceptance | Claim of rows. | 4.0x | yes |
    ");
    let findings = file_text(&outcome, "FINDINGS.md");
    let head = findings.find("**Hypothesis**").unwrap();
    assert_snapshot!(&findings[..head], @"
    # H1: Claim: A longer cache takes longer

    **INCONCLUSIVE.** Nothing can be said as long as this does not hold: Claim of has-long (observed: 128.0x).
    ");
}

#[test]
fn findings_list_every_precondition_that_fails() {
    let outcome = with_checks(&[
        FAILS,
        (
            "has-many",
            "precondition",
            "SELECT COUNT(*) > 100 AS holds, COUNT(*) AS observed FROM times",
        ),
        ("speed", "primary", NULLS),
    ])
    .run();
    let findings = file_text(&outcome, "FINDINGS.md");
    let head = findings.find("No findings were published").unwrap();
    assert_snapshot!(&findings[..head], @"
    # H1: Claim: A longer cache takes longer

    **INCONCLUSIVE.** Nothing can be said as long as this does not hold: Claim of has-long (observed: 128.0x). Claim of has-many (observed: 4.0x).

    **Hypothesis** (2026-01-31, structural-model, deterministic): A decode step over a longer KV cache takes longer.

    **Refuted if:** It does not.
    ");
}

#[test]
fn the_narrative_can_ask_for_an_observation_that_is_missing() {
    let outcome = with_checks(&[FAILS, ("speed", "primary", NULLS)])
        .with_own(
            "narrative.md.tera",
            "Speed: {{ observed(check=\"speed\") }}. Unmet: {{ unmet_preconditions | length }}.\n",
        )
        .run();
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(
        findings.contains("\nSpeed: no data. Unmet: 1.\n"),
        "{findings}"
    );
}

#[test]
fn a_published_verdict_that_could_be_decided_differs() {
    let outcome = with_checks(&[FAILS, ("speed", "primary", NULLS)])
        .append("published: {verdict: confirmed, source: A page.}\n")
        .run();
    let drift: Vec<String> = outcome.drift().iter().map(ToString::to_string).collect();
    assert_eq!(
        drift,
        [
            "verdict INCONCLUSIVE was published as CONFIRMED (explain it in `published.verdict_differs`)"
        ]
    );
}

#[test]
fn without_a_failed_precondition_a_check_has_an_answer() {
    let error = |sql: &str| with_checks(&[HOLDS, ("speed", "acceptance", sql)]).run_error();
    assert_snapshot!(error(NULLS), @r#"
    error: check `speed`: `holds` is NULL: the rows it compares are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:86
       |
    27 |   - {id: speed, role: acceptance, claim: Claim of speed., digits: 1, suffix: x, sql: "SELECT AVG(step_us) > 1 AS holds, AVG(step_us)...
       |                                                                                      ^^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    "#);
    assert_snapshot!(error(NULL_OBSERVED), @r#"
    error: check `speed`: `observed` is NULL: the rows it reads are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:86
       |
    27 |   - {id: speed, role: acceptance, claim: Claim of speed., digits: 1, suffix: x, sql: "SELECT COUNT(*) > 1 AS holds, AVG(step_us) AS ...
       |                                                                                      ^^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    "#);
    assert_snapshot!(error(NULL_HOLDS), @r#"
    error: check `speed`: `holds` is NULL: the rows it compares are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:86
       |
    27 |   - {id: speed, role: acceptance, claim: Claim of speed., digits: 1, suffix: x, sql: "SELECT AVG(step_us) > 1 AS holds, COUNT(*) AS ...
       |                                                                                      ^^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    "#);
    assert_snapshot!(error(NO_ROW), @r#"
    error: check `speed`: its SQL returns 0 rows, and a check has one answer
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:86
       |
    27 |   - {id: speed, role: acceptance, claim: Claim of speed., digits: 1, suffix: x, sql: "SELECT step_us > 1 AS holds, step_us AS observ...
       |                                                                                      ^^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    "#);
}

/// A control decides nothing: where all that it reads is missing it is open, and shown as such.
#[test]
fn a_control_may_be_open() {
    let controls = |sql: &str| {
        with_checks(&[
            ("speed", "control", sql),
            ("any", "acceptance", "SELECT TRUE AS holds, 1 AS observed"),
        ])
    };
    let outcome = controls(NULLS).run();
    assert_eq!(outcome.verdict, Verdict::Confirmed);
    let control = &outcome.checks[0];
    assert_eq!(
        (control.holds, control.observed.as_str()),
        (None, "no data")
    );
    // Half an answer is a mistake.
    for (sql, half) in [(NULL_HOLDS, "`holds`"), (NULL_OBSERVED, "`observed`")] {
        let error = controls(sql).run_error();
        let expected = format!("error: check `speed`: {half} is NULL");
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn the_first_of_several_is_reported() {
    let two = with_checks(&[
        ("first", "acceptance", NO_ROW),
        ("second", "primary", NULLS),
    ]);
    assert_snapshot!(two.run_error(), @r#"
    error: check `first`: its SQL returns 0 rows, and a check has one answer
      --> hypotheses/H1-longer-cache/hypothesis.yaml:26:86
       |
    26 |   - {id: first, role: acceptance, claim: Claim of first., digits: 1, suffix: x, sql: "SELECT step_us > 1 AS holds, step_us AS observ...
       |                                                                                      ^^^^^^^
       |
       = help: where rows can be missing, a check with the role precondition asks for them: it decides before this one
    "#);
}

#[test]
fn a_precondition_has_an_answer() {
    let error = |sql: &str| {
        with_checks(&[
            FAILS,
            ("ready", "precondition", sql),
            ("speed", "acceptance", NULLS),
        ])
        .run_error()
    };
    assert_snapshot!(error(NULLS), @r#"
    error: check `ready`: `holds` is NULL: the rows it compares are missing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:88
       |
    27 |   - {id: ready, role: precondition, claim: Claim of ready., digits: 1, suffix: x, sql: "SELECT AVG(step_us) > 1 AS holds, AVG(step_u...
       |                                                                                        ^^^^^^^
    "#);
    assert_snapshot!(error(NO_ROW), @r#"
    error: check `ready`: its SQL returns 0 rows, and a check has one answer
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:88
       |
    27 |   - {id: ready, role: precondition, claim: Claim of ready., digits: 1, suffix: x, sql: "SELECT step_us > 1 AS holds, step_us AS obse...
       |                                                                                        ^^^^^^^
    "#);
}

#[test]
fn two_answers_are_an_error_whatever_else_fails() {
    let two = with_checks(&[
        FAILS,
        (
            "speed",
            "acceptance",
            "SELECT step_us > 1 AS holds, step_us AS observed FROM times",
        ),
    ]);
    assert_snapshot!(two.run_error(), @r#"
    error: check `speed`: its SQL returns 4 rows, and a check has one answer
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:86
       |
    27 |   - {id: speed, role: acceptance, claim: Claim of speed., digits: 1, suffix: x, sql: "SELECT step_us > 1 AS holds, step_us AS observ...
       |                                                                                      ^^^^^^^
       |
       = help: one row comes of aggregates alone, as in MAX(x), MIN(x) or COUNT(*), or of a WHERE that leaves one
    "#);
}
