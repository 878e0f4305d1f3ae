//! Columns of a run while they are filled, cell by cell and part by part.

use std::collections::BTreeMap;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, IntoColumn, NamedFrom, PolarsError, Series,
};

use super::probe::CellValue;
use crate::table::ColumnKind;

/// One column under construction.
#[derive(Debug)]
pub(super) enum ColumnBuilder {
    Int(Vec<Option<i64>>),
    /// Numbers without gaps: most columns never have any.
    Float(Vec<f64>),
    /// Numbers, once a gap was seen.
    GappedFloat(Vec<Option<f64>>),
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
            ColumnKind::Float => Self::Float(Vec::new()),
            ColumnKind::Text => Self::Text(WordColumn::default()),
            ColumnKind::Bool => Self::Bool(Vec::new()),
        }
    }

    /// Adds one value. A value of another kind than the column's counts as a gap; the probes' column tests rule
    /// that out.
    pub(crate) fn push(&mut self, value: CellValue<'_>) {
        match self {
            Self::Int(column) => column.push(value.as_int()),
            Self::Float(column) => {
                if let Some(number) = value.as_float() {
                    column.push(number);
                } else {
                    let mut gapped: Vec<Option<f64>> = column.iter().copied().map(Some).collect();
                    gapped.push(None);
                    *self = Self::GappedFloat(gapped);
                }
            }
            Self::GappedFloat(column) => column.push(value.as_float()),
            Self::Text(column) => match value {
                CellValue::Text(word) => column.push(word),
                CellValue::Found(found) => column.push(&found.to_string()),
                CellValue::Int(_) | CellValue::Float(_) | CellValue::Bool(_) | CellValue::Null => {
                    column.codes.push(None);
                }
            },
            Self::Bool(column) => column.push(value == CellValue::Bool(true)),
        }
    }

    /// Whether the column holds numbers that may have fractions.
    pub(crate) fn is_float(&self) -> bool {
        matches!(self, Self::Float(_) | Self::GappedFloat(_))
    }

    pub(crate) fn push_word(&mut self, word: &str) {
        if let Self::Text(column) = self {
            column.push(word);
        }
    }

    /// Puts the values of `other` behind these.
    pub(crate) fn append(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Int(column), Self::Int(more)) => column.extend(more),
            (Self::Float(column), Self::Float(more)) => column.extend(more),
            (Self::Float(column), Self::GappedFloat(more)) => {
                *self = Self::GappedFloat(column.iter().copied().map(Some).chain(more).collect());
            }
            (Self::GappedFloat(column), Self::Float(more)) => {
                column.extend(more.into_iter().map(Some));
            }
            (Self::GappedFloat(column), Self::GappedFloat(more)) => column.extend(more),
            (Self::Text(column), Self::Text(more)) => column.append(&more),
            (Self::Bool(column), Self::Bool(more)) => column.extend(more),
            (
                Self::Int(_)
                | Self::Float(_)
                | Self::GappedFloat(_)
                | Self::Text(_)
                | Self::Bool(_),
                Self::Int(_)
                | Self::Float(_)
                | Self::GappedFloat(_)
                | Self::Text(_)
                | Self::Bool(_),
            ) => debug_assert!(false, "parts of one column are of one kind"),
        }
    }

    fn into_column(self, name: &str) -> PolarsColumn {
        match self {
            Self::Int(values) => Series::new(name.into(), values),
            Self::Float(values) => Series::new(name.into(), values),
            Self::GappedFloat(values) => Series::new(name.into(), values),
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
            Some(
                ColumnBuilder::Float(_)
                | ColumnBuilder::GappedFloat(_)
                | ColumnBuilder::Text(_)
                | ColumnBuilder::Bool(_),
            )
            | None => &[],
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
