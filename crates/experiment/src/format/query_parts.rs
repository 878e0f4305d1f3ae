//! A query that a file states as an expression and the rows that it is of.

use serde_yaml::Spanned;

/// An expression with one value over rows.
#[derive(Debug, Clone)]
pub(crate) struct QueryParts {
    pub(crate) expression: Spanned<String>,
    /// A table or run, with WHERE or joins.
    pub(crate) from: Spanned<String>,
}

impl QueryParts {
    /// The query that returns the value in a column of this name.
    pub(super) fn query(&self, column: &str) -> Spanned<String> {
        let (expression, from) = (&self.expression.value, &self.from.value);
        self.placed(format!("SELECT {expression} AS {column} FROM {from}"))
    }

    /// A query of these parts, at the one that stands first in the file: its words are found from there on.
    pub(super) fn placed(&self, sql: String) -> Spanned<String> {
        let place = |part: &Spanned<String>| (part.referenced.line(), part.referenced.column());
        let first = if place(&self.from) < place(&self.expression) {
            &self.from
        } else {
            &self.expression
        };
        Spanned::new(sql, first.referenced, first.defined)
    }
}
