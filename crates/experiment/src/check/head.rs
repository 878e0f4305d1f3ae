//! Id, date and words.

use diagnostic::{Diagnostics, SourceText};

use crate::format::{HypothesisSpec, is_date, is_one_line};
use crate::project::HypothesisFolder;

/// Most runs, queries and plots of one hypothesis together: the time to check them grows with their square.
const MAX_PARTS: usize = 1_000;

/// Checks what identifies a hypothesis, and that there is not too much of it.
pub(crate) fn check_head(
    source: &SourceText,
    spec: &HypothesisSpec,
    folder: &HypothesisFolder,
    problems: &mut Diagnostics,
) {
    let id = &spec.id.value;
    if folder.id() != id {
        problems.push(source.error_for(
            &spec.id,
            format!(
                "id `{id}` is not that of the folder `{}`, which is `{}`",
                folder.name(),
                folder.id()
            ),
        ));
    }
    if !is_date(&spec.date.value) {
        problems.push(source.error_for(
            &spec.date,
            format!(
                "date `{}` is not a day of the calendar written as YYYY-MM-DD",
                spec.date.value
            ),
        ));
    }
    let tables = spec.tables.iter();
    let queries: usize = tables.map(|(_, table)| 1.max(table.figures.len())).sum();
    let parts = queries + spec.runs.len() + spec.checks.len() + spec.plots.len();
    if parts > MAX_PARTS {
        let message = format!(
            "the hypothesis has {parts} runs, tables, figures, checks and plots, over the limit of {MAX_PARTS}"
        );
        problems.push(source.error_for(&spec.id, message));
    }
    let published = spec.published.as_ref();
    let texts = [
        ("title", Some(&spec.title)),
        ("statement", Some(&spec.statement)),
        ("refuted_if", Some(&spec.refuted_if)),
        (
            "published.source",
            published.map(|published| &published.source),
        ),
    ];
    for (key, text) in texts {
        if text.is_some_and(|text| text.trim().is_empty()) {
            let message = format!("`{key}` says nothing");
            problems.push(source.error_for(&spec.id, message));
        }
    }
    if !is_one_line(&spec.title) {
        problems.push(source.error_for(&spec.id, "`title` is more than one line of words"));
    }
    let differs = published.and_then(|published| published.verdict_differs.as_ref());
    if let Some(reason) = differs.filter(|reason| reason.value.trim().is_empty()) {
        problems.push(source.error_for(reason, "`verdict_differs` says nothing"));
    }
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["2026-02-25", "2024-02-29", "2000-02-29", "2026-12-31"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2026-2-25",
            "2026-02-30",
            "2100-02-29",
            "2026-13-01",
            "2026-00-01",
            "yesterday",
            "2026-02-25T",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
