//! Traces through the public interface.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]

mod errors;
mod fields;
mod files;
mod formats;
mod hostile;
mod shown_errors;
mod steps;
mod units;
