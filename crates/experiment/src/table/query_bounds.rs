//! How large a query may be, and what it may come to: what the parser, the engine and the analysis have to walk and to make
//! is bounded before they do.

use std::time::Duration;

/// Most words and signs of one query. Real ones have hundreds; deep trees end on the stack of whoever walks them.
pub(super) const MAX_TOKENS: usize = 5_000;

/// Deepest nesting of expressions that the engine's own recursion is trusted with.
pub(super) const MAX_DEPTH: usize = 100;

/// Most parts of a query that are nested, named by WITH, united or joined: the engine's time grows with their square.
pub(super) const MAX_PARTS: usize = 64;

/// Most common table expressions of a query: each that reads the one before twice doubles the engine's work.
pub(super) const MAX_NAMED: usize = 12;

/// Most rows that a join may come to, which is a gigabyte of a dozen columns.
pub(super) const MOST_JOINED_ROWS: f64 = 1e7;

/// Most bytes of text that one column may come to.
pub(super) const MOST_TEXT_BYTES: f64 = 256e6;

/// The last resort, for what these bounds do not foresee. The longest real query takes 5 s on an idle machine.
pub(super) const LONGEST_QUERY: Duration = Duration::from_mins(10);
