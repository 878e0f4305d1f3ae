use crate::choice::written_choice;
use crate::found::Found;
use crate::model_config::ModelConfig;

written_choice! {
    /// One weight matrix of the model: an `(m, k) x (k, n)` GEMM for m tokens.
    "projection" Projection {
        /// Hidden state to queries, (d, d).
        Query = "query",
        /// Hidden state to keys, (d, g e).
        Key = "key",
        /// Hidden state to values, (d, g e).
        Value = "value",
        /// Attention output to hidden state, (d, d).
        Output = "output",
        /// Hidden state to the gate of the MLP, (d, f).
        Gate = "gate",
        /// Hidden state to the MLP, (d, f).
        Up = "up",
        /// MLP to hidden state, (f, d).
        Down = "down",
        /// Hidden state to the vocabulary, (d, V); once a model, not once a layer.
        LmHead = "lm-head",
    }
}

impl Projection {
    /// The inner and outer size `(k, n)` of the weight matrix.
    #[must_use]
    pub fn size(self, model: &ModelConfig) -> (u32, u32) {
        match self {
            Self::Query | Self::Output => (model.hidden(), model.hidden()),
            Self::Key | Self::Value => (model.hidden(), model.kv_width()),
            Self::Gate | Self::Up => (model.hidden(), model.intermediate()),
            Self::Down => (model.intermediate(), model.hidden()),
            Self::LmHead => (model.hidden(), model.vocab()),
        }
    }

    /// How often the model has it: once a layer, the LM head once.
    #[must_use]
    pub fn count(self, model: &ModelConfig) -> u32 {
        match self {
            Self::Query
            | Self::Key
            | Self::Value
            | Self::Output
            | Self::Gate
            | Self::Up
            | Self::Down => model.layers(),
            Self::LmHead => 1,
        }
    }
}

/// The cost of one projection over the whole model, split over the tensor parallel GPUs.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GemmCost {
    /// Tokens, m.
    pub m: u32,
    /// Inner size, k.
    pub k: u32,
    /// Outer size, n.
    pub n: u32,
    /// How many such GEMMs the model has: layers, or 1 for the LM head.
    pub count: u32,
    /// `2 m k n` of all of them, on all GPUs together.
    pub flops: f64,
    /// Time of all of them under the model's [`GemmTime`](crate::GemmTime).
    pub time_us: f64,
    /// Time by FLOPs and MFU alone.
    pub mfu_time_us: f64,
    /// Time to stream the weights once, `k n b / B`.
    pub weight_stream_us: f64,
    /// The MFU of the lookup.
    pub mfu: f64,
    /// How it was found.
    pub found: Found,
}
