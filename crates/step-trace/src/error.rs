//! What can be wrong with a trace.

use std::path::{Path, PathBuf};

use diagnostic::Diagnostics;

use crate::field::Field;

/// Why a trace cannot be read, always with its file.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file cannot be read.
    #[error("{path}: cannot be read: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("{path}: is not a file", path = path.display())]
    NotAFile {
        /// What is there.
        path: PathBuf,
    },
    /// The file is larger than any trace.
    #[error("{path}: more than {limit_bytes} bytes", path = path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The largest that is read.
        limit_bytes: u64,
    },
    /// More rows than are read.
    #[error("{path}: more than {limit} rows", path = path.display())]
    TooManyRows {
        /// The file.
        path: PathBuf,
        /// The most that are read.
        limit: usize,
    },
    /// The file is damaged, or neither Parquet nor CSV.
    #[error("{path}: {place}{reason}", path = path.display(), place = line.map_or_else(String::new, |line| format!("line {line}: ")))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The one-based line, where it is one of a text.
        line: Option<u64>,
        /// What the reader says.
        reason: String,
    },
    /// A word that is not kept.
    #[error("{path}: column `{column}`, row {row}: {problem}", path = path.display())]
    Word {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The one-based row.
        row: usize,
        /// What is wrong with the word.
        problem: String,
    },
    /// A column that the mapping names is not there.
    #[error("{path}: there is no column `{column}`, which `{field}` comes from ({hint}columns: {known})", path = path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The field that comes from it.
        field: Field,
        /// The nearest name, or nothing.
        hint: String,
        /// The columns there are.
        known: String,
    },
    /// Two columns of one name.
    #[error("{path}: column `{column}` stands twice", path = path.display())]
    TwoColumns {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A column whose values are no numbers or words.
    #[error("{path}: column `{column}` is of the type {kind}, and a step has numbers and words only", path = path.display())]
    UnsupportedType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        kind: String,
    },
    /// A value that the field cannot have.
    #[error("{path}: {place}, row {row}: {value}, and `{field}` is {expected}", path = path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The column, or that it is a constant.
        place: String,
        /// The one-based row.
        row: usize,
        /// What is there.
        value: String,
        /// The field.
        field: Field,
        /// What it has to be.
        expected: String,
    },
    /// The mapping leaves out what every trace has.
    #[error("{path}: the mapping has no `{field}`", path = path.display())]
    NotMapped {
        /// The file.
        path: PathBuf,
        /// The field.
        field: Field,
    },
    /// Two rows are the same step.
    #[error("{path}: rows {first} and {second} both are step {step_id} of experiment `{experiment}`", path = path.display())]
    SameStep {
        /// The file.
        path: PathBuf,
        /// One row, counted from 1.
        first: usize,
        /// The other.
        second: usize,
        /// The step.
        step_id: i64,
        /// The experiment.
        experiment: String,
    },
    /// A step starts before the one before it.
    #[error("{path}: step {step_id} of experiment `{experiment}` (row {row}) starts before step {before}: the clock runs back", path = path.display())]
    ClockRunsBack {
        /// The file.
        path: PathBuf,
        /// The row of the step, counted from 1.
        row: usize,
        /// The step.
        step_id: i64,
        /// The step before.
        before: i64,
        /// The experiment.
        experiment: String,
    },
    /// An experiment with two models or two tensor parallel degrees.
    #[error("{path}: experiment `{experiment}` has two values of `{field}`: {first} and {second} (row {row})", path = path.display())]
    TwoSettings {
        /// The file.
        path: PathBuf,
        /// The experiment.
        experiment: String,
        /// What it has two of.
        field: Field,
        /// One value.
        first: String,
        /// The other.
        second: String,
        /// Where the other stands, counted from 1.
        row: usize,
    },
    /// There is no step in it.
    #[error("{path}: no step is in it{why}", path = path.display())]
    NoSteps {
        /// The file.
        path: PathBuf,
        /// What became of its rows.
        why: String,
    },
    /// One of the others in a file of text, whose line can be shown.
    #[error("{error}")]
    InText {
        /// What is wrong.
        error: Box<TraceError>,
        /// The same with the line of the file.
        diagnostics: Diagnostics,
    },
}

impl TraceError {
    /// What is wrong with the line of the file and what to do next, where the file is text.
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::InText { diagnostics, .. } => Some(diagnostics),
            Self::Read { .. }
            | Self::NotAFile { .. }
            | Self::TooLarge { .. }
            | Self::TooManyRows { .. }
            | Self::Damaged { .. }
            | Self::Word { .. }
            | Self::NoColumn { .. }
            | Self::TwoColumns { .. }
            | Self::UnsupportedType { .. }
            | Self::Value { .. }
            | Self::NotMapped { .. }
            | Self::SameStep { .. }
            | Self::ClockRunsBack { .. }
            | Self::TwoSettings { .. }
            | Self::NoSteps { .. } => None,
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::InText { error, .. } => error.path(),
            Self::Read { path, .. }
            | Self::NotAFile { path }
            | Self::TooLarge { path, .. }
            | Self::TooManyRows { path, .. }
            | Self::Damaged { path, .. }
            | Self::Word { path, .. }
            | Self::NoColumn { path, .. }
            | Self::TwoColumns { path, .. }
            | Self::UnsupportedType { path, .. }
            | Self::Value { path, .. }
            | Self::NotMapped { path, .. }
            | Self::SameStep { path, .. }
            | Self::ClockRunsBack { path, .. }
            | Self::TwoSettings { path, .. }
            | Self::NoSteps { path, .. } => path,
        }
    }
}
