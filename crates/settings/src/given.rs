//! Values that a file or a flag gives settings.

use std::fmt;

use serde::Serialize;

/// A value for a setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Given {
    /// A whole number from 0.
    Whole(u64),
    /// Any other number.
    Number(f64),
    /// A name or a choice.
    Word(String),
    /// True or false.
    Switch(bool),
}

/// What a setting would have taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongValue(pub String);

impl Given {
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "settings are far below 2^53")]
            Self::Whole(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            Self::Word(_) | Self::Switch(_) => None,
        }
    }
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => whole.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => word.fmt(f),
            Self::Switch(switch) => switch.fmt(f),
        }
    }
}
