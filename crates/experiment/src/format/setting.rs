//! The settings that a hypothesis fixes or varies.

use roofline::{
    Assumptions, DecodeAttentionFlops, DecodeAttentionMfu, GemmTime, Hardware, LmHead, MfuLookup,
    MixedBatch, PrefillContext, Preset,
};

use super::scalar::Scalar;

/// One leaf of `setup`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Setting {
    Model,
    Gpu,
    TensorParallel,
    Preset,
    MfuLookup,
    GemmTime,
    DecodeAttentionFlops,
    DecodeAttentionMfu,
    PrefillContext,
    MixedBatch,
    LmHead,
    KvReadOneToken,
    KvReadManyTokens,
    ActivationOneToken,
    ActivationManyTokens,
    CausalDivisor,
    PeakTflops,
    BandwidthTbPerS,
    BandwidthEfficiency,
    PerLayerOverheadUs,
}

impl Setting {
    /// Every setting; the preset stands before what overrides it.
    pub(crate) const ALL: [Self; 20] = [
        Self::Model,
        Self::Gpu,
        Self::TensorParallel,
        Self::Preset,
        Self::MfuLookup,
        Self::GemmTime,
        Self::DecodeAttentionFlops,
        Self::DecodeAttentionMfu,
        Self::PrefillContext,
        Self::MixedBatch,
        Self::LmHead,
        Self::KvReadOneToken,
        Self::KvReadManyTokens,
        Self::ActivationOneToken,
        Self::ActivationManyTokens,
        Self::CausalDivisor,
        Self::PeakTflops,
        Self::BandwidthTbPerS,
        Self::BandwidthEfficiency,
        Self::PerLayerOverheadUs,
    ];

    /// The path below `setup`.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Gpu => "gpu",
            Self::TensorParallel => "tensor_parallel",
            Self::Preset => "assumptions.preset",
            Self::MfuLookup => "assumptions.mfu_lookup",
            Self::GemmTime => "assumptions.gemm_time",
            Self::DecodeAttentionFlops => "assumptions.decode_attention_flops",
            Self::DecodeAttentionMfu => "assumptions.decode_attention_mfu",
            Self::PrefillContext => "assumptions.prefill_context",
            Self::MixedBatch => "assumptions.mixed_batch",
            Self::LmHead => "assumptions.lm_head",
            Self::KvReadOneToken => "assumptions.factors.kv_read_one_token",
            Self::KvReadManyTokens => "assumptions.factors.kv_read_many_tokens",
            Self::ActivationOneToken => "assumptions.factors.activation_one_token",
            Self::ActivationManyTokens => "assumptions.factors.activation_many_tokens",
            Self::CausalDivisor => "assumptions.factors.causal_divisor",
            Self::PeakTflops => "hardware.peak_tflops",
            Self::BandwidthTbPerS => "hardware.bandwidth_tb_per_s",
            Self::BandwidthEfficiency => "hardware.bandwidth_efficiency",
            Self::PerLayerOverheadUs => "hardware.per_layer_overhead_us",
        }
    }

    /// The words that the setting takes, or nothing where it takes a number or the name of a folder.
    pub(crate) fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Preset => Preset::NAMES,
            Self::MfuLookup => MfuLookup::NAMES,
            Self::GemmTime => GemmTime::NAMES,
            Self::DecodeAttentionFlops => DecodeAttentionFlops::NAMES,
            Self::DecodeAttentionMfu => DecodeAttentionMfu::NAMES,
            Self::PrefillContext => PrefillContext::NAMES,
            Self::MixedBatch => MixedBatch::NAMES,
            Self::LmHead => LmHead::NAMES,
            Self::Model
            | Self::Gpu
            | Self::TensorParallel
            | Self::KvReadOneToken
            | Self::KvReadManyTokens
            | Self::ActivationOneToken
            | Self::ActivationManyTokens
            | Self::CausalDivisor
            | Self::PeakTflops
            | Self::BandwidthTbPerS
            | Self::BandwidthEfficiency
            | Self::PerLayerOverheadUs => &[],
        }
    }
}

/// A hypothesis' model, hardware and assumptions with every default filled in but the GPU's own figures.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setup {
    pub(crate) model: Option<String>,
    pub(crate) gpu: Option<String>,
    pub(crate) tensor_parallel: u32,
    pub(crate) preset: Preset,
    pub(crate) assumptions: Assumptions,
    /// `None`: the GPU's own figure.
    pub(crate) peak_flops_per_s: Option<f64>,
    pub(crate) bandwidth_bytes_per_s: Option<f64>,
    pub(crate) bandwidth_efficiency: Option<f64>,
    pub(crate) per_layer_overhead_us: f64,
}

