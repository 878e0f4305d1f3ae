//! `rooflab simulate`: requests on a simulated server, beside what was measured or alone.

mod comparison;
mod comparison_csv;
mod comparison_json;
mod comparison_text;
mod error_summary;
mod host_choice;
mod host_head;
mod measured;
mod prediction;
mod request_lines;
mod server_limits;
mod simulated_json;
mod site_experiments;
mod step_lines;
mod workload;
mod workload_args;
mod workload_csv;
mod workload_text;

use std::path::PathBuf;

use catalog::Catalog;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ground_truth::Strategy;
use replay::{ArrivalSource, ReplayProblem};
use serving::InvalidKvMemory;
use settings::{ASSUMPTIONS, HARDWARE, OVERHEAD, SERVE, SERVER, Setup};

use self::prediction::Prediction;
use self::request_lines::RequestLines;
pub(super) use self::site_experiments::site_ground_truth;
use self::step_lines::StepLines;
use self::workload_args::{LoadArgs, WorkloadArgs};
use crate::exit_status::ExitStatus;
use crate::format::FlatFormat;
use crate::progress::ProgressBars;
use crate::project_args::ProjectArgs;
use crate::setting_flags::SettingFlags;
use crate::standard_output::StandardOutput;
use crate::step_setup::SetupLoader;

/// Simulate a server, beside measured runs or with a workload of one's own
///
/// With --ground-truth each benchmark of a GuideLLM run is simulated, and its latencies are compared with the measured
/// ones: requests with their own lengths where the report lists them, else as many with lengths from profile.yaml; model,
/// GPUs and limits of the server from exp-config.yaml, and flags over those. Without, the workload is that of flags.
///
/// The server is one of vLLM's kind: first come, first served, continuous batching, chunked prefill, a paged KV cache with
/// prefix caching, preemption by recomputation. Steps take what the roofline model predicts. There is no network and no
/// tokenizer: a request ends with its last token.
#[derive(Args, Debug)]
#[command(override_usage = "rooflab simulate --ground-truth <DIR> [OPTIONS]
       rooflab simulate --model <MODEL> --prompt-tokens <N> --output-tokens <N> <LOAD> [OPTIONS]")]
#[command(after_help = "Examples:
  rooflab simulate --ground-truth ~/sweeps/llama-tp1 --gpu h100
  rooflab simulate --ground-truth ~/sweeps/llama-tp1 --strategy constant --per-layer-overhead-us 100
  rooflab simulate --model llama-2-7b-hf --prompt-tokens 512 --output-tokens 128 --concurrency 16
  rooflab simulate --model qwen3-14b --tp 2 --prompt-tokens 1024 --prompt-stdev 256 --output-tokens 256 \\
                   --rate 4 --poisson --requests 1000 --trace steps.csv")]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    measured: MeasuredArgs,
    #[command(flatten)]
    host: HostArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    workload: WorkloadArgs,
    #[command(flatten)]
    load: LoadArgs,
    #[command(flatten)]
    server: SettingFlags<SERVER>,
    #[command(flatten)]
    switches: SwitchArgs,
    #[command(flatten)]
    drawing: SettingFlags<SERVE>,
    #[command(flatten)]
    overheads: SettingFlags<OVERHEAD>,
    #[command(flatten)]
    assumptions: SettingFlags<ASSUMPTIONS>,
    #[command(flatten)]
    hardware: SettingFlags<HARDWARE>,
}

/// What is simulated of what was measured. The parser takes a requirement back where its flag is in a conflict, so that
/// each flag has both.
#[derive(Args, Debug)]
struct MeasuredArgs {
    /// Experiment to simulate and compare with, or a folder of experiments
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    ground_truth: Option<PathBuf>,
    /// Benchmarks by their numbers, as `rooflab ground-truth show` has them [default: all]
    #[arg(
        long,
        value_name = "N",
        value_delimiter = ',',
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    benchmark: Vec<usize>,
    /// Benchmarks of one kind of load [default: all]
    #[arg(
        long,
        value_name = "NAME",
        value_parser = PossibleValuesParser::new(Strategy::NAMES),
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    strategy: Option<String>,
    /// When requests arrive: those of open loads at their recorded times, all as the strategy has it, or as an open load at
    /// the rate that was measured [default: as-measured]
    #[arg(
        long,
        value_parser = PossibleValuesParser::new(ArrivalSource::NAMES).try_map(|name| name.parse::<ArrivalSource>()),
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    arrivals: Option<ArrivalSource>,
}

