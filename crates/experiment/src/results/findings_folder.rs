//! The folder that the files of one outcome are written to.

use std::fs;
use std::path::{Path, PathBuf};

use outputs::{
    Ends, OutputError, OutputRules, Refusal, Removes, Replace, TemporaryFolder, hold,
    remove_leftovers,
};
use serde::Deserialize;

use crate::format::Verdict;
use crate::project::{
    ExperimentError, FINDINGS_FILE, OUTCOME_FILE, RESULTS_FOLDER, read_result_text,
};

/// A file of a hypothesis' folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Path below the folder.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A folder in which nothing is in the way of findings and results.
pub(super) struct FindingsFolder<'f> {
    path: &'f Path,
    rules: OutputRules,
    /// Whether what stands there was written by a run.
    is_own: bool,
}

impl<'f> FindingsFolder<'f> {
    /// Makes sure that findings of the hypothesis `id` may be written to a folder, which need not be there. A run wrote what
    /// is there if it has an outcome or findings of the form that a run gives them.
    ///
    /// # Errors
    ///
    /// The folder of results is a link, or there are findings that no run wrote and that may not be replaced.
    pub(super) fn claim(
        path: &'f Path,
        id: &str,
        replace: Replace,
    ) -> Result<Self, ExperimentError> {
        let results = path.join(RESULTS_FOLDER);
        if results.is_symlink() {
            return Err(refused(results, Refusal::Link));
        }
        let rules = OutputRules::new(None, replace);
        let mut is_own = is_outcome(&results.join(OUTCOME_FILE));
        if !is_own {
            rules.refuse_others(&path.join(FINDINGS_FILE), |ends| {
                is_own = are_findings(id, ends);
                is_own
            })?;
        }
        Ok(Self {
            path,
            rules,
            is_own,
        })
    }

    /// Writes all files to a temporary folder and moves them to their places, the outcome first: where that is cut off, what
    /// is left of the temporary folder says so, and the outcome that a run was here. Returns their paths.
    ///
    /// # Errors
    ///
    /// A file is in the way that no run wrote, or the system refuses.
    pub(super) fn write(&self, files: &[OutputFile]) -> Result<Vec<PathBuf>, ExperimentError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| ExperimentError::Write { path, source }
        };
        let is_same =
            |path: &Path, file: &OutputFile| fs::read(path).is_ok_and(|bytes| bytes == file.bytes);
        for file in files {
            let path = self.path.join(&file.path);
            self.rules
                .refuse_others(&path, |_| self.is_own || is_same(&path, file))?;
        }
        fs::create_dir_all(self.path).map_err(failed(self.path))?;
        let staged = TemporaryFolder::beside(self.path).map_err(failed(self.path))?;
        for file in files {
            let path = staged.path().join(&file.path);
            fs::create_dir_all(outputs::folder_of(&path)).map_err(failed(&path))?;
            fs::write(&path, &file.bytes).map_err(failed(&path))?;
        }
        // Two runs at once leave the files of the later one, and no mixture.
        let _held = hold(self.path).map_err(failed(self.path))?;
        let is_outcome = |file: &&OutputFile| file.path.ends_with(OUTCOME_FILE);
        let rest = files.iter().filter(|file| !is_outcome(file));
        for file in files.iter().filter(is_outcome).chain(rest) {
            let path = self.path.join(&file.path);
            fs::create_dir_all(outputs::folder_of(&path)).map_err(failed(&path))?;
            staged.move_out(&file.path, &path).map_err(failed(&path))?;
        }
        drop(staged);
        remove_leftovers(self.path, Removes::FilesAndFolders);
        remove_leftovers(&self.path.join(RESULTS_FOLDER), Removes::FilesAndFolders);
        Ok(files
            .iter()
            .map(|file| self.path.join(&file.path))
            .collect())
    }
}

/// Makes sure that findings of the hypothesis `id` may be written to a folder.
///
/// # Errors
///
/// Those of [`FindingsFolder::claim`].
pub(crate) fn claim_findings(
    folder: &Path,
    id: &str,
    replace: Replace,
) -> Result<(), ExperimentError> {
    FindingsFolder::claim(folder, id, replace).map(|_| ())
}

fn refused(path: PathBuf, refusal: Refusal) -> ExperimentError {
    OutputError { path, refusal }.into()
}

/// Whether these are the ends of findings that a run wrote: the title, and the command that reproduces them.
fn are_findings(id: &str, ends: &Ends) -> bool {
    const COMMAND: &[u8] = b"\nrooflab run ";
    let has_command = |bytes: &[u8]| bytes.windows(COMMAND.len()).any(|at| at == COMMAND);
    ends.head.starts_with(format!("# {id}: ").as_bytes())
        && (has_command(&ends.head) || has_command(&ends.tail))
}

/// What every outcome has, of whatever release.
#[derive(Deserialize)]
struct AnyOutcome {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "verdict")]
    _verdict: Verdict,
}

/// Whether a file is an outcome that a run wrote.
pub(super) fn is_outcome(path: &Path) -> bool {
    let read = read_result_text(path).ok();
    read.is_some_and(|source| serde_json::from_str::<AnyOutcome>(source.text()).is_ok())
}
