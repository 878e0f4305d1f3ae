//! What a column of a trace can mean.

use std::fmt;
use std::str::FromStr;

use crate::cell::Reading;

/// A fact of a step that a trace may record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The server and load that the step belongs to; one for the whole file where it is not recorded.
    Experiment,
    /// The model that was served.
    Model,
    /// The load, in a word.
    Workload,
    /// Over how many GPUs each layer was split.
    TensorParallel,
    /// The number of the step, counted by the engine: consecutive steps have consecutive numbers.
    StepId,
    /// When the step started, by a clock that never runs back.
    StartNs,
    /// How long the step took, as the engine says.
    DurationUs,
    /// Requests that processed prompt tokens.
    PrefillRequests,
    /// Prompt tokens that were processed.
    PrefillTokens,
    /// Tokens in the context of the prefill requests, summed.
    PrefillContextTokens,
    /// Requests that produced tokens.
    DecodeRequests,
    /// Tokens that were produced.
    DecodeTokens,
    /// KV lengths of the decode requests, summed.
    DecodeKvTokens,
    /// Tokens in the KV cache of all running requests.
    KvTokens,
    /// The share of the KV cache that is in use, from 0 to 1.
    KvUsage,
    /// Blocks of the whole KV cache.
    KvBlocks,
    /// Tokens of one block of the KV cache.
    BlockSize,
}

/// What values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text,
    /// Whole numbers, 0 or more.
    Count,
    /// Whole numbers of either sign.
    Whole,
    /// Numbers, 0 or more.
    Amount,
    /// Numbers from 0 to 1.
    Share,
}

impl FieldKind {
    /// What the values are, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Count => "a whole number from 0 to 4294967295",
            Self::Whole => "a whole number",
            Self::Amount => "a finite number, 0 or more",
            Self::Share => "a share from 0 to 1",
        }
    }

    /// Whether a number is one of the values.
    pub(crate) fn takes(self, number: f64) -> bool {
        match self {
            Self::Text => false,
            Self::Count => number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number),
            Self::Whole => whole_of(number).is_some(),
            Self::Amount => number.is_finite() && number >= 0.0,
            Self::Share => (0.0..=1.0).contains(&number),
        }
    }

    pub(crate) fn reading(self) -> Reading {
        match self {
            Self::Text => Reading::Words,
            Self::Count | Self::Whole | Self::Amount | Self::Share => Reading::Numbers,
        }
    }
}

/// The whole number that a number is.
pub(crate) fn whole_of(number: f64) -> Option<i64> {
    /// 2^63, the first whole number that is too large.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    let is_whole = number.fract() == 0.0 && (-BEYOND..BEYOND).contains(&number);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    is_whole.then_some(number as i64)
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 17] = [
        Self::Experiment,
        Self::Model,
        Self::Workload,
        Self::TensorParallel,
        Self::StepId,
        Self::StartNs,
        Self::DurationUs,
        Self::PrefillRequests,
        Self::PrefillTokens,
        Self::PrefillContextTokens,
        Self::DecodeRequests,
        Self::DecodeTokens,
        Self::DecodeKvTokens,
        Self::KvTokens,
        Self::KvUsage,
        Self::KvBlocks,
        Self::BlockSize,
    ];

    /// Fields without which a trace says nothing.
    pub const REQUIRED: [Self; 3] = [Self::StepId, Self::PrefillTokens, Self::DecodeTokens];

    /// The name in a mapping.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Experiment => "experiment",
            Self::Model => "model",
            Self::Workload => "workload",
            Self::TensorParallel => "tensor_parallel",
            Self::StepId => "step_id",
            Self::StartNs => "start_ns",
            Self::DurationUs => "duration_us",
            Self::PrefillRequests => "prefill_requests",
            Self::PrefillTokens => "prefill_tokens",
            Self::PrefillContextTokens => "prefill_context_tokens",
            Self::DecodeRequests => "decode_requests",
            Self::DecodeTokens => "decode_tokens",
            Self::DecodeKvTokens => "decode_kv_tokens",
            Self::KvTokens => "kv_tokens",
            Self::KvUsage => "kv_usage",
            Self::KvBlocks => "kv_blocks",
            Self::BlockSize => "block_size",
        }
    }

    /// What its values are.
    #[must_use]
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Experiment | Self::Model | Self::Workload => FieldKind::Text,
            Self::StepId | Self::StartNs => FieldKind::Whole,
            Self::TensorParallel
            | Self::PrefillRequests
            | Self::PrefillTokens
            | Self::PrefillContextTokens
            | Self::DecodeRequests
            | Self::DecodeTokens
            | Self::DecodeKvTokens
            | Self::KvBlocks
            | Self::BlockSize => FieldKind::Count,
            Self::DurationUs | Self::KvTokens => FieldKind::Amount,
            Self::KvUsage => FieldKind::Share,
        }
    }

    /// What it means, for documentation.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Experiment => {
                "The server and load that the step belongs to; one where it is not mapped"
            }
            Self::Model => {
                "The model, a folder below model_configs; that of the setup where it is not mapped"
            }
            Self::Workload => "The load, in a word",
            Self::TensorParallel => {
                "GPUs that each layer is split over; that of the setup where it is not mapped"
            }
            Self::StepId => {
                "The engine's number of the step; consecutive steps have consecutive numbers"
            }
            Self::StartNs => {
                "When the step started, by a clock that never runs back; timestamps of Parquet are nanoseconds whatever their unit in the file"
            }
            Self::DurationUs => "How long the step took, as the engine says",
            Self::PrefillRequests => {
                "Requests that processed prompt tokens; 1 where it is not mapped and there are prompt tokens"
            }
            Self::PrefillTokens => "Prompt tokens that were processed",
            Self::PrefillContextTokens => {
                "Tokens in the context of the prefill requests, summed; the prompt tokens of the step where it is not mapped"
            }
            Self::DecodeRequests => {
                "Requests that produced tokens; as many as tokens where it is not mapped"
            }
            Self::DecodeTokens => "Tokens that were produced",
            Self::DecodeKvTokens => {
                "KV lengths of the decode requests, summed; their share of the KV cache in use where it is not mapped"
            }
            Self::KvTokens => {
                "Tokens in the KV cache of all running requests; from the three below where it is not mapped"
            }
            Self::KvUsage => "The share of the KV cache that is in use, from 0 to 1",
            Self::KvBlocks => "Blocks of the whole KV cache",
            Self::BlockSize => "Tokens of one block; 16 where it is not mapped",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no field of a step (fields: {known})", known = Field::ALL.map(Field::name).join(", "))]
pub struct UnknownField(String);

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(word: &str) -> Result<Self, UnknownField> {
        Self::ALL
            .into_iter()
            .find(|field| field.name() == word)
            .ok_or_else(|| UnknownField(word.to_owned()))
    }
}
