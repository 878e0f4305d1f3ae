//! The files that a hypothesis comes to.

use std::path::{Path, PathBuf};

use table_file::{Column, FileFormat, TableFileError, Values, table_bytes};

use super::findings_folder::OutputFile;
use super::outcome::Outcome;
use crate::decide::ComparedValue;
use crate::project::{
    ExperimentError, FINDINGS_FILE, INPUTS_FILE, OUTCOME_FILE, PUBLISHED_VALUES_FILE,
    RESULTS_FOLDER,
};
use crate::report::{Picture, row_words};

/// Findings, tables, published values, inputs, pictures and the summary, relative to the folder of the hypothesis.
///
/// # Errors
///
/// A table or the summary cannot be written as a file.
pub(crate) fn output_files(
    findings: String,
    inputs: String,
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
    let compared = &outcome.comparison.all;
    if !compared.is_empty() {
        let bytes = published_values(compared).map_err(|source| ExperimentError::TableFile {
            name: PUBLISHED_VALUES_FILE.to_owned(),
            source,
        })?;
        files.push(OutputFile {
            path: Path::new(RESULTS_FOLDER).join(PUBLISHED_VALUES_FILE),
            bytes,
        });
    }
    files.push(OutputFile {
        path: Path::new(RESULTS_FOLDER).join(INPUTS_FILE),
        bytes: inputs.into_bytes(),
    });
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

/// What each column of the published values has of a value.
type ValueColumn = (&'static str, fn(&ComparedValue) -> String);

/// The columns of the published values.
const VALUE_COLUMNS: [ValueColumn; 7] = [
    ("table", |compared| compared.value.table.clone()),
    ("row", |compared| row_words(&compared.value)),
    ("column", |compared| compared.value.column.clone()),
    ("published", |compared| compared.value.published.clone()),
    ("ours", |compared| compared.value.ours.clone()),
    ("agreement", |compared| compared.closeness.to_string()),
    ("why", |compared| {
        let why = compared.value.why.clone();
        why.filter(|_| !compared.closeness.is_reproduced())
            .unwrap_or_default()
    }),
];

/// Every published value beside ours, as CSV.
fn published_values(all: &[ComparedValue]) -> Result<Vec<u8>, TableFileError> {
    let columns = VALUE_COLUMNS.map(|(name, text)| Column {
        name: name.to_owned(),
        values: Values::Text(all.iter().map(|compared| Some(text(compared))).collect()),
    });
    table_bytes(&columns, FileFormat::Csv)
}
