use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::LoadError;
use crate::measured_run::MeasuredRun;

/// A folder of experiments, one folder each, and optionally `splits.yaml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroundTruth {
    root: PathBuf,
    experiments: Vec<String>,
    splits: Vec<Split>,
}

/// A division of the experiments into those that a model is fitted to and those that it is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Split {
    /// Its name.
    pub name: String,
    /// Experiments to fit to, in the order of the file.
    pub train: Vec<String>,
    /// Experiments to judge by, in the order of the file.
    pub test: Vec<String>,
}

impl GroundTruth {
    /// Lists the experiments of a folder and reads its splits. Opens no experiment.
    ///
    /// # Errors
    ///
    /// A folder that cannot be listed, a `splits.yaml` that cannot be read, or that names an experiment without a
    /// folder.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, LoadError> {
        Ok(Self {
            root: root.into(),
            experiments: Vec::new(),
            splits: Vec::new(),
        })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Names of the experiments, sorted.
    #[must_use]
    pub fn experiments(&self) -> &[String] {
        &self.experiments
    }

    /// The splits, sorted by name.
    #[must_use]
    pub fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// The split of a name.
    ///
    /// # Errors
    ///
    /// An unknown name, with the known ones.
    pub fn split(&self, name: &str) -> Result<&Split, LoadError> {
        let found = self.splits.iter().find(|split| split.name == name);
        found.ok_or_else(|| LoadError::List {
            path: self.root.clone(),
            source: std::io::ErrorKind::NotFound.into(),
        })
    }

    /// Loads an experiment. Paths of its files are relative to the root.
    ///
    /// # Errors
    ///
    /// An unknown name, with the known ones, and whatever [`load`](crate::load) refuses.
    pub fn load(&self, experiment: &str) -> Result<MeasuredRun, LoadError> {
        crate::load(&self.root.join(experiment))
    }
}
