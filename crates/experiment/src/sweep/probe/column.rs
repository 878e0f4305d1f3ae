//! Columns of a run: their documentation and how a cell fills them.

use roofline::Found;

use crate::table::ColumnKind;

/// One value of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum CellValue<'c> {
    Int(i64),
    Float(f64),
    Text(&'c str),
    Bool(bool),
    Found(Found),
    /// There is no such thing in this cell: the decode MFU of a batch without decodes.
    Null,
}

impl CellValue<'_> {
    /// The whole number, if it is one.
    pub(crate) fn as_int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            Self::Float(_) | Self::Text(_) | Self::Bool(_) | Self::Found(_) | Self::Null => None,
        }
    }

    /// The number with a fraction, if it is one.
    pub(crate) fn as_float(self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(number),
            Self::Int(_) | Self::Text(_) | Self::Bool(_) | Self::Found(_) | Self::Null => None,
        }
    }
}

impl From<Option<f64>> for CellValue<'_> {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Float)
    }
}

impl From<Option<u32>> for CellValue<'_> {
    fn from(value: Option<u32>) -> Self {
        value.map_or(Self::Null, |number| Self::Int(i64::from(number)))
    }
}

impl From<Option<u64>> for CellValue<'_> {
    /// Counts beyond 2^63 do not occur.
    fn from(value: Option<u64>) -> Self {
        value
            .and_then(|number| i64::try_from(number).ok())
            .map_or(Self::Null, Self::Int)
    }
}

/// A column of a probe whose cells are of type `C`.
pub(crate) struct ProbeColumn<C> {
    pub(crate) name: &'static str,
    pub(crate) kind: ColumnKind,
    pub(crate) unit: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) value: for<'c> fn(&'c C) -> CellValue<'c>,
}

/// Name, kind, unit and meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDoc {
    /// The name in SQL and in result files.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Its unit, empty for counts and words.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl<C> Clone for ProbeColumn<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for ProbeColumn<C> {}

impl<C> ProbeColumn<C> {
    pub(crate) fn doc(&self) -> ColumnDoc {
        ColumnDoc {
            name: self.name,
            kind: self.kind,
            unit: self.unit,
            meaning: self.meaning,
        }
    }
}
