use std::fmt;

use crate::escape::Escaped;

/// A word with a colour: a verdict, or how two of them compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The word.
    pub text: String,
    /// What it is meant to look like. The word says it too.
    pub tone: Tone,
}

/// The colour of a [`Badge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It holds.
    Good,
    /// It holds in part.
    Mixed,
    /// It does not hold.
    Bad,
    /// Nothing is known.
    Neutral,
}

impl Badge {
    /// A word with its colour.
    #[must_use]
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Mixed => "mixed",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }
}

impl fmt::Display for Badge {
    /// As HTML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"badge {}\">{}</span>",
            self.tone.class(),
            Escaped(&self.text)
        )
    }
}
