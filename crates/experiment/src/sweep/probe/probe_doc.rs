//! What each probe computes.

use super::column::{ColumnDoc, ProbeColumn};
use super::gemm::GEMM_COLUMNS;
use super::mfu::MFU_COLUMNS;
use super::serve::SERVE_COLUMNS;
use super::step::STEP_COLUMNS;
use super::trace::TRACE_COLUMNS;

/// Name, purpose and columns of a probe.
pub struct ProbeDoc {
    /// The key in a hypothesis file.
    pub name: &'static str,
    /// What one cell computes.
    pub purpose: &'static str,
    /// Its columns, in the order of `SELECT *`.
    pub columns: Vec<ColumnDoc>,
}

/// Every probe with its columns, for documentation.
#[must_use]
pub fn probe_docs() -> Vec<ProbeDoc> {
    vec![
        ProbeDoc {
            name: "step",
            purpose: "the time of one batch, with its parts",
            columns: STEP_COLUMNS.iter().map(ProbeColumn::doc).collect(),
        },
        ProbeDoc {
            name: "mfu",
            purpose: "one look-up in an MFU table",
            columns: MFU_COLUMNS.iter().map(ProbeColumn::doc).collect(),
        },
        ProbeDoc {
            name: "gemm",
            purpose: "the GEMM time of one projection, or of the seven of every layer",
            columns: GEMM_COLUMNS.iter().map(ProbeColumn::doc).collect(),
        },
        ProbeDoc {
            name: "serve",
            purpose: "a measured benchmark, simulated and compared; the axis over the ground truth adds the columns benchmark, model, tensor_parallel and gpu",
            columns: SERVE_COLUMNS.iter().map(ProbeColumn::doc).collect(),
        },
        ProbeDoc {
            name: "trace",
            purpose: "every step of a trace beside what formulas and the model say of it; the trace adds the columns experiment, model and tensor_parallel, the latter two where it maps them",
            columns: TRACE_COLUMNS.iter().map(ProbeColumn::doc).collect(),
        },
    ]
}
