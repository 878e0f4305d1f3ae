//! Columns of the `step` probe.

use roofline::{Batch, Phase, Step, StepModel};

use super::column::CellValue::{Float, Found, Int, Null, Text};
use super::column::{CellValue, ProbeColumn};
use crate::table::ColumnKind;

/// What one cell of a `step` run computed.
pub(crate) struct StepCell {
    step: Step,
    prefill_requests: u32,
    prefill_tokens: u64,
    decode_requests: u32,
    shortest_kv: Option<u32>,
    longest_kv: Option<u32>,
    kv_tokens: u64,
    peak_flops_per_s: f64,
    bandwidth_bytes_per_s: f64,
}

impl StepCell {
    pub(crate) fn new(model: &StepModel<'_>, batch: &Batch, step: &Step) -> Self {
        Self {
            step: *step,
            prefill_requests: batch.prefill_requests(),
            prefill_tokens: batch.prefill_tokens(),
            decode_requests: batch.decode_requests(),
            shortest_kv: batch.shortest_decode_kv(),
            longest_kv: batch.longest_decode_kv(),
            kv_tokens: batch.decode_kv_tokens(),
            peak_flops_per_s: model.peak_flops_per_s(),
            bandwidth_bytes_per_s: model.bandwidth_bytes_per_s(),
        }
    }

    fn mean_kv(&self) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a batch holds at most 2^48 KV tokens"
        )]
        (self.decode_requests > 0).then(|| self.kv_tokens as f64 / f64::from(self.decode_requests))
    }
}

fn of_phase(phase: Option<&Phase>, part: fn(&Phase) -> f64) -> f64 {
    phase.map_or(0.0, part)
}

/// A count as a column value; counts of a step are far below 2^63.
fn count(value: u64) -> CellValue<'static> {
    i64::try_from(value).map_or(Null, Int)
}

