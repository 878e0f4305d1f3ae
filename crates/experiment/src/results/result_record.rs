//! Results as records of one form, whatever the columns of their tables.

use table_file::{Cells, Column};

use super::outcome::Outcome;
use crate::decide::{CheckOutcome, ComparedValue};
use crate::format::Verdict;
use crate::table::{ColumnKind, Value, Values, parse_number};

/// What a record is about.
#[derive(Debug, Clone, Copy, Default)]
enum About {
    #[default]
    Verdict,
    Check,
    Value,
}

impl About {
    fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Check => "check",
            Self::Value => "value",
        }
    }
}

/// One verdict, one check, or one value of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record<'o> {
    hypothesis: &'o str,
    verdict: &'static str,
    about: About,
    table: Option<&'o str>,
    row: Option<i64>,
    column: Option<&'o str>,
    check: Option<&'o str>,
    role: Option<&'static str>,
    claim: Option<&'o str>,
    holds: Option<bool>,
    kind: Option<ColumnKind>,
    number: Option<f64>,
    integer: Option<i64>,
    text: Option<&'o str>,
    truth: Option<bool>,
    interval_low: Option<f64>,
    interval_high: Option<f64>,
    interval_level: Option<f64>,
    published: Option<&'o str>,
    published_number: Option<f64>,
    published_key: Option<String>,
    reproduced: Option<bool>,
    why: Option<&'o str>,
}

/// A column of the records: its documentation, and where a record has its cell.
pub(crate) struct RecordColumn {
    pub(crate) name: &'static str,
    /// Which records have it.
    pub(crate) records: &'static str,
    pub(crate) meaning: &'static str,
    cell: RecordCell,
}

#[derive(Clone, Copy)]
enum RecordCell {
    Int(IntCell),
    Float(FloatCell),
    Text(TextCell),
    Bool(BoolCell),
}

