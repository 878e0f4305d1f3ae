//! Tests of the laboratory through its public interface.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]
#![expect(
    clippy::too_many_lines,
    reason = "the texts of the errors of one subject stand in one test"
)]

mod cell_errors;
mod check_errors;
mod head_errors;
mod plot_errors;
mod published_errors;
mod run_errors;
mod setup_errors;
mod sql_errors;
mod table_errors;
mod template_errors;
mod test_project;
mod yaml_errors;
