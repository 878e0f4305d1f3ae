use request_metrics::InvalidTimes;
use roofline::InvalidRequest;
use thiserror::Error;

use crate::arrivals::InvalidArrivals;
use crate::plain_number::PlainNumber;

/// Why a simulation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum SimulationError {
    /// The arrivals make no sense.
    #[error(transparent)]
    Arrivals(#[from] InvalidArrivals),
    /// More requests than can be counted.
    #[error("{requests} requests, expected up to {}", u32::MAX)]
    TooManyRequests {
        /// Requests.
        requests: usize,
    },
    /// A time limit that is not a time.
    #[error("`duration_s` is {}, expected 0 to 9.2e9", PlainNumber(*duration_s))]
    Duration {
        /// The limit.
        duration_s: f64,
    },
    /// A step of which the latency model cannot tell how long it takes.
    #[error("step {step} takes a time that the latency model cannot tell")]
    NoLatency {
        /// Which step, counted from 0.
        step: u64,
    },
    /// A step time that is negative, not finite, or over 292 years.
    #[error("step {step} takes {} us, expected 0 to 9.2e15", PlainNumber(*latency_us))]
    Latency {
        /// Which step, counted from 0.
        step: u64,
        /// What the latency model said.
        latency_us: f64,
    },
    /// The clock would pass 292 years.
    #[error("step {step} ends later than simulated time can tell (292 years)")]
    TimeOverflow {
        /// Which step, counted from 0.
        step: u64,
    },
    /// The bound on steps was reached.
    #[error("not done after `max_steps` ({max_steps}) steps")]
    TooManySteps {
        /// The bound.
        max_steps: u64,
    },
    /// A step that the batch type does not take.
    #[error(transparent)]
    Batch(#[from] InvalidRequest),
    /// Times out of order.
    #[error(transparent)]
    Times(#[from] InvalidTimes),
}
