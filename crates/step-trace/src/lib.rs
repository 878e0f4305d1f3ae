//! Measured steps of an inference server as one type.
//!
//! A trace is a Parquet or CSV file with one row for each step of the engine. Every engine names its columns in its own
//! way: a [`Mapping`] says which column is which [`Field`]. [`StepTrace::read`] checks the rows and puts consecutive
//! steps side by side, so that the interval from start to start is known wherever the step after was recorded too.
//!
//! A row may also sum up all steps with the same requests and tokens: how many there were, and the sums of their times
//! and of the squares of these. Means, variances and correlations with what the tokens tell follow from it exactly.
//!
//! The crate never sees a prediction, never prints or writes, and trusts no file: sizes are bounded, and numbers are
//! checked before they are used.

mod cell;
mod csv_file;
mod csv_lines;
mod error;
mod field;
mod header;
mod mapping;
mod parquet_file;
mod rows;
mod step_trace;
mod trace_file;

pub use error::TraceError;
pub use field::{Field, FieldKind};
pub use mapping::{Mapping, Source, WrongSource};
pub use step_trace::{Experiment, MeasuredStep, StepTrace, Times};
pub use trace_file::PARQUET_THREAD;
