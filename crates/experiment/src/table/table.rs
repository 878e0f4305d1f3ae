//! A finished table: what SQL returned, free of the engine that computed it.

use std::fmt;

use table_file::Cells;

use super::column_kind::ColumnKind;

/// Named columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in SQL.
    pub name: String,
    /// Its values.
    pub values: Values,
}

/// The values of a column; `None` is SQL's NULL.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Numbers, all finite.
    Float(Vec<Option<f64>>),
    /// Words.
    Text(Vec<Option<String>>),
    /// Truth values.
    Bool(Vec<Option<bool>>),
}

/// One value of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'t> {
    /// NULL.
    Null,
    /// A whole number.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// Words.
    Text(&'t str),
    /// A truth value.
    Bool(bool),
}

impl Values {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the column holds.
    #[must_use]
    pub fn kind(&self) -> ColumnKind {
        match self {
            Self::Int(_) => ColumnKind::Int,
            Self::Float(_) => ColumnKind::Float,
            Self::Text(_) => ColumnKind::Text,
            Self::Bool(_) => ColumnKind::Bool,
        }
    }

    /// The values as files have them.
    pub(crate) fn cells(&self) -> Cells<'_> {
        match self {
            Self::Int(values) => Cells::Int(values),
            Self::Float(values) => Cells::Float(values),
            Self::Text(values) => Cells::Text(values),
            Self::Bool(values) => Cells::Bool(values),
        }
    }

    /// The value of a row; NULL beyond the last.
    #[must_use]
    pub fn at(&self, row: usize) -> Value<'_> {
        match self {
            Self::Int(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or(Value::Null, Value::Int),
            Self::Float(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or(Value::Null, Value::Float),
            Self::Text(values) => values
                .get(row)
                .and_then(Option::as_deref)
                .map_or(Value::Null, Value::Text),
            Self::Bool(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or(Value::Null, Value::Bool),
        }
    }
}

impl Value<'_> {
    /// The number, where it is one.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "compared with published digits, far below 2^53"
            )]
            Self::Int(value) => Some(value as f64),
            Self::Float(value) => Some(value),
            Self::Null | Self::Text(_) | Self::Bool(_) => None,
        }
    }
}

impl fmt::Display for Value<'_> {
    /// As result files hold it: numbers by the fewest digits that give the same number back, a number that may
    /// have a fraction always with a point or an exponent, NULL as nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => f.write_str(value),
            Self::Bool(value) => write!(f, "{value}"),
        }
    }
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

    /// The columns as files have them.
    #[must_use]
    pub fn file_columns(&self) -> Vec<table_file::Column<'_>> {
        self.columns
            .iter()
            .map(|column| table_file::Column {
                name: &column.name,
                cells: column.values.cells(),
            })
            .collect()
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
        let text = String::from_utf8(table_bytes(&table.file_columns(), FileFormat::Csv).unwrap())
            .unwrap();
        assert_eq!(
            text,
            "n,x,words,ok\n-3,0.30000000000000004,\"a, \"\"b\"\"\",true\n,8301.0,c,false\n"
        );
    }
}
