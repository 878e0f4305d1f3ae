//! `rooflab bench-data check`: examines the measured tables of GPUs.

use std::io::Write;

use catalog::{Catalog, check_bench_data};
use clap::Args;

use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::session::Session;

/// Examine gpu.yaml and the MFU tables of a GPU
///
/// Errors are what predictions refuse; they make the exit code 2. Warnings and notes are what predictions accept and
/// a reader of them should know: zeros, holes, MFU that does not follow from latency, latency that falls with size.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab bench-data check h100
  rooflab bench-data check --format json | jq .findings")]
pub(crate) struct CheckArgs {
    /// Folder below `bench_data`, in any case [default: all]
    gpu: Option<String>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &CheckArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let catalog = Catalog::new(project.root());
    let gpus = match &args.gpu {
        Some(gpu) => vec![gpu.clone()],
        None => catalog.gpu_names()?,
    };
    anyhow::ensure!(
        !gpus.is_empty(),
        "there are no gpus in {}",
        project.root().join("bench_data").display()
    );
    let mut status = ExitStatus::Fine;
    for (index, gpu) in gpus.iter().enumerate() {
        let report = check_bench_data(&catalog, gpu)?;
        match args.format {
            Format::Json => write_json_line(&mut session.out, &report)?,
            Format::Table => {
                if index > 0 {
                    writeln!(session.out)?;
                }
                session.out.text(&report.to_string())?;
            }
        }
        if report.has_errors() {
            status = ExitStatus::Rejected;
        }
    }
    Ok(status)
}
