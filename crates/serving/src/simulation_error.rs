use std::fmt::Display;

use thiserror::Error;

/// Why a simulation has no result: arrivals, limits or a latency model that make no sense, or a bound that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct SimulationError(String);

impl SimulationError {
    pub(crate) fn new(message: impl Display) -> Self {
        Self(message.to_string())
    }
}
