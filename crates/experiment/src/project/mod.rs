//! The files of a project around a hypothesis: where they are, how they are read and written.

mod error;
mod layout;
mod load_options;
mod measured;
mod project;
mod scaffold;
mod sha256_hex;
mod text_file;
mod traces;
mod warning;

pub use error::ExperimentError;
pub use layout::FINDINGS_FILE;
pub(crate) use layout::{
    HYPOTHESIS_FILE, INPUTS_FILE, LOCK_FILE, NARRATIVE_FILE, OUTCOME_FILE, PUBLISHED_VALUES_FILE,
    RESULTS_FOLDER, TEMPLATE_FILE, path_text, picture_file,
};
pub use load_options::LoadOptions;
pub(crate) use load_options::max_cells;
pub use measured::OWN_GROUND_TRUTH;
pub(crate) use measured::{Measured, MeasuredBenchmark, UnreadableRuns};
pub(crate) use project::natural_key;
pub use project::{HypothesisFolder, PassedOver, Project};
pub use scaffold::{Example, create_hypothesis};
pub use sha256_hex::Sha256Hex;
pub(crate) use text_file::read_result_text;
pub(crate) use traces::{NamedBy, TraceData, Traces, read_traces};
pub use warning::{Warning, WarningKind};
