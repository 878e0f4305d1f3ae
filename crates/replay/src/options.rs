//! How a benchmark is simulated: what a user may set.

use ground_truth::ServerLimits;
use serving::{LengthSampling, StepOverheads};

/// Most requests of a simulation: more take more memory than machines have.
pub const MAX_REQUESTS: u32 = 10_000_000;

/// How a benchmark is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayOptions {
    /// Limits of the server, over those that the experiment states; [`server_of`](crate::server_of) says what the rest are.
    pub server: ServerLimits,
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
            server: ServerLimits::default(),
            overheads: StepOverheads::default(),
            lengths: LengthSampling::Stratified,
            arrivals: ArrivalSource::AsMeasured,
            seed: 42,
        }
    }
}

roofline::choice! {
    /// When simulated requests arrive.
    "way of arriving" ArrivalSource {
        /// Open loads at the recorded start times where all were recorded; else as configured.
        AsMeasured = "as-measured",
        /// By the strategy and its rate.
        AsConfigured = "as-configured",
        /// One after the other at equal intervals, at the rate that was measured.
        ConstantAtMeasuredRate = "constant-at-measured-rate",
        /// At random intervals, at the rate that was measured.
        PoissonAtMeasuredRate = "poisson-at-measured-rate",
    }
}