impl Default for Setup {
    fn default() -> Self {
        let preset = Preset::default();
        Self {
            model: None,
            gpu: None,
            tensor_parallel: 1,
            preset,
            assumptions: preset.assumptions(),
            peak_flops_per_s: None,
            bandwidth_bytes_per_s: None,
            bandwidth_efficiency: None,
            per_layer_overhead_us: 0.0,
        }
    }
}

/// FLOP/s in a TFLOP/s, bytes/s in a TB/s.
const TERA: f64 = 1e12;

impl Setup {
    /// Gives one setting a value. Settings are to be applied in the order of [`Setting::ALL`]: a preset replaces
    /// all assumptions.
    ///
    /// # Errors
    ///
    /// The value is of the wrong kind; the text says what is expected.
    pub(crate) fn apply(&mut self, setting: Setting, value: &Scalar) -> Result<(), WrongValue> {
        let factors = &mut self.assumptions.factors;
        match setting {
            Setting::Model => {
                self.model =
                    Some(word(value, "the name of a folder below model_configs")?.to_owned());
            }
            Setting::Gpu => {
                self.gpu = Some(word(value, "the name of a folder below bench_data")?.to_owned());
            }
            Setting::TensorParallel => {
                self.tensor_parallel = value
                    .as_value()
                    .as_u32()
                    .filter(|tp| *tp > 0)
                    .ok_or(WrongValue("a whole number from 1"))?;
            }
            Setting::Preset => {
                self.preset = choice(value)?;
                self.assumptions = self.preset.assumptions();
            }
            Setting::MfuLookup => self.assumptions.mfu_lookup = choice(value)?,
            Setting::GemmTime => self.assumptions.gemm_time = choice(value)?,
            Setting::DecodeAttentionFlops => {
                self.assumptions.decode_attention_flops = choice(value)?;
            }
            Setting::DecodeAttentionMfu => self.assumptions.decode_attention_mfu = choice(value)?,
            Setting::PrefillContext => self.assumptions.prefill_context = choice(value)?,
            Setting::MixedBatch => self.assumptions.mixed_batch = choice(value)?,
            Setting::LmHead => self.assumptions.lm_head = choice(value)?,
            Setting::KvReadOneToken => factors.kv_read_one_token = not_negative(value)?,
            Setting::KvReadManyTokens => factors.kv_read_many_tokens = not_negative(value)?,
            Setting::ActivationOneToken => factors.activation_one_token = not_negative(value)?,
            Setting::ActivationManyTokens => factors.activation_many_tokens = not_negative(value)?,
            Setting::CausalDivisor => factors.causal_divisor = positive(value)?,
            Setting::PeakTflops => self.peak_flops_per_s = Some(positive(value)? * TERA),
            Setting::BandwidthTbPerS => self.bandwidth_bytes_per_s = Some(positive(value)? * TERA),
            Setting::BandwidthEfficiency => {
                let share = not_negative(value)?;
                if share > 1.0 || (share > 0.0 && share < Hardware::LEAST_EFFICIENCY) {
                    return Err(WrongValue("a share from 0.000001 to 1, or 0 for all of it"));
                }
                self.bandwidth_efficiency = Some(share);
            }
            Setting::PerLayerOverheadUs => self.per_layer_overhead_us = not_negative(value)?,
        }
        Ok(())
    }
}

/// What a setting would have taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongValue(pub(crate) &'static str);

fn word<'a>(value: &'a Scalar, expected: &'static str) -> Result<&'a str, WrongValue> {
    value.as_value().as_text().ok_or(WrongValue(expected))
}

fn choice<T: std::str::FromStr>(value: &Scalar) -> Result<T, WrongValue> {
    const EXPECTED: WrongValue = WrongValue("one of the choices");
    value
        .as_value()
        .as_text()
        .ok_or(EXPECTED)?
        .parse()
        .map_err(|_| EXPECTED)
}

fn not_negative(value: &Scalar) -> Result<f64, WrongValue> {
    value
        .as_value()
        .as_f64()
        .filter(|number| *number >= 0.0)
        .ok_or(WrongValue("a number from 0"))
}

fn positive(value: &Scalar) -> Result<f64, WrongValue> {
    value
        .as_value()
        .as_f64()
        .filter(|number| *number > 0.0)
        .ok_or(WrongValue("a number above 0"))
}
