//! What is wrong with one cell of a sweep.

use roofline::{InvalidRequest, Projection};

use super::projection_source::ALL_PROJECTIONS;

/// What is wrong with one cell of a sweep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CellProblem {
    #[error("a count or length must be a whole number from 0 to 4294967295")]
    NotACount,
    #[error("axis `{axis}` has {value}, and a whole number from 0 to 4294967295 is needed here")]
    NotWhole { axis: String, value: String },
    #[error("the lists of one entry have {first} and {second} values: they must be of one length")]
    UnequalLists { first: usize, second: usize },
    #[error("a generated length is beyond 4294967295")]
    LengthOverflow,
    #[error("an entry makes {requests} requests one by one, over the limit of {MAX_REQUESTS}")]
    TooManyRequests { requests: u32 },
    #[error("the batch has no requests")]
    EmptyBatch,
    #[error(
        "`{0}` is no projection (projections: {ALL_PROJECTIONS}, {names})",
        names = Projection::NAMES.join(", ")
    )]
    Projection(String),
    #[error("{0}")]
    Setup(String),
    #[error("{0}")]
    Simulation(String),
    #[error(transparent)]
    Request(#[from] InvalidRequest),
    #[error("row {row} of the trace: {problem}")]
    Step { row: usize, problem: InvalidRequest },
}

/// Most requests of an entry that are made one by one. Decode requests of one length are not.
pub(super) const MAX_REQUESTS: u32 = 65_536;
