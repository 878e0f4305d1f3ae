//! One value of a table.
//!
//! What every cell of a sweep goes through is `inline`: incremental builds inline nothing of other crates by themselves.

use std::fmt;

use serde::Serialize;

use crate::column_kind::ColumnKind;

/// One value of a table, borrowed from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value<'t> {
    /// NULL: there is no value.
    #[default]
    Null,
    /// A whole number.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Words.
    Text(&'t str),
    /// A truth value.
    Bool(bool),
}

impl<'t> Value<'t> {
    /// What it is; none for NULL.
    #[must_use]
    pub fn kind(self) -> Option<ColumnKind> {
        match self {
            Self::Null => None,
            Self::Int(_) => Some(ColumnKind::Int),
            Self::Float(_) => Some(ColumnKind::Float),
            Self::Text(_) => Some(ColumnKind::Text),
            Self::Bool(_) => Some(ColumnKind::Bool),
        }
    }

    /// The number, where it is one of either kind.
    #[inline]
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "counts and settings are far below 2^53"
            )]
            Self::Int(value) => Some(value as f64),
            // Anything else is no number.
            _ => self.as_float(),
        }
    }

    /// The number with a fraction, where it is one: 1.0 is, 1 is not.
    #[inline]
    #[must_use]
    pub fn as_float(self) -> Option<f64> {
        if let Self::Float(value) = self {
            Some(value)
        } else {
            None
        }
    }

    /// The whole number, where it is one.
    #[inline]
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        if let Self::Int(value) = self {
            Some(value)
        } else {
            None
        }
    }

    /// The whole number, where it is one that is not negative and not too large.
    #[must_use]
    pub fn as_u32(self) -> Option<u32> {
        self.as_i64().and_then(|value| u32::try_from(value).ok())
    }

    /// The words, where it is some.
    #[inline]
    #[must_use]
    pub fn as_text(self) -> Option<&'t str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The truth value, where it is one.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        if let Self::Bool(truth) = self {
            Some(truth)
        } else {
            None
        }
    }
}

impl fmt::Display for Value<'_> {
    /// As result files hold it: numbers by the fewest digits that give the same number back, a number that may
    /// have a fraction always with a point or an exponent, NULL as nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => f.write_str(value),
            Self::Bool(value) => write!(f, "{value}"),
        }
    }
}

impl From<f64> for Value<'_> {
    #[inline]
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl<'t> From<&'t str> for Value<'t> {
    #[inline]
    fn from(value: &'t str) -> Self {
        Self::Text(value)
    }
}

impl From<bool> for Value<'_> {
    #[inline]
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// Counts beyond 2^63 do not occur.
macro_rules! from_whole_numbers {
    ($($whole:ty),*) => {
        $(impl From<$whole> for Value<'_> {
            #[inline]
            fn from(value: $whole) -> Self {
                i64::try_from(value).map_or(Self::Null, Self::Int)
            }
        })*
    };
}

from_whole_numbers!(i64, u32, u64, usize);

impl<'t, T: Into<Value<'t>>> From<Option<T>> for Value<'t> {
    #[inline]
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, T::into)
    }
}
