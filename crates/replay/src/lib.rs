//! A measured benchmark as a simulation: which requests, when they arrive, on which server.
//!
//! [`replay`] takes a benchmark of a [`MeasuredRun`](ground_truth::MeasuredRun) and simulates it on a [`Host`], the way
//! that [`ReplayOptions`] say. [`server_of`] is the server: what the experiment states, else the defaults of vLLM.
//!
//! The crate reads no file, never prints, and holds no formula of the model.

mod host;
mod load;
mod options;
mod problem;
mod replayed;
mod server;

pub use host::Host;
pub use load::LengthsFrom;
pub use options::{ArrivalSource, MAX_REQUESTS, ReplayOptions};
pub use problem::ReplayProblem;
pub use replayed::{Replayed, replay};
pub use server::server_of;
