//! From the checks of a file to its verdict.

use experiment::Verdict;
use experiment::Verdict::{Confirmed, Inconclusive, PartiallyConfirmed, Refuted};

use crate::test_project::{TestProject, file_text};

/// Roles with whether each holds, and the verdict they come to.
const CASES: &[(&[(&str, bool)], Verdict)] = &[
    (&[("acceptance", true)], Confirmed),
    (&[("acceptance", false)], PartiallyConfirmed),
    (&[("primary", true)], Confirmed),
    (&[("primary", false)], Refuted),
    (&[("refutation", false)], Confirmed),
    (&[("refutation", true)], Refuted),
    (
        &[("primary", true), ("acceptance", false)],
        PartiallyConfirmed,
    ),
    (&[("primary", false), ("acceptance", true)], Refuted),
    (&[("refutation", true), ("primary", true)], Refuted),
    (
        &[("refutation", false), ("acceptance", false)],
        PartiallyConfirmed,
    ),
    (&[("precondition", true), ("acceptance", true)], Confirmed),
    (
        &[("precondition", false), ("acceptance", true)],
        Inconclusive,
    ),
    (
        &[("precondition", false), ("refutation", true)],
        Inconclusive,
    ),
    (&[("precondition", false), ("primary", false)], Inconclusive),
    (&[("control", false), ("acceptance", true)], Confirmed),
    (
        &[("control", true), ("acceptance", false)],
        PartiallyConfirmed,
    ),
];

/// The hypothesis with these checks in place of its own.
fn with_checks(checks: &[(&str, bool)]) -> TestProject {
    let text = checks
        .iter()
        .enumerate()
        .map(|(index, (role, holds))| {
            format!(
                "  - {{id: check-{index}, role: {role}, claim: Claim {index}., sql: \"SELECT {holds} AS holds, {index} AS observed\"}}\n"
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

#[test]
fn checks_decide() {
    for (checks, verdict) in CASES {
        let outcome = with_checks(checks).run();
        assert_eq!(outcome.verdict, *verdict, "{checks:?}");
        let findings = file_text(&outcome, "FINDINGS.md");
        let status = format!("\n**{}.**", verdict.name());
        assert!(findings.contains(&status), "{checks:?}: {findings}");
        let reversed: Vec<_> = checks.iter().rev().copied().collect();
        assert_eq!(
            with_checks(&reversed).run().verdict,
            *verdict,
            "{checks:?} reversed"
        );
    }
}

#[test]
fn what_counts_against_the_hypothesis_is_bold() {
    let outcome = with_checks(&[
        ("refutation", true),
        ("refutation", false),
        ("acceptance", false),
        ("primary", true),
        ("control", false),
    ])
    .run();
    let findings = file_text(&outcome, "FINDINGS.md");
    let holds: Vec<&str> = findings
        .lines()
        .filter(|line| line.starts_with("| `check-"))
        .filter_map(|line| line.rsplit(" | ").next())
        .collect();
    assert_eq!(holds, ["**yes** |", "no |", "**no** |", "yes |", "no |"]);
}

#[test]
fn the_outcome_has_each_check() {
    let outcome = TestProject::new().run();
    let [check] = outcome.checks.as_slice() else {
        panic!("{:?}", outcome.checks);
    };
    assert_eq!(check.id, "takes-time");
    assert_eq!(check.claim, "Every step takes a microsecond or more.");
    assert!(check.holds == Some(true));
    assert_eq!(check.observed, "43");
}
