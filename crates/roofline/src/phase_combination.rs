use crate::assumptions::MixedBatch;
use crate::integer_sum::to_f64;
use crate::step::{Bytes, Phase, Regime};

/// The parts of a step that depend on how its phases combine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CombinedPhases {
    pub(crate) hardware_us: f64,
    pub(crate) regime: Regime,
    pub(crate) compute_us: f64,
    pub(crate) memory_us: f64,
    pub(crate) gemm_us: f64,
    pub(crate) attention_us: f64,
    pub(crate) bytes: Bytes,
}

impl From<&Phase> for CombinedPhases {
    /// A step of one phase.
    fn from(only: &Phase) -> Self {
        Self {
            hardware_us: only.time_us,
            regime: only.regime,
            compute_us: only.compute_us,
            memory_us: only.memory_us,
            gemm_us: only.gemm_us,
            attention_us: only.attention_us,
            bytes: only.bytes,
        }
    }
}

/// A step of two phases. `one_pass` computes them as an additive batch does.
pub(crate) fn combine(
    rule: MixedBatch,
    prefill: &Phase,
    decode: &Phase,
    one_pass: impl FnOnce() -> CombinedPhases,
) -> CombinedPhases {
    let (hardware_us, regime) = match rule {
        MixedBatch::Additive => return one_pass(),
        MixedBatch::Max => (
            prefill.time_us.max(decode.time_us),
            dominant_regime((prefill, prefill.time_us), (decode, decode.time_us)),
        ),
        MixedBatch::WeightedAverage | MixedBatch::SmoothWeightedAverage => {
            let (prefill_weight, decode_weight) = match rule {
                MixedBatch::WeightedAverage => stepped_weights(prefill.tokens, decode.tokens),
                MixedBatch::Max | MixedBatch::SmoothWeightedAverage | MixedBatch::Additive => {
                    token_shares(prefill.tokens, decode.tokens)
                }
            };
            let prefill_us = prefill_weight * prefill.time_us;
            let decode_us = decode_weight * decode.time_us;
            (
                prefill_us + decode_us,
                dominant_regime((prefill, prefill_us), (decode, decode_us)),
            )
        }
    };
    CombinedPhases {
        hardware_us,
        regime,
        compute_us: prefill.compute_us + decode.compute_us,
        memory_us: prefill.memory_us + decode.memory_us,
        gemm_us: prefill.gemm_us + decode.gemm_us,
        attention_us: prefill.attention_us + decode.attention_us,
        bytes: Bytes {
            weights: prefill.bytes.weights + decode.bytes.weights,
            kv_read: prefill.bytes.kv_read + decode.bytes.kv_read,
            kv_write: prefill.bytes.kv_write + decode.bytes.kv_write,
            activations: prefill.bytes.activations + decode.bytes.activations,
        },
    }
}

/// The regime of the phase that contributes more; of two that contribute the same, memory if it is
/// that of one of them.
fn dominant_regime(
    (prefill, prefill_us): (&Phase, f64),
    (decode, decode_us): (&Phase, f64),
) -> Regime {
    if prefill_us > decode_us {
        prefill.regime
    } else if decode_us > prefill_us {
        decode.regime
    } else {
        // Compute sorts before memory.
        prefill.regime.max(decode.regime)
    }
}

/// The weights of [`MixedBatch::WeightedAverage`]: of the prefill and of the decode phase.
fn stepped_weights(prefill_tokens: u64, decode_tokens: u64) -> (f64, f64) {
    if prefill_tokens > 4 * decode_tokens && prefill_tokens > 100 {
        (0.75, 0.25)
    } else if decode_tokens > 2 * prefill_tokens && decode_tokens > 50 {
        (0.35, 0.65)
    } else {
        token_shares(prefill_tokens, decode_tokens)
    }
}

fn token_shares(prefill_tokens: u64, decode_tokens: u64) -> (f64, f64) {
    let prefill = to_f64(prefill_tokens.into());
    let decode = to_f64(decode_tokens.into());
    (prefill / (prefill + decode), decode / (prefill + decode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_step_where_one_phase_outnumbers_the_other() {
        for (prefill, decode, expected) in [
            (101, 25, (0.75, 0.25)),
            (100, 25, (0.8, 0.2)),
            (404, 101, (0.8, 0.2)),
            (405, 101, (0.75, 0.25)),
            (25, 51, (0.35, 0.65)),
            (10, 50, (1.0 / 6.0, 5.0 / 6.0)),
            (30, 60, (1.0 / 3.0, 2.0 / 3.0)),
        ] {
            assert_eq!(
                stepped_weights(prefill, decode),
                expected,
                "{prefill} {decode}"
            );
        }
    }
}
