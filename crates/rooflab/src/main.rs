//! The command line of rooflab: parses arguments, calls the libraries, prints, and knows exit codes.
//!
//! Nothing is computed here. Results go to standard output, everything else to standard error.

mod argument_hints;
mod assumptions_in_words;
mod cli;
mod command;
mod commands_markdown;
mod counted;
mod csv_lines;
mod exit_status;
mod experiment_folders;
mod format;
mod jobs;
mod loading;
mod message;
mod other_data_args;
mod output_folder;
mod progress;
mod replace_args;
mod screen;
mod screen_args;
mod session;
mod setting_flags;
mod shown_path;
mod si_number;
mod standard_output;
mod step_setup;
mod table_layout;
mod text_table;
mod wrapped_text;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
