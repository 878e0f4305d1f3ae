//! Results on disk: what `rooflab run` wrote for one hypothesis or for many.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::result_table::ResultTable;
use crate::format::Verdict;
use crate::project::{
    ExperimentError, HypothesisFolder, OUTCOME_FILE, PUBLISHED_VALUES_FILE, RESULTS_FOLDER,
    natural_key, read_result_text,
};

/// The results below one folder.
#[derive(Debug, Clone)]
pub struct ResultSet {
    /// In natural order of their names.
    pub(crate) hypotheses: Vec<HypothesisResults>,
    pub(crate) extent: Extent,
}

/// What the folder of a set stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The folder of one hypothesis.
    One,
    /// A folder with a folder for each hypothesis.
    Many,
}

/// The results of one hypothesis.
#[derive(Debug, Clone)]
pub(crate) struct HypothesisResults {
    /// The name of its folder.
    pub(crate) name: String,
    /// Verdict and checks; none in results without `outcome.json`.
    pub(crate) outcome: Option<RecordedOutcome>,
    pub(crate) tables: BTreeMap<String, ResultTable>,
}

/// What is read of `outcome.json`. Other releases may write more.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RecordedOutcome {
    pub(crate) id: Option<String>,
    pub(crate) verdict: Verdict,
    pub(crate) checks: Vec<RecordedCheck>,
}

/// What is read of a check.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RecordedCheck {
    pub(crate) id: String,
    pub(crate) observed: String,
    pub(crate) value: Option<serde_json::Number>,
    pub(crate) holds: Option<bool>,
}

impl ResultSet {
    /// Reads all results below a folder: that of one hypothesis, one with a folder for each, or a whole project.
    ///
    /// # Errors
    ///
    /// The folder holds no results, or a file of them cannot be read; with file and line.
    pub fn read(folder: &Path) -> Result<Self, ExperimentError> {
        if folder.join(RESULTS_FOLDER).is_dir() {
            return Ok(Self {
                hypotheses: vec![HypothesisResults::read(own_name(folder), folder)?],
                extent: Extent::One,
            });
        }
        let mut folders = folders_with_results(folder)?;
        let of_project = folder.join("hypotheses");
        if folders.is_empty() && of_project.is_dir() {
            folders = folders_with_results(&of_project)?;
        }
        if folders.is_empty() {
            return Err(ExperimentError::NoResults {
                path: folder.to_owned(),
            });
        }
        folders.sort_by_cached_key(|(name, _)| natural_key(name));
        let hypotheses = folders
            .into_iter()
            .map(|(name, folder)| HypothesisResults::read(name, &folder))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            hypotheses,
            extent: Extent::Many,
        })
    }
}

impl HypothesisResults {
    /// The id of the hypothesis as its outcome has it, else as the name of the folder has it. A folder may be called
    /// anything: there is none then.
    pub(crate) fn id(&self) -> Option<&str> {
        let recorded = self.outcome.as_ref().and_then(|one| one.id.as_deref());
        let of_name = HypothesisFolder::id_of(&self.name);
        // `Old` or `New` is what people call a folder that they set aside.
        let has_digit = of_name.contains(|c: char| c.is_ascii_digit());
        recorded
            .filter(|id| is_id(id))
            .or((has_digit && is_id(of_name)).then_some(of_name))
    }

    fn read(name: String, folder: &Path) -> Result<Self, ExperimentError> {
        let results = folder.join(RESULTS_FOLDER);
        let mut outcome = None;
        let mut tables = BTreeMap::new();
        for (file, path) in entries(&results)? {
            if file == OUTCOME_FILE {
                outcome = Some(read_outcome(&path)?);
            } else if let Some(table) = file
                .strip_suffix(".csv")
                .filter(|_| !file.starts_with('.') && file != PUBLISHED_VALUES_FILE)
            {
                tables.insert(table.to_owned(), ResultTable::read(&path)?);
            }
        }
        Ok(Self {
            name,
            outcome,
            tables,
        })
    }
}

/// Whether a text can be the id of a hypothesis, as in I2-H1.
fn is_id(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(is_plain)
}

fn read_outcome(path: &Path) -> Result<RecordedOutcome, ExperimentError> {
    let source = read_result_text(path)?;
    serde_json::from_str(source.text()).map_err(|error| {
        let place = |number: usize| u64::try_from(number).unwrap_or(0);
        let text = error.to_string();
        // The place is shown by the excerpt.
        let message = text
            .rsplit_once(" at line ")
            .map_or(&*text, |(what, _)| what);
        let message = format!("the outcome cannot be read: {message}");
        source
            .error_at(place(error.line()), place(error.column()), message)
            .into()
    })
}

/// The subfolders that hold results, with their names.
fn folders_with_results(folder: &Path) -> Result<Vec<(String, PathBuf)>, ExperimentError> {
    let mut found = entries(folder)?;
    found.retain(|(name, path)| !name.starts_with('.') && path.join(RESULTS_FOLDER).is_dir());
    Ok(found)
}

/// What a folder holds, sorted by name.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, ExperimentError> {
    let failed = |source| ExperimentError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.push((name, entry.path()));
    }
    found.sort();
    Ok(found)
}

/// The name of a folder, however it was spelled.
fn own_name(folder: &Path) -> String {
    let absolute = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.file_name().map_or_else(
        || absolute.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
