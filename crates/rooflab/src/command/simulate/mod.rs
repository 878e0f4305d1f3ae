//! `rooflab simulate`: requests on a simulated server, beside what was measured or alone.

mod comparison;
mod comparison_csv;
mod comparison_text;
mod error_summary;
mod host_choice;
mod host_head;
mod line_file;
mod measured;
mod output;
mod prediction;
mod request_lines;
mod server_args;
mod server_limits;
mod simulated;
mod simulated_workload;
mod site_experiments;
mod step_lines;
mod workload;
mod workload_args;
mod workload_csv;
mod workload_text;

use catalog::Catalog;
use clap::Args;
use replay::ReplayOptions;
use roofline::Preset;
use serving::{LengthSampling, StepOverheads};

use self::host_choice::HostArgs;
use self::measured::MeasuredArgs;
use self::output::OutputArgs;
use self::prediction::Prediction;
use self::server_args::ServerArgs;
pub(super) use self::site_experiments::site_ground_truth;
use self::workload_args::{LoadArgs, WorkloadArgs};
use crate::exit_status::ExitStatus;
use crate::overrides::{AssumptionOverrides, FactorOverrides, HardwareOverrides, choice};
use crate::session::Session;
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

impl SimulateArgs {
    fn prediction(&self) -> Prediction {
        let arrivals = self.measured.arrivals;
        Prediction {
            host: self.host.clone(),
            options: ReplayOptions {
                server: self.server.overrides(),
                overheads: StepOverheads {
                    decode_us: self.overheads.decode_overhead_us,
                    prefill_us: self.overheads.prefill_overhead_us,
                    mixed_us: self.overheads.mixed_overhead_us,
                },
                lengths: self.drawing.lengths,
                arrivals: arrivals.unwrap_or(ReplayOptions::default().arrivals),
                seed: self.drawing.seed,
            },
            preset: self.preset,
            assumptions: self.assumptions.clone().with_factors(self.factors.clone()),
            hardware: self.hardware.clone(),
        }
    }
}

pub(super) fn run(args: &SimulateArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let mut setups = SetupLoader::new(Catalog::new(project.root()));
    let prediction = args.prediction();
    if let Some(dir) = &args.measured.ground_truth {
        return measured::run(
            dir,
            &args.measured,
            &prediction,
            &args.output,
            &mut setups,
            session,
        );
    }
    let workload = (&args.workload, &args.load);
    workload::run(workload, &prediction, &args.output, &mut setups, session)?;
    Ok(ExitStatus::Fine)
}
