//! A table with the way its columns are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::number;
use super::table::Table;
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
        let value = self.table.value(column, row);
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
