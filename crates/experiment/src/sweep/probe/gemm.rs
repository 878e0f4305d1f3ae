//! Columns of the `gemm` probe.

use roofline::{Found, GemmCost, StepModel};

use super::column::CellValue::{Float, Int};
use super::column::{CellValue, ProbeColumn};
use crate::table::ColumnKind;

/// What one cell of a `gemm` run computed: one projection, or several summed.
pub(crate) struct GemmCell {
    tokens: u32,
    flops: f64,
    time_us: f64,
    mfu_time_us: f64,
    weight_stream_us: f64,
    /// Of a single projection.
    mfu: Option<f64>,
    found: Found,
    peak_flops_per_s: f64,
    bandwidth_bytes_per_s: f64,
}

impl GemmCell {
    /// Sums the projections of one cell.
    pub(crate) fn new(
        model: &StepModel<'_>,
        tokens: u32,
        costs: impl IntoIterator<Item = GemmCost>,
    ) -> Self {
        let mut cell = Self {
            tokens,
            flops: 0.0,
            time_us: 0.0,
            mfu_time_us: 0.0,
            weight_stream_us: 0.0,
            mfu: None,
            found: Found::NONE,
            peak_flops_per_s: model.peak_flops_per_s(),
            bandwidth_bytes_per_s: model.bandwidth_bytes_per_s(),
        };
        for (index, cost) in costs.into_iter().enumerate() {
            cell.flops += cost.flops;
            cell.time_us += cost.time_us;
            cell.mfu_time_us += cost.mfu_time_us;
            cell.weight_stream_us += cost.weight_stream_us;
            cell.mfu = (index == 0).then_some(cost.mfu);
            cell.found = cell.found.union(cost.found);
        }
        cell
    }
}

/// Every column of a `gemm` run, in the order of `SELECT *`.
pub(crate) const GEMM_COLUMNS: &[ProbeColumn<GemmCell>] = &[
    ProbeColumn {
        name: "m",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Tokens: rows of the activation matrix.",
        value: |c| Int(i64::from(c.tokens)),
    },
    ProbeColumn {
        name: "gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Time over all layers, by the GEMM time option.",
        value: |c| Float(c.time_us),
    },
    ProbeColumn {
        name: "gemm_mfu_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Time by FLOPs and MFU alone.",
        value: |c| Float(c.mfu_time_us),
    },
    ProbeColumn {
        name: "weight_stream_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Time to stream the weights once.",
        value: |c| Float(c.weight_stream_us),
    },
    ProbeColumn {
        name: "flops",
        kind: ColumnKind::Float,
        unit: "FLOP",
        meaning: "2 m k n over all layers and GPUs.",
        value: |c| Float(c.flops),
    },
    ProbeColumn {
        name: "mfu",
        kind: ColumnKind::Float,
        unit: "",
        meaning: "MFU of the look-up; null where several projections are summed.",
        value: |c| c.mfu.into(),
    },
    ProbeColumn {
        name: "found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How the MFU was found.",
        value: |c| CellValue::Found(c.found),
    },
    ProbeColumn {
        name: "weight_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Weights of the projections, on all GPUs together.",
        value: |c| Float(c.weight_stream_us * c.bandwidth_bytes_per_s / 1e6),
    },
    ProbeColumn {
        name: "peak_flops_per_s",
        kind: ColumnKind::Float,
        unit: "FLOP/s",
        meaning: "Peak of all GPUs together: the compute roof.",
        value: |c| Float(c.peak_flops_per_s),
    },
    ProbeColumn {
        name: "bandwidth_bytes_per_s",
        kind: ColumnKind::Float,
        unit: "bytes/s",
        meaning: "Bandwidth of all GPUs together, after the efficiency: the memory roof.",
        value: |c| Float(c.bandwidth_bytes_per_s),
    },
];
