//! Columns of the `trace` probe.

use roofline::{AnalyticalTimes, Step};
use step_trace::MeasuredStep;

use super::super::trace_plan::decode_kv_tokens;
use super::column::CellValue::{Bool, Float, Int, Null};
use super::column::{CellValue, ProbeColumn};
use crate::table::ColumnKind;

/// One measured step with what formulas and the model say of it.
pub(crate) struct TraceCell {
    pub(crate) measured: MeasuredStep,
    pub(crate) workload: Option<String>,
    pub(crate) analytical: AnalyticalTimes,
    /// None where the KV lengths are not known or the step is empty.
    pub(crate) predicted: Option<Step>,
}

/// Every column of a `trace` run, in the order of `SELECT *`.
pub(crate) const TRACE_COLUMNS: &[ProbeColumn<TraceCell>] = &[
    ProbeColumn {
        name: "workload",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "The load, in a word; null where the trace does not say it.",
        value: |c| c.workload.as_deref().map_or(Null, CellValue::Text),
    },
    ProbeColumn {
        name: "step_id",
        kind: ColumnKind::Int,
        unit: "",
        meaning: "The engine's number of the step.",
        value: |c| Int(c.measured.step_id),
    },
    ProbeColumn {
        name: "duration_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "How long the step took, as the engine says; null where it does not.",
        value: |c| c.measured.duration_us.into(),
    },
    ProbeColumn {
        name: "interval_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "From the start of the step to the start of the next; null where the step of the next number was not recorded.",
        value: |c| c.measured.interval_us.into(),
    },
    ProbeColumn {
        name: "prefill_requests",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests that processed prompt tokens.",
        value: |c| Int(i64::from(c.measured.prefill_requests)),
    },
    ProbeColumn {
        name: "prefill_tokens",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Prompt tokens that were processed.",
        value: |c| Int(i64::from(c.measured.prefill_tokens)),
    },
    ProbeColumn {
        name: "decode_requests",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests that produced tokens.",
        value: |c| Int(i64::from(c.measured.decode_requests)),
    },
    ProbeColumn {
        name: "decode_tokens",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Tokens that were produced.",
        value: |c| Int(i64::from(c.measured.decode_tokens)),
    },
    ProbeColumn {
        name: "decode_kv_tokens",
        kind: ColumnKind::Float,
        unit: "tokens",
        meaning: "KV lengths of the decode requests, summed: as recorded, else their even share of the KV cache in use; null where neither is known.",
        value: |c| decode_kv_tokens(&c.measured).into(),
    },
    ProbeColumn {
        name: "kv_recorded",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the KV lengths of the decode requests were recorded, not derived from the use of the cache.",
        value: |c| Bool(c.measured.decode_kv_tokens.is_some()),
    },
    ProbeColumn {
        name: "analytical_prefill_gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "2 L T d d (1 + 2 f / d) / (F tp) of the prompt tokens.",
        value: |c| Float(c.analytical.prefill_gemm_us),
    },
    ProbeColumn {
        name: "analytical_prefill_attention_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "2 L h e T K / (F tp) of the prompt tokens, K their contexts summed.",
        value: |c| Float(c.analytical.prefill_attention_us),
    },
    ProbeColumn {
        name: "analytical_decode_gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "2 L T d d (1 + 2 f / d) / (F tp) of the decode tokens.",
        value: |c| Float(c.analytical.decode_gemm_us),
    },
    ProbeColumn {
        name: "analytical_decode_attention_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "2 L h e T K / (F tp) of the decode tokens, K their KV lengths summed; null where these are not known.",
        value: |c| {
            let is_known = decode_kv_tokens(&c.measured).is_some();
            is_known.then_some(c.analytical.decode_attention_us).into()
        },
    },
    ProbeColumn {
        name: "layer_gemm_us_per_token",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "All projections of all layers for one token at peak FLOP/s: 2 W / (b F tp).",
        value: |c| Float(c.analytical.layer_gemm_us_per_token),
    },
    ProbeColumn {
        name: "predicted_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Step time of the model, before rounding, for requests of equal parts and equal KV lengths; null where KV lengths are not known and for steps without tokens.",
        value: |c| c.predicted.map(|step| step.step_us_exact).into(),
    },
    ProbeColumn {
        name: "predicted_hardware_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "The same without the per-layer overhead.",
        value: |c| c.predicted.map(|step| step.hardware_us).into(),
    },
    ProbeColumn {
        name: "predicted_gemm_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "GEMM time of the model's step, summed over phases; null where there is no step time.",
        value: |c| c.predicted.map(|step| step.gemm_us).into(),
    },
    ProbeColumn {
        name: "predicted_attention_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Attention time of the model's step, summed over phases; null where there is no step time.",
        value: |c| c.predicted.map(|step| step.attention_us).into(),
    },
    ProbeColumn {
        name: "predicted_memory_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "Memory time of the model's step, summed over phases, each of which reads the weights; null where there is no step time.",
        value: |c| c.predicted.map(|step| step.memory_us).into(),
    },
    ProbeColumn {
        name: "predicted_weight_us",
        kind: ColumnKind::Float,
        unit: "us",
        meaning: "The part of it in which the weights are read; null where there is no step time.",
        value: |c| {
            c.predicted
                .map(|step| step.memory_us * step.bytes.weights / step.bytes.total())
                .into()
        },
    },
    ProbeColumn {
        name: "predicted_regime",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "What bounds the model's step; null where there is no step time.",
        value: |c| {
            c.predicted
                .as_ref()
                .map_or(Null, |step| CellValue::Text(step.regime.name()))
        },
    },
];
