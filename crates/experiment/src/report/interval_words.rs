//! The intervals of checks below their table.

use crate::decide::{CheckOutcome, level_words};

/// The heading of the column of intervals; none where no check asks for one.
pub(super) fn interval_heading(checks: &[CheckOutcome]) -> Option<String> {
    let mut levels = checks
        .iter()
        .filter_map(|check| Some(check.interval.as_ref()?.level));
    let first = levels.next()?;
    Some(if levels.all(|level| level.total_cmp(&first).is_eq()) {
        format!("{} interval", level_words(first))
    } else {
        "Interval".to_owned()
    })
}

/// How the intervals were made, each way once; nothing where no check asks for one.
pub(super) fn interval_words(checks: &[CheckOutcome]) -> String {
    let intervals = || checks.iter().filter_map(|check| check.interval.as_ref());
    let Some(first) = intervals().next() else {
        return String::new();
    };
    let all_alike = intervals().all(|interval| interval.drawn == first.drawn);
    let mut ways: Vec<(String, Vec<String>)> = Vec::new();
    for check in checks {
        let Some(interval) = &check.interval else {
            continue;
        };
        let words = if all_alike {
            interval.of.clone()
        } else {
            format!("{}; {}", interval.of, interval.drawn)
        };
        let id = format!("`{}`", check.id);
        match ways.iter_mut().find(|(known, _)| *known == words) {
            Some((_, ids)) => ids.push(id),
            None => ways.push((words, vec![id])),
        }
    }
    let common = if all_alike {
        format!(" ({})", first.drawn)
    } else {
        String::new()
    };
    let heading = format!(
        "\nIntervals by the bootstrap{common}, bias-corrected and accelerated (BCa) and between percentiles of the resamples. They decide nothing.\n\n"
    );
    let lines = ways.into_iter().map(|(words, ids)| {
        // Names of columns and groups are the file's, and must not end the line.
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("- {}: {words}.\n", ids.join(", "))
    });
    std::iter::once(heading).chain(lines).collect()
}
