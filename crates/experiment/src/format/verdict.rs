//! How the outcomes of the checks become a verdict.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::Role;
use crate::decide::VerdictRule;

/// What a hypothesis comes to. Only the checks decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every acceptance check holds.
    Confirmed,
    /// Some acceptance check fails, but no primary one.
    PartiallyConfirmed,
    /// A refutation holds or a primary acceptance fails.
    Refuted,
    /// A precondition fails: nothing can be said.
    Inconclusive,
}

impl Verdict {
    /// All verdicts, in the order from yes to unknown.
    pub const ALL: &[Self] = &[
        Self::Confirmed,
        Self::PartiallyConfirmed,
        Self::Refuted,
        Self::Inconclusive,
    ];

    /// The verdict of the outcomes, by the first [`VerdictRule`] that applies.
    pub fn decide(outcomes: impl IntoIterator<Item = (Role, bool)>) -> Self {
        VerdictRule::of(outcomes).verdict()
    }

    /// The name as hypotheses and files for programs have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::PartiallyConfirmed => "partially-confirmed",
            Self::Refuted => "refuted",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The name as reports have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::PartiallyConfirmed => "PARTIALLY CONFIRMED",
            Self::Refuted => "REFUTED",
            Self::Inconclusive => "INCONCLUSIVE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role::Acceptance;
    use super::Role::Control;
    use super::Role::Precondition;
    use super::Role::Primary;
    use super::Role::Refutation;
    use super::Verdict::Confirmed;
    use super::Verdict::Inconclusive;
    use super::Verdict::PartiallyConfirmed;
    use super::Verdict::Refuted;
    use super::*;

    #[test]
    fn programs_read_one_name() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.key());
        }
    }

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
                Verdict::decide(outcomes.iter().copied()),
                *expected,
                "{outcomes:?}"
            );
            let reversed = outcomes.iter().rev().copied();
            assert_eq!(
                Verdict::decide(reversed),
                *expected,
                "{outcomes:?} reversed"
            );
        }
    }
}
