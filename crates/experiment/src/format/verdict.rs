//! What the checks of a hypothesis come to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

    /// A title under which nobody takes for a fact what is only claimed.
    #[must_use]
    pub fn titled(self, title: &str) -> String {
        match self {
            Self::Confirmed => title.to_owned(),
            Self::PartiallyConfirmed | Self::Refuted | Self::Inconclusive => {
                format!("Claim: {title}")
            }
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
    use super::*;

    #[test]
    fn programs_read_one_name() {
        for verdict in Verdict::ALL {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.key());
        }
    }
}
