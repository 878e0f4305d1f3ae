//! Tests of the laboratory through its public interface.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what tests share is test code, though no test function"
)]
#![expect(
    clippy::too_many_lines,
    reason = "the texts of the errors of one subject stand in one test"
)]

mod audit;
mod column_differences;
mod comparison;
mod criteria_lock;
mod defects;
mod determinism;
mod errors;
mod findings;
mod head_errors;
mod hostile;
mod intervals;
mod kept_columns;
mod measured_file_errors;
mod measured_filters;
mod measured_hypotheses;
mod measured_project;
mod measured_rows;
mod measured_rows_of_tables;
mod measured_splits;
mod measured_warnings;
mod missing_answers;
mod mutations;
mod plot_errors;
mod plot_examples;
mod project_errors;
mod published_reasons;
mod real_hypotheses;
mod recorded_requests;
mod results_diff;
mod row_order;
mod run_errors;
mod scaffold;
mod schema;
mod serve_errors;
mod serve_findings;
mod serve_predictions;
mod shared_tables;
mod shown_tables;
mod sql_axes;
mod sql_axis_errors;
mod sql_columns;
mod sql_functions;
mod step_oracle;
mod table_errors;
mod template_errors;
mod test_project;
mod trace_data;
mod trace_errors;
mod trace_findings;
mod trace_rows;
mod validity_warnings;
mod verdicts;
mod wings;
mod written_files;
mod yaml_errors;
