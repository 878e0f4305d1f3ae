//! References that follow from the code: the JSON Schema, keys and columns.

mod keys_markdown;
mod schema;

pub use keys_markdown::keys_markdown;
pub use schema::{columns_markdown, hypothesis_schema, record_columns_markdown};
