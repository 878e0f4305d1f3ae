//! Columns of a run.

use crate::table::{DocumentedColumn, Value};

/// A column of a probe whose cells are of type `C`.
pub(crate) type ProbeColumn<C> = DocumentedColumn<for<'c> fn(&'c C) -> Value<'c>>;