type IntCell = fn(&Record<'_>) -> Option<i64>;

type FloatCell = fn(&Record<'_>) -> Option<f64>;

type TextCell = for<'r> fn(&'r Record<'_>) -> Option<&'r str>;

type BoolCell = fn(&Record<'_>) -> Option<bool>;

/// A column with the cells of some records.
pub(crate) struct FilledColumn {
    name: &'static str,
    cells: FilledCells,
}

enum FilledCells {
    Int(IntCell, Vec<Option<i64>>),
    Float(FloatCell, Vec<Option<f64>>),
    Text(TextCell, Vec<Option<String>>),
    Bool(BoolCell, Vec<Option<bool>>),
}

/// The columns, in order. Their names are what scripts of others rely on.
pub(crate) const RECORD_COLUMNS: &[RecordColumn] = &[
    RecordColumn {
        name: "hypothesis",
        records: "all",
        meaning: "the id of the hypothesis, as in H29",
        cell: RecordCell::Text(|record| Some(record.hypothesis)),
    },
    RecordColumn {
        name: "verdict",
        records: "all",
        meaning: "what the hypothesis comes to: confirmed, partially-confirmed, refuted or inconclusive",
        cell: RecordCell::Text(|record| Some(record.verdict)),
    },
    RecordColumn {
        name: "record",
        records: "all",
        meaning: "what the row is about: verdict, check or value",
        cell: RecordCell::Text(|record| Some(record.about.name())),
    },
    RecordColumn {
        name: "table_name",
        records: "value",
        meaning: "the table of the hypothesis",
        cell: RecordCell::Text(|record| record.table),
    },
    RecordColumn {
        name: "row_index",
        records: "value",
        meaning: "the row of the table, from 0; none for a published value whose row ours lacks",
        cell: RecordCell::Int(|record| record.row),
    },
    RecordColumn {
        name: "column_name",
        records: "value",
        meaning: "the column of the table",
        cell: RecordCell::Text(|record| record.column),
    },
    RecordColumn {
        name: "check_id",
        records: "check",
        meaning: "the id of the check",
        cell: RecordCell::Text(|record| record.check),
    },
    RecordColumn {
        name: "role",
        records: "check",
        meaning: "what the check does to the verdict: precondition, refutation, acceptance, primary or control",
        cell: RecordCell::Text(|record| record.role),
    },
    RecordColumn {
        name: "claim",
        records: "verdict, check",
        meaning: "the title of the hypothesis; what the check claims",
        cell: RecordCell::Text(|record| record.claim),
    },
    RecordColumn {
        name: "holds",
        records: "check",
        meaning: "whether the claim holds; none where data is missing to say it of",
        cell: RecordCell::Bool(|record| record.holds),
    },
    RecordColumn {
        name: "value_kind",
        records: "all",
        meaning: "what the value is: integer, number, text or true/false; of a table, the type of the column, even where the value is missing",
        cell: RecordCell::Text(|record| record.kind.map(ColumnKind::name)),
    },
    RecordColumn {
        name: "value_number",
        records: "check, value",
        meaning: "the value where it is an integer or a number",
        cell: RecordCell::Float(|record| record.number),
    },
    RecordColumn {
        name: "value_integer",
        records: "check, value",
        meaning: "the same to every digit where it is an integer",
        cell: RecordCell::Int(|record| record.integer),
    },
    RecordColumn {
        name: "value_text",
        records: "all",
        meaning: "the verdict; what the check observed, as the findings show it; the value where it is text",
        cell: RecordCell::Text(|record| record.text),
    },
    RecordColumn {
        name: "value_bool",
        records: "value",
        meaning: "the value where it is true or false",
        cell: RecordCell::Bool(|record| record.truth),
    },
    RecordColumn {
        name: "interval_low",
        records: "check",
        meaning: "the lower end of the bootstrap interval, where the check asks for one: BCa, or by percentiles where that is not defined",
        cell: RecordCell::Float(|record| record.interval_low),
    },
    RecordColumn {
        name: "interval_high",
        records: "check",
        meaning: "its upper end",
        cell: RecordCell::Float(|record| record.interval_high),
    },
    RecordColumn {
        name: "interval_level",
        records: "check",
        meaning: "its level, as in 0.95",
        cell: RecordCell::Float(|record| record.interval_level),
    },
    RecordColumn {
        name: "published",
        records: "verdict, value",
        meaning: "what was published in its place, as it was printed; none where nothing was",
        cell: RecordCell::Text(|record| record.published),
    },
    RecordColumn {
        name: "published_number",
        records: "value",
        meaning: "the same where it is a number",
        cell: RecordCell::Float(|record| record.published_number),
    },
    RecordColumn {
        name: "published_key",
        records: "value",
        meaning: "by what the published row is found, as a JSON object of columns and words",
        cell: RecordCell::Text(|record| record.published_key.as_deref()),
    },
    RecordColumn {
        name: "reproduced",
        records: "verdict, value",
        meaning: "whether ours agrees with what was published; none where nothing was, or where a verdict waits for data",
        cell: RecordCell::Bool(|record| record.reproduced),
    },
    RecordColumn {
        name: "why",
        records: "verdict, value",
        meaning: "why ours differs from what was published, where that is known",
        cell: RecordCell::Text(|record| record.why),
    },
];

impl<'o> Record<'o> {
    /// A record of which no more is known than the hypothesis.
    fn of(outcome: &'o Outcome, about: About) -> Self {
        Self {
            hypothesis: &outcome.id,
            verdict: outcome.verdict.key(),
            about,
            ..Self::default()
        }
    }

    /// The verdict.
    pub(crate) fn of_verdict(outcome: &'o Outcome) -> Self {
        let published = outcome.published_verdict;
        let compared = published.filter(|_| outcome.is_decided());
        let reproduced = compared.map(|published| published == outcome.verdict);
        Self {
            claim: Some(&outcome.title),
            kind: Some(ColumnKind::Text),
            text: Some(outcome.verdict.key()),
            published: published.map(Verdict::key),
            reproduced,
            why: outcome
                .verdict_differs
                .as_deref()
                .filter(|_| reproduced == Some(false)),
            ..Self::of(outcome, About::Verdict)
        }
    }

    /// A check.
    pub(crate) fn of_check(outcome: &'o Outcome, check: &'o CheckOutcome) -> Self {
        let value = check.value.as_ref();
        let integer = value.and_then(serde_json::Number::as_i64);
        let interval = check.interval.as_ref();
        let bounds = interval
            .and_then(|interval| interval.values.as_ref())
            .map(|values| values.bca.unwrap_or(values.percentile));
        Self {
            check: Some(&check.id),
            role: Some(check.role.name()),
            claim: Some(&check.claim),
            holds: check.holds,
            kind: Some(match (value, integer) {
                (None, _) => ColumnKind::Text,
                (Some(_), Some(_)) => ColumnKind::Int,
                (Some(_), None) => ColumnKind::Float,
            }),
            number: value.and_then(serde_json::Number::as_f64),
            integer,
            text: Some(&check.observed),
            interval_low: bounds.map(|bounds| bounds.low),
            interval_high: bounds.map(|bounds| bounds.high),
            interval_level: bounds.and(interval).map(|interval| interval.level),
            ..Self::of(outcome, About::Check)
        }
    }

    /// A value of a table.
    pub(crate) fn of_value(
        outcome: &'o Outcome,
        table: &'o str,
        row: usize,
        column: (&'o str, &'o Values),
        published: Option<&'o ComparedValue>,
    ) -> Self {
        let (name, values) = column;
        let value = values.at(row);
        let empty = Self {
            table: Some(table),
            row: i64::try_from(row).ok(),
            column: Some(name),
            kind: Some(values.kind()),
            number: value.as_f64(),
            ..Self::of(outcome, About::Value)
        };
        let filled = match value {
            Value::Null | Value::Float(_) => empty,
            Value::Int(integer) => Self {
                integer: Some(integer),
                ..empty
            },
            Value::Text(text) => Self {
                text: Some(text),
                ..empty
            },
            Value::Bool(truth) => Self {
                truth: Some(truth),
                ..empty
            },
        };
        match published {
            Some(published) => filled.beside(published),
            None => filled,
        }
    }

    /// A published value of a row that our table does not have.
    pub(crate) fn of_missing(
        outcome: &'o Outcome,
        published: &'o ComparedValue,
        kind: Option<ColumnKind>,
    ) -> Self {
        Self {
            table: Some(&published.value.table),
            column: Some(&published.value.column),
            kind,
            ..Self::of(outcome, About::Value)
        }
        .beside(published)
    }

    fn beside(self, published: &'o ComparedValue) -> Self {
        let value = &published.value;
        let why = value.why.as_deref();
        Self {
            published: Some(&value.published),
            published_number: parse_number(&value.published),
            published_key: Some(json_object(&value.row)),
            reproduced: Some(published.is_reproduced),
            // Of a column that differs some values may agree by chance.
            why: why.filter(|_| !published.is_reproduced),
            ..self
        }
    }
}

impl RecordColumn {
    /// What the column holds.
    pub(crate) fn kind(&self) -> ColumnKind {
        match self.cell {
            RecordCell::Int(_) => ColumnKind::Int,
            RecordCell::Float(_) => ColumnKind::Float,
            RecordCell::Text(_) => ColumnKind::Text,
            RecordCell::Bool(_) => ColumnKind::Bool,
        }
    }

    /// The column without records.
    pub(crate) fn empty(&self) -> FilledColumn {
        FilledColumn {
            name: self.name,
            cells: match self.cell {
                RecordCell::Int(cell) => FilledCells::Int(cell, Vec::new()),
                RecordCell::Float(cell) => FilledCells::Float(cell, Vec::new()),
                RecordCell::Text(cell) => FilledCells::Text(cell, Vec::new()),
                RecordCell::Bool(cell) => FilledCells::Bool(cell, Vec::new()),
            },
        }
    }
}

impl FilledColumn {
    /// Adds the cell of a record.
    pub(crate) fn push(&mut self, record: &Record<'_>) {
        match &mut self.cells {
            FilledCells::Int(cell, cells) => cells.push(cell(record)),
            FilledCells::Float(cell, cells) => cells.push(cell(record)),
            FilledCells::Text(cell, cells) => cells.push(cell(record).map(str::to_owned)),
            FilledCells::Bool(cell, cells) => cells.push(cell(record)),
        }
    }

    /// Drops the cells.
    pub(crate) fn clear(&mut self) {
        match &mut self.cells {
            FilledCells::Int(_, cells) => cells.clear(),
            FilledCells::Float(_, cells) => cells.clear(),
            FilledCells::Text(_, cells) => cells.clear(),
            FilledCells::Bool(_, cells) => cells.clear(),
        }
    }

    /// The column as files have it.
    pub(crate) fn file_column(&self) -> Column<'_> {
        Column {
            name: self.name,
            cells: match &self.cells {
                FilledCells::Int(_, cells) => Cells::Int(cells),
                FilledCells::Float(_, cells) => Cells::Float(cells),
                FilledCells::Text(_, cells) => Cells::Text(cells),
                FilledCells::Bool(_, cells) => Cells::Bool(cells),
            },
        }
    }
}

/// Columns and words as a JSON object, in the order of the key.
fn json_object(key: &[(String, String)]) -> String {
    let text = |words: &str| serde_json::Value::from(words).to_string();
    let pairs: Vec<String> = key
        .iter()
        .map(|(column, value)| format!("{}:{}", text(column), text(value)))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = RECORD_COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names.len(), RECORD_COLUMNS.len());
    }

    #[test]
    fn a_key_is_json_in_its_own_order() {
        let key = [("tp", "2"), ("model", "a \"b\"")];
        let key = key.map(|(column, value)| (column.to_owned(), value.to_owned()));
        assert_eq!(json_object(&key), r#"{"tp":"2","model":"a \"b\""}"#);
        assert_eq!(json_object(&[]), "{}");
    }
}
