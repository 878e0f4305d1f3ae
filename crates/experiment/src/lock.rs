//! The criteria of a hypothesis as they were fixed on a day.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::criteria::{Criteria, Section, section_names};
use crate::error::ExperimentError;
use crate::lock_file;
use crate::outcome::write_atomically;
use crate::project::Project;
use crate::sha256_hex::Sha256Hex;
use crate::spec::canonical_words;

/// The criteria of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// The day, as YYYY-MM-DD.
    pub date: String,
    /// What was locked.
    pub criteria: Criteria,
    /// Why the criteria were changed; the first lock may say nothing.
    pub because: Option<String>,
}

/// How the criteria of a hypothesis relate to those that were locked last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockState<'l> {
    /// Nothing was locked.
    Unlocked,
    /// They are those of the last lock.
    Unchanged(&'l Lock),
    /// They are others.
    Changed(&'l Lock, ChangedCriteria),
    /// The results on disk were written under a lock that the file no longer has, and no reason stands in its place.
    Lost(&'l Sha256Hex),
}

impl LockState<'_> {
    /// Whether the criteria are locked, for tables and programs.
    #[must_use]
    pub fn locked(&self) -> Locked {
        match self {
            Self::Unlocked => Locked::No,
            Self::Unchanged(_) => Locked::Yes,
            Self::Changed(..) => Locked::Changed,
            Self::Lost(_) => Locked::Lost,
        }
    }

    /// What changed, where something did.
    #[must_use]
    pub fn into_changed(self) -> Option<ChangedCriteria> {
        match self {
            Self::Unlocked | Self::Unchanged(_) | Self::Lost(_) => None,
            Self::Changed(_, changed) => Some(changed),
        }
    }

    /// The hash of the lock that is gone, where one is.
    #[must_use]
    pub fn lost(&self) -> Option<&Sha256Hex> {
        match self {
            Self::Unlocked | Self::Unchanged(_) | Self::Changed(..) => None,
            Self::Lost(hash) => Some(hash),
        }
    }
}

/// Whether criteria are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Locked {
    /// As they are.
    Yes,
    /// They were, and changed since.
    Changed,
    /// They were, and the lock is gone.
    Lost,
    /// Never.
    No,
}

impl Locked {
    /// The word for it in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Changed => "changed",
            Self::Lost => "lost",
            Self::No => "no",
        }
    }
}

/// Criteria that are no longer those of the last lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCriteria {
    /// The day of the lock, as YYYY-MM-DD.
    pub locked_on: String,
    /// What changed.
    pub sections: Vec<Section>,
}

impl ChangedCriteria {
    /// The names of what changed, with commas between.
    #[must_use]
    pub fn section_names(&self) -> String {
        section_names(&self.sections)
    }
}

/// Why criteria are not locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// They changed, and nothing says why.
    #[error(
        "{id}: the criteria changed since they were locked on {date} ({sections}): a new lock says why, with --because \"...\"",
        date = .changed.locked_on, sections = .changed.section_names()
    )]
    NoReason {
        /// The hypothesis.
        id: String,
        /// What changed since when.
        changed: ChangedCriteria,
    },
    /// An earlier lock is gone, and nothing says why.
    #[error(
        "{id}: its results were written under the lock {hash}, which is not in {file}: restore the file, or say why with --because \"...\"",
        hash = .hash.short(), file = lock_file::LOCK_FILE
    )]
    LostLock {
        /// The hypothesis.
        id: String,
        /// What was locked.
        hash: Sha256Hex,
    },
    /// It is the first lock, results are there already, and nothing says so.
    #[error(
        "{id}: its results are there already, so that whoever locks may know the numbers: a first lock says so, with --because \"...\""
    )]
    KnownResults {
        /// The hypothesis.
        id: String,
    },
    /// The reason is blank.
    #[error("the reason says nothing: a lock is for readers who ask why the criteria changed")]
    EmptyReason,
    /// The reason has a character that no text needs.
    #[error("the reason has the control character `{}`", .0.escape_default())]
    ControlCharacter(char),
    /// The clock is behind the last lock.
    #[error("{id}: the last lock is of {last}, and today is {today}: is the clock right?")]
    ClockIsBehind {
        /// The hypothesis.
        id: String,
        /// The day of the last lock.
        last: String,
        /// Today.
        today: String,
    },
}

