//! The columns of a table.

use std::fmt::Display;

use diagnostic::Reporter;
use serde_yaml::Spanned;
use table_file::ColumnKind;

/// Names and kinds of a table's columns, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout(pub(crate) Vec<(String, ColumnKind)>);

impl Layout {
    /// What a column holds, where there is one of that name.
    pub(crate) fn get(&self, column: &str) -> Option<ColumnKind> {
        let found = self.0.iter().find(|(name, _)| name == column);
        found.map(|(_, kind)| *kind)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The same as [`Self::get`], where a column that is not there is a problem; `table` is what messages call the table.
    pub(crate) fn require(
        &self,
        reporter: &mut Reporter<'_>,
        column: &Spanned<String>,
        table: impl Display,
    ) -> Option<ColumnKind> {
        let kind = self.get(&column.value);
        if kind.is_none() {
            let message = format!("{table} has no column `{}`", column.value);
            reporter.unknown(column, message, "its columns", self.names());
        }
        kind
    }

    /// The names as help with a query that returns others than it should.
    pub(crate) fn returned(&self) -> String {
        format!(
            "it returns: {}",
            self.names().collect::<Vec<_>>().join(", ")
        )
    }
}
