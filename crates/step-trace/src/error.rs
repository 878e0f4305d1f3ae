//! What can be wrong with a trace.

use std::path::{Path, PathBuf};

use diagnostic::Diagnostics;

/// Why a trace cannot be read, with its file.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", path.display())]
pub struct TraceError {
    path: PathBuf,
    message: String,
    diagnostics: Option<Diagnostics>,
}

impl TraceError {
    pub(crate) fn new(path: &Path, problem: Problem, diagnostics: Option<Diagnostics>) -> Self {
        Self {
            path: path.to_owned(),
            message: problem.message,
            diagnostics,
        }
    }

    /// What is wrong with the line of the file and what to do next, where the file is text and a line is to blame.
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        self.diagnostics.as_ref()
    }
}

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) place: Place,
}

/// The place that a problem speaks of. Rows are counted from 1.
#[derive(Debug)]
pub(crate) enum Place {
    /// The file as a whole.
    File,
    /// A line by its number, from 1.
    Line(u64),
    /// The header line, at the last column of a name or at the column nearest to it.
    Header { column: String },
    /// A value: a column of a row, the row as a whole where no column is to blame.
    Cell { row: usize, column: Option<String> },
    /// The same where the row contradicts another.
    OtherRow { row: usize, column: Option<String> },
}

impl Problem {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place,
        }
    }

    /// Of the file as a whole.
    pub(crate) fn of_file(message: impl Into<String>) -> Self {
        Self::new(Place::File, message)
    }

    /// Of a value of a column.
    pub(crate) fn of_cell(column: &str, row: usize, problem: impl std::fmt::Display) -> Self {
        let place = Place::Cell {
            row,
            column: Some(column.to_owned()),
        };
        Self::new(place, format!("column `{column}`, row {row}: {problem}"))
    }
}
