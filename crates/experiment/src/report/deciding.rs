//! The verdict in one sentence: the check that decides, what it observed, and its limit.

use crate::decide::{CheckOutcome, VerdictRule};
use crate::format::Role;

/// What decides, with the number that was observed; nothing where no check does.
pub(super) fn deciding_sentence(checks: &[CheckOutcome]) -> String {
    let answered = checks
        .iter()
        .filter_map(|check| Some((check, check.role, check.holds?)));
    let rule = VerdictRule::of(answered.clone().map(|(_, role, holds)| (role, holds)));
    let deciding: Vec<&CheckOutcome> = answered
        .filter(|(_, role, holds)| {
            rule != VerdictRule::NothingAgainst && VerdictRule::called_by(*role, *holds) == rule
        })
        .map(|(check, ..)| check)
        .collect();
    match rule {
        VerdictRule::UnmetPrecondition => {
            let unmet: Vec<String> = deciding.into_iter().map(said).collect();
            format!(
                "Nothing can be said as long as this does not hold: {}",
                unmet.join(" ")
            )
        }
        VerdictRule::RefutationHolds => first("This refutes it: ", &deciding),
        VerdictRule::PrimaryFails => first("This had to hold and does not: ", &deciding),
        VerdictRule::AcceptanceFails => {
            first("Nothing refutes it, and this does not hold: ", &deciding)
        }
        VerdictRule::NothingAgainst => nothing_against(checks),
    }
}

/// Of what speaks for the hypothesis, the check that weighs most.
fn nothing_against(checks: &[CheckOutcome]) -> String {
    let of = |role| checks.iter().find(|check| check.role == role);
    match of(Role::Primary).or_else(|| of(Role::Acceptance)) {
        Some(check) => said(check),
        None => of(Role::Refutation).map_or_else(String::new, |check| {
            format!("This would refute it and does not hold: {}", said(check))
        }),
    }
}

/// The first of the deciding checks, and how many more there are.
fn first(words: &str, deciding: &[&CheckOutcome]) -> String {
    let Some((first, others)) = deciding.split_first() else {
        return String::new();
    };
    let others = match others.len() {
        0 => String::new(),
        1 => " One more check decides the same.".to_owned(),
        others => format!(" {others} more checks decide the same."),
    };
    format!("{words}{}{others}", said(first))
}

/// A claim with what was observed of it, and its limit where the file states that by itself.
fn said(check: &CheckOutcome) -> String {
    let claim = check.claim.split_whitespace().collect::<Vec<_>>().join(" ");
    let claim = claim.trim_end_matches('.');
    let limit = check.limit.as_ref();
    let limit = limit.map_or_else(String::new, |limit| format!("; the claim needs {limit}"));
    format!("{claim} (observed: {}{limit}).", check.observed)
}
