//! The rules by which checks decide, in the order in which they apply.

use serde::Serialize;

use crate::format::{Role, Verdict};

/// Why a verdict is what it is: the first of these rules that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictRule {
    /// A precondition fails.
    UnmetPrecondition,
    /// A refutation holds.
    RefutationHolds,
    /// A primary acceptance fails.
    PrimaryFails,
    /// Another acceptance fails.
    AcceptanceFails,
    /// None of these. Without any acceptance check a hypothesis is confirmed where no refutation holds: that is what its
    /// author said would count.
    NothingAgainst,
}

impl VerdictRule {
    /// All rules, the first that applies being the one that counts.
    pub const ALL: &[Self] = &[
        Self::UnmetPrecondition,
        Self::RefutationHolds,
        Self::PrimaryFails,
        Self::AcceptanceFails,
        Self::NothingAgainst,
    ];

    /// The rule that decides these outcomes.
    pub fn of(outcomes: impl IntoIterator<Item = (Role, bool)>) -> Self {
        outcomes
            .into_iter()
            .map(|(role, holds)| Self::called_by(role, holds))
            .min_by_key(|rule| Self::ALL.iter().position(|one| one == rule))
            .unwrap_or(Self::NothingAgainst)
    }

    /// The rule that one outcome calls for.
    #[must_use]
    pub fn called_by(role: Role, holds: bool) -> Self {
        match (role, holds) {
            (Role::Precondition, false) => Self::UnmetPrecondition,
            (Role::Refutation, true) => Self::RefutationHolds,
            (Role::Primary, false) => Self::PrimaryFails,
            (Role::Acceptance, false) => Self::AcceptanceFails,
            (Role::Control, _)
            | (Role::Precondition | Role::Primary | Role::Acceptance, true)
            | (Role::Refutation, false) => Self::NothingAgainst,
        }
    }

    /// What the rule comes to.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::UnmetPrecondition => Verdict::Inconclusive,
            Self::RefutationHolds | Self::PrimaryFails => Verdict::Refuted,
            Self::AcceptanceFails => Verdict::PartiallyConfirmed,
            Self::NothingAgainst => Verdict::Confirmed,
        }
    }

    /// When the rule applies, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::UnmetPrecondition => "a precondition that fails leaves everything open",
            Self::RefutationHolds => "a refutation that holds refutes",
            Self::PrimaryFails => "a primary check that fails refutes",
            Self::AcceptanceFails => "an acceptance that fails confirms a part at most",
            Self::NothingAgainst => "else nothing speaks against it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Role::{Acceptance, Control, Precondition, Primary, Refutation};
    use crate::format::Verdict::{Confirmed, Inconclusive, PartiallyConfirmed, Refuted};

    #[test]
    fn verdicts_follow_the_rules() {
        let cases: &[(&[(Role, bool)], Verdict)] = &[
            (&[(Acceptance, true)], Confirmed),
            (&[(Acceptance, true), (Acceptance, true)], Confirmed),
            (
                &[(Acceptance, true), (Acceptance, false)],
                PartiallyConfirmed,
            ),
            (&[(Acceptance, false)], PartiallyConfirmed),
            (&[(Primary, true), (Acceptance, true)], Confirmed),
            (&[(Primary, true), (Acceptance, false)], PartiallyConfirmed),
            (&[(Primary, false), (Acceptance, true)], Refuted),
            (&[(Primary, false), (Acceptance, false)], Refuted),
            (&[(Refutation, false)], Confirmed),
            (&[(Refutation, true)], Refuted),
            (
                &[(Refutation, true), (Acceptance, true), (Primary, true)],
                Refuted,
            ),
            (&[(Refutation, false), (Refutation, true)], Refuted),
            (
                &[(Refutation, false), (Acceptance, false)],
                PartiallyConfirmed,
            ),
            (&[(Precondition, true), (Acceptance, true)], Confirmed),
            (&[(Precondition, false), (Acceptance, true)], Inconclusive),
            (&[(Precondition, false), (Refutation, true)], Inconclusive),
            (&[(Precondition, false), (Primary, false)], Inconclusive),
            (&[(Acceptance, true), (Control, false)], Confirmed),
            (&[(Acceptance, false), (Control, true)], PartiallyConfirmed),
        ];
        for (outcomes, expected) in cases {
            assert_eq!(
                VerdictRule::of(outcomes.iter().copied()).verdict(),
                *expected,
                "{outcomes:?}"
            );
            let reversed = outcomes.iter().rev().copied();
            assert_eq!(
                VerdictRule::of(reversed).verdict(),
                *expected,
                "{outcomes:?} reversed"
            );
        }
    }
}
