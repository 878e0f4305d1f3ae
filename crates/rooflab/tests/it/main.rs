//! The command line, end to end: exit codes, output and files.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what tests share is test code, though no test function"
)]

mod arguments;
mod audit;
mod bench_data;
mod broken;
mod check;
mod determinism;
mod diff;
mod documented_commands;
mod errors;
mod explain;
mod export;
mod ground_truth;
mod help;
mod list;
mod lock;
mod man;
mod new;
mod report;
mod run;
mod run_data;
mod schema;
mod simulate;
mod simulate_files;
mod simulate_workload;
mod step;
mod step_lines;
mod streams;
mod terminal;
mod test_project;
mod watch;
mod writes;
