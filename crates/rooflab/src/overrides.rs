//! What differs from a preset and from a GPU's own figures: as flags and as JSON.

use std::error::Error;
use std::str::FromStr;

use catalog::Gpu;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use roofline::{
    Assumptions, DecodeAttentionFlops, DecodeAttentionMfu, Factors, GemmTime, Hardware,
    HardwareSpec, Invalid, LmHead, MfuLookup, MixedBatch, PrefillContext,
};
use serde::{Deserialize, Serialize};

/// FLOP/s in a TFLOP/s, bytes/s in a TB/s.
const TERA: f64 = 1e12;

/// Assumptions over those of a preset. Absent: as in the preset.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Assumptions")]
pub(crate) struct AssumptionOverrides {
    /// How an MFU is found for sizes that were not measured
    #[arg(long, value_parser = choice::<MfuLookup>(MfuLookup::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    mfu_lookup: Option<MfuLookup>,
    /// What bounds the time of a GEMM
    #[arg(long, value_parser = choice::<GemmTime>(GemmTime::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    gemm_time: Option<GemmTime>,
    /// KV length that decode attention FLOPs are charged for
    #[arg(long, value_parser = choice::<DecodeAttentionFlops>(DecodeAttentionFlops::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    decode_attention_flops: Option<DecodeAttentionFlops>,
    /// Where the MFU of decode attention is looked up
    #[arg(long, value_parser = choice::<DecodeAttentionMfu>(DecodeAttentionMfu::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    decode_attention_mfu: Option<DecodeAttentionMfu>,
    /// Context length that prefill attention is charged for
    #[arg(long, value_parser = choice::<PrefillContext>(PrefillContext::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    prefill_context: Option<PrefillContext>,
    /// How the two phases of a batch combine
    #[arg(long, value_parser = choice::<MixedBatch>(MixedBatch::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    mixed_batch: Option<MixedBatch>,
    /// Whether the projection to the vocabulary counts
    #[arg(long, value_parser = choice::<LmHead>(LmHead::NAMES))]
    #[serde(skip_serializing_if = "Option::is_none")]
    lm_head: Option<LmHead>,
    #[arg(skip)]
    #[serde(skip_serializing_if = "FactorOverrides::is_empty")]
    factors: FactorOverrides,
}

/// Empirical factors over those of a preset.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Assumptions")]
pub(crate) struct FactorOverrides {
    /// Share of cached KV bytes that is read by a request with one new token
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    kv_read_one_token: Option<f64>,
    /// Share of cached KV bytes that is read by a request with several new tokens
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    kv_read_many_tokens: Option<f64>,
    /// Activation traffic factor of a request with one new token
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_one_token: Option<f64>,
    /// Activation traffic factor of a request with several new tokens
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    activation_many_tokens: Option<f64>,
    /// What prefill attention FLOPs are divided by for the causal mask
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    causal_divisor: Option<f64>,
}

/// Hardware over the GPU's own figures.
#[derive(Args, Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[command(next_help_heading = "Hardware")]
pub(crate) struct HardwareOverrides {
    /// Peak dense TFLOP/s [default: the GPU's]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_tflops: Option<f64>,
    /// Peak memory bandwidth in TB/s [default: the GPU's]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    bandwidth_tb_per_s: Option<f64>,
    /// Share of the bandwidth that is reached [default: all]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    bandwidth_efficiency: Option<f64>,
    /// Microseconds that each layer takes beyond FLOPs and bytes [default: 0]
    #[arg(long, value_name = "US", allow_negative_numbers = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    per_layer_overhead_us: Option<f64>,
}

/// A parser of the names of an enum, which completions and help know too.
pub(crate) fn choice<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

impl AssumptionOverrides {
    /// These with the factors that have flags of their own.
    pub(crate) fn with_factors(self, factors: FactorOverrides) -> Self {
        Self { factors, ..self }
    }

    /// The assumptions with these in their place.
    pub(crate) fn over(&self, base: Assumptions) -> Assumptions {
        Assumptions {
            mfu_lookup: self.mfu_lookup.unwrap_or(base.mfu_lookup),
            gemm_time: self.gemm_time.unwrap_or(base.gemm_time),
            decode_attention_flops: self
                .decode_attention_flops
                .unwrap_or(base.decode_attention_flops),
            decode_attention_mfu: self
                .decode_attention_mfu
                .unwrap_or(base.decode_attention_mfu),
            prefill_context: self.prefill_context.unwrap_or(base.prefill_context),
            mixed_batch: self.mixed_batch.unwrap_or(base.mixed_batch),
            lm_head: self.lm_head.unwrap_or(base.lm_head),
            factors: self.factors.over(base.factors),
        }
    }
}

impl FactorOverrides {
    fn over(&self, base: Factors) -> Factors {
        Factors {
            kv_read_one_token: self.kv_read_one_token.unwrap_or(base.kv_read_one_token),
            kv_read_many_tokens: self.kv_read_many_tokens.unwrap_or(base.kv_read_many_tokens),
            activation_one_token: self
                .activation_one_token
                .unwrap_or(base.activation_one_token),
            activation_many_tokens: self
                .activation_many_tokens
                .unwrap_or(base.activation_many_tokens),
            causal_divisor: self.causal_divisor.unwrap_or(base.causal_divisor),
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl HardwareOverrides {
    /// The GPU with these in place of its own figures.
    pub(crate) fn over(&self, gpu: &Gpu) -> Result<Hardware, Invalid> {
        let rate = |tera: Option<f64>, own: f64| tera.map_or(own, |tera| tera * TERA);
        Hardware::new(HardwareSpec {
            peak_flops_per_s: rate(self.peak_tflops, gpu.peak_flops_per_s),
            bandwidth_bytes_per_s: rate(self.bandwidth_tb_per_s, gpu.bandwidth_bytes_per_s),
            bandwidth_efficiency: self.bandwidth_efficiency,
            per_layer_overhead_us: self.per_layer_overhead_us.unwrap_or(0.0),
        })
    }
}
