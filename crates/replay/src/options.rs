//! How a benchmark is simulated: what a user may set.

use std::fmt;
use std::str::FromStr;

use serving::{LengthSampling, StepOverheads};

/// Most requests of a simulation: more take more memory than machines have.
pub const MAX_REQUESTS: u32 = 10_000_000;

/// How a benchmark is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayOptions {
    /// Limits of the server, over those that the experiment states.
    pub server: ServerOverrides,
    /// Fixed times of steps.
    pub overheads: StepOverheads,
    /// How token lengths are drawn where no requests were recorded.
    pub lengths: LengthSampling,
    /// When requests arrive.
    pub arrivals: ArrivalSource,
    /// Seed of all that is drawn.
    pub seed: u64,
}

impl Default for ReplayOptions {
    /// The server of the experiment, no overheads, stratified lengths, arrivals as measured, seed 42.
    fn default() -> Self {
        Self {
            server: ServerOverrides::default(),
            overheads: StepOverheads::default(),
            lengths: LengthSampling::Stratified,
            arrivals: ArrivalSource::AsMeasured,
            seed: 42,
        }
    }
}

/// Limits of a server that replace what an experiment states. Absent: as stated, else vLLM's default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServerOverrides {
    /// Most tokens of one step; that of `vllm serve` on the GPU where nothing states it.
    pub max_num_batched_tokens: Option<u32>,
    /// Most requests of one step; that of `vllm serve` on the GPU where nothing states it.
    pub max_num_seqs: Option<u32>,
    /// Most tokens of one request; the model's longest context where nothing states it.
    pub max_model_len: Option<u32>,
    /// Tokens of one KV cache block; 16 where nothing states it.
    pub block_size: Option<u32>,
    /// Blocks of the KV cache; what fits beside the weights where nothing states it.
    pub kv_blocks: Option<u64>,
    /// Share of the GPU memory that the server takes; 0.9 where nothing states it.
    pub gpu_memory_utilization: Option<f64>,
    /// Whether prompts are split over steps; they are where nothing states it.
    pub chunked_prefill: Option<bool>,
    /// Whether the KV cache of shared prefixes is kept; it is where nothing states it.
    pub prefix_caching: Option<bool>,
}

/// When simulated requests arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalSource {
    /// Open loads at the recorded start times where all were recorded; else as configured.
    AsMeasured,
    /// By the strategy and its rate.
    AsConfigured,
    /// One after the other at equal intervals, at the rate that was measured.
    ConstantAtMeasuredRate,
    /// At random intervals, at the rate that was measured.
    PoissonAtMeasuredRate,
}

impl ArrivalSource {
    /// The words for them.
    pub const NAMES: &[&str] = &[
        "as-measured",
        "as-configured",
        "constant-at-measured-rate",
        "poisson-at-measured-rate",
    ];
}

impl FromStr for ArrivalSource {
    type Err = UnknownArrivals;

    fn from_str(word: &str) -> Result<Self, UnknownArrivals> {
        match word {
            "as-measured" => Ok(Self::AsMeasured),
            "as-configured" => Ok(Self::AsConfigured),
            "constant-at-measured-rate" => Ok(Self::ConstantAtMeasuredRate),
            "poisson-at-measured-rate" => Ok(Self::PoissonAtMeasuredRate),
            _ => Err(UnknownArrivals),
        }
    }
}

/// The word names no way of arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownArrivals;

impl fmt::Display for UnknownArrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}", ArrivalSource::NAMES.join(", "))
    }
}

impl std::error::Error for UnknownArrivals {}