/// What the server runs on.
#[derive(Args, Clone, Debug, Default)]
struct HostArgs {
    /// Folder below `model_configs`, or a hub id with such a folder [default: that of the experiment]
    #[arg(long, required_unless_present = "ground_truth")]
    model: Option<String>,
    /// Folder below `bench_data`, in any case [default: that of the experiment; h100 without --ground-truth]
    #[arg(long)]
    gpu: Option<String>,
    /// GPUs that split the model [default: that of the experiment, else 1]
    #[arg(long, visible_alias = "tp", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    tensor_parallel: Option<u32>,
}

/// What is printed and written.
#[derive(Args, Debug)]
struct OutputArgs {
    /// How to print the figures
    #[arg(long, value_enum, default_value_t)]
    format: FlatFormat,
    /// Compare medians and 99th percentiles too (json and csv have them always)
    #[arg(
        long,
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"]
    )]
    percentiles: bool,
    /// Write the steps of the server, one a line; the file appears when all is done
    #[arg(long, value_name = "FILE.csv")]
    trace: Option<PathBuf>,
    /// Write the simulated requests, one a line; the file appears when all is done
    #[arg(long, value_name = "FILE.csv")]
    requests_out: Option<PathBuf>,
}

/// What the server does unless it is told not to.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Server")]
struct SwitchArgs {
    /// Compute every prompt anew, whatever it begins with
    #[arg(long)]
    no_prefix_caching: bool,
    /// Compute every prompt in one step
    #[arg(long)]
    no_chunked_prefill: bool,
}

/// The files that a simulation writes beside its report.
struct Files {
    steps: StepLines,
    requests: RequestLines,
}

impl Files {
    /// Files for one simulation, or for the benchmarks of experiments.
    fn create(args: &OutputArgs, of_benchmarks: bool) -> anyhow::Result<Self> {
        anyhow::ensure!(
            args.trace.is_none() || args.trace != args.requests_out,
            "--trace and --requests-out name the same file"
        );
        Ok(Self {
            steps: StepLines::create(args.trace.as_deref(), of_benchmarks)?,
            requests: RequestLines::create(args.requests_out.as_deref(), of_benchmarks)?,
        })
    }

    /// No files.
    fn none() -> anyhow::Result<Self> {
        Ok(Self {
            steps: StepLines::create(None, true)?,
            requests: RequestLines::create(None, true)?,
        })
    }

    fn finish(self) -> anyhow::Result<()> {
        self.steps.finish()?;
        self.requests.finish()
    }
}

impl SimulateArgs {
    /// What the flags say of all but model and GPUs.
    fn setup(&self) -> Setup {
        let mut setup = Setup::default();
        self.server.apply(&mut setup);
        self.drawing.apply(&mut setup);
        self.overheads.apply(&mut setup);
        self.assumptions.apply(&mut setup);
        self.hardware.apply(&mut setup);
        let replay = &mut setup.replay;
        replay.server.enable_chunked_prefill = self.switches.no_chunked_prefill.then_some(false);
        replay.server.enable_prefix_caching = self.switches.no_prefix_caching.then_some(false);
        replay.arrivals = self.measured.arrivals.unwrap_or(replay.arrivals);
        setup
    }

    fn prediction(&self) -> Prediction {
        Prediction {
            host: self.host.clone(),
            setup: self.setup(),
        }
    }
}

/// The problem, with the flags that help where memory is short.
fn with_advice(problem: ReplayProblem) -> anyhow::Error {
    match problem {
        ReplayProblem::Memory(full @ InvalidKvMemory::NoRoom { .. }) => anyhow::anyhow!(
            "{full} (--tensor-parallel N takes more GPUs, --kv-blocks N states what a server has)"
        ),
        ReplayProblem::Overhead(wrong) => {
            anyhow::anyhow!("--{}-overhead-us: {wrong}", wrong.kind.name())
        }
        other => other.into(),
    }
}

pub(super) fn run(
    args: &SimulateArgs,
    project: &ProjectArgs,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let opened = project.open()?;
    let mut setups = SetupLoader::new(Catalog::new(opened.root()));
    match &args.measured.ground_truth {
        Some(dir) => measured::run(args, dir, project, &mut setups, bars, out),
        None => workload::run(args, &mut setups, bars, out),
    }
}
