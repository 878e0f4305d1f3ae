//! Columns of a run while they are filled, cell by cell and part by part.

use std::collections::BTreeMap;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, IntoColumn, NamedFrom, PolarsError, Series,
};

use crate::table::{ColumnKind, Value};

/// One column under construction.
#[derive(Debug)]
pub(super) enum ColumnBuilder {
    Int(Vec<Option<i64>>),
    /// Numbers, and the rows without one, whose number here counts for nothing: most columns have no such gaps.
    Float(Vec<f64>, Vec<usize>),
    Text(WordColumn),
    Bool(Vec<bool>),
}

/// Words by number: a column of a million cells has few distinct ones.
#[derive(Debug, Default)]
pub(crate) struct WordColumn {
    codes: Vec<Option<u32>>,
    words: Vec<String>,
    code_of: BTreeMap<String, u32>,
}

impl WordColumn {
    fn push(&mut self, word: &str) {
        let code = match self.code_of.get(word) {
            Some(code) => *code,
            None => self.add(word),
        };
        self.codes.push(Some(code));
    }

    fn add(&mut self, word: &str) -> u32 {
        let code = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.to_owned());
        self.code_of.insert(word.to_owned(), code);
        code
    }

    fn append(&mut self, other: &Self) {
        let translated: Vec<u32> = other
            .words
            .iter()
            .map(|word| {
                self.code_of
                    .get(word)
                    .copied()
                    .unwrap_or_else(|| self.add(word))
            })
            .collect();
        self.codes.extend(
            other
                .codes
                .iter()
                .map(|code| code.map(|code| translated[code as usize])),
        );
    }
}

impl ColumnBuilder {
    pub(crate) fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Int => Self::Int(Vec::new()),
            ColumnKind::Float => Self::Float(Vec::new(), Vec::new()),
            ColumnKind::Text => Self::Text(WordColumn::default()),
            ColumnKind::Bool => Self::Bool(Vec::new()),
        }
    }

    /// Adds one value; whole numbers are numbers among fractions. A value of another kind than the column's counts as
    /// a gap; the probes' column tests rule that out.
    pub(crate) fn push(&mut self, value: Value<'_>) {
        match self {
            Self::Int(column) => column.push(value.as_i64()),
            Self::Float(column, gaps) => {
                let number = value.as_f64();
                if number.is_none() {
                    gaps.push(column.len());
                }
                column.push(number.unwrap_or(0.0));
            }
            Self::Text(column) => match value.as_text() {
                Some(word) => column.push(word),
                None => column.codes.push(None),
            },
            Self::Bool(column) => column.push(value == Value::Bool(true)),
        }
    }

    /// Puts the values of `other` behind these.
    pub(crate) fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Int(column), Self::Int(more)) => column.extend(more),
            (Self::Float(column, gaps), Self::Float(more, more_gaps)) => {
                gaps.extend(more_gaps.iter().map(|row| column.len() + row));
                column.extend(more);
            }
            (Self::Text(column), Self::Text(more)) => column.append(&more),
            (Self::Bool(column), Self::Bool(more)) => column.extend(more),
            _ => debug_assert!(false, "parts of one column are of one kind"),
        }
    }

    fn into_column(self, name: &str) -> PolarsColumn {
        match self {
            Self::Int(values) => Series::new(name.into(), values),
            Self::Float(values, gaps) if gaps.is_empty() => Series::new(name.into(), values),
            Self::Float(values, gaps) => {
                let mut gapped: Vec<Option<f64>> = values.into_iter().map(Some).collect();
                for row in gaps {
                    gapped[row] = None;
                }
                Series::new(name.into(), gapped)
            }
            Self::Bool(values) => Series::new(name.into(), values),
            Self::Text(column) => {
                let words: Vec<Option<&str>> = column
                    .codes
                    .iter()
                    .map(|code| {
                        code.and_then(|code| column.words.get(code as usize))
                            .map(String::as_str)
                    })
                    .collect();
                Series::new(name.into(), words)
            }
        }
        .into_column()
    }
}

/// Named columns of equal length.
#[derive(Debug, Default)]
pub(super) struct FrameBuilder {
    names: Vec<String>,
    columns: Vec<ColumnBuilder>,
}

impl FrameBuilder {
    pub(crate) fn new(columns: impl IntoIterator<Item = (String, ColumnKind)>) -> Self {
        let (names, columns) = columns
            .into_iter()
            .map(|(name, kind)| (name, ColumnBuilder::new(kind)))
            .unzip();
        Self { names, columns }
    }

    pub(crate) fn columns_mut(&mut self) -> &mut [ColumnBuilder] {
        &mut self.columns
    }

    /// The values of a column of whole numbers.
    pub(crate) fn ints(&self, name: &str) -> &[Option<i64>] {
        let index = self.names.iter().position(|known| known == name);
        match index.and_then(|index| self.columns.get(index)) {
            Some(ColumnBuilder::Int(values)) => values,
            // No such column, or one of anything else.
            _ => &[],
        }
    }

    /// Puts the rows of `other`, which has the same columns, behind these.
    pub(crate) fn append(&mut self, other: Self) {
        for (column, more) in self.columns.iter_mut().zip(other.columns) {
            column.append(more);
        }
    }

    /// The polars frame of these columns, of `rows` rows: a run whose columns nothing reads still counts.
    pub(crate) fn into_frame(self, rows: usize) -> Result<DataFrame, PolarsError> {
        let columns = self
            .names
            .into_iter()
            .zip(self.columns)
            .map(|(name, column)| column.into_column(&name))
            .collect();
        DataFrame::new(rows, columns)
    }
}
