//! The files that a hypothesis comes to.

use std::path::{Path, PathBuf};

use table_file::{FileFormat, table_bytes};

use super::outcome::{Outcome, OutputFile};
use crate::project::{ExperimentError, FINDINGS_FILE, OUTCOME_FILE, RESULTS_FOLDER};
use crate::report::Picture;

/// Findings, tables, pictures and the summary, relative to the folder of the hypothesis.
///
/// # Errors
///
/// A table or the summary cannot be written as a file.
pub(crate) fn output_files(
    findings: String,
    outcome: &Outcome,
    pictures: Vec<Picture>,
) -> Result<Vec<OutputFile>, ExperimentError> {
    let mut files = vec![OutputFile {
        path: PathBuf::from(FINDINGS_FILE),
        bytes: findings.into_bytes(),
    }];
    for (name, table) in &outcome.tables {
        let bytes = table_bytes(table.columns(), FileFormat::Csv).map_err(|source| {
            ExperimentError::TableFile {
                name: name.clone(),
                source,
            }
        })?;
        files.push(OutputFile {
            path: Path::new(RESULTS_FOLDER).join(format!("{name}.csv")),
            bytes,
        });
    }
    files.extend(pictures.into_iter().map(|picture| OutputFile {
        path: picture.path,
        bytes: picture.svg.into_bytes(),
    }));
    let summary = outcome
        .summary()
        .to_json()
        .map_err(ExperimentError::Summary)?;
    files.push(OutputFile {
        path: Path::new(RESULTS_FOLDER).join(OUTCOME_FILE),
        bytes: summary,
    });
    Ok(files)
}
