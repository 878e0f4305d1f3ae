//! What can go wrong with a table on its way to a file.

use std::io;

use parquet::errors::ParquetError;

/// A table that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum TableFileError {
    /// A table has columns.
    #[error("a table without columns cannot be written")]
    NoColumns,
    /// Two columns of one name could not be told apart.
    #[error("column `{0}` stands twice")]
    TwoColumns(String),
    /// Rows whose columns are not those that the table began with.
    #[error("rows with the columns {given} cannot follow rows with the columns {expected}")]
    OtherColumns {
        /// The names and kinds that the table began with.
        expected: String,
        /// Those of the rows.
        given: String,
    },
    /// Columns of one table have equally many cells.
    #[error("column `{column}` has {cells} cells, and the columns before it have {rows}")]
    UnequalLengths {
        /// The column.
        column: String,
        /// How many cells it has.
        cells: usize,
        /// How many those before it have.
        rows: usize,
    },
    /// JSON has no such number, and a result that is none would pass for one elsewhere.
    #[error("column `{column}`, row {row} is not finite")]
    NotFinite {
        /// The column.
        column: String,
        /// The row, from 0, among the rows that were to be written.
        row: usize,
    },
    /// What the file is written to fails.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// The CSV writer fails.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The Parquet writer fails, most likely since what it writes to does.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// Words that cannot be written as JSON.
    #[error("words cannot be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
}

impl TableFileError {
    /// Whether the table itself is at fault, and not what it was written to.
    #[must_use]
    pub fn is_of_the_table(&self) -> bool {
        match self {
            Self::NoColumns
            | Self::TwoColumns(_)
            | Self::OtherColumns { .. }
            | Self::UnequalLengths { .. }
            | Self::NotFinite { .. }
            | Self::Json(_) => true,
            Self::Write(_) | Self::Csv(_) | Self::Parquet(_) => false,
        }
    }
}
