//! What can differ between two sets of results.

use super::side::Side;
use crate::format::Verdict;

/// What it means that the newer set lacks a hypothesis of the older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Something is gone.
    IsADifference,
    /// It was not run, and is not compared.
    IsLeftOut,
}

/// A verdict that flipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictChange {
    /// The folder of the hypothesis.
    pub hypothesis: String,
    /// As it was.
    pub before: Verdict,
    /// As it is.
    pub after: Verdict,
}

/// A check whose answer changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckChange {
    /// The folder of the hypothesis.
    pub hypothesis: String,
    /// The id of the check.
    pub check: String,
    /// Whether the claim held; none where nothing could be said.
    pub before: Option<bool>,
    /// Whether it holds.
    pub after: Option<bool>,
    /// What was observed, as shown.
    pub observed_before: String,
    /// What is observed.
    pub observed_after: String,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuePlace {
    /// The folder of the hypothesis.
    pub hypothesis: String,
    /// The table; `outcome.json` for what a check observed.
    pub table: String,
    /// The row, by key column and value: empty where a table has one row, `#` and the number where rows have no key.
    pub row: Vec<(String, String)>,
    /// The column.
    pub column: String,
}

/// A number that is another one.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedValue {
    /// Where it stands.
    pub place: ValuePlace,
    /// To every digit.
    pub before: String,
    /// To every digit.
    pub after: String,
    /// After minus before.
    pub change: f64,
    /// The change over the size of the number before; none where that was 0, an infinite change.
    pub relative_change: Option<f64>,
}

/// A value that is no number, or was none, and changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// Where it stands.
    pub place: ValuePlace,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// Something that only one side has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The side that has it.
    pub side: Side,
    /// The folder of the hypothesis.
    pub hypothesis: String,
    /// What it is.
    pub part: Part,
}

/// A part of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All of the hypothesis.
    Hypothesis,
    /// Its verdict and all of its checks: `outcome.json`.
    Outcome,
    /// A check, by its id.
    Check(String),
    /// A table.
    Table(String),
    /// A column of a table.
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A row of a table.
    Row {
        /// The table.
        table: String,
        /// The row, as in [`ValuePlace`].
        row: Vec<(String, String)>,
    },
}

/// Something to know of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffRemark {
    /// Neither side has `outcome.json`: verdict and checks cannot be compared.
    NoOutcome {
        /// The folder of the hypothesis.
        hypothesis: String,
    },
    /// No columns tell the rows of a table apart.
    ByPosition {
        /// The folder of the hypothesis.
        hypothesis: String,
        /// The table.
        table: String,
    },
    /// Hypotheses of the older set that the newer one does not have.
    LeftOut {
        /// How many.
        hypotheses: usize,
    },
}
