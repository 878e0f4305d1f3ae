//! Model, hardware and assumptions as a hypothesis file writes them.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Spanned;

use super::scalar::Scalar;
use crate::setting::Setting;

/// A value of the file with its place, or nothing.
type Leaf = Option<Spanned<Scalar>>;

/// Every leaf is a value; inside a run it may also be the name of an axis.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Assumptions")]
struct AssumptionsSpec {
    /// feb24, feb25-base, feb25-h28-fixed or feb27.
    #[schemars(with = "Option<Scalar>")]
    preset: Leaf,
    /// nearest or interpolated.
    #[schemars(with = "Option<Scalar>")]
    mfu_lookup: Leaf,
    /// mfu-only or weight-floor.
    #[schemars(with = "Option<Scalar>")]
    gemm_time: Leaf,
    /// max-kv or per-request.
    #[schemars(with = "Option<Scalar>")]
    decode_attention_flops: Leaf,
    /// max-kv, weighted, per-request-alone or per-request-in-batch.
    #[schemars(with = "Option<Scalar>")]
    decode_attention_mfu: Leaf,
    /// bucketed or actual.
    #[schemars(with = "Option<Scalar>")]
    prefill_context: Leaf,
    /// max, weighted-average, smooth-weighted-average or additive.
    #[schemars(with = "Option<Scalar>")]
    mixed_batch: Leaf,
    /// excluded or included.
    #[schemars(with = "Option<Scalar>")]
    lm_head: Leaf,
    /// The empirical factors of memory traffic and of causal attention.
    #[serde(default)]
    factors: FactorsSpec,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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
