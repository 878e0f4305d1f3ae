//! One difference as a flat line, for JSON and CSV.

use experiment::{Part, ResultsDiff, Side, Unmatched, ValuePlace};
use serde::Serialize;

use crate::csv_lines::cell;

/// The names of the columns.
pub(super) const NAMES: [&str; 9] = [
    "kind",
    "hypothesis",
    "table",
    "row",
    "column",
    "before",
    "after",
    "change",
    "relative_change",
];

/// A difference of any kind.
#[derive(Debug, Default, Serialize)]
pub(super) struct DiffLine {
    kind: Kind,
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

#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Verdict,
    Check,
    #[default]
    Moved,
    Changed,
    OnlyBefore,
    OnlyAfter,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Check => "check",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::OnlyBefore => "only-before",
            Self::OnlyAfter => "only-after",
        }
    }
}

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
    row.iter()
        .map(|(key, value)| format!("{key} = {value}"))
        .collect::<Vec<_>>()
        .join(", ")
}

impl DiffLine {
    /// All differences, in the order of the table.
    pub(super) fn all(diff: &ResultsDiff) -> Vec<Self> {
        let mut lines = Vec::new();
        lines.extend(diff.verdicts.iter().map(|change| Self {
            kind: Kind::Verdict,
            hypothesis: change.hypothesis.clone(),
            before: Some(change.before.name().to_owned()),
            after: Some(change.after.name().to_owned()),
            ..Self::default()
        }));
        lines.extend(diff.checks.iter().map(|change| Self {
            kind: Kind::Check,
            hypothesis: change.hypothesis.clone(),
            row: check_row(&change.check),
            column: Some("holds".to_owned()),
            before: Some(answer(change.before).to_owned()),
            after: Some(answer(change.after).to_owned()),
            ..Self::default()
        }));
        lines.extend(diff.moved.iter().map(|value| Self {
            before: Some(value.before.clone()),
            after: Some(value.after.clone()),
            change: Some(value.change),
            relative_change: value.relative_change,
            ..Self::at(Kind::Moved, &value.place)
        }));
        lines.extend(diff.changed.iter().map(|value| Self {
            before: Some(value.before.clone()),
            after: Some(value.after.clone()),
            ..Self::at(Kind::Changed, &value.place)
        }));
        lines.extend(diff.unmatched.iter().map(Self::of_unmatched));
        lines
    }

    fn at(kind: Kind, place: &ValuePlace) -> Self {
        Self {
            kind,
            hypothesis: place.hypothesis.clone(),
            table: Some(place.table.clone()),
            row: place.row.clone(),
            column: Some(place.column.clone()),
            ..Self::default()
        }
    }

    fn of_unmatched(unmatched: &Unmatched) -> Self {
        let line = Self {
            kind: match unmatched.side {
                Side::Before => Kind::OnlyBefore,
                Side::After => Kind::OnlyAfter,
            },
            hypothesis: unmatched.hypothesis.clone(),
            ..Self::default()
        };
        match &unmatched.part {
            Part::Hypothesis => line,
            Part::Outcome => Self {
                table: Some("outcome.json".to_owned()),
                ..line
            },
            Part::Check(id) => Self {
                row: check_row(id),
                ..line
            },
            Part::Table(table) => Self {
                table: Some(table.clone()),
                ..line
            },
            Part::Column { table, column } => Self {
                table: Some(table.clone()),
                column: Some(column.clone()),
                ..line
            },
            Part::Row { table, row } => Self {
                table: Some(table.clone()),
                row: row.clone(),
                ..line
            },
        }
    }

    /// The cells of a CSV line.
    pub(super) fn cells(&self) -> [String; NAMES.len()] {
        [
            self.kind.name().to_owned(),
            self.hypothesis.clone(),
            cell(self.table.as_ref()),
            row_words(&self.row),
            cell(self.column.as_ref()),
            cell(self.before.as_ref()),
            cell(self.after.as_ref()),
            cell(self.change),
            cell(self.relative_change),
        ]
    }
}

fn check_row(id: &str) -> Vec<(String, String)> {
    vec![("check".to_owned(), id.to_owned())]
}
