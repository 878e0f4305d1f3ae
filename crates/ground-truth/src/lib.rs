//! Measured runs of an inference server as one type.
//!
//! An experiment is a folder with a report of the load generator GuideLLM (any release), and optionally `profile.yaml`
//! (what it was told to send) and `exp-config.yaml` (the server). [`load`] makes a [`MeasuredRun`] of it, whose
//! latencies follow the definitions of [`request_metrics`] whatever the release called them; [`validate`] lists every
//! problem of the files at once; [`GroundTruth`] is a folder of such folders.
//!
//! The crate never sees a prediction, never prints or writes, and trusts no file: sizes, nesting and numbers are
//! bounded before they are used.

mod benchmark;
mod bounds;
mod elided_reader;
mod error;
mod ground_truth;
mod hashing_reader;
mod measured_metric;
mod measured_run;
mod profile;
mod reading;
mod refused;
mod source_file;
mod source_file_record;
mod strategy;
mod tree;
mod validation;
mod warning;
mod wire;

pub use benchmark::{
    Benchmark, Exclusion, ExclusionReason, Listed, MeasuredRequest, RequestCounts,
};
pub use error::LoadError;
pub use ground_truth::{GroundTruth, SPLITS_FILES, Split};
pub use measured_metric::{MeasuredMetric, Metrics, Origin};
pub use measured_run::{Client, MeasuredRun, Schema, ServerLimits};
pub use profile::{LengthProfile, Profile, RateType, TokenLengths};
pub use source_file::FILE_ENDINGS;
pub use source_file_record::SourceFileRecord;
pub use strategy::Strategy;
pub use validation::{Problem, Severity, load, validate};
pub use warning::Warning;
