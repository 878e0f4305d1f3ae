//! What stops a sweep.

use polars::prelude::PolarsError;
use settings::SetupProblem;

use super::cell_problem::CellProblem;
use super::setting_source::WrongSetting;

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
    #[error("run `{run}`, {cell}: {wrong}")]
    Setting {
        run: String,
        cell: String,
        wrong: WrongSetting,
    },
    #[error("run `{run}`: {source}")]
    Frame { run: String, source: PolarsError },
}
