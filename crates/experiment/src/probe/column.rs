//! Columns of a run: their documentation and how a cell fills them.

use roofline::Found;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// 64-bit whole numbers.
    Int,
    /// 64-bit floating point numbers.
    Float,
    /// Words.
    Text,
    /// True or false.
    Bool,
}

impl ColumnKind {
    /// The name in documentation.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "integer",
            Self::Float => "number",
            Self::Text => "text",
            Self::Bool => "true/false",
        }
    }
}

/// One value of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum CellValue {
    Int(i64),
    Float(f64),
    Text(&'static str),
    Bool(bool),
    Found(Found),
    /// There is no such thing in this cell: the decode MFU of a batch without decodes.
    Null,
}

impl From<Option<f64>> for CellValue {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Float)
    }
}

impl From<Option<u32>> for CellValue {
    fn from(value: Option<u32>) -> Self {
        value.map_or(Self::Null, |number| Self::Int(i64::from(number)))
    }
}

/// A column of a probe whose cells are of type `C`.
pub(crate) struct ProbeColumn<C> {
    pub(crate) name: &'static str,
    pub(crate) kind: ColumnKind,
    pub(crate) unit: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) value: fn(&C) -> CellValue,
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
