//! Id, date and words.

use diagnostic::Reporter;

use crate::format::{HypothesisSpec, check_date, check_one_line, check_words};
use crate::project::HypothesisFolder;

/// Most runs, queries and plots of one hypothesis together: the time to check them grows with their square.
const MAX_PARTS: usize = 1_000;

/// Checks what identifies a hypothesis, and that there is not too much of it.
pub(crate) fn check_head(
    reporter: &mut Reporter<'_>,
    spec: &HypothesisSpec,
    folder: &HypothesisFolder,
) {
    let id = &spec.id;
    if folder.id() != id.value {
        let message = format!(
            "id `{}` is not that of the folder `{}`, which is `{}`",
            id.value,
            folder.name(),
            folder.id()
        );
        reporter.at(id, message);
    }
    check_date(reporter, &spec.date);
    let tables = spec.tables.iter();
    let queries: usize = tables.map(|(_, table)| 1.max(table.figures.len())).sum();
    let parts = queries + spec.runs.len() + spec.checks.len() + spec.plots.len();
    if parts > MAX_PARTS {
        let message = format!(
            "the hypothesis has {parts} runs, tables, figures, checks and plots, over the limit of {MAX_PARTS}"
        );
        reporter.at(id, message);
    }
    check_words(reporter, id, "`title`", &spec.title);
    check_words(reporter, id, "`statement`", &spec.statement);
    check_words(reporter, id, "`refuted_if`", &spec.refuted_if);
    let published = spec.published.as_ref();
    if let Some(published) = published {
        check_words(reporter, id, "`published.source`", &published.source);
    }
    check_one_line(reporter, id, "`title`", &spec.title);
    if let Some(reason) = published.and_then(|published| published.verdict_differs.as_ref()) {
        check_words(reporter, reason, "`verdict_differs`", &reason.value);
    }
}
