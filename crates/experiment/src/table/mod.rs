//! Tables of values, and SQL over them.

mod calculation;
mod checked_plan;
mod column_words;
mod csv_problem;
mod documented_column;
mod engine;
mod engine_problem;
mod identifier;
mod layout;
pub(crate) mod number;
mod picks;
mod plain_columns;
mod published_table;
mod query;
mod query_bounds;
mod query_functions;
mod query_growth;
mod query_problem;
mod query_size;
mod row_order;
mod shown_table;
#[cfg(test)]
mod sql_answers;
mod table;
mod threshold;

pub(crate) use column_words::fits;
pub(crate) use csv_problem::csv_problem;
pub(crate) use documented_column::{ColumnDoc, DocumentedColumn, columns};
pub(crate) use engine::{Engine, Frame, empty_frame, figure_frame, layout, to_table};
pub(crate) use engine_problem::{EngineProblem, OF_LISTS};
pub(crate) use identifier::{NOT_AN_IDENTIFIER, check_identifier, is_identifier};
pub(crate) use layout::Layout;
pub(crate) use number::{show as show_number, show_apart};
pub(crate) use picks::{column_behind, correlations, picks_a_best};
pub(crate) use plain_columns::{Known, plain_columns};
pub(crate) use published_table::{
    KnownDifference, PublishedColumn, PublishedCsv, PublishedRow, PublishedTable, column_of_cell,
    has_key, normal_key, parse_number, read_csv,
};
pub(crate) use query::{QueryFacts, analyse};
pub(crate) use query_problem::{Mention, QueryProblem};
pub(crate) use row_order::RowOrder;
pub(crate) use shown_table::ShownTable;
pub use table::Table;
pub use table_file::{Column, ColumnKind, Value, Values};
pub(crate) use threshold::Condition;
pub use threshold::Threshold;
