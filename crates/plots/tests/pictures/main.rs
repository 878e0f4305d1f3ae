//! Pictures read back: what stands where, and what is refused.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests stand outside of test functions"
)]

mod errors;
mod layout;
mod picture;
mod random;
mod values;
