//! Loads in numbers.

use ground_truth::Strategy;

/// Most requests in flight by the strategy, where it sets a bound.
pub(crate) fn concurrency(strategy: &Strategy) -> Option<u32> {
    match strategy {
        Strategy::Synchronous => Some(1),
        Strategy::Concurrent { streams } => Some(*streams),
        Strategy::Throughput { max_concurrency } => *max_concurrency,
        Strategy::Constant { .. } | Strategy::Poisson { .. } | Strategy::Trace { .. } => None,
    }
}
