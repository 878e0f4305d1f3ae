//! A table with the way its columns are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::column_words::ColumnWords;
use super::number;
use super::table::Table;
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
}

impl ShownTable {
    /// A table of a file, whose tables share the formats of columns `shared`.
    pub(crate) fn new(table: Table, spec: &TableSpec, shared: &OrderedMap<ColumnFormat>) -> Self {
        let columns = table.columns().iter().map(|column| {
            let is_number = column.values.kind().is_number();
            let words = ColumnWords::of(&column.name, is_number, &spec.columns, shared);
            (column.name.clone(), words)
        });
        let columns = columns.collect();
        let figures = spec
            .figures
            .iter()
            .map(|figure| (figure.digits, figure.suffix.clone()))
            .collect();
        Self {
            table: Arc::new(table),
            columns,
            figures,
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
        let text = number::show(value, digits);
        match suffix {
            Some(suffix) if !text.is_empty() => format!("{text}{suffix}"),
            Some(_) | None => text,
        }
    }
}
