//! Columns of the `step` probe.

use roofline::{Batch, Phase, Step, StepModel};

use super::column::ProbeColumn;
use crate::table::columns;

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

/// Every column of a `step` run, in the order of `SELECT *`.
pub(crate) const STEP_COLUMNS: &[ProbeColumn<StepCell>] = &columns! {
    "batch_size", Int, "requests", |c| i64::from(c.prefill_requests) + i64::from(c.decode_requests),
        "Requests of the batch, prefill and decode.";
    "prefill_requests", Int, "requests", |c| c.prefill_requests,
        "Requests that process prompt tokens.";
    "prefill_tokens", Int, "tokens", |c| c.prefill_tokens,
        "Prompt tokens processed in the step.";
    "decode_requests", Int, "requests", |c| c.decode_requests,
        "Requests that produce one token each.";
    "kv_min", Int, "tokens", |c| c.shortest_kv,
        "Shortest KV length of the decode requests; null without any.";
    "kv_max", Int, "tokens", |c| c.longest_kv,
        "Longest KV length of the decode requests; null without any.";
    "kv_mean", Float, "tokens", |c| c.mean_kv(),
        "Mean KV length of the decode requests; null without any.";
    "kv_sum", Int, "tokens", |c| c.kv_tokens,
        "KV lengths of the decode requests, summed.";
    "step_us", Int, "us", |c| c.step.step_us,
        "Step time, rounded half away from zero; at least 1.";
    "step_us_exact", Float, "us", |c| c.step.step_us_exact,
        "Step time before rounding.";
    "hardware_us", Float, "us", |c| c.step.hardware_us,
        "Step time without the per-layer overhead.";
    "overhead_us", Float, "us", |c| c.step.overhead_us,
        "Per-layer overhead of all layers.";
    "regime", Text, "", |c| c.step.regime.name(),
        "`compute` or `memory`: what bounds the step, decided before rounding. With both phases: that of the one that contributes more.";
    "compute_us", Float, "us", |c| c.step.compute_us,
        "GEMM and attention time, summed over phases.";
    "memory_us", Float, "us", |c| c.step.memory_us,
        "Memory time, summed over phases.";
    "gemm_us", Float, "us", |c| c.step.gemm_us,
        "GEMM time, summed over phases.";
    "attention_us", Float, "us", |c| c.step.attention_us,
        "Attention time, summed over phases.";
    "prefill_us", Float, "us", |c| of_phase(c.step.prefill.as_ref(), |p| p.time_us),
        "Time of the prefill phase: the longer of compute and memory; 0 without it.";
    "prefill_compute_us", Float, "us", |c| of_phase(c.step.prefill.as_ref(), |p| p.compute_us),
        "Compute time of the prefill phase.";
    "prefill_memory_us", Float, "us", |c| of_phase(c.step.prefill.as_ref(), |p| p.memory_us),
        "Memory time of the prefill phase.";
    "prefill_gemm_us", Float, "us", |c| of_phase(c.step.prefill.as_ref(), |p| p.gemm_us),
        "GEMM time of the prefill phase.";
    "prefill_attention_us", Float, "us", |c| of_phase(c.step.prefill.as_ref(), |p| p.attention_us),
        "Attention time of the prefill phase.";
    "prefill_regime", Text, "", |c| c.step.prefill.map(|p| p.regime.name()),
        "What bounds the prefill phase, decided before rounding; null without it.";
    "prefill_attention_mfu", Float, "", |c| c.step.prefill.map(|p| p.attention_mfu),
        "Effective MFU of the prefill attention: charged FLOPs / (peak x attention time x GPUs); null without it.";
    "prefill_attention_found", Text, "", |c| c.step.prefill.map(|p| p.attention_found.words()),
        "How the MFU of the prefill attention was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel; null without it.";
    "prefill_gemm_found", Text, "", |c| c.step.prefill.map(|p| p.gemm_found.words()),
        "How the MFU of the prefill GEMMs was found; null without the phase.";
    "decode_us", Float, "us", |c| of_phase(c.step.decode.as_ref(), |p| p.time_us),
        "Time of the decode phase: the longer of compute and memory; 0 without it.";
    "decode_compute_us", Float, "us", |c| of_phase(c.step.decode.as_ref(), |p| p.compute_us),
        "Compute time of the decode phase.";
    "decode_memory_us", Float, "us", |c| of_phase(c.step.decode.as_ref(), |p| p.memory_us),
        "Memory time of the decode phase.";
    "decode_gemm_us", Float, "us", |c| of_phase(c.step.decode.as_ref(), |p| p.gemm_us),
        "GEMM time of the decode phase.";
    "decode_attention_us", Float, "us", |c| of_phase(c.step.decode.as_ref(), |p| p.attention_us),
        "Attention time of the decode phase.";
    "decode_regime", Text, "", |c| c.step.decode.map(|p| p.regime.name()),
        "What bounds the decode phase, decided before rounding; null without it.";
    "decode_attention_mfu", Float, "", |c| c.step.decode.map(|p| p.attention_mfu),
        "Effective MFU of the decode attention: charged FLOPs / (peak x attention time x GPUs); null without it.";
    "decode_attention_found", Text, "", |c| c.step.decode.map(|p| p.attention_found.words()),
        "How the MFU of the decode attention was found: exact, interpolated, lower neighbour, clamped, fallback row, other shape, other tensor parallel; null without it.";
    "decode_gemm_found", Text, "", |c| c.step.decode.map(|p| p.gemm_found.words()),
        "How the MFU of the decode GEMMs was found; null without the phase.";
    "gemm_flops", Float, "FLOP", |c| c.step.gemm_flops,
        "FLOPs of all GEMMs.";
    "attention_flops_charged", Float, "FLOP", |c| c.step.attention_flops_charged,
        "Attention FLOPs that enter the time, prefill after the causal divisor.";
    "attention_flops_ideal", Float, "FLOP", |c| c.step.attention_flops_ideal,
        "Attention FLOPs that each request's own context needs, prefill causal token by token.";
    "weight_bytes", Float, "bytes", |c| c.step.bytes.weights,
        "Weights loaded, once per phase.";
    "kv_write_bytes", Float, "bytes", |c| c.step.bytes.kv_write,
        "Keys and values written.";
    "kv_read_bytes", Float, "bytes", |c| c.step.bytes.kv_read,
        "Keys and values read, after the read factor.";
    "activation_bytes", Float, "bytes", |c| c.step.bytes.activations,
        "Activations moved, after the activation factor.";
    "dynamic_bytes", Float, "bytes", |c| c.step.bytes.dynamic(),
        "Bytes that depend on the requests: KV written and read, and activations.";
    "total_bytes", Float, "bytes", |c| c.step.bytes.total(),
        "Weights and dynamic bytes.";
    "arithmetic_intensity", Float, "FLOP/byte", |c|
        (c.step.gemm_flops + c.step.attention_flops_charged) / c.step.bytes.total(),
        "FLOPs charged per byte moved.";
    "peak_flops_per_s", Float, "FLOP/s", |c| c.peak_flops_per_s,
        "Peak of all GPUs together: the compute roof.";
    "bandwidth_bytes_per_s", Float, "bytes/s", |c| c.bandwidth_bytes_per_s,
        "Bandwidth of all GPUs together, after the efficiency: the memory roof.";
};
