//! The hypotheses that a command was asked for, and the threads that compute them.

use anyhow::ensure;
use experiment::{ExperimentError, Hypothesis, HypothesisFolder, LoadOptions, Outcome, Project};
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::jobs::JobsArgs;
use crate::message::{self, Problems};
use crate::progress::{Bar, ProgressBars};

/// The folders of these ids, each once and in the order given; without ids all of the project.
///
/// # Errors
///
/// Everything that was wrong with the ids.
pub(crate) fn select(project: &Project, ids: &[String]) -> anyhow::Result<Vec<HypothesisFolder>> {
    if ids.is_empty() {
        warn_of_passed_over(project)?;
        return Ok(project.hypotheses()?);
    }
    let mut folders = Vec::new();
    let found = all_or_problems(ids.iter().map(|id| project.hypothesis(id)));
    if found.is_err() {
        warn_of_passed_over(project)?;
    }
    let found = found?;
    for folder in found {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

/// Says what stands among the hypotheses and is none.
pub(crate) fn warn_of_passed_over(project: &Project) -> anyhow::Result<()> {
    project.passed_over()?.iter().for_each(message::warning);
    Ok(())
}

/// What all of these came to.
///
/// # Errors
///
/// Every problem of any.
pub(crate) fn all_or_problems<T>(
    results: impl Iterator<Item = Result<T, ExperimentError>>,
) -> anyhow::Result<Vec<T>> {
    let (found, problems) = apart(results);
    ensure!(problems.0.is_empty(), problems);
    Ok(found)
}

/// What could be had, and what is wrong with the rest.
fn apart<T>(results: impl Iterator<Item = Result<T, ExperimentError>>) -> (Vec<T>, Problems) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(one) => found.push(one),
            Err(problem) => problems.push(problem),
        }
    }
    (found, Problems(problems))
}

/// Reads and checks each hypothesis: those in order, and what is wrong with the others.
pub(crate) fn load_each(
    project: &Project,
    folders: &[HypothesisFolder],
    options: &LoadOptions,
) -> (Vec<Hypothesis>, Problems) {
    let loaded: Vec<_> = folders
        .par_iter()
        .map(|folder| Hypothesis::load(project, folder, options))
        .collect();
    apart(loaded.into_iter())
}

/// Hypotheses that were read and checked, ready to be computed.
pub(crate) struct Loaded {
    pub(crate) hypotheses: Vec<Hypothesis>,
    pub(crate) pool: ThreadPool,
    /// The folders of those that could not be read. [`Self::each`] counts them as failed.
    unread: Vec<String>,
}

impl Loaded {
    /// Reads and checks the hypotheses of these ids, or all.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of them, or that there are none.
    pub(crate) fn of(
        project: &Project,
        ids: &[String],
        options: &LoadOptions,
        jobs: JobsArgs,
    ) -> anyhow::Result<Self> {
        let (loaded, problems) = Self::apart(project, ids, options, jobs)?;
        ensure!(problems.0.is_empty(), problems);
        Ok(loaded)
    }

    /// The same without those that something is wrong with, which is said: work goes on with the others.
    ///
    /// # Errors
    ///
    /// An id is wrong, there are none, or something is wrong with each.
    pub(crate) fn readable(
        project: &Project,
        ids: &[String],
        options: &LoadOptions,
        jobs: JobsArgs,
    ) -> anyhow::Result<Self> {
        let (loaded, problems) = Self::apart(project, ids, options, jobs)?;
        ensure!(!loaded.hypotheses.is_empty(), problems);
        if !loaded.is_whole() {
            message::error(&problems.into());
        }
        Ok(loaded)
    }

    fn apart(
        project: &Project,
        ids: &[String],
        options: &LoadOptions,
        jobs: JobsArgs,
    ) -> anyhow::Result<(Self, Problems)> {
        let pool = jobs.pool()?;
        let folders = select(project, ids)?;
        ensure!(
            !folders.is_empty(),
            "there are no hypotheses in {} (make one with `rooflab new H1 my-idea`)",
            project.hypotheses_folder().display()
        );
        let (hypotheses, problems) = pool.install(|| load_each(project, &folders, options));
        let is_loaded =
            |folder: &HypothesisFolder| hypotheses.iter().any(|one| one.folder() == folder);
        let rest = folders.iter().filter(|folder| !is_loaded(folder));
        let unread = rest.map(|folder| folder.name().to_owned()).collect();
        let loaded = Self {
            hypotheses,
            pool,
            unread,
        };
        Ok((loaded, problems))
    }

    /// Whether every hypothesis that was asked for can be read.
    pub(crate) fn is_whole(&self) -> bool {
        self.unread.is_empty()
    }

    /// Works on one hypothesis after the other, by the threads and with a bar for each, and hands on the result.
    /// Says what is wrong with those that fail, and names them and those that could not be read; returns how many these are.
    pub(crate) fn each<'h, T: Send>(
        &'h self,
        bars: ProgressBars,
        work: impl Fn(&'h Hypothesis, &Bar) -> anyhow::Result<T> + Sync,
        mut take: impl FnMut(&'h Hypothesis, T) -> anyhow::Result<()>,
    ) -> anyhow::Result<usize> {
        let mut failed = self.unread.clone();
        for (index, hypothesis) in self.hypotheses.iter().enumerate() {
            let bar = bars.bar(hypothesis.id(), index + 1, self.hypotheses.len());
            let done = self.pool.install(|| work(hypothesis, &bar));
            drop(bar);
            match done {
                Ok(done) => take(hypothesis, done)?,
                Err(problem) => {
                    message::error(&problem);
                    failed.push(hypothesis.id().to_owned());
                }
            }
        }
        if !failed.is_empty() {
            message::warning(format_args!("not computed: {}", failed.join(", ")));
        }
        Ok(failed.len())
    }

    /// Runs one hypothesis after the other.
    pub(crate) fn run_each<'h>(
        &'h self,
        bars: ProgressBars,
        take: impl FnMut(&'h Hypothesis, Outcome) -> anyhow::Result<()>,
    ) -> anyhow::Result<usize> {
        self.each(bars, |one, bar| Ok(one.run_observed(bar)?), take)
    }
}
