//! Everything that can be checked of a hypothesis without computing a cell.

mod axis_literals;
mod axis_values;
mod checked_queries;
mod checks;
mod computing_order;
mod head;
mod intervals;
mod measured_axis;
mod measured_fields;
mod plots;
mod probes;
mod published;
mod queries;
mod query_checker;
mod query_problems;
mod run_checker;
mod runs;
mod serve;
mod splits;
mod sql_hints;
mod trace;

pub(crate) use checked_queries::CheckedQueries;
pub(crate) use head::check_head;
pub(crate) use plots::check_plots;
pub(crate) use published::check_published;
pub(crate) use queries::check_queries;
pub(crate) use runs::check_runs;
