//! Reads the project's data folders into the types of the roofline model.
//!
//! A [`Catalog`] knows `model_configs/<model>/config.json` (Hugging Face configurations) and
//! `bench_data/<gpu>/` (`gpu.yaml` and three tables of measured MFUs). It hands out [`Model`]s and
//! [`Gpu`]s that are complete and checked, or one [`CatalogError`] that names the file, the line or
//! the fields, and what would have been valid. [`check_bench_data`] examines the tables of a GPU
//! more closely than reading them needs.
//!
//! The crate never prints, never writes, and trusts no file: sizes, nesting and names are bounded
//! before they are used.

mod bench_check;
mod bench_report;
mod catalog;
mod error;
mod finding;
mod flops_convention;
mod gpu;
mod gpu_file;
mod hugging_face;
mod implied_peak;
mod issue;
mod json_fields;
mod json_tree;
mod measured_kernels;
mod measured_table;
mod measured_tables;
mod model;
mod quantization;
mod source_file;
mod table_check;
mod table_kind;
mod table_layout;
mod weight_format;

pub use bench_check::check_bench_data;
pub use bench_report::{BenchReport, TableReport};
pub use catalog::Catalog;
pub use error::{CatalogError, RowProblem};
pub use finding::{Finding, Severity};
pub use flops_convention::FlopsConvention;
pub use gpu::Gpu;
pub use implied_peak::{CommonPeak, ImpliedPeak, PeakSpread};
pub use issue::{FallAt, GridHoles, InconsistentAt, Issue, RepeatedAt, RowAt, TablePeak};
pub use measured_kernels::{MeasuredKernel, MeasuredKernels};
pub use model::{HubFacts, Model};
pub use table_kind::{Axis, Point, TableKind};
pub use weight_format::WeightFormat;
