use crate::assumptions::{
    Assumptions, DecodeAttentionFlops, DecodeAttentionMfu, GemmTime, LmHead, MfuLookup, MixedBatch,
    PrefillContext,
};
use crate::choice::written_choice;
use crate::factors::Factors;

written_choice! {
    /// A combination of assumptions that predictions were published with.
    #[derive(Default)]
    "preset" Preset {
        /// 24 February 2026: nearest MFU lookup.
        Feb24 = "feb24",
        /// 25 February 2026: interpolated MFU lookup.
        Feb25Base = "feb25-base",
        /// The same with decode attention FLOPs charged per request, as hypothesis H28 asks.
        Feb25H28Fixed = "feb25-h28-fixed",
        /// 27 February 2026: weight floor, FLOPs-weighted decode MFU, actual prefill context,
        /// and the longer phase of a mixed batch.
        #[default]
        Feb27 = "feb27",
    }
}

impl Preset {
    /// The assumptions of the preset. All leave the LM head out and use [`Factors::default`].
    #[must_use]
    pub fn assumptions(self) -> Assumptions {
        let feb25_base = Assumptions {
            mfu_lookup: MfuLookup::Interpolated,
            gemm_time: GemmTime::MfuOnly,
            decode_attention_flops: DecodeAttentionFlops::MaxKv,
            decode_attention_mfu: DecodeAttentionMfu::MaxKv,
            prefill_context: PrefillContext::Bucketed,
            mixed_batch: MixedBatch::WeightedAverage,
            lm_head: LmHead::Excluded,
            factors: Factors::default(),
        };
        match self {
            Self::Feb24 => Assumptions {
                mfu_lookup: MfuLookup::Nearest,
                ..feb25_base
            },
            Self::Feb25Base => feb25_base,
            Self::Feb25H28Fixed => Assumptions {
                decode_attention_flops: DecodeAttentionFlops::PerRequest,
                ..feb25_base
            },
            Self::Feb27 => Assumptions {
                mfu_lookup: MfuLookup::Interpolated,
                gemm_time: GemmTime::WeightFloor,
                decode_attention_flops: DecodeAttentionFlops::PerRequest,
                decode_attention_mfu: DecodeAttentionMfu::Weighted,
                prefill_context: PrefillContext::Actual,
                mixed_batch: MixedBatch::Max,
                lm_head: LmHead::Excluded,
                factors: Factors::default(),
            },
        }
    }
}

impl Default for Assumptions {
    /// Those of the default preset, [`Preset::Feb27`].
    fn default() -> Self {
        Preset::default().assumptions()
    }
}
