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
mod server_args;
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
use clap::builder::PossibleValuesParser;
use ground_truth::Strategy;
use replay::{ArrivalSource, Host, ReplayOptions, ReplayProblem};
use roofline::{Preset, StepModel};
use serving::{InvalidKvMemory, LengthSampling, StepOverheads};

use self::prediction::Prediction;
use self::request_lines::RequestLines;
use self::server_args::ServerArgs;
pub(super) use self::site_experiments::site_ground_truth;
use self::step_lines::StepLines;
use self::workload_args::{LoadArgs, WorkloadArgs};
use crate::exit_status::ExitStatus;
use crate::format::FlatFormat;
use crate::overrides::{AssumptionOverrides, FactorOverrides, HardwareOverrides, choice};
use crate::progress::ProgressBars;
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;
use crate::step_setup::{LoadedSetup, SetupLoader};

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
    server: ServerArgs,
    #[command(flatten)]
    drawing: DrawingArgs,
    #[command(flatten)]
    overheads: OverheadArgs,
    /// Assumptions to start from
    #[arg(
        long,
        default_value_t,
        value_parser = choice::<Preset>(Preset::NAMES),
        help_heading = "Assumptions"
    )]
    preset: Preset,
    #[command(flatten)]
    assumptions: AssumptionOverrides,
    #[command(flatten)]
    factors: FactorOverrides,
    #[command(flatten)]
    hardware: HardwareOverrides,
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
        value_parser = choice::<ArrivalSource>(ArrivalSource::NAMES),
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

/// How what is random is drawn.
#[derive(Args, Debug)]
#[command(next_help_heading = "Drawing")]
struct DrawingArgs {
    /// How lengths are taken from their distribution: its quantiles, or independent draws
    #[arg(
        long,
        default_value = LengthSampling::Stratified.name(),
        value_parser = choice::<LengthSampling>(LengthSampling::NAMES)
    )]
    lengths: LengthSampling,
    /// Seed of lengths, their order and Poisson arrivals
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u64,
}

/// Fixed times of steps.
#[derive(Args, Debug)]
#[command(next_help_heading = "Overheads")]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the flags"
)]
struct OverheadArgs {
    /// Microseconds that a step takes besides its prediction where it only generates tokens
    #[arg(
        long,
        value_name = "US",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    decode_overhead_us: f64,
    /// The same where it only computes prompts
    #[arg(
        long,
        value_name = "US",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    prefill_overhead_us: f64,
    /// The same where it does both
    #[arg(
        long,
        value_name = "US",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    mixed_overhead_us: f64,
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
    fn options(&self) -> ReplayOptions {
        ReplayOptions {
            server: self.server.overrides(),
            overheads: StepOverheads {
                decode_us: self.overheads.decode_overhead_us,
                prefill_us: self.overheads.prefill_overhead_us,
                mixed_us: self.overheads.mixed_overhead_us,
            },
            lengths: self.drawing.lengths,
            arrivals: self
                .measured
                .arrivals
                .unwrap_or(ReplayOptions::default().arrivals),
            seed: self.drawing.seed,
        }
    }

    fn prediction(&self) -> Prediction {
        Prediction {
            host: self.host.clone(),
            options: self.options(),
            preset: self.preset,
            assumptions: self.assumptions(),
            hardware: self.hardware.clone(),
        }
    }

    fn assumptions(&self) -> AssumptionOverrides {
        self.assumptions.clone().with_factors(self.factors.clone())
    }
}

/// What the server runs on.
fn server_host<'m>(setup: &'m LoadedSetup<'_>, step_model: &'m StepModel<'m>) -> Host<'m> {
    Host {
        step_model,
        config: &setup.model.config,
        max_position: setup.model.facts.max_position,
        gpu: &setup.gpu.name,
        gpu_memory_bytes: setup.gpu.memory_bytes,
        tensor_parallel: setup.tensor_parallel,
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
