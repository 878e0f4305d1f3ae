//! Latency metrics of LLM requests, defined once for measured and for simulated requests.
//!
//! | metric | of one request with `n` output tokens | weight in a [`Distribution`] |
//! | --- | --- | --- |
//! | TTFT | first token - start | 1 |
//! | ITL | (last token - first token) / (n - 1); none where n = 1 | n - 1 |
//! | TPOT | (last token - start) / n, the first token included | n |
//! | E2E | end - start | 1 |
//!
//! These are the definitions of GuideLLM 0.4 and later, weights included, so that what it measured and what a
//! simulation predicts are the same quantity. ITL and TPOT are both called "time per output token" in the field, and
//! differ by the time of the prefill: they are never interchangeable here.
//!
//! [`PlainNumber`] is how messages of either show a number.
//!
//! This crate does no I/O and knows neither servers nor files.

mod distribution;
mod metric;
mod plain_number;
mod relative_error;
mod request_times;

pub use distribution::{Distribution, Sample};
pub use metric::Metric;
pub use plain_number::PlainNumber;
pub use relative_error::error_pct;
pub use request_times::{InvalidTimes, RequestTimes};
