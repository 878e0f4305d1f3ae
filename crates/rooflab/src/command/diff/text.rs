//! Differences for people.

use std::io::Write;

use experiment::{Part, ResultsDiff, Side, Unmatched};

use super::line::{answer, row_words};
use crate::text_table::{Align, TextTable};

/// Writes the differences, at most `limit` lines of each kind.
pub(super) fn write_text(
    out: &mut impl Write,
    diff: &ResultsDiff,
    limit: usize,
    small: usize,
) -> std::io::Result<()> {
    let mut section =
        |heading: &str, columns: &[(&str, Align)], rows: Vec<Vec<String>>, all: usize| {
            if all == 0 {
                return Ok(());
            }
            writeln!(out, "{heading}")?;
            let mut table = TextTable::new(columns.iter().copied());
            for row in rows {
                table.push(row);
            }
            write!(out, "{table}")?;
            if all > limit {
                writeln!(out, "and {} more (--limit)", all - limit)?;
            }
            writeln!(out)
        };
    section(
        "verdicts that flipped",
        &[
            ("HYPOTHESIS", Align::Left),
            ("BEFORE", Align::Left),
            ("AFTER", Align::Left),
        ],
        take(&diff.verdicts, limit, |change| {
            vec![
                change.hypothesis.clone(),
                change.before.name().to_owned(),
                change.after.name().to_owned(),
            ]
        }),
        diff.verdicts.len(),
    )?;
    section(
        "checks whose answer changed",
        &[
            ("HYPOTHESIS", Align::Left),
            ("CHECK", Align::Left),
            ("BEFORE", Align::Left),
            ("AFTER", Align::Left),
            ("OBSERVED BEFORE", Align::Left),
            ("OBSERVED AFTER", Align::Left),
        ],
        take(&diff.checks, limit, |change| {
            vec![
                change.hypothesis.clone(),
                change.check.clone(),
                answer(change.before).to_owned(),
                answer(change.after).to_owned(),
                change.observed_before.clone(),
                change.observed_after.clone(),
            ]
        }),
        diff.checks.len(),
    )?;
    section(
        "values that moved, by relative change",
        &[
            ("HYPOTHESIS", Align::Left),
            ("TABLE", Align::Left),
            ("ROW", Align::Left),
            ("COLUMN", Align::Left),
            ("BEFORE", Align::Right),
            ("AFTER", Align::Right),
            ("CHANGE", Align::Right),
            ("RELATIVE", Align::Right),
        ],
        take(&diff.moved, limit, |value| {
            vec![
                value.place.hypothesis.clone(),
                value.place.table.clone(),
                row_words(&value.place.row),
                value.place.column.clone(),
                value.before.clone(),
                value.after.clone(),
                signed(value.change),
                value.relative_change.map_or_else(
                    || "from 0".to_owned(),
                    |relative| format!("{}%", signed(relative * 100.0)),
                ),
            ]
        }),
        diff.moved.len(),
    )?;
    section(
        "other values that changed",
        &[
            ("HYPOTHESIS", Align::Left),
            ("TABLE", Align::Left),
            ("ROW", Align::Left),
            ("COLUMN", Align::Left),
            ("BEFORE", Align::Left),
            ("AFTER", Align::Left),
        ],
        take(&diff.changed, limit, |value| {
            vec![
                value.place.hypothesis.clone(),
                value.place.table.clone(),
                row_words(&value.place.row),
                value.place.column.clone(),
                value.before.clone(),
                value.after.clone(),
            ]
        }),
        diff.changed.len(),
    )?;
    section(
        "what only one side has",
        &[
            ("SIDE", Align::Left),
            ("HYPOTHESIS", Align::Left),
            ("WHAT", Align::Left),
        ],
        take(&diff.unmatched, limit, |unmatched| {
            vec![
                match unmatched.side {
                    Side::Before => "before",
                    Side::After => "after",
                }
                .to_owned(),
                unmatched.hypothesis.clone(),
                part_words(unmatched),
            ]
        }),
        diff.unmatched.len(),
    )?;
    writeln!(out, "{}", summary(diff, small))
}

fn take<T>(all: &[T], limit: usize, row: impl Fn(&T) -> Vec<String>) -> Vec<Vec<String>> {
    all.iter().take(limit).map(row).collect()
}

fn part_words(unmatched: &Unmatched) -> String {
    match &unmatched.part {
        Part::Hypothesis => "all of it".to_owned(),
        Part::Check(id) => format!("check {id}"),
        Part::Table(table) => format!("table {table}"),
        Part::Column { table, column } => format!("column {column} of table {table}"),
        Part::Row { table, row } => format!("row {} of table {table}", row_words(row)),
    }
}

fn summary(diff: &ResultsDiff, small: usize) -> String {
    let count = |number: usize, one: &str, several: &str| {
        format!("{number} {}", if number == 1 { one } else { several })
    };
    let compared = format!(
        "compared {} with {}",
        count(diff.hypotheses, "hypothesis", "hypotheses"),
        count(diff.tables, "table", "tables")
    );
    let mut found = Vec::new();
    for (number, one, several) in [
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
    ] {
        if number > 0 {
            found.push(count(number, one, several));
        }
    }
    let found = if found.is_empty() {
        "nothing differs".to_owned()
    } else {
        found.join(", ")
    };
    let hidden = if small == 0 {
        String::new()
    } else {
        format!(" ({} below the threshold)", count(small, "move", "moves"))
    };
    format!("{compared}: {found}{hidden}")
}

/// A number with its sign and four significant digits or so.
fn signed(number: f64) -> String {
    let size = number.abs();
    if size >= 1e7 || size < 1e-3 {
        return format!("{number:+.3e}");
    }
    let decimals = if size >= 1000.0 {
        0
    } else if size >= 100.0 {
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
            (1234.5, "+1234"),
            (0.000_012_345, "+1.234e-5"),
            (-2e9, "-2.000e9"),
        ] {
            assert_eq!(signed(number), shown);
        }
    }
}
