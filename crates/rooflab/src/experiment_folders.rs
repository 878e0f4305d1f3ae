//! The measured experiments that a command was pointed at.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use experiment::OWN_GROUND_TRUTH;
use ground_truth::{FILE_ENDINGS, MeasuredRun, SPLITS_FILES};

use crate::message;
use crate::session::Session;

/// What a command was pointed at.
#[derive(Debug, Default)]
pub(crate) struct ExperimentFolders {
    /// The folders of experiments, in the order given, those of one folder sorted by name.
    pub(crate) experiments: Vec<PathBuf>,
    /// The folders that hold folders of experiments.
    pub(crate) collections: Vec<PathBuf>,
}

/// The folders that are meant by `dirs`: each is an experiment or a folder of experiments. Without any, the project's own.
///
/// # Errors
///
/// There is no project to take experiments from.
pub(crate) fn experiment_folders(
    dirs: &[PathBuf],
    session: &Session,
) -> anyhow::Result<ExperimentFolders> {
    let mut found = ExperimentFolders::default();
    if dirs.is_empty() {
        let project = session
            .open()
            .context("without DIR the experiments are those of a project")?;
        found.add(&project.root().join(OWN_GROUND_TRUTH));
    }
    for dir in dirs {
        found.add(dir);
    }
    Ok(found)
}

/// Loads each experiment; says what is wrong with those that do not load.
pub(crate) fn load_each_run(folders: &[PathBuf]) -> (Vec<MeasuredRun>, usize) {
    let mut runs = Vec::new();
    let mut failed = 0;
    for folder in folders {
        match ground_truth::load(folder) {
            Ok(run) => runs.push(run),
            Err(problem) => {
                failed += 1;
                message::error(&problem.into());
            }
        }
    }
    (runs, failed)
}

/// Says what a user should know about a run before its figures.
pub(crate) fn show_warnings(run: &MeasuredRun) {
    run.warnings.iter().for_each(message::warning);
}

impl ExperimentFolders {
    /// Those in one folder, which is an experiment or a folder of experiments.
    pub(crate) fn below(dir: &Path) -> Self {
        let mut found = Self::default();
        found.add(dir);
        found
    }

    fn add(&mut self, dir: &Path) {
        match folders_of_experiments(dir) {
            Some(folders) => {
                self.experiments.extend(folders);
                self.collections.push(dir.to_owned());
            }
            // What an experiment lacks, or that it cannot be listed, is said where it is loaded.
            None => self.experiments.push(dir.to_owned()),
        }
    }
}

/// The folders in a folder that is not itself an experiment, sorted.
fn folders_of_experiments(dir: &Path) -> Option<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(dir).ok()? {
        let path = entry.ok()?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') {
                folders.push(path);
            }
        } else if !SPLITS_FILES.contains(&name.as_ref())
            && FILE_ENDINGS.iter().any(|ending| name.ends_with(ending))
        {
            return None;
        }
    }
    folders.sort();
    (!folders.is_empty()).then_some(folders)
}
