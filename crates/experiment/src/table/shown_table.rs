//! A table with the way its columns are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::number;
use super::table::Table;
use super::{Value, Values};
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
    /// The different fractions of each column in their order.
    fractions: BTreeMap<String, Vec<f64>>,
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
        let columns = table.columns().iter();
        let fractions = columns
            .filter(|column| !digits.contains_key(&column.name))
            .filter_map(|column| Some((column.name.clone(), fractions(&column.values)?)))
            .collect();
        Self {
            table: Arc::new(table),
            digits,
            suffix,
            figures,
            fractions,
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
        let text = number::show_apart(value, digits, self.nearest(column, value));
        match suffix {
            Some(suffix) if !text.is_empty() => format!("{text}{suffix}"),
            Some(_) | None => text,
        }
    }
    /// The fractions of a column next to one of its values: where these are told from it, all are.
    fn nearest(&self, column: &str, value: Value<'_>) -> &[f64] {
        let (Some(all), Value::Float(number)) = (self.fractions.get(column), value) else {
            return &[];
        };
        let place = all.partition_point(|one| *one < number);
        &all[place.saturating_sub(1)..all.len().min(place + 2)]
    }
}

fn fractions(values: &Values) -> Option<Vec<f64>> {
    let Values::Float(values) = values else {
        return None;
    };
    let mut all: Vec<f64> = values.iter().flatten().copied().collect();
    all.sort_unstable_by(f64::total_cmp);
    all.dedup();
    Some(all)
}
