//! Results as records of one form, whatever the columns of their tables.

use bootstrap::Bounds;

use super::outcome::Outcome;
use crate::decide::{CheckOutcome, Closeness, ComparedValue};
use crate::format::Verdict;
use crate::table::{Column, ColumnKind, DocumentedColumn, Value, columns, parse_number};

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
    value: Value<'o>,
    /// Words beside a value, or in the place of one.
    text: Option<&'o str>,
    /// The bounds of an interval and its level.
    interval: Option<(Bounds, f64)>,
    published: Option<&'o str>,
    published_number: Option<f64>,
    published_key: Option<String>,
    reproduced: Option<bool>,
    equal: Option<bool>,
    tolerance: Option<f64>,
    why: Option<&'o str>,
}

/// A column of the records: its documentation, and where a record has its cell.
pub(crate) type RecordColumn = DocumentedColumn<for<'r> fn(&'r Record<'_>) -> Value<'r>>;

/// The columns, in order. Their names are what scripts of others rely on.
pub(crate) const RECORD_COLUMNS: &[RecordColumn] = &columns! {
    "hypothesis", Text, "all", |record| record.hypothesis,
        "the id of the hypothesis, as in H29";
    "verdict", Text, "all", |record| record.verdict,
        "what the hypothesis comes to: confirmed, partially-confirmed, refuted or inconclusive";
    "record", Text, "all", |record| record.about.name(),
        "what the row is about: verdict, check or value";
    "table_name", Text, "value", |record| record.table,
        "the table of the hypothesis";
    "row_index", Int, "value", |record| record.row,
        "the row of the table, from 0; none for a published value whose row ours lacks";
    "column_name", Text, "value", |record| record.column,
        "the column of the table";
    "check_id", Text, "check", |record| record.check,
        "the id of the check";
    "role", Text, "check", |record| record.role,
        "what the check does to the verdict: precondition, refutation, acceptance, primary or control";
    "claim", Text, "verdict, check", |record| record.claim,
        "the title of the hypothesis; what the check claims";
    "holds", Bool, "check", |record| record.holds,
        "whether the claim holds; none where data is missing to say it of";
    "value_kind", Text, "all", |record| record.kind.map(ColumnKind::name),
        "what the value is: integer, number, text or true/false; of a table, the type of the column, even where the value is missing";
    "value_number", Float, "check, value", |record| record.value.as_f64(),
        "the value where it is an integer or a number";
    "value_integer", Int, "check, value", |record| record.value.as_i64(),
        "the same to every digit where it is an integer";
    "value_text", Text, "all", |record| record.text.or(record.value.as_text()),
        "the verdict; what the check observed, as the findings show it; the value where it is text";
    "value_bool", Bool, "value", |record| record.value.as_bool(),
        "the value where it is true or false";
    "interval_low", Float, "check", |record| record.interval.map(|(bounds, _)| bounds.low),
        "the lower end of the bootstrap interval, where the check asks for one: BCa, or by percentiles where that is not defined";
    "interval_high", Float, "check", |record| record.interval.map(|(bounds, _)| bounds.high),
        "its upper end";
    "interval_level", Float, "check", |record| record.interval.map(|(_, level)| level),
        "its level, as in 0.95";
    "published", Text, "verdict, value", |record| record.published,
        "what was published in its place, as it was printed; none where nothing was";
    "published_number", Float, "value", |record| record.published_number,
        "the same where it is a number";
    "published_key", Text, "value", |record| record.published_key.as_deref(),
        "by what the published row is found, as a JSON object of columns and words";
    "reproduced", Bool, "verdict, value", |record| record.reproduced,
        "whether ours agrees with what was published, to its digits or within a stated tolerance; none where nothing was, or where a verdict waits for data";
    "equal_digits", Bool, "value", |record| record.equal,
        "whether ours is equal to the published digits: within half a unit of the last one; none where nothing was published";
    "tolerance", Float, "value", |record| record.tolerance,
        "the stated tolerance within which ours is, where it is not equal to the digits";
    "why", Text, "verdict, value", |record| record.why,
        "why ours differs from what was published, where that is known";
};

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
        let value = check.value.as_ref().map_or(Value::Null, |number| {
            let integer = number.as_i64().map(Value::Int);
            integer.unwrap_or_else(|| number.as_f64().into())
        });
        let interval = check.interval.as_ref().and_then(|interval| {
            let values = interval.values.as_ref()?;
            Some((values.bca.unwrap_or(values.percentile), interval.level))
        });
        Self {
            check: Some(&check.id),
            role: Some(check.role.name()),
            claim: Some(&check.claim),
            holds: check.holds,
            kind: Some(value.kind().unwrap_or(ColumnKind::Text)),
            value,
            text: Some(&check.observed),
            interval,
            ..Self::of(outcome, About::Check)
        }
    }

    /// A value of a table.
    pub(crate) fn of_value(
        outcome: &'o Outcome,
        table: &'o str,
        row: usize,
        column: &'o Column,
        published: Option<&'o ComparedValue>,
    ) -> Self {
        let record = Self {
            table: Some(table),
            row: i64::try_from(row).ok(),
            column: Some(&column.name),
            kind: Some(column.values.kind()),
            value: column.values.at(row),
            ..Self::of(outcome, About::Value)
        };
        match published {
            Some(published) => record.beside(published),
            None => record,
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
        let is_reproduced = published.closeness.is_reproduced();
        Self {
            published: Some(&value.published),
            published_number: parse_number(&value.published),
            published_key: Some(json_object(&value.row)),
            reproduced: Some(is_reproduced),
            equal: Some(published.closeness == Closeness::Equal),
            tolerance: match published.closeness {
                Closeness::Within(tolerance) => Some(tolerance),
                Closeness::Equal | Closeness::Different | Closeness::NeedsData => None,
            },
            // Of a column that differs some values may agree by chance.
            why: why.filter(|_| !is_reproduced),
            ..self
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
        let names: BTreeSet<&str> = RECORD_COLUMNS
            .iter()
            .map(|column| column.doc.name)
            .collect();
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
