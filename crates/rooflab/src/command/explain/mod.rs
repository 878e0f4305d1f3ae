//! `rooflab explain`: how a verdict follows from the checks.

mod text;

use std::io::Write;

use clap::Args;
use experiment::LoadOptions;

use self::text::write_text;
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::Loaded;
use crate::message;
use crate::session::Session;

/// Explain how a hypothesis was decided: its criteria, and what each check observed and did to the verdict
///
/// Computes the hypothesis and writes nothing. Each check is shown with its query; --sql adds the queries of the tables that
/// the checks read. Ends with 0 whatever the verdict is.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab explain H28
  rooflab explain H28 --sql           with the queries of the tables that the checks read
  rooflab explain H28 --format json | jq '.checks[] | {id, condition, observed, holds}'")]
pub(crate) struct ExplainArgs {
    /// Hypotheses to explain, each by its id (H28) or the name of its folder
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Show the queries of the tables that the checks read (json has them always)
    #[arg(long)]
    sql: bool,
    #[command(flatten)]
    jobs: JobsArgs,
    /// How to print the explanation
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &ExplainArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let loaded = Loaded::of(&project, &args.ids, &LoadOptions::default(), args.jobs)?;
    let out = &mut session.out;
    let mut is_first = true;
    let failed = loaded.run_each(session.bars, |hypothesis, outcome| {
        // SQL is read by recursion, for which the threads of the pool have the stack.
        let explanation = loaded.pool.install(|| hypothesis.explain(&outcome));
        match args.format {
            Format::Json => write_json_line(out, &explanation)?,
            Format::Table => {
                if !is_first {
                    writeln!(out)?;
                }
                write_text(out, &explanation, args.sql)?;
            }
        }
        is_first = false;
        out.flush()?;
        message::warnings_of(&outcome);
        Ok(())
    })?;
    Ok(ExitStatus::of_failed(failed))
}
