//! A finished table: what SQL returned, free of the engine that computed it.

use table_file::{Column, Value, Values};

/// Named columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
}

impl Table {
    pub(crate) fn new(columns: Vec<Column>, rows: usize) -> Self {
        Self { columns, rows }
    }

    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The value of a row; NULL where there is no such column or row.
    pub(crate) fn value(&self, column: &str, row: usize) -> Value<'_> {
        self.column(column)
            .map_or(Value::Null, |column| column.values.at(row))
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The one-based number of the first row that has the same values as the next in all of `columns`.
    pub(crate) fn first_tie(&self, columns: &[String]) -> Option<usize> {
        let columns: Vec<&Values> = columns
            .iter()
            .filter_map(|name| self.column(name).map(|column| &column.values))
            .collect();
        (1..self.rows).find(|row| {
            columns
                .iter()
                .all(|values| values.at(row - 1) == values.at(*row))
        })
    }
}

#[cfg(test)]
mod tests {
    use table_file::FileFormat;
    use table_file::table_bytes;

    use super::*;

    #[test]
    fn csv_keeps_every_digit_and_quotes_what_needs_it() {
        let table = Table::new(
            vec![
                Column {
                    name: "n".to_owned(),
                    values: Values::Int(vec![Some(-3), None]),
                },
                Column {
                    name: "x".to_owned(),
                    values: Values::Float(vec![Some(0.1 + 0.2), Some(8301.0)]),
                },
                Column {
                    name: "words".to_owned(),
                    values: Values::Text(vec![Some("a, \"b\"".to_owned()), Some("c".to_owned())]),
                },
                Column {
                    name: "ok".to_owned(),
                    values: Values::Bool(vec![Some(true), Some(false)]),
                },
            ],
            2,
        );
        let text =
            String::from_utf8(table_bytes(table.columns(), FileFormat::Csv).unwrap()).unwrap();
        assert_eq!(
            text,
            "n,x,words,ok\n-3,0.30000000000000004,\"a, \"\"b\"\"\",true\n,8301.0,c,false\n"
        );
    }
}
