//! Why a query is refused before it runs.

use super::query_bounds::{MAX_DEPTH, MAX_NAMED, MAX_PARTS, MAX_TOKENS};

/// Why a query is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueryProblem {
    #[error("SQL does not parse: {message}")]
    Syntax {
        message: String,
        /// One-based line and column in the SQL, where the parser says so.
        at: Option<(usize, usize)>,
    },
    #[error("SQL must be one SELECT, not {0} statements")]
    NotOne(usize),
    #[error("SQL must be a SELECT: nothing else is run")]
    NotASelect,
    #[error("SQL reads only runs and tables of this file, not the function `{0}`")]
    TableFunction(String),
    #[error("SQL reads only runs and tables of this file, and `{0}` is a qualified name")]
    Qualified(String),
    #[error("SQL has {0} words and signs, over the limit of {MAX_TOKENS}")]
    TooLong(usize),
    #[error("SQL nests expressions more than {MAX_DEPTH} deep: a chain of operators counts each")]
    TooDeep,
    #[error("SQL has more than {MAX_PARTS} parts: each SELECT and each JOIN is one")]
    TooManyParts,
    #[error("SQL names more than {MAX_NAMED} tables by WITH: each may read the one before twice")]
    TooManyNamed,
    #[error(
        "a nested SELECT that groups, unites or takes distinct rows has them in no fixed order: make it a table of its own, with ORDER BY"
    )]
    NestedGroups,
    #[error("LIMIT or OFFSET without ORDER BY takes rows that nothing fixes")]
    LimitWithoutOrder,
    #[error("the SQL function `{0}` is not available: it makes text or rows of any length")]
    Function(String),
    #[error("`{0}` is beyond 9007199254740992, where whole numbers lose digits or overflow")]
    TooLarge(String),
}
