//! A table with the way its columns are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::Value as TeraValue;

use super::number;
use super::table::{Table, Value};
use crate::format::{TableSpec, VALUE_COLUMN};

/// A table with the way its columns are shown.
#[derive(Debug)]
pub(crate) struct ShownTable {
    /// Templates may still hold it when the outcome gets it.
    pub(crate) table: Arc<Table>,
    pub(crate) digits: BTreeMap<String, u8>,
    pub(crate) suffix: BTreeMap<String, String>,
    /// Digits and suffix of each row of a table of figures.
    pub(crate) figures: Vec<(Option<u8>, Option<String>)>,
}

/// A value that outlives its table.
#[derive(Debug, Clone)]
pub(crate) enum OwnedValue {
    Int(i64),
    Float(f64),
    Text(String),
    Bool(bool),
}

impl OwnedValue {
    /// The value, or nothing for NULL.
    pub(crate) fn of(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Int(number) => Some(Self::Int(number)),
            Value::Float(number) => Some(Self::Float(number)),
            Value::Text(text) => Some(Self::Text(text.to_owned())),
            Value::Bool(truth) => Some(Self::Bool(truth)),
        }
    }

    pub(crate) fn borrow(&self) -> Value<'_> {
        match self {
            Self::Int(number) => Value::Int(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bool(truth) => Value::Bool(*truth),
        }
    }

    /// The number to every digit, where it is one.
    pub(crate) fn as_json_number(&self) -> Option<serde_json::Number> {
        match self {
            Self::Int(number) => Some((*number).into()),
            Self::Float(number) => serde_json::Number::from_f64(*number),
            Self::Text(_) | Self::Bool(_) => None,
        }
    }

    pub(crate) fn into_tera(self) -> TeraValue {
        match self {
            Self::Int(number) => TeraValue::from(number),
            Self::Float(number) => TeraValue::from(number),
            Self::Text(text) => TeraValue::from(text),
            Self::Bool(truth) => TeraValue::from(truth),
        }
    }
}

impl ShownTable {
    pub(crate) fn new(table: Table, spec: &TableSpec) -> Self {
        let mut digits = BTreeMap::new();
        let mut suffix = BTreeMap::new();
        for (name, format) in spec.columns.iter() {
            if let Some(count) = &format.digits {
                digits.insert(name.value.clone(), count.value);
            }
            if let Some(text) = &format.suffix {
                suffix.insert(name.value.clone(), text.clone());
            }
        }
        let figures = spec
            .figures
            .iter()
            .map(|figure| (figure.digits, figure.suffix.clone()))
            .collect();
        Self {
            table: Arc::new(table),
            digits,
            suffix,
            figures,
        }
    }

    /// The value of a row as the findings show it.
    pub(crate) fn show(&self, column: &str, row: usize) -> String {
        let value = self
            .table
            .column(column)
            .map_or(Value::Null, |column| column.values.at(row));
        let figure = self.figures.get(row).filter(|_| column == VALUE_COLUMN);
        let (digits, suffix) = match figure {
            Some((digits, suffix)) => (*digits, suffix.as_ref()),
            None => (self.digits.get(column).copied(), self.suffix.get(column)),
        };
        let text = number::show(value, digits);
        match suffix {
            Some(suffix) if !text.is_empty() => format!("{text}{suffix}"),
            Some(_) | None => text,
        }
    }
}
