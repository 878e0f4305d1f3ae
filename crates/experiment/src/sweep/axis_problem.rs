//! What is wrong with an axis.

use settings::Setting;

use crate::project::UnreadableRuns;

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
    #[error("`{folder}` has no experiment: each is a folder of its own")]
    NoExperiments { folder: String },
    #[error("no benchmark of `{folder}` is what the filters ask for")]
    NothingMeasured { folder: String },
    #[error("a run goes over the ground truth once: this is its second such axis")]
    TwoMeasuredAxes,
    #[error("{}", filter.unknown(word))]
    UnknownFilter {
        filter: Filter,
        word: String,
        known: Vec<String>,
    },
    #[error(
        "experiment `{experiment}` does not say its `{}`: add it to its exp-config.yaml, or to the setup of the {}",
        setting.path(),
        if *setting == Setting::GPU { "hypothesis" } else { "run" }
    )]
    NotStated {
        experiment: String,
        setting: Setting,
    },
    #[error(transparent)]
    Measured(#[from] UnreadableRuns),
    /// The models of the project cannot be listed.
    #[error("{0}")]
    Models(String),
    #[error("with its values the run has {product} cells, over the limit of {limit}")]
    TooManyCells { product: String, limit: u64 },
    #[error(
        "with its values the run has more rows, one for each step of each cell, than the limit of {limit}"
    )]
    TooManyRows { limit: u64 },
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

/// By what an axis chooses among measured runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    Experiment,
    Workload,
    Model,
    TensorParallel,
    SplitPart,
    Strategy,
}

impl Filter {
    /// What is wrong with a value that nothing has.
    fn unknown(self, word: &str) -> String {
        match self {
            Self::Experiment => format!("there is no experiment `{word}`"),
            Self::Workload => format!("none of the experiments has the workload `{word}`"),
            Self::Model => format!("none of the experiments has the model `{word}`"),
            Self::TensorParallel => format!("none of the experiments has `tensor_parallel` {word}"),
            Self::SplitPart => format!("`{word}` is no part of a split"),
            Self::Strategy => format!("`{word}` is no strategy"),
        }
    }

    /// What its values are called.
    pub(crate) fn values(self) -> &'static str {
        match self {
            Self::Experiment => "experiments",
            Self::Workload => "workloads",
            Self::Model => "models",
            Self::TensorParallel => "values of tensor_parallel",
            Self::SplitPart => "parts of splits",
            Self::Strategy => "strategies",
        }
    }
}
