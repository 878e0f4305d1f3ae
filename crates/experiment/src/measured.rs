//! Measured runs that the runs of a hypothesis are compared with, read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ground_truth::{Benchmark, GroundTruth, LoadError, MeasuredRun};

/// The folder of the project's own ground truth.
const OWN_GROUND_TRUTH: &str = "eval/ground_truth";

/// One benchmark of a measured run.
#[derive(Debug, Clone)]
pub(crate) struct MeasuredBenchmark {
    pub(crate) run: Arc<MeasuredRun>,
    pub(crate) index: usize,
}

impl MeasuredBenchmark {
    pub(crate) fn benchmark(&self) -> &Benchmark {
        &self.run.benchmarks[self.index]
    }
}

/// A folder of measured runs, each read when it is first asked for.
#[derive(Debug)]
pub(crate) struct Measured {
    folder: PathBuf,
    /// How findings call the folder: they hold no path of the machine.
    shown: PathBuf,
    opened: Option<GroundTruth>,
    runs: BTreeMap<String, Arc<MeasuredRun>>,
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
            shown,
            opened: None,
            runs: BTreeMap::new(),
        }
    }

    /// How findings call the folder.
    pub(crate) fn shown(&self) -> &Path {
        &self.shown
    }

    /// The folder with the names of its experiments and splits.
    pub(crate) fn open(&mut self) -> Result<&GroundTruth, LoadError> {
        let opened = match self.opened.take() {
            Some(opened) => opened,
            None => GroundTruth::open(&self.folder)?,
        };
        Ok(self.opened.insert(opened))
    }

    /// One experiment.
    pub(crate) fn load(&mut self, experiment: &str) -> Result<Arc<MeasuredRun>, LoadError> {
        if let Some(known) = self.runs.get(experiment) {
            return Ok(Arc::clone(known));
        }
        let run = Arc::new(self.open()?.load(experiment)?);
        self.runs.insert(experiment.to_owned(), Arc::clone(&run));
        Ok(run)
    }

    /// Every file that was read with its SHA-256, as findings call it.
    pub(crate) fn files(&self) -> impl Iterator<Item = (PathBuf, String)> {
        self.runs
            .values()
            .flat_map(|run| &run.files)
            .map(|file| (self.shown.join(&file.path), file.sha256.clone()))
    }
}
