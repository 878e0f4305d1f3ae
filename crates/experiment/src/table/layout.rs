//! The columns of a table.

use table_file::ColumnKind;

/// Names and kinds of a table's columns.
pub(crate) type Layout = Vec<(String, ColumnKind)>;
