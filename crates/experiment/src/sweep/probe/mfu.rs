//! Columns of the `mfu` probe.

use catalog::MeasuredKernel;
use roofline::MfuAnswer;

use super::column::ProbeColumn;
use crate::table::columns;

/// FLOP/s of one TFLOP/s.
const TERA: f64 = 1e12;

/// An answered look-up, with the measured kernel where it hit one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MfuCell {
    pub(crate) answer: MfuAnswer,
    pub(crate) kernel: Option<MeasuredKernel>,
}

/// Every column of an `mfu` run, in the order of `SELECT *`.
pub(crate) const MFU_COLUMNS: &[ProbeColumn<MfuCell>] = &columns! {
    "mfu", Float, "", |c| c.answer.mfu,
        "Model FLOPs utilisation: the share of peak FLOP/s.";
    "found", Text, "", |c| c.answer.found.words(),
        "How it was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel.";
    "is_measured", Bool, "", |c| c.answer.found.is_measured(),
        "Whether the very size was measured.";
    "is_fallback", Bool, "", |c| c.answer.found.is_fallback_row(),
        "Whether the value was missing or below 1e-4, so that another row was taken.";
    "is_clamped", Bool, "", |c| c.answer.found.is_clamped(),
        "Whether the place lies outside the measured range.";
    "measured_latency_us", Float, "us", |c| c.kernel.map(|kernel| kernel.latency_us),
        "Measured time of the kernel on one GPU; null where the very size was not measured.";
    "implied_peak_tflops", Float, "TFLOP/s", |c|
        c.kernel.map(|kernel| kernel.implied_peak_flops_per_s(c.answer.mfu) / TERA),
        "Peak rate that the MFU of the measured row refers to: FLOPs / latency / MFU, blurred by the rounding of the MFU. FLOPs of a GEMM are 2 m k n, of prefill attention half of 4 heads head_dim seq_len^2, of decode attention 4 heads/tp head_dim batch kv. Null where the very size was not measured.";
};
