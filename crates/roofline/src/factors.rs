/// Empirical factors of the model, dimensionless.
///
/// The defaults are those of inference-sim's roofline model; no measurement behind them was
/// published.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Factors {
    /// Share of the cached KV bytes that is read where a request processes one new token.
    pub kv_read_one_token: f64,
    /// Share of the cached KV bytes that is read where a request processes several new tokens.
    pub kv_read_many_tokens: f64,
    /// Activation traffic in units of `L d b` where a request processes one new token.
    pub activation_one_token: f64,
    /// Activation traffic per token in units of `L d b` where a request processes several.
    pub activation_many_tokens: f64,
    /// What the attention FLOPs of a prefill are divided by for the causal mask. Positive; 2
    /// would be the limit of long sequences without a cache.
    pub causal_divisor: f64,
}

impl Default for Factors {
    fn default() -> Self {
        Self {
            kv_read_one_token: 0.80,
            kv_read_many_tokens: 0.92,
            activation_one_token: 0.75,
            activation_many_tokens: 0.85,
            causal_divisor: 1.8,
        }
    }
}
