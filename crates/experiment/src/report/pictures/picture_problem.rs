//! What is wrong with a plot whose rows are there.

use std::fmt;

use plots::PlotError;
use serde_yaml::Spanned;

use super::picture_rows::PictureRows;

/// Why a plot cannot be drawn of the rows that there are.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum PictureProblem {
    /// What the chart itself refuses.
    #[error(transparent)]
    Chart(#[from] PlotError),
    /// Several values where one is shown: all but one would vanish.
    #[error("{rows} rows have {place}, and {spot} shows one value")]
    SeveralRows {
        spot: Spot,
        place: RowPlace,
        rows: usize,
    },
    /// A value that has no ratio to others.
    #[error("`{column}` is {value} at {place}, and a log scale needs values above 0")]
    NotAboveZero {
        column: String,
        value: String,
        place: RowPlace,
    },
    /// Series of one row each, of which nothing is left.
    #[error(
        "each series has one row, and `show: marginal` draws what a row adds to the one before"
    )]
    NothingAdded,
    /// A roof has one height.
    #[error("`{column}` has several values, {one} and {other} among them, and a roof has one")]
    SeveralRoofs {
        column: String,
        one: String,
        other: String,
    },
}

/// What shows one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Cell,
    Bar,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cell => "a cell",
            Self::Bar => "a bar",
        })
    }
}

/// Where a row is drawn: columns with their values as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowPlace(Vec<(String, String)>);

impl RowPlace {
    /// The place of a row by these columns.
    pub(crate) fn new(rows: &PictureRows<'_>, columns: &[&Spanned<String>], row: usize) -> Self {
        let values = columns.iter().map(|column| {
            let value = rows.text(&column.value, row);
            (column.value.clone(), value)
        });
        Self(values.collect())
    }
}

impl fmt::Display for RowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (column, value)) in self.0.iter().enumerate() {
            let joint = if index == 0 { "" } else { ", " };
            write!(f, "{joint}{column} = {value}")?;
        }
        Ok(())
    }
}

impl PictureProblem {
    /// Refuses a row at a place that another with a value of `column` has as well.
    pub(crate) fn several_rows(
        spot: Spot,
        rows: &PictureRows<'_>,
        columns: &[&Spanned<String>],
        column: &Spanned<String>,
        row: usize,
    ) -> Self {
        let place = RowPlace::new(rows, columns, row);
        let alike = rows.iter().filter(|other| {
            let has_value = rows.number(&column.value, *other).is_some();
            has_value && RowPlace::new(rows, columns, *other) == place
        });
        Self::SeveralRows {
            spot,
            rows: alike.count(),
            place,
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> Option<&'static str> {
        match self {
            Self::SeveralRows {
                spot: Spot::Cell, ..
            } => Some("keep one of them with `only`, or by the SQL of the table"),
            Self::SeveralRows {
                spot: Spot::Bar, ..
            } => Some(
                "keep one of them with `only`, or split the rows with `series` by a column in which they differ",
            ),
            Self::NotAboveZero { .. } | Self::Chart(PlotError::NotPositive { .. }) => {
                Some("leave `log` out, or keep the rows above 0 by the SQL of the table")
            }
            Self::SeveralRoofs { .. } => Some("keep the rows of one of them with `only`"),
            Self::NothingAdded => Some("leave `show` out"),
            Self::Chart(_) => None,
        }
    }
}
