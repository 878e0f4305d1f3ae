//! Checks a whole hypothesis file before anything runs.

mod checks;
mod computing_order;
mod head;
mod intervals;
mod measured_axis;
mod plots;
mod probes;
mod published;
mod queries;
mod query_problems;
mod runs;
mod serve;
mod sql_hints;
mod trace;

pub(crate) use head::{check_head, is_date};
pub(crate) use plots::check_plots;
pub(crate) use published::check_published;
pub(crate) use queries::{CheckedQueries, check_queries};
pub(crate) use runs::{Surroundings, check_runs};

/// Whether a name can stand in SQL without quotes: a letter, then letters, digits and underscores.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What to say of a name that is no identifier.
const NOT_AN_IDENTIFIER: &str =
    "names used in SQL begin with a letter and have letters, digits and underscores";
