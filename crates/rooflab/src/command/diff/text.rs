//! Differences for people.

use std::io::Write;

use experiment::{Part, ResultsDiff, Side, Unmatched, ValuePlace};

use super::line::{answer, row_words};
use crate::counted::counted;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::{Align, TextTable};

/// Differences of one kind.
struct Section {
    heading: &'static str,
    columns: &'static [(&'static str, Align)],
    /// Those that are shown.
    rows: Vec<Vec<String>>,
    /// How many there are.
    all: usize,
}

/// Writes the differences, at most `limit` lines of each kind.
pub(super) fn write_text(
    out: &mut StandardOutput,
    diff: &ResultsDiff,
    limit: usize,
    small: usize,
) -> std::io::Result<()> {
    let screen = out.screen();
    let sections = [
        verdicts(diff, limit),
        checks(diff, limit),
        moved(diff, limit),
        changed(diff, limit),
        unmatched(diff, limit),
    ];
    for section in sections.iter().filter(|section| section.all > 0) {
        writeln!(out, "{}", section.heading)?;
        let mut table = TextTable::new(section.columns.iter().copied());
        for row in &section.rows {
            table.push(row.iter().cloned());
        }
        write!(out, "{}", table.on(screen))?;
        if section.all > section.rows.len() {
            let more = section.all - section.rows.len();
            writeln!(out, "and {more} more (--limit)")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(diff, small))
}

fn section<T>(
    heading: &'static str,
    columns: &'static [(&'static str, Align)],
    all: &[T],
    limit: usize,
    row: impl Fn(&T) -> Vec<String>,
) -> Section {
    Section {
        heading,
        columns,
        rows: all.iter().take(limit).map(row).collect(),
        all: all.len(),
    }
}

fn verdicts(diff: &ResultsDiff, limit: usize) -> Section {
    let columns = &[("HYPOTHESIS", Left), ("BEFORE", Left), ("AFTER", Left)];
    section(
        "verdicts that flipped",
        columns,
        &diff.verdicts,
        limit,
        |change| {
            vec![
                change.hypothesis.clone(),
                change.before.name().to_owned(),
                change.after.name().to_owned(),
            ]
        },
    )
}

fn checks(diff: &ResultsDiff, limit: usize) -> Section {
    let columns = &[
        ("HYPOTHESIS", Left),
        ("CHECK", Left),
        ("BEFORE", Left),
        ("AFTER", Left),
        ("OBSERVED BEFORE", Left),
        ("OBSERVED AFTER", Left),
    ];
    section(
        "checks whose answer changed",
        columns,
        &diff.checks,
        limit,
        |change| {
            vec![
                change.hypothesis.clone(),
                change.check.clone(),
                answer(change.before).to_owned(),
                answer(change.after).to_owned(),
                change.observed_before.clone(),
                change.observed_after.clone(),
            ]
        },
    )
}

fn moved(diff: &ResultsDiff, limit: usize) -> Section {
    let columns = &[
        ("HYPOTHESIS", Left),
        ("TABLE", Left),
        ("ROW", Left),
        ("COLUMN", Left),
        ("BEFORE", Right),
        ("AFTER", Right),
        ("CHANGE", Right),
        ("RELATIVE", Right),
    ];
    section(
        "values that moved, by relative change",
        columns,
        &diff.moved,
        limit,
        |value| {
            let relative = value.relative_change.map_or_else(
                || "from 0".to_owned(),
                |relative| format!("{}%", signed(relative * 100.0)),
            );
            let mut cells = place_cells(&value.place);
            cells.extend([
                value.before.clone(),
                value.after.clone(),
                signed(value.change),
                relative,
            ]);
            cells
        },
    )
}

fn changed(diff: &ResultsDiff, limit: usize) -> Section {
    let columns = &[
        ("HYPOTHESIS", Left),
        ("TABLE", Left),
        ("ROW", Left),
        ("COLUMN", Left),
        ("BEFORE", Left),
        ("AFTER", Left),
    ];
    section(
        "other values that changed",
        columns,
        &diff.changed,
        limit,
        |value| {
            let mut cells = place_cells(&value.place);
            cells.extend([value.before.clone(), value.after.clone()]);
            cells
        },
    )
}

fn unmatched(diff: &ResultsDiff, limit: usize) -> Section {
    let columns = &[("SIDE", Left), ("HYPOTHESIS", Left), ("WHAT", Left)];
    section(
        "what only one side has",
        columns,
        &diff.unmatched,
        limit,
        |unmatched| {
            let side = match unmatched.side {
                Side::Before => "before",
                Side::After => "after",
            };
            vec![
                side.to_owned(),
                unmatched.hypothesis.clone(),
                part_words(unmatched),
            ]
        },
    )
}

fn place_cells(place: &ValuePlace) -> Vec<String> {
    vec![
        place.hypothesis.clone(),
        place.table.clone(),
        row_words(&place.row),
        place.column.clone(),
    ]
}

fn part_words(unmatched: &Unmatched) -> String {
    match &unmatched.part {
        Part::Hypothesis => "all of it".to_owned(),
        Part::Outcome => "verdict and checks (outcome.json)".to_owned(),
        Part::Check(id) => format!("check {id}"),
        Part::Table(table) => format!("table {table}"),
        Part::Column { table, column } => format!("column {column} of table {table}"),
        Part::Row { table, row } => format!("row {} of table {table}", row_words(row)),
    }
}

fn summary(diff: &ResultsDiff, small: usize) -> String {
    let compared = format!(
        "compared {} with {}",
        counted(diff.hypotheses, "hypothesis", "hypotheses"),
        counted(diff.tables, "table", "tables")
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
            found.push(counted(number, one, several));
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
        format!(" ({} below the threshold)", counted(small, "move", "moves"))
    };
    format!("{compared}: {found}{hidden}")
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
