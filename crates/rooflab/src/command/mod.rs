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

use clap::Subcommand;

use crate::exit_status::ExitStatus;
use crate::session::Session;

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
    pub(crate) fn run(self, session: &mut Session) -> anyhow::Result<ExitStatus> {
        match self {
            Self::List(args) => list::run(&args, session),
            Self::Run(args) => run::run(&args, session),
            Self::Check(args) => check::run(&args, session),
            Self::Explain(args) => explain::run(&args, session),
            Self::Audit(args) => audit::run(&args, session),
            Self::Diff(args) => diff::run(&args, session),
            Self::Export(args) => export::run(&args, session),
            Self::Report(args) => report::run(&args, session),
            Self::New(args) => new::run(&args, session),
            Self::Lock(args) => lock::run(&args, session),
            Self::Step(args) => step::run(&args, session),
            Self::Simulate(args) => simulate::run(&args, session),
            Self::GroundTruth(command) => ground_truth::run(&command, session),
            Self::BenchData(command) => bench_data::run(&command, session),
            Self::Schema(args) => schema::run(&args, session),
            Self::Completions(args) => completions::run(&args, session),
            Self::Man(args) => man::run(&args, session),
        }
    }
}
