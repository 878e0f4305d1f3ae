//! A table with the way its columns are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::column_words::ColumnWords;
use super::number;
use super::table::Table;
use super::{Value, Values};
use crate::format::{ColumnFormat, OrderedMap, TableSpec, VALUE_COLUMN};

/// A table with the way its columns are shown.
#[derive(Debug)]
pub(crate) struct ShownTable {
    /// Templates may still hold it when the outcome gets it.
    pub(crate) table: Arc<Table>,
    /// How each column is shown.
    columns: BTreeMap<String, ColumnWords>,
    /// Digits and suffix of each row of a table of figures.
    pub(crate) figures: Vec<(Option<u8>, Option<String>)>,
    /// The different fractions of each column in their order.
    fractions: BTreeMap<String, Vec<f64>>,
}

impl ShownTable {
    /// A table of a file, whose tables share the formats of columns `shared`.
    pub(crate) fn new(table: Table, spec: &TableSpec, shared: &OrderedMap<ColumnFormat>) -> Self {
        let columns = table.columns().iter().map(|column| {
            let is_number = column.values.kind().is_number();
            let words = ColumnWords::of(&column.name, is_number, &spec.columns, shared);
            (column.name.clone(), words)
        });
        let columns: BTreeMap<String, ColumnWords> = columns.collect();
        let figures = spec
            .figures
            .iter()
            .map(|figure| (figure.digits, figure.suffix.clone()))
            .collect();
        let has_digits = |name: &String| {
            columns
                .get(name)
                .is_some_and(|words| words.digits.is_some())
        };
        let fractions = table
            .columns()
            .iter()
            .filter(|column| !has_digits(&column.name))
            .filter_map(|column| Some((column.name.clone(), fractions(&column.values)?)))
            .collect();
        Self {
            table: Arc::new(table),
            columns,
            figures,
            fractions,
        }
    }

    /// The words of a column over a table.
    pub(crate) fn heading<'n>(&'n self, column: &'n str) -> &'n str {
        let words = self.columns.get(column);
        words.map_or(column, |words| &words.heading)
    }

    /// The words of a column along an axis.
    pub(crate) fn axis<'n>(&'n self, column: &'n str) -> &'n str {
        let words = self.columns.get(column);
        words.map_or(column, |words| &words.axis)
    }

    /// Digits behind the point that a column is shown with.
    pub(crate) fn digits(&self, column: &str) -> Option<u8> {
        self.columns.get(column)?.digits
    }

    /// The value of a row as the findings show it.
    pub(crate) fn show(&self, column: &str, row: usize) -> String {
        let value = self.table.value(column, row);
        let figure = self.figures.get(row).filter(|_| column == VALUE_COLUMN);
        let of_column = self.columns.get(column);
        let (digits, suffix) = match figure {
            Some((digits, suffix)) => (*digits, suffix.as_ref()),
            None => (
                of_column.and_then(|words| words.digits),
                of_column.and_then(|words| words.suffix.as_ref()),
            ),
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
