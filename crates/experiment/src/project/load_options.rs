//! How a hypothesis is to be read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::format::HypothesisSpec;

/// Most cells of a run where neither the file nor the command line says otherwise.
const DEFAULT_MAX_CELLS: u64 = 2_000_000;

/// Most cells of a run, whatever is asked for: more than fit into memory.
const MOST_CELLS: u64 = 50_000_000;

/// How a hypothesis is to be read.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Most cells of a run, over what the file says.
    pub max_cells: Option<u64>,
    /// A folder of measured runs in place of the project's own. What was published was published of the project's: there
    /// is no comparison then.
    pub ground_truth: Option<PathBuf>,
    /// Files of data that hypotheses name, by the name that they have there.
    pub data: BTreeMap<String, PathBuf>,
}

/// Most cells of a run, by the command line, the file or the default, and never more than fit into memory.
pub(crate) fn max_cells(spec: &HypothesisSpec, options: &LoadOptions) -> u64 {
    let stated = spec.max_cells.as_ref().map(|limit| limit.value);
    let wanted = options.max_cells.or(stated);
    wanted.unwrap_or(DEFAULT_MAX_CELLS).min(MOST_CELLS)
}
