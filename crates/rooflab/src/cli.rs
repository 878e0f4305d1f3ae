//! The arguments of rooflab, and the way from them to an exit status.

use std::backtrace::Backtrace;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};

use clap::{CommandFactory, Parser};

use crate::command::Command;
use crate::exit_status::ExitStatus;
use crate::message;
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;

/// A laboratory for roofline models of LLM inference
///
/// A hypothesis is a folder with one YAML file. rooflab sweeps what it varies, compares with what was published,
/// decides by its checks and writes FINDINGS.md.
#[derive(Debug, Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "Examples:
  rooflab run              re-derive every finding
  rooflab run H28          re-derive one
  rooflab new H99 my-idea  begin a hypothesis of your own",
    after_long_help = Self::LONG_END,
)]
pub(crate) struct Cli {
    #[command(flatten)]
    project: ProjectArgs,
    #[command(subcommand)]
    command: Command,
}
