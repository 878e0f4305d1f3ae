//! Tests of the simulation through its public interface.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]

mod closed_forms;
mod workload;
