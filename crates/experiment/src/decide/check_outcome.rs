//! What a check came to.

use serde::Serialize;

use super::interval::CheckInterval;
use crate::format::{Limit, Role};

/// One check with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckOutcome {
    /// Its id in the file.
    pub id: String,
    /// What it does to the verdict.
    pub role: Role,
    /// What was claimed.
    pub claim: String,
    /// What was observed, as the findings show it.
    pub observed: String,
    /// The same to every digit, where it is a number.
    pub value: Option<serde_json::Number>,
    /// What the number is compared with, where the file states that by itself: the claim holds where it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Whether the claim holds; none where there is no data to say it of, and a precondition fails or it is a control.
    pub holds: Option<bool>,
    /// How far what was observed is to be trusted, where the file asks for it.
    pub interval: Option<CheckInterval>,
}

impl CheckOutcome {
    /// Whether nothing can be decided, since this had to hold and does not.
    #[must_use]
    pub fn is_unmet_precondition(&self) -> bool {
        self.role == Role::Precondition && self.holds == Some(false)
    }

    /// Whether the claim holds, in a word: yes, no, or a dash where nothing can be said.
    #[must_use]
    pub fn answer(&self) -> &'static str {
        match self.holds {
            Some(true) => "yes",
            Some(false) => "no",
            None => "-",
        }
    }
}
