//! What running a hypothesis came to, and the files that say so.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use outputs::{Replace, is_temporary, leftovers_in};
use serde::Serialize;

use super::findings_folder::{FindingsFolder, OutputFile};
use crate::decide::{CheckOutcome, Comparison, Difference};
use crate::format::{Family, Kind, Verdict};
use crate::lock::ChangedCriteria;
use crate::project::{ExperimentError, RESULTS_FOLDER, Sha256Hex, Warning};
use crate::report::Defect;
use crate::table::Table;

/// Verdict, checks, comparison and files of one run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The id of the hypothesis.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the claim is about.
    pub family: Family,
    /// Where its numbers come from.
    pub kind: Kind,
    /// When it was stated, as YYYY-MM-DD.
    pub date: String,
    /// The name of its folder.
    pub folder: String,
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// The verdict that was published.
    pub published_verdict: Option<Verdict>,
    /// The published verdict in the words of the publication, where they are others.
    pub published_status: Option<String>,
    /// Why the published verdict differs, as the hypothesis explains it.
    pub verdict_differs: Option<String>,
    /// The hash of the criteria that were locked last.
    pub lock: Option<Sha256Hex>,
    /// The hash of the lock that earlier results record and `criteria.lock` no longer has.
    pub lost_lock: Option<Sha256Hex>,
    /// How the criteria differ from those that were locked last, where they do.
    pub changed_criteria: Option<ChangedCriteria>,
    /// What is wrong with the published findings.
    pub defects: Vec<Defect>,
    /// Each check with its answer.
    pub checks: Vec<CheckOutcome>,
    /// Published values against ours.
    pub comparison: Comparison,
    /// Data that the hypothesis describes and that is not at hand: what was published is not compared with nothing.
    pub waits_for: Vec<String>,
    /// What a reader should know before trusting the figures.
    pub warnings: Vec<Warning>,
    /// The tables by name, in the order of the file.
    pub tables: Vec<(String, Arc<Table>)>,
    /// The files to write, findings first.
    pub files: Vec<OutputFile>,
}

/// A finding that no longer says what its hypothesis declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    /// The criteria are no longer those that were locked.
    Criteria(ChangedCriteria),
    /// Results were written under a lock, which is gone.
    LostLock(Sha256Hex),
    /// The computed verdict is not the published one, and the hypothesis gives no reason.
    Verdict {
        /// As computed.
        computed: Verdict,
        /// As published.
        published: Verdict,
    },
    /// The verdicts agree, though the hypothesis explains why they differ.
    VerdictAgrees,
    /// A published value is not reproduced, and the hypothesis gives no reason.
    Value(Difference),
    /// A published value is reproduced, though the hypothesis declares that it is not; without a row, a whole column.
    ValueAgrees(Difference),
}

impl std::fmt::Display for Drift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Criteria(changed) => write!(
                f,
                "the criteria changed after they were locked on {}: {} (say why with `rooflab lock --because`)",
                changed.locked_on,
                changed.section_names()
            ),
            Self::LostLock(hash) => write!(
                f,
                "the results were written under the lock {}, which is not in {} (restore the file, or say why with `rooflab lock --because`)",
                hash.short(),
                crate::project::LOCK_FILE
            ),
            Self::Verdict { computed, published } => write!(
                f,
                "verdict {} was published as {} (explain it in `published.verdict_differs`)",
                computed.name(),
                published.name()
            ),
            Self::VerdictAgrees => {
                f.write_str("the verdict agrees with the published one, though `published.verdict_differs` says otherwise")
            }
            Self::Value(value) => write!(f, "{value}"),
            Self::ValueAgrees(value) if value.row.is_empty() => write!(
                f,
                "table `{}`, `{}`: no value differs for the reason that is given for the whole column",
                value.table, value.column
            ),
            Self::ValueAgrees(value) => {
                write!(f, "{value}, which agree, though they are declared to differ")
            }
        }
    }
}

/// How a file on disk relates to what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Staleness {
    /// It is not there.
    Missing,
    /// Its bytes differ.
    Differs,
    /// It is there, and nothing writes it.
    Leftover,
    /// It was on its way when its command was killed: of the files around it some may be new and others old.
    CutOff,
}

impl Staleness {
    /// The word for it in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "stale",
            Self::Leftover => "left over: no table or plot writes it",
            Self::CutOff => "left by a run that was cut off",
        }
    }
}

