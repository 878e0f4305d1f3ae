//! Reads the text of a result file.

use std::fs;
use std::path::Path;

use diagnostic::{Diagnostic, SourceText};

use super::error::ExperimentError;

/// The largest result file that is read: a sweep of two million cells has a tenth of it for each column.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The text of a file of results.
///
/// # Errors
///
/// It is missing, no regular file, too large or not UTF-8.
pub(crate) fn read_result_text(path: &Path) -> Result<SourceText, ExperimentError> {
    let failed = |source| ExperimentError::Read {
        path: path.to_owned(),
        source,
    };
    let about = fs::metadata(path).map_err(failed)?;
    let refused = |message: String| Diagnostic::new(path.to_owned(), message);
    if !about.is_file() {
        return Err(refused("it is not a file".to_owned()).into());
    }
    if about.len() > MAX_BYTES {
        let message = format!(
            "it has {} bytes, and at most {MAX_BYTES} are read",
            about.len()
        );
        return Err(refused(message).into());
    }
    let bytes = fs::read(path).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(valid);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        refused(format!("line {line} is not UTF-8"))
    })?;
    Ok(SourceText::new(path.to_owned(), text))
}
