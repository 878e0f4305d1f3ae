//! What findings say of the locks of the criteria.

use serde::Serialize;

use super::markdown;
use crate::lock::{Lock, LockState, section_names};

/// The variable `criteria` of templates.
#[derive(Serialize)]
pub(crate) struct CriteriaContext {
    /// Whether the criteria are those that were locked, as Markdown.
    sentence: String,
    /// Markdown table of the locks; empty where one sentence says it all.
    locks: String,
}

impl CriteriaContext {
    pub(crate) fn new(state: &LockState<'_>, locks: &[Lock]) -> Self {
        let has_reasons = locks.iter().any(|lock| lock.because.is_some());
        Self {
            sentence: sentence(state, locks.len()),
            locks: if has_reasons {
                table(locks)
            } else {
                String::new()
            },
        }
    }
}

fn sentence(state: &LockState<'_>, locks: usize) -> String {
    match state {
        LockState::Unlocked => "Criteria: not locked.".to_owned(),
        LockState::Unchanged(last) if locks == 1 => {
            format!("Criteria: locked on {} and unchanged since.", of(last))
        }
        LockState::Unchanged(last) => {
            format!(
                "Criteria: locked {locks} times, the last time on {}, and unchanged since. Why: {}",
                of(last),
                reason(last)
            )
        }
        LockState::Changed(last, changed) => format!(
            "**The criteria changed after they were locked on {}**: {}.",
            of(last),
            changed.section_names()
        ),
        LockState::Lost(hash) => format!(
            "**The criteria were locked (SHA-256 `{}`), and that lock is gone.**",
            hash.short()
        ),
    }
}

fn of(lock: &Lock) -> String {
    format!(
        "{} (SHA-256 `{}`)",
        lock.date,
        lock.criteria.combined().short()
    )
}

fn reason(lock: &Lock) -> String {
    lock.because
        .as_deref()
        .map_or_else(|| "-".to_owned(), markdown::plain)
}

fn table(locks: &[Lock]) -> String {
    let rows = locks.iter().enumerate().map(|(index, lock)| {
        let before = index.checked_sub(1).and_then(|before| locks.get(before));
        let changed = match before {
            None => "first lock".to_owned(),
            Some(before) => section_names(&lock.criteria.changed_since(&before.criteria)),
        };
        vec![
            lock.date.clone(),
            format!("`{}`", lock.criteria.combined().short()),
            changed,
            reason(lock),
        ]
    });
    markdown::words_table(&["Date", "SHA-256", "Changed", "Because"], rows)
}
