//! All that is known of the locks of a hypothesis.

use diagnostic::SourceText;

use super::lock::Lock;
use super::lock_file::read_locks;
use super::recorded_lock::recorded_lock;
use crate::project::{
    ExperimentError, HypothesisFolder, LOCK_FILE, OUTCOME_FILE, Project, RESULTS_FOLDER, Sha256Hex,
};

/// The locks of a hypothesis, as its folder has them.
#[derive(Debug)]
pub(crate) struct Locks {
    /// The oldest first.
    pub(crate) all: Vec<Lock>,
    /// The file that they stand in.
    pub(crate) text: Option<SourceText>,
    /// The lock that the results on disk were written under.
    pub(crate) recorded: Option<Sha256Hex>,
    /// Whether there are results on disk.
    pub(crate) has_results: bool,
}

impl Locks {
    /// Reads the locks of the hypothesis in `folder`, and what its results record.
    ///
    /// # Errors
    ///
    /// The file of locks cannot be read, or contradicts itself.
    pub(crate) fn read(
        project: &Project,
        folder: &HypothesisFolder,
    ) -> Result<Self, ExperimentError> {
        let (all, text) = read_locks(project, &folder.path().join(LOCK_FILE))?;
        let on_disk = project.root().join(folder.path());
        Ok(Self {
            all,
            text,
            recorded: recorded_lock(&on_disk),
            has_results: on_disk.join(RESULTS_FOLDER).join(OUTCOME_FILE).exists(),
        })
    }
}
