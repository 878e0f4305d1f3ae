//! The commands: each in the file of its name.

mod audit;
mod bench_data;
mod check;
mod completions;
mod diff;
mod explain;
mod export;
mod ground_truth;
mod list;
mod lock;
mod man;
mod new;
mod report;
mod run;
mod schema;
mod simulate;
mod step;

use std::io::Write;

use clap::Subcommand;

use crate::exit_status::ExitStatus;
use crate::progress::ProgressBars;
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;

/// What rooflab can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::ListArgs),
    Run(run::RunArgs),
    Check(check::CheckArgs),
    Explain(explain::ExplainArgs),
    Audit(audit::AuditArgs),
    Diff(diff::DiffArgs),
    Export(export::ExportArgs),
    Report(report::ReportArgs),
    New(new::NewArgs),
    Lock(lock::LockArgs),
    Step(Box<step::StepArgs>),
    Simulate(Box<simulate::SimulateArgs>),
    #[command(subcommand)]
    GroundTruth(ground_truth::GroundTruthCommand),
    #[command(subcommand)]
    BenchData(bench_data::BenchDataCommand),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Command {
    /// Does it.
    pub(crate) fn run(
        self,
        project: &ProjectArgs,
        bars: ProgressBars,
        out: &mut StandardOutput,
    ) -> anyhow::Result<ExitStatus> {
        match self {
            Self::List(args) => list::run(&args, project, out),
            Self::Run(args) => run::run(&args, project, bars, out),
            Self::Check(args) => check::run(&args, project, bars, out),
            Self::Explain(args) => explain::run(&args, project, bars, out),
            Self::Audit(args) => audit::run(&args, project, bars, out),
            Self::Diff(args) => diff::run(&args, project, out),
            Self::Export(args) => export::run(&args, project, out),
            Self::Report(args) => report::run(&args, project, bars, out),
            Self::New(args) => new::run(&args, project, out),
            Self::Lock(args) => lock::run(&args, project, out),
            Self::Step(args) => step::run(&args, project, out),
            Self::Simulate(args) => simulate::run(&args, project, bars, out),
            Self::GroundTruth(command) => ground_truth::run(&command, project, out),
            Self::BenchData(command) => bench_data::run(&command, project, out),
            Self::Schema(args) => schema::run(&args, out),
            Self::Completions(args) => completions::run(&args, out),
            Self::Man(args) => man::run(&args, out),
        }
    }
}

/// Prints text as it is.
fn print(out: &mut impl Write, text: &str) -> anyhow::Result<ExitStatus> {
    out.write_all(text.as_bytes())?;
    Ok(ExitStatus::Fine)
}
