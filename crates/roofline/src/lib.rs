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
//! ```
//! # use roofline::{
//! #     AttentionShape, Batch, DecodeRow, GemmRow, Hardware, HardwareSpec, MfuTables, ModelConfig,
//! #     ModelFacts, PrefillRow, Preset, Regime, StepModel,
//! # };
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let model = ModelConfig::new(ModelFacts {
//!     layers: 32,
//!     hidden: 4096,
//!     heads: 32,
//!     kv_heads: 8,
//!     head_dim: None,
//!     intermediate: Some(14_336),
//!     vocab: 128_256,
//!     bytes_per_param: 2.0,
//! })?;
//! let hardware = Hardware::new(HardwareSpec {
//!     peak_flops_per_s: 989.5e12,
//!     bandwidth_bytes_per_s: 3.35e12,
//!     bandwidth_efficiency: Some(0.82),
//!     per_layer_overhead_us: 0.0,
//! })?;
//! let shape = model.attention_shape();
//! let tables = MfuTables::new(
//!     vec![GemmRow { m: 128, k: 8192, n: 11_008, mfu: 0.265 }],
//!     vec![PrefillRow { shape, seq_len: 4096, mfu: 0.638 }],
//!     vec![DecodeRow { shape, tensor_parallel: 1, batch_size: 1, kv_len: 4096, mfu: 0.003 }],
//! )?;
//! let step_model = StepModel::new(&model, &hardware, &tables, 1, &Preset::Feb27.assumptions())?;
//!
//! let mut batch = Batch::new();
//! batch.push_decode(4096, 1)?;
//! let step = step_model.step(&batch)?;
//! assert_eq!(step.regime, Regime::Compute);
//! assert_eq!(step.step_us, 5805);
//! # Ok(())
//! # }
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

mod analytical_times;
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
mod mfu_rows;
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

pub use analytical_times::{AnalyticalTimes, StepTokens};
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
pub use mfu_rows::{DecodeRow, GemmRow, PrefillRow};
pub use mfu_tables::MfuTables;
pub use model_config::{ModelConfig, ModelFacts};
pub use preset::Preset;
pub use projection::{GemmCost, Projection};
pub use step::{Bytes, EmptyBatch, Phase, Regime, Step};
pub use step_model::StepModel;
