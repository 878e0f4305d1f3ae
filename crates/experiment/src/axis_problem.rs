//! What is wrong with an axis.

/// What to do about a run of too many cells.
pub(crate) const RAISE_MAX_CELLS: &str = "raise `max_cells` in the file or pass --max-cells";

/// What is wrong with an axis.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum AxisProblem {
    #[error("the axis has no values")]
    Empty,
    #[error(
        "a range is [from, to] or [from, to, step] with numbers, a step that is not 0 and leads from the first to the last"
    )]
    BadRange,
    #[error("the range has more than {limit} values")]
    TooLong { limit: u64 },
    #[error("no measured benchmark is of that kind")]
    NothingMeasured,
    #[error("a run goes over the ground truth once: this is its second such axis")]
    TwoMeasuredAxes,
    #[error("there is no {key} `{word}` in the ground truth (known: {known})")]
    UnknownFilter {
        key: &'static str,
        word: String,
        known: String,
    },
    #[error(
        "experiment `{experiment}` does not say its `{what}`: add it to its exp-config.yaml{}", if *what == "gpu" { ", or a `gpu` to the setup of the hypothesis" } else { "" }
    )]
    NotStated {
        experiment: String,
        what: &'static str,
    },
    #[error("{0}")]
    Measured(String),
    #[error("with its values the run has {product} cells, over the limit of {limit}")]
    TooManyCells { product: String, limit: u64 },
    #[error("{0}")]
    Query(String),
    #[error("its SQL returns no row, and an axis has at least one value")]
    NoRows,
    #[error("row {row} of its SQL is NULL, and no value of an axis can be missing")]
    NullValue { row: usize },
    #[error("case `{case}` lacks the field `{field}` that the first case has")]
    CaseLacksField { case: String, field: String },
    #[error("case `{case}` has the field `{field}` that the first case lacks")]
    CaseAddsField { case: String, field: String },
    #[error(
        "the values of `{field}` are of different kinds: a column holds numbers, words or lists, not a mixture"
    )]
    MixedKinds { field: String },
}

impl AxisProblem {
    /// The ground truth cannot be read.
    pub(crate) fn measured(error: &ground_truth::LoadError) -> Self {
        Self::Measured(error.to_string())
    }
}
