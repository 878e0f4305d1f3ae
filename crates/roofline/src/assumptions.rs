use crate::choice::written_choice;
use crate::factors::Factors;

/// Everything about the model that a hypothesis may vary: plain data, combined freely.
///
/// [`Preset::assumptions`](crate::Preset::assumptions) gives the combinations that were in use;
/// start from one and change fields.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Assumptions {
    /// How a measured MFU is found for a size that was not measured.
    pub mfu_lookup: MfuLookup,
    /// What bounds the time of one GEMM.
    pub gemm_time: GemmTime,
    /// Which KV length each decode request is charged for.
    pub decode_attention_flops: DecodeAttentionFlops,
    /// Where the MFU of decode attention is looked up.
    pub decode_attention_mfu: DecodeAttentionMfu,
    /// Which context length a prefill request is charged for.
    pub prefill_context: PrefillContext,
    /// How the two phases of a mixed batch combine.
    pub mixed_batch: MixedBatch,
    /// Whether the output projection to the vocabulary counts.
    pub lm_head: LmHead,
    /// Empirical factors on bytes and FLOPs.
    pub factors: Factors,
}

written_choice! {
    /// How a measured MFU is found for a size that was not measured.
    "mfu lookup" MfuLookup {
        /// The largest measured size that is not above the requested one: a step function.
        Nearest = "nearest",
        /// Linear between the measured neighbours (bilinear for decode), constant outside.
        Interpolated = "interpolated",
    }
}

written_choice! {
    /// What bounds the time of one GEMM.
    "gemm time" GemmTime {
        /// FLOPs at the looked-up MFU and nothing else. Below the smallest measured m this
        /// scales linearly down to nothing, which no GPU does.
        MfuOnly = "mfu-only",
        /// At least the time to stream the weights, `k n b / B`.
        WeightFloor = "weight-floor",
    }
}

written_choice! {
    /// Which KV length each decode request is charged for in attention FLOPs.
    "decode attention flops" DecodeAttentionFlops {
        /// The longest of the batch, for every request.
        MaxKv = "max-kv",
        /// Its own.
        PerRequest = "per-request",
    }
}

written_choice! {
    /// Where the MFU of decode attention is looked up. `n` is the number of decode requests of
    /// the batch, `k` a KV length.
    "decode attention mfu" DecodeAttentionMfu {
        /// Once, at `(n, max k)`.
        MaxKv = "max-kv",
        /// The mean over requests of the MFU at `(n, k)`, weighted by their FLOPs.
        Weighted = "weighted",
        /// For each request at `(1, k)`: the sum of the times the requests would take one by one.
        PerRequestAlone = "per-request-alone",
        /// For each request at `(n, k)`: like the above with the batch size kept.
        PerRequestInBatch = "per-request-in-batch",
    }
}

written_choice! {
    /// Which context length a prefill request is charged for in attention FLOPs. The MFU is
    /// looked up at the bucket in both cases.
    "prefill context" PrefillContext {
        /// The bucket: the smallest power of two that is at least the context, from 512 to 65536.
        Bucketed = "bucketed",
        /// The context itself: cached plus new tokens.
        Actual = "actual",
    }
}

written_choice! {
    /// How the prefill and the decode phase of one batch combine.
    "mixed batch" MixedBatch {
        /// The longer phase hides the shorter one.
        Max = "max",
        /// With P prefill tokens and D decode requests: 0.75 prefill + 0.25 decode if P > 4D and
        /// P > 100; 0.35 + 0.65 if D > 2P and D > 50; else by share of tokens.
        WeightedAverage = "weighted-average",
        /// Always by share of tokens.
        SmoothWeightedAverage = "smooth-weighted-average",
        /// One pass: one GEMM over all tokens plus both attentions, against one load of the
        /// weights plus all other bytes.
        Additive = "additive",
    }
}

written_choice! {
    /// Whether the output projection from the hidden state to the vocabulary counts.
    "lm head" LmHead {
        /// Neither its weights nor its GEMM.
        Excluded = "excluded",
        /// Its weights `d V b` in every phase and a GEMM `(d, V)` per emitted token.
        Included = "included",
    }
}
