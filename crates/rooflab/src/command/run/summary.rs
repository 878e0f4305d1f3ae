//! What running hypotheses came to, for people.

use std::io::Write;

use experiment::{Difference, Verdict};

use super::{Derived, one_line};
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};

/// A row for each hypothesis.
pub(super) fn table(derived: &[Derived], paths: &ShownPaths) -> TextTable {
    let mut table = TextTable::new([
        ("ID", Align::Left),
        ("VERDICT", Align::Left),
        ("PUBLISHED", Align::Left),
        ("REPRODUCED", Align::Right),
        ("DIFFERING", Align::Right),
        ("FILES", Align::Right),
        ("WRITTEN TO", Align::Left),
    ]);
    for Derived { outcome, folder } in derived {
        let comparison = &outcome.comparison;
        table.push([
            outcome.id.clone(),
            outcome.verdict.name().to_owned(),
            outcome
                .published_verdict
                .map_or("-", Verdict::name)
                .to_owned(),
            format!("{}/{}", comparison.reproduced, comparison.total()),
            comparison.differing.len().to_string(),
            folder
                .as_ref()
                .map_or(0, |_| outcome.files.len())
                .to_string(),
            folder
                .as_deref()
                .map_or_else(|| "nothing (--out)".to_owned(), |folder| paths.show(folder)),
        ]);
    }
    table
}

/// Why nothing can be said of a hypothesis.
pub(super) fn write_undecided(
    derived: &[Derived],
    out: &mut StandardOutput,
) -> std::io::Result<()> {
    for Derived { outcome, .. } in derived {
        let unmet = outcome
            .checks
            .iter()
            .filter(|check| check.is_unmet_precondition());
        for check in unmet {
            writeln!(
                out,
                "\n{}: nothing is decided, since this does not hold: {} (observed {})",
                outcome.id,
                one_line(&check.claim),
                one_line(&check.observed)
            )?;
        }
    }
    Ok(())
}

/// Every check, for findings that no file has.
pub(super) fn write_checks(derived: &[Derived], out: &mut StandardOutput) -> std::io::Result<()> {
    for Derived { outcome, .. } in derived {
        let has_intervals = outcome.checks.iter().any(|check| check.interval.is_some());
        let interval = has_intervals.then_some(("INTERVAL", Align::Left));
        let columns = [
            ("CHECK", Align::Left),
            ("ROLE", Align::Left),
            ("OBSERVED", Align::Right),
            ("HOLDS", Align::Left),
        ];
        let mut table = TextTable::new(columns.into_iter().chain(interval));
        for check in &outcome.checks {
            let interval = check.interval.as_ref();
            let shown = interval.map_or_else(String::new, |interval| interval.shown.clone());
            let cells = [
                check.id.clone(),
                check.role.name().to_owned(),
                check.observed.clone(),
                check.answer().to_owned(),
            ];
            table.push(cells.into_iter().chain(has_intervals.then_some(shown)));
        }
        write!(
            out,
            "\n{}: {}\n{}",
            outcome.id,
            one_line(&outcome.title),
            table.on(out.screen())
        )?;
    }
    Ok(())
}

/// Differences of one reason up to which each is printed.
const SPELLED_OUT: usize = 8;

/// What the published findings got wrong, as far as the hypotheses say why; the rest is drift.
pub(super) fn write_explained(
    derived: &[Derived],
    out: &mut StandardOutput,
) -> std::io::Result<()> {
    for Derived { outcome, .. } in derived {
        let mut explained: Vec<(&str, Vec<&Difference>)> = Vec::new();
        for value in &outcome.comparison.differing {
            let Some(why) = value.why.as_deref() else {
                continue;
            };
            match explained.iter_mut().find(|(known, _)| *known == why) {
                Some((_, values)) => values.push(value),
                None => explained.push((why, vec![value])),
            }
        }
        let differs = outcome
            .verdict_differs
            .as_ref()
            .filter(|_| outcome.is_decided());
        if differs.is_none() && explained.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n{}: what was published and is not reproduced",
            outcome.id
        )?;
        if let (Some(why), Some(published)) = (differs, outcome.published_verdict) {
            writeln!(
                out,
                "  verdict: published {}, ours {}",
                published.name(),
                outcome.verdict.name()
            )?;
            writeln!(out, "    {}", one_line(why))?;
        }
        for (why, values) in explained {
            let shown = if values.len() > SPELLED_OUT {
                1
            } else {
                values.len()
            };
            for value in &values[..shown] {
                writeln!(out, "  {}", one_line(&value.to_string()))?;
            }
            if shown < values.len() {
                writeln!(
                    out,
                    "  and {} more, listed in its findings",
                    values.len() - shown
                )?;
            }
            writeln!(out, "    {}", one_line(why))?;
        }
    }
    Ok(())
}