impl Outcome {
    /// Whether there is a verdict: not where data is missing that the hypothesis describes, and nothing else decides.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.waits_for.is_empty() || self.verdict != Verdict::Inconclusive
    }

    /// Every way in which the finding drifted from what its hypothesis declares.
    #[must_use]
    pub fn drift(&self) -> Vec<Drift> {
        let changed = self.changed_criteria.iter().cloned();
        let mut drift: Vec<Drift> = changed.map(Drift::Criteria).collect();
        drift.extend(self.lost_lock.iter().cloned().map(Drift::LostLock));
        if let Some(published) = self.published_verdict.filter(|_| self.is_decided()) {
            let computed = self.verdict;
            match (computed == published, self.verdict_differs.is_some()) {
                (false, false) => drift.push(Drift::Verdict {
                    computed,
                    published,
                }),
                (true, true) => drift.push(Drift::VerdictAgrees),
                (false, true) | (true, false) => {}
            }
        }
        drift.extend(self.comparison.unexplained().cloned().map(Drift::Value));
        drift.extend(
            self.comparison
                .unexpectedly_reproduced
                .iter()
                .cloned()
                .map(Drift::ValueAgrees),
        );
        drift
    }

    /// Writes every file below `folder` over what an earlier run wrote there, and returns the paths.
    ///
    /// # Errors
    ///
    /// Those of [`Self::write_over`].
    pub fn write(&self, folder: &Path) -> Result<Vec<PathBuf>, ExperimentError> {
        self.write_over(folder, Replace::Own)
    }

    /// Writes every file below `folder`: all of them to a temporary folder, and from there each by a rename. What killed runs
    /// left there is removed. Returns the paths.
    ///
    /// # Errors
    ///
    /// Something is there that no run wrote and that may not be replaced, the folder of results is a link, or the system
    /// refuses. No file is ever torn, and unless a rename is refused all are as they were.
    pub fn write_over(
        &self,
        folder: &Path,
        replace: Replace,
    ) -> Result<Vec<PathBuf>, ExperimentError> {
        FindingsFolder::claim(folder, &self.id, replace)?.write(&self.files)
    }

    /// Files below `folder` that are not what this outcome would write.
    ///
    /// # Errors
    ///
    /// A file or the results folder exists and cannot be read.
    pub fn stale_files(&self, folder: &Path) -> Result<Vec<(PathBuf, Staleness)>, ExperimentError> {
        let mut stale = Vec::new();
        for file in &self.files {
            let path = folder.join(&file.path);
            match fs::read(&path) {
                Ok(bytes) if bytes == file.bytes => {}
                Ok(_) => stale.push((file.path.clone(), Staleness::Differs)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    stale.push((file.path.clone(), Staleness::Missing));
                }
                Err(source) => return Err(ExperimentError::Read { path, source }),
            }
        }
        stale.extend(cut_off(folder, Path::new(""))?);
        stale.extend(cut_off(folder, Path::new(RESULTS_FOLDER))?);
        let results = folder.join(RESULTS_FOLDER);
        let failed = |source| ExperimentError::Read {
            path: results.clone(),
            source,
        };
        let entries = match fs::read_dir(&results) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(stale),
            Err(source) => return Err(failed(source)),
        };
        let mut leftovers = Vec::new();
        for entry in entries {
            let path = Path::new(RESULTS_FOLDER).join(entry.map_err(failed)?.file_name());
            let is_ours = self.files.iter().any(|file| file.path == path);
            // Files on their way are no results.
            if !is_ours && !path.file_name().is_some_and(is_temporary) {
                leftovers.push((path, Staleness::Leftover));
            }
        }
        leftovers.sort_by(|a, b| a.0.cmp(&b.0));
        stale.extend(leftovers);
        Ok(stale)
    }
}

/// What killed commands left in `below` of a folder.
fn cut_off(folder: &Path, below: &Path) -> Result<Vec<(PathBuf, Staleness)>, ExperimentError> {
    let path = folder.join(below);
    let found = leftovers_in(&path).map_err(|source| ExperimentError::Read { path, source })?;
    let names = found.iter().filter_map(|path| path.file_name());
    Ok(names
        .map(|name| (below.join(name), Staleness::CutOff))
        .collect())
}
