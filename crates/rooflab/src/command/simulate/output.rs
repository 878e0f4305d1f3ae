//! What a simulation prints and writes.

use std::path::PathBuf;

use clap::Args;
use outputs::real_path;

use super::request_lines::RequestLines;
use super::step_lines::StepLines;
use crate::format::FlatFormat;
use crate::replace_args::ReplaceArgs;
use crate::session::Session;

/// What is printed and written.
#[derive(Args, Debug)]
pub(super) struct OutputArgs {
    /// How to print the figures
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: FlatFormat,
    /// Compare medians and 99th percentiles too (json and csv have them always)
    #[arg(
        long,
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"]
    )]
    pub(super) percentiles: bool,
    /// Write the steps of the server, one a line; the file appears when all is done
    #[arg(long, value_name = "FILE.csv")]
    pub(super) trace: Option<PathBuf>,
    /// Write the simulated requests, one a line; the file appears when all is done
    #[arg(long, value_name = "FILE.csv")]
    pub(super) requests_out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) replace: ReplaceArgs,
}

/// The files that a simulation writes beside its report. The default is none.
#[derive(Default)]
pub(super) struct Files {
    pub(super) steps: StepLines,
    pub(super) requests: RequestLines,
}

impl Files {
    /// Files for one simulation, or for the benchmarks of experiments.
    pub(super) fn create(
        args: &OutputArgs,
        of_benchmarks: bool,
        session: &Session,
    ) -> anyhow::Result<Self> {
        let real = |path: &Option<PathBuf>| path.as_deref().map(real_path).transpose();
        let trace = real(&args.trace)?;
        let rules = args.replace.rules(session);
        anyhow::ensure!(
            trace.is_none() || trace != real(&args.requests_out)?,
            "--trace and --requests-out name the same file"
        );
        Ok(Self {
            steps: StepLines::create(args.trace.as_deref(), &rules, of_benchmarks)?,
            requests: RequestLines::create(args.requests_out.as_deref(), &rules, of_benchmarks)?,
        })
    }

    /// Shows them under their names.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        self.steps.finish()?;
        self.requests.finish()
    }
}
