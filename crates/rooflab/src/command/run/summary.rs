//! What running hypotheses came to, for people.

use std::io::{self, Write};
use std::path::Path;

use experiment::{CheckOutcome, Difference, FINDINGS_FILE, Outcome, Verdict};

use super::derived::Derived;
use crate::shown_path::shown;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::{TextColumn, TextTable};
use crate::wrapped_text::one_line;

/// A row for each hypothesis.
pub(super) fn table(derived: &[Derived]) -> TextTable {
    TextTable::of(
        derived.iter().map(|one| (&one.outcome, one)),
        &[
            ("ID", Left, |(outcome, _)| outcome.id.clone()),
            ("VERDICT", Left, |(outcome, _)| {
                outcome.verdict.name().into()
            }),
            ("PUBLISHED", Left, |(outcome, _)| {
                outcome.published_verdict.map_or("-", Verdict::name).into()
            }),
            ("EQUAL", Right, |(outcome, _)| {
                let values = outcome.comparison.reproduction;
                format!("{}/{}", values.equal, values.compared())
            }),
            ("WITHIN", Right, |(outcome, _)| {
                let values = outcome.comparison.reproduction;
                values.within_tolerance.to_string()
            }),
            ("DIFFERENT", Right, |(outcome, _)| {
                outcome.comparison.reproduction.different.to_string()
            }),
            ("NEEDS DATA", Right, |(outcome, _)| {
                outcome.comparison.reproduction.needs_data.to_string()
            }),
            ("FILES", Right, |(outcome, one)| {
                let files = one.folder.as_ref().map_or(0, |_| outcome.files.len());
                files.to_string()
            }),
            ("WRITTEN TO", Left, |(_, one)| {
                shown_or(one.folder.as_deref(), "- (give --out DIR)")
            }),
        ],
    )
}

fn shown_or(path: Option<&Path>, otherwise: &str) -> String {
    path.map_or_else(|| otherwise.to_owned(), shown)
}

/// Why nothing can be said of a hypothesis.
pub(super) fn write_undecided(derived: &[Derived], out: &mut StandardOutput) -> io::Result<()> {
    for Derived { outcome, .. } in derived {
        for check in outcome
            .checks
            .iter()
            .filter(|check| check.is_unmet_precondition())
        {
            out.text(&format!(
                "\n{}: nothing is decided, since this does not hold: {} (observed {})",
                outcome.id,
                one_line(&check.claim),
                one_line(&check.observed)
            ))?;
        }
    }
    Ok(())
}

/// Every check, for findings that no file has.
pub(crate) fn write_checks<'o>(
    outcomes: impl IntoIterator<Item = &'o Outcome>,
    out: &mut StandardOutput,
) -> io::Result<()> {
    for outcome in outcomes {
        let columns: [TextColumn<&CheckOutcome>; 5] = [
            ("CHECK", Left, |check| check.id.clone()),
            ("ROLE", Left, |check| check.role.name().into()),
            ("OBSERVED", Right, |check| check.observed.clone()),
            ("HOLDS", Left, |check| check.answer().into()),
            ("INTERVAL", Left, |check| {
                let interval = check.interval.as_ref();
                interval.map_or_else(String::new, |interval| interval.shown.clone())
            }),
        ];
        let has_intervals = outcome.checks.iter().any(|check| check.interval.is_some());
        let columns = if has_intervals {
            &columns[..]
        } else {
            &columns[..4]
        };
        writeln!(out, "\n{}: {}", outcome.id, one_line(&outcome.title))?;
        out.table(&TextTable::of(&outcome.checks, columns))?;
    }
    Ok(())
}

/// Heads the differences that hypotheses explain.
const EXPLAINED: &str = "known differences from what was published, with reasons in the hypotheses; the exit code does not depend on them";

/// What the published findings got wrong, as far as the hypotheses say why; the rest is drift.
pub(super) fn write_explained(derived: &[Derived], out: &mut StandardOutput) -> io::Result<()> {
    for (index, text) in derived.iter().filter_map(explained).enumerate() {
        if index == 0 {
            out.text(&format!("\n{EXPLAINED}"))?;
        }
        out.text(&text)?;
    }
    Ok(())
}

/// A line on what is not reproduced and where all of it is listed, and one on the reason of most of it.
fn explained(derived: &Derived) -> Option<String> {
    let outcome = &derived.outcome;
    let differing = outcome.comparison.differing.iter();
    let values: Vec<(&Difference, &str)> = differing
        .filter_map(|value| Some((value, value.why.as_deref()?)))
        .collect();
    let why = outcome.verdict_differs.as_deref();
    let verdict = why
        .filter(|_| outcome.is_decided())
        .zip(outcome.published_verdict);
    let mut parts = Vec::new();
    if let Some((_, published)) = verdict {
        let (published, ours) = (published.name(), outcome.verdict.name());
        parts.push(format!("verdict: published {published}, ours {ours}"));
    }
    if let Some((value, _)) = values.first() {
        parts.push(format!(
            "{} of {} values, such as {}: published {}, ours {}",
            values.len(),
            outcome.comparison.reproduction.compared(),
            one_line(&value.column),
            few_digits(&one_line(&value.published)),
            few_digits(&one_line(&value.ours))
        ));
    }
    let why = match (verdict, most_frequent(&values)) {
        (Some((why, _)), _) => first_sentence(why),
        (None, Some((why, count))) if count == values.len() => first_sentence(why),
        (None, Some((why, count))) => format!("{count} of them: {}", first_sentence(why)),
        (None, None) => return None,
    };
    let list = derived
        .folder
        .as_ref()
        .map(|folder| folder.join(FINDINGS_FILE));
    let list = shown_or(list.as_deref(), "list with --out DIR");
    Some(format!(
        "  {}: {}; {list}\n    {why}\n",
        outcome.id,
        parts.join("; ")
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
