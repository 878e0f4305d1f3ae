//! The roofline model of one LLM inference step, as pure arithmetic.
//!
//! A [`StepModel`] is made of a [`ModelConfig`], [`Hardware`], measured [`MfuTables`], a tensor
//! parallel degree and [`Assumptions`]. It turns a [`Batch`] of requests into a [`Step`]: the
//! predicted time with all its parts.
//!
//! ```text
//! Batch ──> prefill phase: GEMMs + attention, against bytes ──┐
//!     └───> decode phase:  GEMMs + attention, against bytes ──┴─> combined, + overhead ──> Step
//! ```
//!
//! The crate reads no files, has no clock, draws no random numbers, logs nothing and does not
//! panic. Values that make no sense cannot be constructed: each constructor lists all problems
//! at once ([`Invalid`]). Arithmetic is `f64` without fused multiply-add, and sums over requests
//! are sums of integers: a step has the same bits on every run and for every order of requests.
//!
//! [`StepModel::step`] allocates nothing. `unsafe` is forbidden here, so no counting allocator can
//! test that; it holds by construction, since nothing on the path owns a `Vec`, `String` or `Box`:
//! sums live in arrays of fixed size and the model borrows its tables.
//!
//! Symbols, here and in the documentation of items: L layers, d hidden width, h query heads, g KV
//! heads, e head width, f MLP width, V vocabulary, b bytes per parameter, F peak FLOP/s, B
//! effective bandwidth.
//!
//! The feature `serde` derives `Serialize` and `Deserialize` for the assumptions and `Serialize`
//! for results.

mod assumptions;
mod attention_shape;
mod axis;
mod batch;
mod choice;
mod curve;
mod decode_attention;
mod decode_grid;
mod decode_table;
mod factors;
mod found;
mod gemm_table;
mod grouping;
mod hardware;
mod integer_sum;
mod invalid;
mod mfu_tables;
mod model_config;
mod model_gemms;
mod nearest;
mod phase_combination;
mod prefill_buckets;
mod prefill_table;
mod preset;
mod projection;
mod step;
mod step_model;

pub use assumptions::{
    Assumptions, DecodeAttentionFlops, DecodeAttentionMfu, GemmTime, LmHead, MfuLookup, MixedBatch,
    PrefillContext,
};
pub use attention_shape::AttentionShape;
pub use batch::{Batch, DecodeGroup, InvalidRequest, PrefillRequest};
pub use choice::UnknownChoice;
pub use factors::Factors;
pub use found::{Found, MfuAnswer};
pub use hardware::{Hardware, HardwareSpec};
pub use invalid::{Invalid, Problem};
pub use mfu_tables::{DecodeRow, GemmRow, MfuTables, PrefillRow};
pub use model_config::{ModelConfig, ModelFacts};
pub use preset::Preset;
pub use projection::{GemmCost, Projection};
pub use step::{Bytes, EmptyBatch, Phase, Regime, Step};
pub use step_model::StepModel;
