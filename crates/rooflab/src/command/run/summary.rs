//! What running hypotheses came to, for people.

use std::io::Write;

use experiment::{Difference, FINDINGS_FILE, Outcome, Verdict};

use super::{Derived, one_line};
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};
use crate::wrapped_text::on_screen;

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
            folder.as_deref().map_or_else(
                || "- (give --out DIR)".to_owned(),
                |folder| paths.show(folder),
            ),
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
            let text = format!(
                "\n{}: nothing is decided, since this does not hold: {} (observed {})",
                outcome.id,
                one_line(&check.claim),
                one_line(&check.observed)
            );
            let screen = out.screen();
            write!(out, "{}", on_screen(&text, screen))?;
        }
    }
    Ok(())
}

/// Every check, for findings that no file has.
pub(in crate::command) fn write_checks<'o>(
    outcomes: impl IntoIterator<Item = &'o Outcome>,
    out: &mut StandardOutput,
) -> std::io::Result<()> {
    for outcome in outcomes {
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

/// Heads the differences that hypotheses explain.
const EXPLAINED: &str = "known differences from what was published, with reasons in the hypotheses; the exit code does not depend on them";

/// What the published findings got wrong, as far as the hypotheses say why; the rest is drift.
pub(super) fn write_explained(
    derived: &[Derived],
    paths: &ShownPaths,
    out: &mut StandardOutput,
) -> std::io::Result<()> {
    let screen = out.screen();
    let mut head = Some(format!("\n{EXPLAINED}"));
    for one in derived {
        let Some(text) = explained(one, paths) else {
            continue;
        };
        if let Some(head) = head.take() {
            write!(out, "{}", on_screen(&head, screen))?;
        }
        write!(out, "{}", on_screen(&text, screen))?;
    }
    Ok(())
}

/// A line on what is not reproduced and where all of it is listed, and one on the reason of most of it.
fn explained(Derived { outcome, folder }: &Derived, paths: &ShownPaths) -> Option<String> {
    let values: Vec<(&Difference, &str)> = outcome
        .comparison
        .differing
        .iter()
        .filter_map(|value| Some((value, value.why.as_deref()?)))
        .collect();
    let verdict = outcome
        .verdict_differs
        .as_deref()
        .filter(|_| outcome.is_decided())
        .zip(outcome.published_verdict);
    let mut parts = Vec::new();
    if let Some((_, published)) = verdict {
        parts.push(format!(
            "verdict: published {}, ours {}",
            published.name(),
            outcome.verdict.name()
        ));
    }
    if let Some((value, _)) = values.first() {
        parts.push(format!(
            "{} of {} values, such as {}: published {}, ours {}",
            values.len(),
            outcome.comparison.total(),
            one_line(&value.column),
            few_digits(&one_line(&value.published)),
            few_digits(&one_line(&value.ours))
        ));
    }
    if parts.is_empty() {
        return None;
    }
    let list = folder.as_deref().map_or_else(
        || "list with --out DIR".to_owned(),
        |folder| paths.show(&folder.join(FINDINGS_FILE)),
    );
    let why = match verdict {
        Some((why, _)) => Some(first_sentence(why)),
        None => most_frequent(&values).map(|(why, count)| {
            let why = first_sentence(why);
            if count == values.len() {
                why
            } else {
                format!("{count} of them: {why}")
            }
        }),
    };
    Some(format!(
        "  {}: {}; {list}\n    {}\n",
        outcome.id,
        parts.join("; "),
        why.unwrap_or_default()
    ))
}

/// The reason that most values have, the first where several do, and how many.
fn most_frequent<'v>(values: &[(&Difference, &'v str)]) -> Option<(&'v str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (_, why) in values {
        match counts.iter_mut().find(|(known, _)| known == why) {
            Some((_, count)) => *count += 1,
            None => counts.push((why, 1)),
        }
    }
    // Of equal ones `max_by_key` takes the last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count)
}

/// Words up to the first full stop that ends a sentence. The rest is in the findings.
fn first_sentence(text: &str) -> String {
    let text = one_line(text);
    let end = text.find(". ").map_or(text.len(), |stop| stop + 1);
    text[..end].to_owned()
}

/// A number with six significant digits at most; other text as it is.
fn few_digits(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let Some(number) = number.filter(|_| digits > DIGITS) else {
        return text.to_owned();
    };
    let places = DIGITS - 1;
    let scientific = format!("{number:.places$e}");
    // The exponent once the number is rounded to these digits.
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    let Some(exponent) = exponent.filter(|exponent| (-4..9).contains(exponent)) else {
        return scientific;
    };
    let places = places.saturating_add_signed(isize::try_from(-exponent).unwrap_or(0));
    let shown = format!("{number:.places$}");
    if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        shown
    }
}

/// The most significant digits of a number that is only an example.
const DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_words_as_they_are() {
        for (text, shown) in [
            ("7.644048880000001", "7.64405"),
            ("0.00020776198786673757", "0.000207762"),
            ("0.0000", "0.0000"),
            ("48.0000000000001", "48"),
            ("214748364.8", "214748365"),
            ("-12345678901234", "-1.23457e13"),
            ("CMP", "CMP"),
            ("(no such row)", "(no such row)"),
        ] {
            assert_eq!(few_digits(text), shown, "{text}");
        }
    }

    #[test]
    fn sentences_end_with_a_full_stop_and_a_blank() {
        assert_eq!(first_sentence("It is 1.5 us.\n More."), "It is 1.5 us.");
        assert_eq!(first_sentence("No stop"), "No stop");
    }
}
