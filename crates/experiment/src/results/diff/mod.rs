//! What changed between two sets of results.

mod change;
mod result_pairs;
mod result_set;
mod result_table;
mod results_diff;
mod row_matching;
mod side;

pub use change::{
    Absence, ChangedValue, CheckChange, DiffRemark, MovedValue, Part, Unmatched, ValuePlace,
    VerdictChange,
};
pub use result_set::ResultSet;
pub use results_diff::ResultsDiff;
pub use side::Side;
