//! Columns whose names others rely on.

use super::ColumnKind;

/// Name, kind, unit and meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ColumnDoc {
    /// The name in SQL and in files.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: ColumnKind,
    /// Its unit, empty for counts and words; of the records of an export, those that have it.
    pub(crate) note: &'static str,
    /// What it means.
    pub(crate) meaning: &'static str,
}

/// A column with its documentation and with `value`, which finds its cell.
#[derive(Clone, Copy)]
pub(crate) struct DocumentedColumn<F> {
    pub(crate) doc: ColumnDoc,
    pub(crate) value: F,
}

/// Columns as a table: name, kind, note, cell; meaning.
macro_rules! columns {
    ($($name:expr, $kind:ident, $note:expr, |$cell:ident| $value:expr, $meaning:expr;)*) => {
        [$($crate::table::DocumentedColumn {
            doc: $crate::table::ColumnDoc {
                name: $name,
                kind: $crate::table::ColumnKind::$kind,
                note: $note,
                meaning: $meaning,
            },
            value: |$cell| $crate::table::Value::from($value),
        }),*]
    };
}

pub(crate) use columns;
