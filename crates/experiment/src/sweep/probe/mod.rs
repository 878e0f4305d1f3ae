//! What one cell computes, and the columns that it fills.

mod column;
mod gemm;
mod gemm_cell;
mod mfu;
mod mfu_cell;
mod probe_doc;
mod serve;
mod serve_cell;
mod step;
mod trace;
mod trace_cell;

pub(crate) use column::ProbeColumn;
pub(crate) use gemm::{GEMM_COLUMNS, GemmCell};
pub(crate) use gemm_cell::projections;
pub(crate) use mfu::MFU_COLUMNS;
pub(crate) use mfu_cell::look_up;
pub(super) use probe_doc::docs;
pub(crate) use probe_doc::probe_docs;
pub(crate) use serve::{REJECTED, SERVE_COLUMNS, SPLIT, UNSIMULATED};
pub(crate) use serve_cell::{left_out, simulate};
pub(crate) use step::{STEP_COLUMNS, StepCell};
pub(crate) use trace::TRACE_COLUMNS;
pub(crate) use trace_cell::{measured_step, rows_left_out};
