//! Why a benchmark cannot be simulated.

use serving::{
    InvalidKvMemory, InvalidOverhead, InvalidServer, InvalidTokenLengths, SimulationError,
};

use crate::options::MAX_REQUESTS;

/// Why a benchmark cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum ReplayProblem {
    /// Neither requests nor a distribution of lengths.
    #[error(
        "neither its report lists requests nor its profile.yaml says how long prompts and outputs are"
    )]
    NoLengths,
    /// No number of requests.
    #[error(
        "its report counts no requests and its profile.yaml has no `max-requests`: there is no telling how many to simulate"
    )]
    NoCount,
    /// No measured rate.
    #[error(
        "its report says neither how long it took nor how long a request does: there is no measured rate"
    )]
    NoRate,
    /// Recorded arrivals without records.
    #[error("its requests came at recorded times, and the report does not list all of them")]
    NoTimes,
    /// More requests than a simulation takes.
    #[error("its {count} requests are more than a simulation takes ({MAX_REQUESTS})")]
    TooMany {
        /// How many there were.
        count: u64,
    },
    /// The lengths of the profile make no sense.
    #[error("its profile.yaml, `{of}`: {source}")]
    Lengths {
        /// Which: `prompt_tokens` or `output_tokens`.
        of: &'static str,
        /// Why.
        source: InvalidTokenLengths,
    },
    /// The model leaves no room for a KV cache.
    #[error(transparent)]
    Memory(#[from] InvalidKvMemory),
    /// The server makes no sense.
    #[error(transparent)]
    Server(#[from] InvalidServer),
    /// A fixed time of a step makes no sense.
    #[error(transparent)]
    Overhead(#[from] InvalidOverhead),
    /// The simulation stopped.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
}
