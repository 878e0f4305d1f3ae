//! What locking the criteria of a hypothesis comes to before anything is written.

use std::path::{Path, PathBuf};

use outputs::write_whole;

use super::criteria::Criteria;
use super::lock::{ChangedCriteria, Lock, LockState, control_character, lock_state};
use super::lock_file::render_locks;
use crate::format::canonical_words;
use crate::project::{ExperimentError, LOCK_FILE, Project, Sha256Hex};

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
        hash = .hash.short(), file = LOCK_FILE
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

impl From<LockError> for ExperimentError {
    fn from(error: LockError) -> Self {
        Self::Lock(error.to_string())
    }
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
        write_whole(&project.root().join(&self.path), self.text.as_bytes()).map_err(|source| {
            ExperimentError::Write {
                path: self.path.clone(),
                source,
            }
        })
    }
}

/// Locks the criteria of the hypothesis `id` in the file at `path`, where they are not yet.
pub(crate) fn plan_lock(
    id: &str,
    path: PathBuf,
    criteria: &Criteria,
    locks: &[Lock],
    recorded: Option<&Sha256Hex>,
    today: &str,
    because: Option<&str>,
) -> Result<LockPlan, LockError> {
    let because = because.map(checked_reason).transpose()?;
    match (lock_state(criteria, locks, recorded), &because) {
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
    let text = render_locks(id, locks.iter().chain([&new]));
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
