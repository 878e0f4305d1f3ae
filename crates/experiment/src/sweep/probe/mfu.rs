//! Columns of the `mfu` probe.

use catalog::MeasuredKernel;
use roofline::MfuAnswer;

use super::column::CellValue::{Bool, Float, Found};
use super::column::ProbeColumn;
use crate::table::ColumnKind;

/// FLOP/s of one TFLOP/s.
const TERA: f64 = 1e12;

/// An answered look-up, with the measured kernel where it hit one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MfuCell {
    pub(crate) answer: MfuAnswer,
    pub(crate) kernel: Option<MeasuredKernel>,
}

/// Every column of an `mfu` run, in the order of `SELECT *`.
pub(crate) const MFU_COLUMNS: &[ProbeColumn<MfuCell>] = &[
    ProbeColumn {
        name: "mfu",
        kind: ColumnKind::Float,
        unit: "",
        meaning: "Model FLOPs utilisation: the share of peak FLOP/s.",
        value: |c| Float(c.answer.mfu),
    },
    ProbeColumn {
        name: "found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How it was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel.",
        value: |c| Found(c.answer.found),
    },
    ProbeColumn {
        name: "is_measured",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the very size was measured.",
        value: |c| Bool(c.answer.found.is_measured()),
    },
    ProbeColumn {
        name: "is_fallback",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the value was missing or below 1e-4, so that another row was taken.",
        value: |c| Bool(c.answer.found.is_fallback_row()),
    },
    ProbeColumn {
        name: "is_clamped",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the place lies outside the measured range.",
        value: |c| Bool(c.answer.found.is_clamped()),
    },
    ProbeColumn {
        name: "measured_latency_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Measured time of the kernel on one GPU; null where the very size was not measured.",
        value: |c| c.kernel.map(|kernel| kernel.latency_us).into(),
    },
    ProbeColumn {
        name: "implied_peak_tflops",
        kind: ColumnKind::Float,
        unit: "TFLOP/s",
        meaning: "Peak rate that the MFU of the measured row refers to: FLOPs / latency / MFU, blurred by the rounding of the MFU. FLOPs of a GEMM are 2 m k n, of prefill attention half of 4 heads head_dim seq_len^2, of decode attention 4 heads/tp head_dim batch kv. Null where the very size was not measured.",
        value: |c| {
            let peak = c
                .kernel
                .map(|kernel| kernel.implied_peak_flops_per_s(c.answer.mfu) / TERA);
            peak.into()
        },
    },
];
