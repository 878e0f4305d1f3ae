//! `rooflab explain`: how a verdict follows from the checks.

mod text;

use std::io::Write;

use clap::Args;
use experiment::LoadOptions;

use self::text::ExplanationText;
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::progress::{ProgressBars, run_each};
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;

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

pub(super) fn run(
    args: &ExplainArgs,
    project: &ProjectArgs,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let project = project.open()?;
    let pool = args.jobs.pool()?;
    let options = LoadOptions::default();
    let Some(hypotheses) = pool.install(|| load_all(&project, &args.ids, &options)) else {
        return Ok(ExitStatus::Rejected);
    };
    let mut status = ExitStatus::Fine;
    for (index, (hypothesis, outcome)) in run_each(&hypotheses, &pool, bars).enumerate() {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(problem) => {
                message::experiment_error(&problem);
                status = ExitStatus::Rejected;
                continue;
            }
        };
        // SQL is read by recursion, for which the threads of the pool have the stack.
        let explanation = pool.install(|| hypothesis.explain(&outcome));
        match args.format {
            Format::Json => write_json_line(out, &explanation)?,
            Format::Table => {
                if index > 0 {
                    writeln!(out)?;
                }
                let text = ExplanationText {
                    explanation: &explanation,
                    with_tables: args.sql,
                    screen: out.screen(),
                };
                write!(out, "{text}")?;
            }
        }
        out.flush()?;
        for warning in &outcome.warnings {
            message::warning(format_args!("{}: {warning}", outcome.id));
        }
    }
    Ok(status)
}
