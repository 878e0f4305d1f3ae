//! Columns of a table: a name, and values of one kind.

use crate::column_kind::ColumnKind;
use crate::value::Value;

/// A column with its values, or with those of some consecutive rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name, unique in its table.
    pub name: String,
    /// The values in order of the rows.
    pub values: Values,
}

/// Values of one kind; `None` where there is none.
#[derive(Clone, Debug, PartialEq)]
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

/// Does the same with the values, whatever their kind.
macro_rules! of_any_kind {
    ($values:expr, $each:ident => $done:expr) => {
        match $values {
            Values::Int($each) => $done,
            Values::Float($each) => $done,
            Values::Text($each) => $done,
            Values::Bool($each) => $done,
        }
    };
}

impl Values {
    /// No values of a kind yet.
    #[must_use]
    pub fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Int => Self::Int(Vec::new()),
            ColumnKind::Float => Self::Float(Vec::new()),
            ColumnKind::Text => Self::Text(Vec::new()),
            ColumnKind::Bool => Self::Bool(Vec::new()),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        of_any_kind!(self, values => values.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they are.
    #[must_use]
    pub fn kind(&self) -> ColumnKind {
        match self {
            Self::Int(_) => ColumnKind::Int,
            Self::Float(_) => ColumnKind::Float,
            Self::Text(_) => ColumnKind::Text,
            Self::Bool(_) => ColumnKind::Bool,
        }
    }

    /// The value of a row; NULL beyond the last.
    #[must_use]
    pub fn at(&self, row: usize) -> Value<'_> {
        match self {
            Self::Int(values) => values.get(row).copied().flatten().into(),
            Self::Float(values) => values.get(row).copied().flatten().into(),
            Self::Text(values) => values.get(row).and_then(Option::as_deref).into(),
            Self::Bool(values) => values.get(row).copied().flatten().into(),
        }
    }

    /// Adds a value; one of another kind is none.
    pub fn push(&mut self, value: Value<'_>) {
        match self {
            Self::Int(values) => values.push(value.as_i64()),
            Self::Float(values) => values.push(value.as_float()),
            Self::Text(values) => values.push(value.as_text().map(str::to_owned)),
            Self::Bool(values) => values.push(value.as_bool()),
        }
    }

    /// Drops the values.
    pub fn clear(&mut self) {
        of_any_kind!(self, values => values.clear());
    }

    /// The first row whose number is infinite or none at all.
    pub(crate) fn first_not_finite(&self) -> Option<usize> {
        match self {
            Self::Float(values) => values
                .iter()
                .position(|cell| cell.is_some_and(|number| !number.is_finite())),
            // Only these can be infinite.
            _ => None,
        }
    }
}
