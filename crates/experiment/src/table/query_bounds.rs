//! How large a query may be: what the parser, the engine and the analysis have to walk is bounded before they do.

/// Most words and signs of one query. Real ones have hundreds; deep trees end on the stack of whoever walks them.
pub(super) const MAX_TOKENS: usize = 5_000;

/// Deepest nesting of expressions that the engine's own recursion is trusted with.
pub(super) const MAX_DEPTH: usize = 100;

/// Most parts of a query that are nested, named by WITH, united or joined: the engine's time grows with their square.
pub(super) const MAX_PARTS: usize = 64;

/// Most common table expressions of a query: each that reads the one before twice doubles the engine's work.
pub(super) const MAX_NAMED: usize = 12;
