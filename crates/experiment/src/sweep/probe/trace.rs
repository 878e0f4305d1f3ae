//! Columns of the `trace` probe.

use roofline::{AnalyticalTimes, Step};
use step_trace::MeasuredStep;

use super::super::trace_plan::decode_kv_tokens;
use super::column::ProbeColumn;
use crate::table::columns;

/// One measured step with what formulas and the model say of it.
pub(crate) struct TraceCell {
    pub(crate) measured: MeasuredStep,
    pub(crate) workload: Option<String>,
    pub(crate) analytical: AnalyticalTimes,
    /// None where the KV lengths are not known or the step is empty.
    pub(crate) predicted: Option<Step>,
}

/// Every column of a `trace` run, in the order of `SELECT *`.
pub(crate) const TRACE_COLUMNS: &[ProbeColumn<TraceCell>] = &columns! {
    "workload", Text, "", |c| c.workload.as_deref(),
        "The load, in a word; null where the trace does not say it.";
    "step_id", Int, "", |c| c.measured.step_id,
        "The engine's number of the step; null where the row sums steps up.";
    "steps", Int, "steps", |c| c.measured.steps,
        "How many recorded steps the row stands for: 1, or more where the trace sums up those with the same requests and tokens.";
    "duration_us", Float, "us", |c| c.measured.duration.map(|times| times.mean_us()),
        "How long the step took, as the engine says, the mean of the steps of the row; null where it does not.";
    "duration_us_sum", Float, "us", |c| c.measured.duration.map(|times| times.sum_us),
        "The durations of the steps of the row, summed.";
    "duration_us_squared_sum", Float, "us2", |c| c.measured.duration.map(|times| times.squared_sum),
        "The squares of these durations, summed.";
    "interval_us", Float, "us", |c| c.measured.interval.map(|times| times.mean_us()),
        "From the start of the step to the start of the next, the mean of the steps of the row; null where no step of the next number was recorded.";
    "intervals", Int, "steps", |c| c.measured.interval.map_or(0, |times| times.count),
        "Steps of the row after which the step of the next number was recorded too.";
    "interval_us_sum", Float, "us", |c| c.measured.interval.map(|times| times.sum_us),
        "The intervals of the steps of the row, summed.";
    "interval_us_squared_sum", Float, "us2", |c| c.measured.interval.map(|times| times.squared_sum),
        "The squares of these intervals, summed.";
    "prefill_requests", Int, "requests", |c| c.measured.prefill_requests,
        "Requests that processed prompt tokens.";
    "prefill_tokens", Int, "tokens", |c| c.measured.prefill_tokens,
        "Prompt tokens that were processed.";
    "decode_requests", Int, "requests", |c| c.measured.decode_requests,
        "Requests that produced tokens.";
    "decode_tokens", Int, "tokens", |c| c.measured.decode_tokens,
        "Tokens that were produced.";
    "decode_kv_tokens", Float, "tokens", |c| decode_kv_tokens(&c.measured),
        "KV lengths of the decode requests, summed: as recorded, else their even share of the KV cache in use; null where neither is known.";
    "kv_recorded", Bool, "", |c| c.measured.decode_kv_tokens.is_some(),
        "Whether the KV lengths of the decode requests were recorded, not derived from the use of the cache.";
    "analytical_prefill_gemm_us", Float, "us", |c| c.analytical.prefill_gemm_us,
        "2 L T d d (1 + 2 f / d) / (F tp) of the prompt tokens.";
    "analytical_prefill_attention_us", Float, "us", |c| c.analytical.prefill_attention_us,
        "2 L h e T K / (F tp) of the prompt tokens, K their contexts summed.";
    "analytical_decode_gemm_us", Float, "us", |c| c.analytical.decode_gemm_us,
        "2 L T d d (1 + 2 f / d) / (F tp) of the decode tokens.";
    "analytical_decode_attention_us", Float, "us", |c|
        decode_kv_tokens(&c.measured).map(|_| c.analytical.decode_attention_us),
        "2 L h e T K / (F tp) of the decode tokens, K their KV lengths summed; null where these are not known.";
    "layer_gemm_us_per_token", Float, "us", |c| c.analytical.layer_gemm_us_per_token,
        "All projections of all layers for one token at peak FLOP/s: 2 W / (b F tp).";
    "weight_us", Float, "us", |c| c.analytical.weight_us,
        "Reading the weights of all layers once at the bandwidth that is reached: W / (B tp).";
    "predicted_us", Float, "us", |c| c.predicted.map(|step| step.step_us_exact),
        "Step time of the model, before rounding, for requests of equal parts and equal KV lengths; null where KV lengths are not known and for steps without tokens.";
    "predicted_hardware_us", Float, "us", |c| c.predicted.map(|step| step.hardware_us),
        "The same without the per-layer overhead.";
    "predicted_gemm_us", Float, "us", |c| c.predicted.map(|step| step.gemm_us),
        "GEMM time of the model's step, summed over phases; null where there is no step time.";
    "predicted_attention_us", Float, "us", |c| c.predicted.map(|step| step.attention_us),
        "Attention time of the model's step, summed over phases; null where there is no step time.";
    "predicted_memory_us", Float, "us", |c| c.predicted.map(|step| step.memory_us),
        "Memory time of the model's step, summed over phases, each of which reads the weights; null where there is no step time.";
    "predicted_weight_us", Float, "us", |c|
        c.predicted.map(|step| step.memory_us * step.bytes.weights / step.bytes.total()),
        "The part of it in which the weights are read; null where there is no step time.";
    "predicted_regime", Text, "", |c| c.predicted.as_ref().map(|step| step.regime.name()),
        "What bounds the model's step; null where there is no step time.";
};
