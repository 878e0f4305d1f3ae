//! Differences for people.

use std::io::{self, Write};

use experiment::{Part, ResultsDiff, Side, Unmatched};

use super::line::{answer, row_words};
use crate::counted::counted;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::{TextColumn, TextTable};

/// Writes the differences, at most `limit` lines of each kind.
pub(super) fn write_text(
    out: &mut StandardOutput,
    diff: &ResultsDiff,
    limit: usize,
    small: usize,
) -> io::Result<()> {
    section(
        out,
        "verdicts that flipped",
        (&diff.verdicts, limit),
        &[
            ("HYPOTHESIS", Left, |change| change.hypothesis.clone()),
            ("BEFORE", Left, |change| change.before.name().into()),
            ("AFTER", Left, |change| change.after.name().into()),
        ],
    )?;
    section(
        out,
        "checks whose answer changed",
        (&diff.checks, limit),
        &[
            ("HYPOTHESIS", Left, |change| change.hypothesis.clone()),
            ("CHECK", Left, |change| change.check.clone()),
            ("BEFORE", Left, |change| answer(change.before).into()),
            ("AFTER", Left, |change| answer(change.after).into()),
            ("OBSERVED BEFORE", Left, |change| {
                change.observed_before.clone()
            }),
            ("OBSERVED AFTER", Left, |change| {
                change.observed_after.clone()
            }),
        ],
    )?;
    write_values(out, diff, limit)?;
    writeln!(out, "{}", summary(diff, small))
}

fn write_values(out: &mut StandardOutput, diff: &ResultsDiff, limit: usize) -> io::Result<()> {
    section(
        out,
        "values that moved, by relative change",
        (&diff.moved, limit),
        &[
            ("HYPOTHESIS", Left, |value| value.place.hypothesis.clone()),
            ("TABLE", Left, |value| value.place.table.clone()),
            ("ROW", Left, |value| row_words(&value.place.row)),
            ("COLUMN", Left, |value| value.place.column.clone()),
            ("BEFORE", Right, |value| value.before.clone()),
            ("AFTER", Right, |value| value.after.clone()),
            ("CHANGE", Right, |value| signed(value.change)),
            ("RELATIVE", Right, |value| relative(value.relative_change)),
        ],
    )?;
    section(
        out,
        "other values that changed",
        (&diff.changed, limit),
        &[
            ("HYPOTHESIS", Left, |value| value.place.hypothesis.clone()),
            ("TABLE", Left, |value| value.place.table.clone()),
            ("ROW", Left, |value| row_words(&value.place.row)),
            ("COLUMN", Left, |value| value.place.column.clone()),
            ("BEFORE", Left, |value| value.before.clone()),
            ("AFTER", Left, |value| value.after.clone()),
        ],
    )?;
    section(
        out,
        "what only one side has",
        (&diff.unmatched, limit),
        &[
            ("SIDE", Left, |unmatched| side(unmatched).into()),
            ("HYPOTHESIS", Left, |unmatched| unmatched.hypothesis.clone()),
            ("WHAT", Left, |unmatched| part_words(&unmatched.part)),
        ],
    )
}

/// Differences of one kind, so many at most.
fn section<'d, T>(
    out: &mut StandardOutput,
    heading: &str,
    (all, limit): (&'d [T], usize),
    columns: &[TextColumn<&'d T>],
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "{heading}")?;
    out.table(&TextTable::of(all.iter().take(limit), columns))?;
    if all.len() > limit {
        writeln!(out, "and {} more (--limit)", all.len() - limit)?;
    }
    writeln!(out)
}

fn relative(change: Option<f64>) -> String {
    let shown = change.map(|relative| format!("{}%", signed(relative * 100.0)));
    shown.unwrap_or_else(|| "from 0".to_owned())
}

fn side(unmatched: &Unmatched) -> &'static str {
    match unmatched.side {
        Side::Before => "before",
        Side::After => "after",
    }
}

fn part_words(part: &Part) -> String {
    match part {
        Part::Hypothesis => "all of it".to_owned(),
        Part::Outcome => "verdict and checks (outcome.json)".to_owned(),
        Part::Check(id) => format!("check {id}"),
        Part::Table(table) => format!("table {table}"),
        Part::Column { table, column } => format!("column {column} of table {table}"),
        Part::Row { table, row } => format!("row {} of table {table}", row_words(row)),
    }
}

fn summary(diff: &ResultsDiff, small: usize) -> String {
    let hypotheses = counted(diff.hypotheses, "hypothesis", "hypotheses");
    let tables = counted(diff.tables, "table", "tables");
    let found = [
        (diff.verdicts.len(), "verdict flipped", "verdicts flipped"),
        (
            diff.checks.len(),
            "check answers differently",
            "checks answer differently",
        ),
        (diff.moved.len(), "value moved", "values moved"),
        (
            diff.changed.len(),
            "other value changed",
            "other values changed",
        ),
        (
            diff.unmatched.len(),
            "part is on one side only",
            "parts are on one side only",
        ),
    ];
    let found: Vec<String> = found
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, several)| counted(count, one, several))
        .collect();
    let found = if found.is_empty() {
        "nothing differs".to_owned()
    } else {
        found.join(", ")
    };
    let hidden = if small == 0 {
        String::new()
    } else {
        format!(" ({} below the threshold)", counted(small, "move", "moves"))
    };
    format!("compared {hypotheses} with {tables}: {found}{hidden}")
}

/// A number with its sign and four significant digits or so.
fn signed(number: f64) -> String {
    let size = number.abs();
    if !(1e-3..1e7).contains(&size) {
        return format!("{number:+.3e}");
    }
    let decimals = if size >= 100.0 {
        1
    } else if size >= 10.0 {
        2
    } else if size >= 1.0 {
        3
    } else {
        6
    };
    format!("{number:+.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn changes_have_a_sign_and_few_digits() {
        for (number, shown) in [
            (12.345_6, "+12.35"),
            (-0.5, "-0.500000"),
            (1234.5, "+1234.5"),
            (0.000_012_345, "+1.234e-5"),
            (-2e9, "-2.000e9"),
        ] {
            assert_eq!(signed(number), shown);
        }
    }
}
