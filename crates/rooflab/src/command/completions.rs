//! `rooflab completions`: scripts for shells.

use std::io::Write;

use clap::Args;
use clap_complete::Shell;

use crate::exit_status::ExitStatus;
use crate::session::Session;

/// Print the completion script of a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:
  rooflab completions bash > ~/.local/share/bash-completion/completions/rooflab")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    // By way of memory, because the generator panics where a stream fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut (session.program)(), "rooflab", &mut script);
    session.out.write_all(&script)?;
    Ok(ExitStatus::Fine)
}
