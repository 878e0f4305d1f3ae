//! Reads the project's data folders into the types of the roofline model.
//!
//! A [`Catalog`] knows `model_configs/<model>/config.json` (Hugging Face configurations) and
//! `bench_data/<gpu>/` (`gpu.yaml` and three tables of measured MFUs). It hands out [`Model`]s and
//! [`Gpu`]s that are complete and checked, or one [`CatalogError`] that names the file, the line or
//! the fields, and what would have been valid.
//!
//! The crate never prints, never writes, and trusts no file: sizes, nesting and names are bounded
//! before they are used.

mod catalog;
mod error;
mod gpu;
mod gpu_file;
mod hugging_face;
mod json_fields;
mod json_tree;
mod measured_table;
mod model;
mod quantization;
mod quoted;
mod source_file;
mod table_kind;
mod weight_format;

pub use catalog::Catalog;
pub use error::{CatalogError, EntryKind, FieldProblem, ReadProblem, RowProblem};
pub use gpu::{Gpu, GpuSources};
pub use model::{HubFacts, Model};
pub use table_kind::{Axis, TableKind};
pub use weight_format::{QuantizationMethod, WeightFormat};
