//! The arguments of rooflab, and the way from them to an exit status.

use std::env;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use clap::{CommandFactory, FromArgMatches, Parser};
use step_trace::PARQUET_THREAD;

use crate::argument_hints::with_hints;
use crate::command::Command;
use crate::exit_status::ExitStatus;
use crate::message;
use crate::progress::ProgressBars;
use crate::screen_args::{ScreenArgs, color_of_answers};
use crate::session::{ProjectArgs, Session};
use crate::standard_output::StandardOutput;

const END_OF_HELP: &str = "\
Examples:
  rooflab run                          re-derive every finding and write it
  rooflab explain H28                  how a verdict follows from its checks
  rooflab check                        is every committed finding still what the model says?
  rooflab audit                        which published findings hold?
  rooflab report --html site           all of it for a browser
  rooflab diff before after            what moved between two sets of results
  rooflab new H99 my-idea              begin a hypothesis of your own
  rooflab simulate --ground-truth DIR  how far the model is from what you measured

Exit codes:
  0  everything is in order
  1  a finding drifted, a generated file is stale, results differ, or a strict check has warnings
  2  arguments or input that cannot be used
  3  a bug in rooflab";

/// A laboratory for roofline models of LLM inference
///
/// A hypothesis is a folder with one YAML file. rooflab sweeps what it varies, compares with what was published,
/// decides by its checks and writes FINDINGS.md.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = END_OF_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    project: ProjectArgs,
    #[command(flatten)]
    screen: ScreenArgs,
    #[command(subcommand)]
    command: Command,
}

/// Does what the arguments of the process say.
pub(crate) fn main() -> ExitStatus {
    let color = color_of_answers(env::args_os());
    let mut command = Cli::command().color(color);
    let parsed = command
        .try_get_matches_from_mut(env::args_os())
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    match parsed {
        Ok(cli) => without_panic(|| cli.run()),
        Err(answer) => answer_of_parser(&with_hints(answer, &command, env::args_os())),
    }
}

impl Cli {
    fn run(self) -> ExitStatus {
        self.screen.choose_color();
        let mut session = Session {
            project: self.project,
            bars: ProgressBars::new(self.screen),
            out: StandardOutput::new(),
            program: Self::command,
        };
        let result = self.command.run(&mut session);
        // What was printed before an error is as good as without it.
        let flushed = session.out.flush().map_err(anyhow::Error::from);
        let mut status = ExitStatus::Fine;
        for result in [result, flushed.map(|()| ExitStatus::Fine)] {
            status = status.max(result.unwrap_or_else(|error| {
                message::error(&error);
                ExitStatus::of_error(&error)
            }));
        }
        status
    }
}

/// Help, the version or an error in the arguments.
fn answer_of_parser(answer: &clap::Error) -> ExitStatus {
    match (answer.print(), answer.use_stderr()) {
        // Nobody reads the answer, which is all there was to do.
        (Err(_), _) | (Ok(()), false) => ExitStatus::Fine,
        (Ok(()), true) => ExitStatus::Rejected,
    }
}

/// The status of `work`, where a panic counts as a bug and is reported as one.
fn without_panic(work: impl FnOnce() -> ExitStatus) -> ExitStatus {
    panic::set_hook(Box::new(|panic| {
        // A damaged trace, of which the error that follows tells.
        if thread::current().name() == Some(PARQUET_THREAD) {
            return;
        }
        let what = panic.payload_as_str().unwrap_or("panic");
        match panic.location() {
            Some(place) => message::internal_error(format_args!("{what} ({place})")),
            None => message::internal_error(what),
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(ExitStatus::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_declared_without_contradictions() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_panic_is_an_internal_error() {
        let status = without_panic(|| panic!("as a test"));
        assert_eq!(status, ExitStatus::Internal);
        assert_eq!(status.code(), 3);
    }
}
