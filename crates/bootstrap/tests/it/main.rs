//! Tests of the bootstrap through its public interface.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]

mod intervals;
mod properties;
