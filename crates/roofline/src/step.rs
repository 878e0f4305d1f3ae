use std::error::Error;
use std::fmt;

use crate::choice::written_choice;
use crate::found::Found;

/// The predicted time of one step with its parts.
///
/// `step_us_exact = max(1, hardware_us + overhead_us)`. FLOPs and bytes are those of all GPUs
/// together; times already have the tensor parallel split in them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Step {
    /// The step time in whole microseconds, halves rounded away from zero; at least 1.
    pub step_us: u64,
    /// The step time before rounding, at least 1.
    pub step_us_exact: f64,
    /// The time of both phases, combined, before overhead.
    pub hardware_us: f64,
    /// Per-layer overhead times layers over tensor parallel degree.
    pub overhead_us: f64,
    /// What bounds the step: the regime of the phase that contributes more to `hardware_us`.
    /// Where two contribute the same it is memory, if it is for one of them. For an additive
    /// mixed batch it compares `compute_us` with `memory_us`.
    pub regime: Regime,
    /// Compute time: the sum over phases; for an additive mixed batch that of the one pass.
    pub compute_us: f64,
    /// Memory time: the sum over phases; for an additive mixed batch that of the one pass.
    pub memory_us: f64,
    /// GEMM part of `compute_us`.
    pub gemm_us: f64,
    /// Attention part of `compute_us`.
    pub attention_us: f64,
    /// The prefill phase on its own; `None` without prefill requests.
    pub prefill: Option<Phase>,
    /// The decode phase on its own; `None` without decode requests.
    pub decode: Option<Phase>,
    /// FLOPs of all GEMMs.
    pub gemm_flops: f64,
    /// Attention FLOPs that enter the time, after the causal divisor of prefills.
    pub attention_flops_charged: f64,
    /// Attention FLOPs that the requests need: each over its own context, causal exactly.
    pub attention_flops_ideal: f64,
    /// Bytes moved: the sum over phases, which each load the weights; for an additive mixed batch
    /// the weights are loaded once.
    pub bytes: Bytes,
}

/// One phase of a step: all its prefill requests, or all its decode requests.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Phase {
    /// Requests in the phase.
    pub requests: u32,
    /// New tokens in the phase.
    pub tokens: u64,
    /// `max(compute_us, memory_us)`.
    pub time_us: f64,
    /// `gemm_us + attention_us`.
    pub compute_us: f64,
    /// Time to move all bytes.
    pub memory_us: f64,
    /// Time of the GEMMs.
    pub gemm_us: f64,
    /// Time of the attention.
    pub attention_us: f64,
    /// What bounds the phase, decided before any rounding; memory where both take as long.
    pub regime: Regime,
    /// FLOPs of the GEMMs.
    pub gemm_flops: f64,
    /// Attention FLOPs that enter the time.
    pub attention_flops_charged: f64,
    /// Attention FLOPs that the requests need.
    pub attention_flops_ideal: f64,
    /// Bytes moved.
    pub bytes: Bytes,
    /// Effective MFU of the attention: charged FLOPs over what the GPUs could do in
    /// `attention_us`.
    pub attention_mfu: f64,
    /// How the MFUs of the attention were found.
    pub attention_found: Found,
    /// How the MFUs of the GEMMs were found.
    pub gemm_found: Found,
}

/// Bytes moved between memory and the GPUs, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Bytes {
    /// Model weights.
    pub weights: f64,
    /// Keys and values read from the cache.
    pub kv_read: f64,
    /// Keys and values written to the cache.
    pub kv_write: f64,
    /// Activations.
    pub activations: f64,
}

written_choice! {
    /// What bounds the time.
    "regime" Regime {
        /// FLOPs.
        Compute = "compute",
        /// Bytes.
        Memory = "memory",
    }
}

/// A step was asked for a batch without requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyBatch;

impl Step {
    /// How the MFUs of all phases were found.
    #[must_use]
    pub fn found(&self) -> Found {
        let phases = [self.prefill, self.decode].into_iter().flatten();
        phases.fold(Found::NONE, |found, phase| {
            found.union(phase.attention_found).union(phase.gemm_found)
        })
    }
}

impl Bytes {
    /// All bytes.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.weights + self.dynamic()
    }

    /// Bytes that depend on the requests: all but the weights.
    #[must_use]
    pub fn dynamic(&self) -> f64 {
        self.kv_write + self.kv_read + self.activations
    }
}

impl Regime {
    /// The regime of times that are not rounded; memory where they are the same.
    #[must_use]
    pub fn of(compute_us: f64, memory_us: f64) -> Self {
        if compute_us > memory_us {
            Self::Compute
        } else {
            Self::Memory
        }
    }
}

impl fmt::Display for EmptyBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the batch is empty, expected at least one prefill or decode request")
    }
}

impl Error for EmptyBatch {}
