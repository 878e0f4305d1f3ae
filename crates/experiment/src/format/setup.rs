//! Model, hardware and assumptions as a hypothesis file writes them.

use roofline::{
    DecodeAttentionFlops, DecodeAttentionMfu, GemmTime, LmHead, MfuLookup, MixedBatch,
    PrefillContext, Preset,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serde_yaml::Spanned;

use super::scalar::Scalar;
use super::setting::Setting;

/// A value of the file with its place, or nothing.
type Leaf = Option<Spanned<Scalar>>;

/// Every leaf is a value; inside a run it may also be the name of an axis.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Setup")]
pub(crate) struct SetupSpec {
    /// Folder name below `model_configs`.
    #[schemars(with = "Option<Scalar>")]
    model: Leaf,
    /// Folder name below `bench_data`.
    #[schemars(with = "Option<Scalar>")]
    gpu: Leaf,
    /// Number of GPUs that split the model.
    #[schemars(with = "Option<Scalar>")]
    tensor_parallel: Leaf,
    /// A preset and what differs from it.
    #[serde(default)]
    assumptions: AssumptionsSpec,
    /// What differs from the GPU's own figures.
    #[serde(default)]
    hardware: HardwareSpec,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Assumptions")]
struct AssumptionsSpec {
    /// feb24, feb25-base, feb25-h28-fixed or feb27.
    #[serde(default)]
    #[schemars(schema_with = "preset_schema")]
    preset: Leaf,
    /// nearest or interpolated.
    #[serde(default)]
    #[schemars(schema_with = "mfu_lookup_schema")]
    mfu_lookup: Leaf,
    /// mfu-only or weight-floor.
    #[serde(default)]
    #[schemars(schema_with = "gemm_time_schema")]
    gemm_time: Leaf,
    /// max-kv or per-request.
    #[serde(default)]
    #[schemars(schema_with = "decode_attention_flops_schema")]
    decode_attention_flops: Leaf,
    /// max-kv, weighted, per-request-alone or per-request-in-batch.
    #[serde(default)]
    #[schemars(schema_with = "decode_attention_mfu_schema")]
    decode_attention_mfu: Leaf,
    /// bucketed or actual.
    #[serde(default)]
    #[schemars(schema_with = "prefill_context_schema")]
    prefill_context: Leaf,
    /// max, weighted-average, smooth-weighted-average or additive.
    #[serde(default)]
    #[schemars(schema_with = "mixed_batch_schema")]
    mixed_batch: Leaf,
    /// excluded or included.
    #[serde(default)]
    #[schemars(schema_with = "lm_head_schema")]
    lm_head: Leaf,
    /// The empirical factors of memory traffic and of causal attention.
    #[serde(default)]
    factors: FactorsSpec,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Factors")]
struct FactorsSpec {
    /// Share of the KV cache that is read where a request processes one new token.
    #[schemars(with = "Option<Scalar>")]
    kv_read_one_token: Leaf,
    /// Share of the KV cache that is read where a request processes several new tokens.
    #[schemars(with = "Option<Scalar>")]
    kv_read_many_tokens: Leaf,
    /// Activation traffic factor where a request processes one new token.
    #[schemars(with = "Option<Scalar>")]
    activation_one_token: Leaf,
    /// Activation traffic factor where a request processes several new tokens.
    #[schemars(with = "Option<Scalar>")]
    activation_many_tokens: Leaf,
    /// What full prefill attention FLOPs are divided by for the causal mask.
    #[schemars(with = "Option<Scalar>")]
    causal_divisor: Leaf,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Hardware")]
struct HardwareSpec {
    /// Peak dense throughput in TFLOP/s.
    #[schemars(with = "Option<Scalar>")]
    peak_tflops: Leaf,
    /// Peak memory bandwidth in TB/s.
    #[schemars(with = "Option<Scalar>")]
    bandwidth_tb_per_s: Leaf,
    /// Share of the peak bandwidth that is reached; 0 stands for all of it.
    #[schemars(with = "Option<Scalar>")]
    bandwidth_efficiency: Leaf,
    /// Fixed time of each layer in microseconds, divided by tensor parallel.
    #[schemars(with = "Option<Scalar>")]
    per_layer_overhead_us: Leaf,
}

impl SetupSpec {
    /// The value that the file gives a setting.
    pub(crate) fn get(&self, setting: Setting) -> Option<&Spanned<Scalar>> {
        let (assumptions, hardware) = (&self.assumptions, &self.hardware);
        let factors = &assumptions.factors;
        match setting {
            Setting::Model => &self.model,
            Setting::Gpu => &self.gpu,
            Setting::TensorParallel => &self.tensor_parallel,
            Setting::Preset => &assumptions.preset,
            Setting::MfuLookup => &assumptions.mfu_lookup,
            Setting::GemmTime => &assumptions.gemm_time,
            Setting::DecodeAttentionFlops => &assumptions.decode_attention_flops,
            Setting::DecodeAttentionMfu => &assumptions.decode_attention_mfu,
            Setting::PrefillContext => &assumptions.prefill_context,
            Setting::MixedBatch => &assumptions.mixed_batch,
            Setting::LmHead => &assumptions.lm_head,
            Setting::KvReadOneToken => &factors.kv_read_one_token,
            Setting::KvReadManyTokens => &factors.kv_read_many_tokens,
            Setting::ActivationOneToken => &factors.activation_one_token,
            Setting::ActivationManyTokens => &factors.activation_many_tokens,
            Setting::CausalDivisor => &factors.causal_divisor,
            Setting::PeakTflops => &hardware.peak_tflops,
            Setting::BandwidthTbPerS => &hardware.bandwidth_tb_per_s,
            Setting::BandwidthEfficiency => &hardware.bandwidth_efficiency,
            Setting::PerLayerOverheadUs => &hardware.per_layer_overhead_us,
        }
        .as_ref()
    }
}

/// The schema of the setup that all runs share. There are no axes to name in it: words are choices, and the rest are
/// numbers.
pub(super) fn shared_setup_schema(generator: &mut SchemaGenerator) -> Schema {
    let mut setup = SetupSpec::json_schema(generator);
    let mut assumptions = AssumptionsSpec::json_schema(generator);
    let mut factors = FactorsSpec::json_schema(generator);
    let mut hardware = HardwareSpec::json_schema(generator);
    for setting in Setting::ALL {
        let (owner, key) = match setting.path().rsplit_once('.') {
            Some(("assumptions", key)) => (&mut assumptions, key),
            Some(("assumptions.factors", key)) => (&mut factors, key),
            Some((_, key)) => (&mut hardware, key),
            None => (&mut setup, setting.path()),
        };
        let strict = match setting {
            Setting::Model | Setting::Gpu => json!({ "type": ["string", "null"] }),
            _ if setting.choices().is_empty() => json!({ "type": ["number", "null"] }),
            _ => json!({ "anyOf": [{ "enum": setting.choices() }, { "type": "null" }] }),
        };
        restrict(owner, key, strict);
    }
    restrict(&mut assumptions, "factors", factors.to_value());
    restrict(&mut setup, "assumptions", assumptions.to_value());
    restrict(&mut setup, "hardware", hardware.to_value());
    setup
}

/// Replaces what a property may be, and keeps what is said of it.
fn restrict(owner: &mut Schema, key: &str, strict: Value) {
    let properties = owner.get_mut("properties").and_then(Value::as_object_mut);
    let Some(property) = properties.and_then(|properties| properties.get_mut(key)) else {
        return;
    };
    let said = property.get("description").cloned();
    *property = strict;
    if let (Some(said), Some(property)) = (said, property.as_object_mut()) {
        property.insert("description".to_owned(), said);
    }
}

/// One of the words, or the name of an axis.
fn words_schema(words: &[&str]) -> Schema {
    json_schema!({
        "anyOf": [
            { "enum": words },
            { "type": "string", "description": "the name of an axis" },
            { "type": "null" }
        ]
    })
}

fn preset_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(Preset::NAMES)
}

fn mfu_lookup_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(MfuLookup::NAMES)
}

fn gemm_time_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(GemmTime::NAMES)
}

fn decode_attention_flops_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(DecodeAttentionFlops::NAMES)
}

fn decode_attention_mfu_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(DecodeAttentionMfu::NAMES)
}

fn prefill_context_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(PrefillContext::NAMES)
}

fn mixed_batch_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(MixedBatch::NAMES)
}

fn lm_head_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(LmHead::NAMES)
}
