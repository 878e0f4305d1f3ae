//! `rooflab completions`: scripts for shells.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit_status::ExitStatus;
use crate::standard_output::StandardOutput;

/// Print the completion script of a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:
  rooflab completions bash > ~/.local/share/bash-completion/completions/rooflab")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, out: &mut StandardOutput) -> anyhow::Result<ExitStatus> {
    // By way of memory, because the generator panics where a stream fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rooflab", &mut script);
    std::io::Write::write_all(out, &script)?;
    Ok(ExitStatus::Fine)
}
