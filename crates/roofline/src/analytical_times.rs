use crate::assumptions::LmHead;
use crate::model_config::ModelConfig;

/// The tokens of one step, as far as its analytical times depend on them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTokens {
    /// Prompt tokens that are processed, `T_p`.
    pub prefill_tokens: f64,
    /// Tokens in the context of the prefill requests, summed over requests, `K_p`.
    pub prefill_context_tokens: f64,
    /// Tokens that are produced, `T_d`.
    pub decode_tokens: f64,
    /// KV lengths of the decode requests, summed over requests, `K_d`.
    pub decode_kv_tokens: f64,
}

/// Four closed formulas for the parts of a step at peak FLOP/s, in microseconds: no MFU, no memory, no overhead.
///
/// ```text
/// GEMM       2 L T d d (1 + 2 f / d) / (F tp)
/// attention  2 L h e T K / (F tp)
/// ```
///
/// They are those of the published hypothesis on the components of a step, kept as they were stated. Two things in them
/// are not what the hardware does: the GEMM formula has one square projection and two of the MLP in place of the four and
/// three that a layer has ([`Self::layer_gemm_us_per_token`] has all of them), and the attention formula multiplies the
/// tokens of all requests with the context of all requests, where each token attends to its own request alone.
/// Correlations do not depend on the former, which is a constant factor for a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnalyticalTimes {
    /// GEMMs of the prompt tokens.
    pub prefill_gemm_us: f64,
    /// Attention of the prompt tokens.
    pub prefill_attention_us: f64,
    /// GEMMs of the decode tokens.
    pub decode_gemm_us: f64,
    /// Attention of the decode tokens.
    pub decode_attention_us: f64,
    /// All projections of all layers for one token: `2 W / (b F tp)`, W the bytes of the weights.
    pub layer_gemm_us_per_token: f64,
    /// Reading the weights of all layers once: `W / (B tp)`, B the bandwidth that is reached.
    pub weight_us: f64,
}

impl AnalyticalTimes {
    /// The times on GPUs that have `peak_flops_per_s` and `bandwidth_bytes_per_s` together.
    pub(crate) fn of(
        model: &ModelConfig,
        peak_flops_per_s: f64,
        bandwidth_bytes_per_s: f64,
        tokens: &StepTokens,
    ) -> Self {
        let layers = f64::from(model.layers());
        let hidden = f64::from(model.hidden());
        let widening = f64::from(model.intermediate()) / hidden;
        let head_width = f64::from(model.heads()) * f64::from(model.head_dim());
        let gemm_flops_per_token = 2.0 * layers * hidden * hidden * (1.0 + 2.0 * widening);
        let attention_flops_per_pair = 2.0 * layers * head_width;
        let us = |flops: f64| flops / peak_flops_per_s * 1e6;
        let weight_bytes = model.weight_bytes(LmHead::Excluded);
        let all_projections = 2.0 * weight_bytes / model.bytes_per_param();
        Self {
            prefill_gemm_us: us(gemm_flops_per_token * tokens.prefill_tokens),
            prefill_attention_us: us(attention_flops_per_pair
                * tokens.prefill_tokens
                * tokens.prefill_context_tokens),
            decode_gemm_us: us(gemm_flops_per_token * tokens.decode_tokens),
            decode_attention_us: us(attention_flops_per_pair
                * tokens.decode_tokens
                * tokens.decode_kv_tokens),
            layer_gemm_us_per_token: us(all_projections),
            weight_us: weight_bytes / bandwidth_bytes_per_s * 1e6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model_config::ModelFacts;

    /// By hand: 2 layers, d = 8, f = 16, h e = 8. GEMM 2 x 2 x 64 x 5 = 1280 FLOPs a token, attention 2 x 2 x 8 = 32 a pair,
    /// all projections 2 x 2 x (8 x 16 + 64 + 384) = 2304 a token, whose weights are 2304 bytes.
    #[test]
    fn times_are_the_stated_formulas() {
        let model = ModelConfig::new(ModelFacts {
            layers: 2,
            hidden: 8,
            heads: 4,
            kv_heads: 2,
            head_dim: None,
            intermediate: Some(16),
            vocab: 10,
            bytes_per_param: 2.0,
        })
        .unwrap();
        let tokens = StepTokens {
            prefill_tokens: 3.0,
            prefill_context_tokens: 5.0,
            decode_tokens: 7.0,
            decode_kv_tokens: 11.0,
        };
        let times = AnalyticalTimes::of(&model, 1e6, 4e6, &tokens);
        let expected = AnalyticalTimes {
            prefill_gemm_us: 3840.0,
            prefill_attention_us: 480.0,
            decode_gemm_us: 8960.0,
            decode_attention_us: 2464.0,
            layer_gemm_us_per_token: 2304.0,
            weight_us: 576.0,
        };
        assert_eq!(times, expected);
    }
}
