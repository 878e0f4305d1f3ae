//! The intervals of checks below their table.

use crate::check_outcome::CheckOutcome;
use crate::interval::level_words;

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
    let mut ways: Vec<(&str, Vec<String>)> = Vec::new();
    for check in checks {
        let Some(interval) = &check.interval else {
            continue;
        };
        let id = format!("`{}`", check.id);
        match ways.iter_mut().find(|(how, _)| *how == interval.how) {
            Some((_, ids)) => ids.push(id),
            None => ways.push((&interval.how, vec![id])),
        }
    }
    if ways.is_empty() {
        return String::new();
    }
    let heading = "\nIntervals by the bootstrap, bias-corrected and accelerated (BCa) and between percentiles of the resamples. They decide nothing.\n\n";
    let lines = ways.into_iter().map(|(how, ids)| {
        // Names of columns and groups are the file's, and must not end the line.
        let how = how.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("- {}: {how}.\n", ids.join(", "))
    });
    std::iter::once(heading.to_owned()).chain(lines).collect()
}
