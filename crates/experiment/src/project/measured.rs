//! Measured runs that the runs of a hypothesis are compared with, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::Diagnostics;
use ground_truth::{Benchmark, GroundTruth, LoadError, MeasuredRun};

use super::warning::{Warning, WarningKind};

/// The folder of a project's own ground truth, below its root.
pub const OWN_GROUND_TRUTH: &str = "eval/ground_truth";

/// One benchmark of a measured run.
#[derive(Debug, Clone)]
pub(crate) struct MeasuredBenchmark {
    pub(crate) run: Arc<MeasuredRun>,
    pub(crate) index: usize,
    /// The part of a split that its experiment is in, where it is in one.
    pub(crate) split: Option<Arc<str>>,
}

impl MeasuredBenchmark {
    pub(crate) fn benchmark(&self) -> &Benchmark {
        &self.run.benchmarks[self.index]
    }
}

/// What is wrong with the files of measured runs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct UnreadableRuns {
    message: String,
    /// The lines of the files, where they are to blame.
    pub(crate) diagnostics: Option<Diagnostics>,
}

/// A folder of measured runs, each read when it is first asked for.
#[derive(Debug)]
pub(crate) struct Measured {
    folder: PathBuf,
    /// How messages call it: as its user does.
    called: PathBuf,
    /// How findings call the folder: they hold no path of the machine.
    shown: PathBuf,
    opened: Option<GroundTruth>,
    runs: BTreeMap<String, Arc<MeasuredRun>>,
    /// The experiments that are simulated; others were read to see what they are.
    simulated: BTreeSet<String>,
    /// Whether its splits chose among them or are read.
    split: bool,
}

impl Measured {
    /// The ground truth of a project, or another folder of measured runs.
    pub(crate) fn new(project_root: &Path, other: Option<&Path>) -> Self {
        let (folder, shown) = match other {
            None => (project_root.join(OWN_GROUND_TRUTH), OWN_GROUND_TRUTH.into()),
            Some(folder) => {
                let name = folder
                    .file_name()
                    .map_or_else(|| "ground-truth".into(), PathBuf::from);
                (folder.to_owned(), name)
            }
        };
        Self {
            folder,
            called: other.map_or_else(|| shown.clone(), Path::to_owned),
            shown,
            opened: None,
            runs: BTreeMap::new(),
            simulated: BTreeSet::new(),
            split: false,
        }
    }

    /// Whether these are the measured runs of the project itself.
    pub(crate) fn is_own(&self) -> bool {
        self.shown == Path::new(OWN_GROUND_TRUTH)
    }

    /// How findings call the folder.
    pub(crate) fn shown(&self) -> &Path {
        &self.shown
    }

    /// The folder as its user calls it.
    pub(crate) fn called(&self) -> String {
        self.called.display().to_string()
    }

    /// The folder with the names of its experiments and splits.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with paths as its user calls them.
    pub(crate) fn open(&mut self) -> Result<&GroundTruth, UnreadableRuns> {
        let opened = match self.opened.take() {
            Some(opened) => opened,
            None => GroundTruth::open(&self.folder).map_err(|error| self.explain(&error))?,
        };
        Ok(self.opened.insert(opened))
    }

    /// One experiment.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with paths as its user calls them.
    pub(crate) fn load(&mut self, experiment: &str) -> Result<Arc<MeasuredRun>, UnreadableRuns> {
        if let Some(known) = self.runs.get(experiment) {
            return Ok(Arc::clone(known));
        }
        let loaded = self.open()?.load(experiment);
        let run = Arc::new(loaded.map_err(|error| self.explain(&error))?);
        self.runs.insert(experiment.to_owned(), Arc::clone(&run));
        Ok(run)
    }

    /// The loader knows files below the folder, and nothing above it.
    fn explain(&self, error: &LoadError) -> UnreadableRuns {
        if let Some(diagnostics) = error.diagnostics() {
            return UnreadableRuns {
                message: format!("{} cannot be used", self.called()),
                diagnostics: Some(diagnostics.clone().below(&self.called)),
            };
        }
        let message = match error {
            LoadError::List { path, source } if *path == self.folder => {
                format!("{}: cannot list the folder: {source}", self.called())
            }
            LoadError::NotAFolder { path } if *path == self.folder => {
                format!(
                    "{}: a file, expected a folder of experiments",
                    self.called()
                )
            }
            LoadError::Unknown { .. } => error.to_string(),
            // The other kinds all begin with a file.
            _ => format!("{}/{error}", self.called()),
        };
        UnreadableRuns {
            message,
            diagnostics: None,
        }
    }

    /// Notes that an experiment is simulated.
    pub(crate) fn note_simulated(&mut self, experiment: &str) {
        self.simulated.insert(experiment.to_owned());
    }

    /// Notes that results depend on the splits of the folder.
    pub(crate) fn note_split(&mut self) {
        self.split = true;
    }

    /// What users should know of the files of the runs that are simulated, with files as findings call them.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        self.runs
            .iter()
            .filter(|(experiment, _)| self.simulated.contains(*experiment))
            .flat_map(|(_, run)| &run.warnings)
            .map(|warning| {
                let what = format!("{}/{warning}", self.shown.display());
                Warning::new(WarningKind::MeasuredRuns, what)
            })
            .collect()
    }

    /// Every file that results depend on with its SHA-256, as findings call it.
    pub(crate) fn files(&self) -> impl Iterator<Item = (PathBuf, String)> {
        let simulated = self
            .runs
            .iter()
            .filter(|(experiment, _)| self.simulated.contains(*experiment));
        let splits = self.opened.as_ref().filter(|_| self.split);
        simulated
            .flat_map(|(_, run)| &run.files)
            .chain(splits.and_then(GroundTruth::splits_file))
            .map(|file| (self.shown.join(&file.path), file.sha256.clone()))
    }
}
