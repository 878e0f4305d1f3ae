//! Columns of the `gemm` probe.

use roofline::{Found, GemmCost, StepModel};

use super::column::ProbeColumn;
use crate::table::columns;

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
pub(crate) const GEMM_COLUMNS: &[ProbeColumn<GemmCell>] = &columns! {
    "m", Int, "tokens", |c| c.tokens,
        "Tokens: rows of the activation matrix.";
    "gemm_us", Float, "us", |c| c.time_us,
        "Time over all layers, by the GEMM time option.";
    "gemm_mfu_us", Float, "us", |c| c.mfu_time_us,
        "Time by FLOPs and MFU alone.";
    "weight_stream_us", Float, "us", |c| c.weight_stream_us,
        "Time to stream the weights once.";
    "flops", Float, "FLOP", |c| c.flops,
        "2 m k n over all layers and GPUs.";
    "mfu", Float, "", |c| c.mfu,
        "MFU of the look-up; null where several projections are summed.";
    "found", Text, "", |c| c.found.words(),
        "How the MFU was found.";
    "weight_bytes", Float, "bytes", |c| c.weight_stream_us * c.bandwidth_bytes_per_s / 1e6,
        "Weights of the projections, on all GPUs together.";
    "peak_flops_per_s", Float, "FLOP/s", |c| c.peak_flops_per_s,
        "Peak of all GPUs together: the compute roof.";
    "bandwidth_bytes_per_s", Float, "bytes/s", |c| c.bandwidth_bytes_per_s,
        "Bandwidth of all GPUs together, after the efficiency: the memory roof.";
};
