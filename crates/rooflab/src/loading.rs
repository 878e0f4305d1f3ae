//! The hypotheses that a command was asked for.

use experiment::{ExperimentError, Hypothesis, HypothesisFolder, LoadOptions, Project};
use rayon::prelude::*;

use crate::message;

/// The folders of these ids, each once and in the order given; without ids all of the project.
///
/// # Errors
///
/// Everything that was wrong with the ids.
pub(crate) fn select(
    project: &Project,
    ids: &[String],
) -> Result<Vec<HypothesisFolder>, Vec<ExperimentError>> {
    if ids.is_empty() {
        return project.hypotheses().map_err(|error| vec![error]);
    }
    let mut folders = Vec::new();
    let mut problems = Vec::new();
    for id in ids {
        match project.hypothesis(id) {
            Ok(folder) if folders.contains(&folder) => {}
            Ok(folder) => folders.push(folder),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(folders)
    } else {
        Err(problems)
    }
}

/// Reads and checks the hypotheses of these ids, or all. `None` where anything is wrong with any of them, or there are
/// none; then every problem was printed.
pub(crate) fn load_all(
    project: &Project,
    ids: &[String],
    options: &LoadOptions,
) -> Option<Vec<Hypothesis>> {
    let folders = match select(project, ids) {
        Ok(folders) => folders,
        Err(problems) => {
            problems.iter().for_each(message::experiment_error);
            return None;
        }
    };
    if folders.is_empty() {
        message::error(&anyhow::anyhow!(
            "there are no hypotheses in {} (make one with `rooflab new H1 my-idea`)",
            project.root().join("hypotheses").display()
        ));
        return None;
    }
    let (hypotheses, problems) = load_each(project, &folders, options);
    problems.iter().for_each(message::experiment_error);
    problems.is_empty().then_some(hypotheses)
}

/// Reads and checks each hypothesis: those in order, and what is wrong with the others.
pub(crate) fn load_each(
    project: &Project,
    folders: &[HypothesisFolder],
    options: &LoadOptions,
) -> (Vec<Hypothesis>, Vec<ExperimentError>) {
    let loaded: Vec<_> = folders
        .par_iter()
        .map(|folder| Hypothesis::load(project, folder, options))
        .collect();
    let mut hypotheses = Vec::with_capacity(loaded.len());
    let mut problems = Vec::new();
    for result in loaded {
        match result {
            Ok(one) => hypotheses.push(one),
            Err(problem) => problems.push(problem),
        }
    }
    (hypotheses, problems)
}
