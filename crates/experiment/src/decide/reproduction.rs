//! How many published values ours reproduce, and how closely.

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;

/// How close our value is to a published one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Closeness {
    /// Equal to the published digits: within half a unit of the last one; words to the letter.
    Equal,
    /// Not equal to the digits, but within this tolerance, which the hypothesis states in the unit of the value.
    Within(f64),
    /// Neither.
    Different,
    /// Neither, since ours lacks data.
    NeedsData,
}

impl Closeness {
    /// Whether ours counts as the published value, to its digits or within a stated tolerance.
    #[must_use]
    pub fn is_reproduced(self) -> bool {
        match self {
            Self::Equal | Self::Within(_) => true,
            Self::Different | Self::NeedsData => false,
        }
    }
}

impl fmt::Display for Closeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal => f.write_str("equal"),
            Self::Within(tolerance) => write!(f, "within {tolerance}"),
            Self::Different => f.write_str("different"),
            Self::NeedsData => f.write_str("needs data"),
        }
    }
}

/// Published values by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Reproduction {
    /// Ours is equal to the published digits: within half a unit of the last one.
    pub equal: usize,
    /// Ours is not, but within a tolerance that the hypothesis states.
    pub within_tolerance: usize,
    /// Ours is neither, or we have no such row.
    pub different: usize,
    /// Ours needs data that is not at hand.
    pub needs_data: usize,
}

impl Reproduction {
    /// How many were compared.
    #[must_use]
    pub fn compared(self) -> usize {
        self.equal + self.within_tolerance + self.different
    }
}

impl AddAssign for Reproduction {
    fn add_assign(&mut self, other: Self) {
        self.equal += other.equal;
        self.within_tolerance += other.within_tolerance;
        self.different += other.different;
        self.needs_data += other.needs_data;
    }
}

impl fmt::Display for Reproduction {
    /// As in `18 of 33 equal, 12 within tolerance, 3 different; 2 need data`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} equal, {} within tolerance, {} different",
            self.equal,
            self.compared(),
            self.within_tolerance,
            self.different
        )?;
        match self.needs_data {
            0 => Ok(()),
            1 => f.write_str("; 1 needs data"),
            more => write!(f, "; {more} need data"),
        }
    }
}

/// A stated tolerance that some values need, since they are not equal to the published digits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsedTolerance {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// How far ours may be from the published value, in the unit of the column.
    pub tolerance: f64,
    /// How many values need it.
    pub values: usize,
}
