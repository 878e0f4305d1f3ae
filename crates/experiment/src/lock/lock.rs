//! The criteria of a hypothesis as they were fixed on a day.

use diagnostic::steers;
use serde::Serialize;

use super::criteria::{Criteria, Section, section_names};
use crate::project::Sha256Hex;

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

roofline::choice! {
    /// Whether criteria are locked.
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    "state of a lock" Locked {
        /// As they are.
        Yes = "yes",
        /// They were, and changed since.
        Changed = "changed",
        /// They were, and the lock is gone.
        Lost = "lost",
        /// Never.
        No = "no",
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

/// How criteria relate to the last of their locks, and to the lock that the results on disk record.
pub(crate) fn lock_state<'l>(
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

/// The first character that steers a terminal, or that turns the direction of the text around it.
pub(super) fn control_character(line: &str) -> Option<char> {
    line.chars().find(|c| steers(*c))
}
