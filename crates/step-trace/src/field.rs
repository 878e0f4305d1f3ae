//! What a column of a trace can mean.

use std::fmt;

use crate::cell::Reading;

/// Declares [`Field`] by a table of all fields: what their values are, their names in a mapping, and what they mean.
macro_rules! fields {
    ($($field:ident $kind:ident $name:literal $meaning:literal,)+) => {
        /// A fact of a step that a trace may record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(clippy::doc_markdown, reason = "the same words stand in a page without marks")]
        pub enum Field {
            $(
                #[doc = $meaning]
                $field,
            )+
        }

        impl Field {
            /// Every field.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$field),+];

            /// The name in a mapping.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)+
                }
            }

            /// What its values are.
            #[must_use]
            pub fn kind(self) -> FieldKind {
                match self {
                    $(Self::$field => FieldKind::$kind,)+
                }
            }

            /// What it means, for documentation.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$field => $meaning,)+
                }
            }
        }
    };
}

fields! {
    Experiment Text "experiment" "The server and load that the step belongs to; one where it is not mapped",
    Model Text "model" "The model, a folder below model_configs; that of the setup where it is not mapped",
    Workload Text "workload" "The load, in a word",
    TensorParallel Count "tensor_parallel" "GPUs that each layer is split over; that of the setup where it is not mapped",
    StepId Whole "step_id" "The engine's number of the step; consecutive steps have consecutive numbers",
    StartNs Whole "start_ns" "When the step started, by a clock that never runs back; timestamps of Parquet are nanoseconds whatever their unit in the file",
    DurationUs Amount "duration_us" "How long the step took, as the engine says",
    Steps Count "steps" "Recorded steps that the row sums up, each of which had these requests and tokens; 1 where it is not mapped",
    DurationUsSum Amount "duration_us_sum" "How long the steps of the row took, summed",
    DurationUsSquaredSum Amount "duration_us_squared_sum" "The squares of these durations, summed",
    Intervals Count "intervals" "Steps of the row after which the next one was recorded too",
    IntervalUsSum Amount "interval_us_sum" "From their starts to the starts of the next steps, summed",
    IntervalUsSquaredSum Amount "interval_us_squared_sum" "The squares of these intervals, summed",
    PrefillRequests Count "prefill_requests" "Requests that processed prompt tokens; 1 where it is not mapped and there are prompt tokens",
    PrefillTokens Count "prefill_tokens" "Prompt tokens that were processed",
    PrefillContextTokens Count "prefill_context_tokens" "Tokens in the context of the prefill requests, summed; the prompt tokens of the step where it is not mapped",
    DecodeRequests Count "decode_requests" "Requests that produced tokens; as many as tokens where it is not mapped",
    DecodeTokens Count "decode_tokens" "Tokens that were produced",
    DecodeKvTokens Count "decode_kv_tokens" "KV lengths of the decode requests, summed; their share of the KV cache in use where it is not mapped",
    KvTokens Amount "kv_tokens" "Tokens in the KV cache of all running requests; from the three below where it is not mapped",
    KvUsage Share "kv_usage" "The share of the KV cache that is in use, from 0 to 1",
    KvBlocks Count "kv_blocks" "Blocks of the whole KV cache",
    BlockSize Count "block_size" "Tokens of one block; 16 where it is not mapped",
}

impl Field {
    /// Fields without which a trace says nothing.
    pub const REQUIRED: [Self; 3] = [Self::StepId, Self::PrefillTokens, Self::DecodeTokens];

    /// Fields of a row that sums steps up. Those of one stand or are missing together; `steps` is needed for any.
    pub const SUMS: [&[Self]; 3] = [
        &[Self::Steps],
        &[Self::DurationUsSum, Self::DurationUsSquaredSum],
        &[
            Self::Intervals,
            Self::IntervalUsSum,
            Self::IntervalUsSquaredSum,
        ],
    ];

    /// Fields that a single step alone can have.
    pub const OF_ONE_STEP: [Self; 3] = [Self::StepId, Self::StartNs, Self::DurationUs];

    /// The field of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
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
