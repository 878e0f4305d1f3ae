//! The columns of a table.

use super::column_kind::ColumnKind;

/// Names and kinds of a table's columns.
pub(crate) type Layout = Vec<(String, ColumnKind)>;