/// What locking a hypothesis comes to.
#[derive(Debug)]
pub enum LockPlan {
    /// The criteria are locked as they are, since this day.
    Unchanged {
        /// The day, as YYYY-MM-DD.
        locked_on: String,
    },
    /// A lock to write.
    New(NewLock),
}

/// A lock that is not written yet, with those before it.
#[derive(Debug)]
pub struct NewLock {
    path: PathBuf,
    criteria: Criteria,
    text: String,
}

impl NewLock {
    /// The file to write, below the project.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it locks.
    #[must_use]
    pub fn criteria(&self) -> &Criteria {
        &self.criteria
    }

    /// Writes the file whole or not at all.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(&self, project: &Project) -> Result<(), ExperimentError> {
        write_atomically(&project.root().join(&self.path), self.text.as_bytes()).map_err(|source| {
            ExperimentError::Write {
                path: self.path.clone(),
                source,
            }
        })
    }
}

/// How criteria relate to the last of their locks, and to the lock that the results on disk record.
pub(crate) fn state<'l>(
    criteria: &Criteria,
    locks: &'l [Lock],
    recorded: Option<&'l Sha256Hex>,
) -> LockState<'l> {
    let has_reason = locks.last().is_some_and(|last| last.because.is_some());
    let is_lost = |hash: &&Sha256Hex| {
        let mut kept = locks.iter().map(|lock| lock.criteria.combined());
        !has_reason && !kept.any(|known| known == **hash)
    };
    if let Some(hash) = recorded.filter(is_lost) {
        return LockState::Lost(hash);
    }
    let Some(last) = locks.last() else {
        return LockState::Unlocked;
    };
    let sections = criteria.changed_since(&last.criteria);
    if sections.is_empty() {
        LockState::Unchanged(last)
    } else {
        let changed = ChangedCriteria {
            locked_on: last.date.clone(),
            sections,
        };
        LockState::Changed(last, changed)
    }
}

/// Locks the criteria of the hypothesis `id` in the file at `path`, where they are not yet.
pub(crate) fn plan(
    id: &str,
    path: PathBuf,
    criteria: &Criteria,
    locks: &[Lock],
    recorded: Option<&Sha256Hex>,
    today: &str,
    because: Option<&str>,
) -> Result<LockPlan, LockError> {
    let because = because.map(checked_reason).transpose()?;
    match (state(criteria, locks, recorded), &because) {
        (LockState::Unchanged(last), _) => {
            return Ok(LockPlan::Unchanged {
                locked_on: last.date.clone(),
            });
        }
        (LockState::Changed(_, changed), None) => {
            return Err(LockError::NoReason {
                id: id.to_owned(),
                changed,
            });
        }
        (LockState::Lost(hash), None) => {
            return Err(LockError::LostLock {
                id: id.to_owned(),
                hash: hash.clone(),
            });
        }
        (LockState::Unlocked, _) | (LockState::Changed(..) | LockState::Lost(_), Some(_)) => {}
    }
    if let Some(last) = locks.last().filter(|last| today < last.date.as_str()) {
        return Err(LockError::ClockIsBehind {
            id: id.to_owned(),
            last: last.date.clone(),
            today: today.to_owned(),
        });
    }
    let new = Lock {
        date: today.to_owned(),
        criteria: criteria.clone(),
        because,
    };
    let text = lock_file::render(id, locks.iter().chain([&new]));
    Ok(LockPlan::New(NewLock {
        path,
        criteria: criteria.clone(),
        text,
    }))
}

/// A reason on one line.
fn checked_reason(reason: &str) -> Result<String, LockError> {
    let line = canonical_words(reason);
    if line.is_empty() {
        return Err(LockError::EmptyReason);
    }
    match control_character(&line) {
        Some(control) => Err(LockError::ControlCharacter(control)),
        None => Ok(line),
    }
}

/// The first character that steers a terminal, or that turns the direction of the text around it: Unicode's embeddings,
/// overrides and isolates.
pub(crate) fn control_character(line: &str) -> Option<char> {
    let is_control =
        |c: &char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    line.chars().find(is_control)
}
