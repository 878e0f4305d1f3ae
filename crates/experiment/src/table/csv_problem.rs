//! What is wrong with a CSV file, in the line that the reader stopped at.

use diagnostic::{Diagnostic, SourceText};

/// The reader's error as ours.
pub(crate) fn csv_problem(source: &SourceText, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(0, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("the row has {len} values, and the header has {expected_len}"),
        _ => format!("the CSV cannot be read: {error}"),
    };
    source.error_at(line, 1, message)
}