/// Every column of a `step` run, in the order of `SELECT *`.
pub(crate) const STEP_COLUMNS: &[ProbeColumn<StepCell>] = &[
    ProbeColumn {
        name: "batch_size",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests of the batch, prefill and decode.",
        value: |c| Int(i64::from(c.prefill_requests) + i64::from(c.decode_requests)),
    },
    ProbeColumn {
        name: "prefill_requests",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests that process prompt tokens.",
        value: |c| Int(i64::from(c.prefill_requests)),
    },
    ProbeColumn {
        name: "prefill_tokens",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Prompt tokens processed in the step.",
        value: |c| count(c.prefill_tokens),
    },
    ProbeColumn {
        name: "decode_requests",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests that produce one token each.",
        value: |c| Int(i64::from(c.decode_requests)),
    },
    ProbeColumn {
        name: "kv_min",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Shortest KV length of the decode requests; null without any.",
        value: |c| c.shortest_kv.into(),
    },
    ProbeColumn {
        name: "kv_max",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Longest KV length of the decode requests; null without any.",
        value: |c| c.longest_kv.into(),
    },
    ProbeColumn {
        name: "kv_mean",
        kind: ColumnKind::Float,
        unit: "tokens",
        meaning: "Mean KV length of the decode requests; null without any.",
        value: |c| c.mean_kv().into(),
    },
    ProbeColumn {
        name: "kv_sum",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "KV lengths of the decode requests, summed.",
        value: |c| count(c.kv_tokens),
    },
    ProbeColumn {
        name: "step_us",
        kind: ColumnKind::Int,
        unit: "us",
        meaning: "Step time, rounded half away from zero; at least 1.",
        value: |c| count(c.step.step_us),
    },
    ProbeColumn {
        name: "step_us_exact",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Step time before rounding.",
        value: |c| Float(c.step.step_us_exact),
    },
    ProbeColumn {
        name: "hardware_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Step time without the per-layer overhead.",
        value: |c| Float(c.step.hardware_us),
    },
    ProbeColumn {
        name: "overhead_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Per-layer overhead of all layers.",
        value: |c| Float(c.step.overhead_us),
    },
    ProbeColumn {
        name: "regime",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "`compute` or `memory`: what bounds the step, decided before rounding. With both phases: that of the one that contributes more.",
        value: |c| Text(c.step.regime.name()),
    },
    ProbeColumn {
        name: "compute_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "GEMM and attention time, summed over phases.",
        value: |c| Float(c.step.compute_us),
    },
    ProbeColumn {
        name: "memory_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Memory time, summed over phases.",
        value: |c| Float(c.step.memory_us),
    },
    ProbeColumn {
        name: "gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "GEMM time, summed over phases.",
        value: |c| Float(c.step.gemm_us),
    },
    ProbeColumn {
        name: "attention_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Attention time, summed over phases.",
        value: |c| Float(c.step.attention_us),
    },
    ProbeColumn {
        name: "prefill_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Time of the prefill phase: the longer of compute and memory; 0 without it.",
        value: |c| Float(of_phase(c.step.prefill.as_ref(), |p| p.time_us)),
    },
    ProbeColumn {
        name: "prefill_compute_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Compute time of the prefill phase.",
        value: |c| Float(of_phase(c.step.prefill.as_ref(), |p| p.compute_us)),
    },
    ProbeColumn {
        name: "prefill_memory_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Memory time of the prefill phase.",
        value: |c| Float(of_phase(c.step.prefill.as_ref(), |p| p.memory_us)),
    },
    ProbeColumn {
        name: "prefill_gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "GEMM time of the prefill phase.",
        value: |c| Float(of_phase(c.step.prefill.as_ref(), |p| p.gemm_us)),
    },
    ProbeColumn {
        name: "prefill_attention_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Attention time of the prefill phase.",
        value: |c| Float(of_phase(c.step.prefill.as_ref(), |p| p.attention_us)),
    },
    ProbeColumn {
        name: "prefill_regime",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "What bounds the prefill phase, decided before rounding; null without it.",
        value: |c| c.step.prefill.map_or(Null, |p| Text(p.regime.name())),
    },
    ProbeColumn {
        name: "prefill_attention_mfu",
        kind: ColumnKind::Float,
        unit: "",
        meaning: "Effective MFU of the prefill attention: charged FLOPs / (peak x attention time x GPUs); null without it.",
        value: |c| c.step.prefill.map(|p| p.attention_mfu).into(),
    },
    ProbeColumn {
        name: "prefill_attention_found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How the MFU of the prefill attention was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel; null without it.",
        value: |c| c.step.prefill.map_or(Null, |p| Found(p.attention_found)),
    },
    ProbeColumn {
        name: "prefill_gemm_found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How the MFU of the prefill GEMMs was found; null without the phase.",
        value: |c| c.step.prefill.map_or(Null, |p| Found(p.gemm_found)),
    },
    ProbeColumn {
        name: "decode_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Time of the decode phase: the longer of compute and memory; 0 without it.",
        value: |c| Float(of_phase(c.step.decode.as_ref(), |p| p.time_us)),
    },
    ProbeColumn {
        name: "decode_compute_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Compute time of the decode phase.",
        value: |c| Float(of_phase(c.step.decode.as_ref(), |p| p.compute_us)),
    },
    ProbeColumn {
        name: "decode_memory_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Memory time of the decode phase.",
        value: |c| Float(of_phase(c.step.decode.as_ref(), |p| p.memory_us)),
    },
    ProbeColumn {
        name: "decode_gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "GEMM time of the decode phase.",
        value: |c| Float(of_phase(c.step.decode.as_ref(), |p| p.gemm_us)),
    },
    ProbeColumn {
        name: "decode_attention_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Attention time of the decode phase.",
        value: |c| Float(of_phase(c.step.decode.as_ref(), |p| p.attention_us)),
    },
    ProbeColumn {
        name: "decode_regime",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "What bounds the decode phase, decided before rounding; null without it.",
        value: |c| c.step.decode.map_or(Null, |p| Text(p.regime.name())),
    },
    ProbeColumn {
        name: "decode_attention_mfu",
        kind: ColumnKind::Float,
        unit: "",
        meaning: "Effective MFU of the decode attention: charged FLOPs / (peak x attention time x GPUs); null without it.",
        value: |c| c.step.decode.map(|p| p.attention_mfu).into(),
    },
    ProbeColumn {
        name: "decode_attention_found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How the MFU of the decode attention was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel; null without it.",
        value: |c| c.step.decode.map_or(Null, |p| Found(p.attention_found)),
    },
    ProbeColumn {
        name: "decode_gemm_found",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How the MFU of the decode GEMMs was found; null without the phase.",
        value: |c| c.step.decode.map_or(Null, |p| Found(p.gemm_found)),
    },
    ProbeColumn {
        name: "gemm_flops",
        kind: ColumnKind::Float,
        unit: "FLOP",
        meaning: "FLOPs of all GEMMs.",
        value: |c| Float(c.step.gemm_flops),
    },
    ProbeColumn {
        name: "attention_flops_charged",
        kind: ColumnKind::Float,
        unit: "FLOP",
        meaning: "Attention FLOPs that enter the time, prefill after the causal divisor.",
        value: |c| Float(c.step.attention_flops_charged),
    },
    ProbeColumn {
        name: "attention_flops_ideal",
        kind: ColumnKind::Float,
        unit: "FLOP",
        meaning: "Attention FLOPs that each request's own context needs, prefill causal token by token.",
        value: |c| Float(c.step.attention_flops_ideal),
    },
    ProbeColumn {
        name: "weight_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Weights loaded, once per phase.",
        value: |c| Float(c.step.bytes.weights),
    },
    ProbeColumn {
        name: "kv_write_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Keys and values written.",
        value: |c| Float(c.step.bytes.kv_write),
    },
    ProbeColumn {
        name: "kv_read_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Keys and values read, after the read factor.",
        value: |c| Float(c.step.bytes.kv_read),
    },
    ProbeColumn {
        name: "activation_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Activations moved, after the activation factor.",
        value: |c| Float(c.step.bytes.activations),
    },
    ProbeColumn {
        name: "dynamic_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Bytes that depend on the requests: KV written and read, and activations.",
        value: |c| Float(c.step.bytes.dynamic()),
    },
    ProbeColumn {
        name: "total_bytes",
        kind: ColumnKind::Float,
        unit: "bytes",
        meaning: "Weights and dynamic bytes.",
        value: |c| Float(c.step.bytes.total()),
    },
    ProbeColumn {
        name: "arithmetic_intensity",
        kind: ColumnKind::Float,
        unit: "FLOP/byte",
        meaning: "FLOPs charged per byte moved.",
        value: |c| {
            Float((c.step.gemm_flops + c.step.attention_flops_charged) / c.step.bytes.total())
        },
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
