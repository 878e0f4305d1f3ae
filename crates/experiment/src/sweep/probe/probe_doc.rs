//! What each probe computes.

use super::column::ProbeColumn;
use super::gemm::GEMM_COLUMNS;
use super::mfu::MFU_COLUMNS;
use super::serve::SERVE_COLUMNS;
use super::step::STEP_COLUMNS;
use super::trace::TRACE_COLUMNS;
use crate::table::ColumnDoc;

/// Name, purpose and columns of a probe.
pub(crate) struct ProbeDoc {
    /// The key in a hypothesis file.
    pub(crate) name: &'static str,
    /// What one cell computes.
    pub(crate) purpose: &'static str,
    /// Its columns, in the order of `SELECT *`.
    pub(crate) columns: Vec<ColumnDoc>,
}

/// Every probe with its columns, for documentation.
pub(crate) fn probe_docs() -> [ProbeDoc; 5] {
    [
        ProbeDoc {
            name: "step",
            purpose: "the time of one batch, with its parts",
            columns: docs(STEP_COLUMNS),
        },
        ProbeDoc {
            name: "mfu",
            purpose: "one look-up in an MFU table",
            columns: docs(MFU_COLUMNS),
        },
        ProbeDoc {
            name: "gemm",
            purpose: "the GEMM time of one projection, or of the seven of every layer",
            columns: docs(GEMM_COLUMNS),
        },
        ProbeDoc {
            name: "serve",
            purpose: "a measured benchmark, simulated and compared; the axis over the ground truth adds the columns benchmark, model, tensor_parallel and gpu",
            columns: docs(&SERVE_COLUMNS),
        },
        ProbeDoc {
            name: "trace",
            purpose: "every step of a trace beside what formulas and the model say of it; the trace adds the columns experiment, model and tensor_parallel, the latter two where it maps them",
            columns: docs(TRACE_COLUMNS),
        },
    ]
}

/// The documentation of columns.
pub(crate) fn docs<C>(columns: &[ProbeColumn<C>]) -> Vec<ColumnDoc> {
    columns.iter().map(|column| column.doc).collect()
}
