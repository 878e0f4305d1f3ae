//! `rooflab bench-data`: the measured tables of GPUs.

mod check;

use clap::Subcommand;

use crate::exit_status::ExitStatus;
use crate::session::Session;

/// Look after the measured tables of GPUs
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:
  rooflab bench-data check h100  what is wrong with the tables of a GPU")]
pub(crate) enum BenchDataCommand {
    Check(check::CheckArgs),
}

pub(super) fn run(command: &BenchDataCommand, session: &mut Session) -> anyhow::Result<ExitStatus> {
    match command {
        BenchDataCommand::Check(args) => check::run(args, session),
    }
}
