//! What stops a sweep.

use polars::prelude::PolarsError;

use super::cell_problem::CellProblem;
use crate::format::{Scalar, Setting, WrongValue};
use crate::project::SetupProblem;

/// What stops a sweep.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SweepProblem {
    #[error("run `{run}`, {cell}: {problem}")]
    Cell {
        run: String,
        cell: String,
        problem: CellProblem,
    },
    #[error("run `{run}`, {cell}: {problem}")]
    Setup {
        run: String,
        cell: String,
        problem: Box<SetupProblem>,
    },
    #[error("run `{run}`, {cell}: `{}` cannot be `{value}`: it takes {}", setting.path(), wrong.0)]
    Setting {
        run: String,
        cell: String,
        setting: Setting,
        value: Scalar,
        wrong: WrongValue,
    },
    #[error("run `{run}`: {source}")]
    Frame { run: String, source: PolarsError },
}
