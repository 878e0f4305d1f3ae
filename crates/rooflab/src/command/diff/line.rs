//! One difference as a flat line, for JSON and CSV.

use experiment::{Part, ResultsDiff, Side, Unmatched, ValuePlace};
use serde::Serialize;

use crate::counted::joined;
use crate::csv_lines::{CsvColumn, cell};

/// A difference of any kind.
#[derive(Debug, Default, Serialize)]
pub(super) struct DiffLine {
    kind: &'static str,
    hypothesis: String,
    table: Option<String>,
    /// The row by key column and value.
    row: Vec<(String, String)>,
    column: Option<String>,
    before: Option<String>,
    after: Option<String>,
    change: Option<f64>,
    /// None also where the value was 0.
    relative_change: Option<f64>,
}

/// The columns of CSV.
pub(super) const COLUMNS: [CsvColumn<DiffLine>; 9] = [
    ("kind", |line| line.kind.to_owned()),
    ("hypothesis", |line| line.hypothesis.clone()),
    ("table", |line| cell(line.table.as_ref())),
    ("row", |line| row_words(&line.row)),
    ("column", |line| cell(line.column.as_ref())),
    ("before", |line| cell(line.before.as_ref())),
    ("after", |line| cell(line.after.as_ref())),
    ("change", |line| cell(line.change)),
    ("relative_change", |line| cell(line.relative_change)),
];

/// The answer of a check in a word.
pub(super) fn answer(holds: Option<bool>) -> &'static str {
    match holds {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    }
}

/// A row in words: `kv = 64, requests = 1`.
pub(super) fn row_words(row: &[(String, String)]) -> String {
    joined(row.iter().map(|(key, value)| format!("{key} = {value}")))
}

impl DiffLine {
    /// All differences, in the order of the table.
    pub(super) fn all(diff: &ResultsDiff) -> Vec<Self> {
        let verdicts = diff.verdicts.iter().map(|change| {
            let line = Self::new("verdict", &change.hypothesis);
            line.changed(change.before.name(), change.after.name())
        });
        let checks = diff.checks.iter().map(|change| {
            let line = Self::new("check", &change.hypothesis);
            let line = line.changed(answer(change.before), answer(change.after));
            let column = Some("holds".to_owned());
            Self {
                row: check_row(&change.check),
                column,
                ..line
            }
        });
        let moved = diff.moved.iter().map(|value| Self {
            change: Some(value.change),
            relative_change: value.relative_change,
            ..Self::at("moved", &value.place).changed(&value.before, &value.after)
        });
        let changed = diff.changed.iter();
        let changed = changed
            .map(|value| Self::at("changed", &value.place).changed(&value.before, &value.after));
        let unmatched = diff.unmatched.iter().map(Self::of_unmatched);
        let lines = verdicts.chain(checks).chain(moved).chain(changed);
        lines.chain(unmatched).collect()
    }

    fn new(kind: &'static str, hypothesis: &str) -> Self {
        let hypothesis = hypothesis.to_owned();
        Self {
            kind,
            hypothesis,
            ..Self::default()
        }
    }

    fn changed(self, before: &str, after: &str) -> Self {
        let (before, after) = (Some(before.to_owned()), Some(after.to_owned()));
        Self {
            before,
            after,
            ..self
        }
    }

    fn at(kind: &'static str, place: &ValuePlace) -> Self {
        Self {
            table: Some(place.table.clone()),
            row: place.row.clone(),
            column: Some(place.column.clone()),
            ..Self::new(kind, &place.hypothesis)
        }
    }

    fn of_unmatched(unmatched: &Unmatched) -> Self {
        let kind = match unmatched.side {
            Side::Before => "only-before",
            Side::After => "only-after",
        };
        let (table, column, row) = match &unmatched.part {
            Part::Hypothesis => (None, None, Vec::new()),
            Part::Outcome => (Some("outcome.json".to_owned()), None, Vec::new()),
            Part::Check(id) => (None, None, check_row(id)),
            Part::Table(table) => (Some(table.clone()), None, Vec::new()),
            Part::Column { table, column } => {
                (Some(table.clone()), Some(column.clone()), Vec::new())
            }
            Part::Row { table, row } => (Some(table.clone()), None, row.clone()),
        };
        Self {
            table,
            row,
            column,
            ..Self::new(kind, &unmatched.hypothesis)
        }
    }
}

fn check_row(id: &str) -> Vec<(String, String)> {
    vec![("check".to_owned(), id.to_owned())]
}
