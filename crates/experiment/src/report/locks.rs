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
        Self {
            sentence: sentence(state, locks),
            locks: if locks.len() > 1 {
                table(locks)
            } else {
                String::new()
            },
        }
    }
}

fn sentence(state: &LockState<'_>, locks: &[Lock]) -> String {
    match state {
        LockState::Unlocked => "Criteria: not locked.".to_owned(),
        LockState::Unchanged(last) => {
            let times = match locks.len() {
                1 => "locked on".to_owned(),
                times => format!("locked {times} times, the last time on"),
            };
            format!(
                "Criteria: {times} {} and unchanged since.{}",
                of(last),
                reasons(locks)
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

/// Why the first lock was made and why the last one: a first lock has a reason where the results were known before it.
fn reasons(locks: &[Lock]) -> String {
    let of = |lock: Option<&Lock>, which: &str| {
        let because = lock.and_then(|lock| lock.because.as_deref());
        because.map_or_else(String::new, |because| {
            format!(
                " Reason of the {which}: **\"{}\"**",
                markdown::plain(because)
            )
        })
    };
    match locks {
        [only] => of(Some(only), "lock"),
        _ => of(locks.first(), "first lock") + &of(locks.last(), "last"),
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
