//! `rooflab ground-truth`: measured runs.

mod flat_row;
mod overview;
mod run_head;
mod show;
mod validate;

use clap::Subcommand;

use crate::exit_status::ExitStatus;
use crate::session::Session;

/// Look at measured runs: GuideLLM reports with the server and the workload they belong to
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  rooflab ground-truth show                        the runs of this project
  rooflab ground-truth validate ~/sweeps --strict  is everything in these folders understood?")]
pub(crate) enum GroundTruthCommand {
    Show(show::ShowArgs),
    Validate(validate::ValidateArgs),
}

pub(super) fn run(
    command: &GroundTruthCommand,
    session: &mut Session,
) -> anyhow::Result<ExitStatus> {
    match command {
        GroundTruthCommand::Show(args) => show::run(args, session),
        GroundTruthCommand::Validate(args) => validate::run(args, session),
    }
}
