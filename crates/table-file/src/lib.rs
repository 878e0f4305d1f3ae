//! Tables of numbers, words and truth values as the files that other programs read: Parquet, NDJSON and CSV.
//!
//! A [`TableWriter`] takes [`Column`]s, part by part, and writes them in a [`FileFormat`]. Equal tables are equal bytes:
//! nothing of the machine, the time or the number of threads is written.
//!
//! The crate knows no project and no paths. It writes to what it is given, reads nothing, and never prints.

mod column;
mod column_kind;
mod csv_body;
mod error;
mod file_format;
mod ndjson_body;
mod parquet_body;
mod table_writer;
mod value;

pub use column::{Column, Values};
pub use column_kind::ColumnKind;
pub use error::TableFileError;
pub use file_format::FileFormat;
pub use table_writer::{TableWriter, table_bytes};
pub use value::Value;
