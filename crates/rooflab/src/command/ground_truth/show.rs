//! `rooflab ground-truth show`: the figures of measured runs.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use ground_truth::MeasuredRun;
use serde_json::Value;

use super::flat_row::write_runs;
use super::overview::write_overview;
use super::run_head::run_head;
use crate::exit_status::ExitStatus;
use crate::experiment_folders::{experiment_folders, load_each_run, show_warnings};
use crate::format::{FlatFormat, write_json_line};
use crate::message;
use crate::session::Session;

/// Show the latencies of measured runs, one row a benchmark
///
/// Latencies are recomputed from the requests of a report where it lists them, and are its own aggregates elsewhere; FROM
/// says which. ITL is the time between two output tokens, the first token excluded; TPOT is the time from start to last
/// token per output token, the first included. Both are weighted by tokens. What is odd about the files goes to standard
/// error.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab ground-truth show                       the runs of this project
  rooflab ground-truth show ~/sweeps/llama-tp1    one experiment, with its server and workload
  rooflab ground-truth show ~/sweeps --percentiles
  rooflab ground-truth show ~/sweeps --format csv > sweeps.csv
  rooflab ground-truth show ~/sweeps --format json | jq '.benchmarks[].metrics.itl_ms.p99'")]
pub(crate) struct ShowArgs {
    /// Experiments, or folders of experiments [default: `eval/ground_truth` of the project]
    #[arg(value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// How to print the runs
    #[arg(long, value_enum, default_value_t)]
    format: FlatFormat,
    /// Print the spread of each latency: a row a metric
    #[arg(long)]
    percentiles: bool,
    /// Print every request as well (with --format json)
    #[arg(long)]
    requests: bool,
}

pub(super) fn run(args: &ShowArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    anyhow::ensure!(
        !args.requests || args.format == FlatFormat::Json,
        "--requests prints requests as JSON: add --format json"
    );
    anyhow::ensure!(
        !args.percentiles || args.format == FlatFormat::Table,
        "--percentiles concerns --format table: json and csv always have them"
    );
    let folders = experiment_folders(&args.dirs, session)?.experiments;
    let (runs, failed) = load_each_run(&folders);
    runs.iter().for_each(show_warnings);
    let out = &mut session.out;
    match args.format {
        FlatFormat::Json => {
            for run in runs {
                write_json(out, run, args.requests)?;
            }
        }
        FlatFormat::Csv => write_runs(out, &runs)?,
        FlatFormat::Table => {
            if let ([run], 1) = (runs.as_slice(), folders.len()) {
                out.text(&run_head(run))?;
                writeln!(out)?;
            }
            if !runs.is_empty() {
                write_overview(out, &runs, folders.len() > 1, args.percentiles)?;
            }
        }
    }
    if failed > 0 && folders.len() > 1 {
        let all = folders.len();
        message::warning(format_args!("{failed} of {all} experiments left out"));
    }
    Ok(ExitStatus::of_failed(failed))
}

/// One run a line.
fn write_json(
    out: &mut impl Write,
    mut run: MeasuredRun,
    with_requests: bool,
) -> anyhow::Result<()> {
    if with_requests {
        return write_json_line(out, &run);
    }
    for benchmark in &mut run.benchmarks {
        benchmark.requests = Vec::new();
    }
    let mut value = serde_json::to_value(&run)?;
    // An empty list would read as a run without requests.
    let benchmarks = value.get_mut("benchmarks").and_then(Value::as_array_mut);
    for benchmark in benchmarks.into_iter().flatten() {
        if let Some(fields) = benchmark.as_object_mut() {
            fields.remove("requests");
        }
    }
    write_json_line(out, &value)
}
