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
use settings::{ASSUMPTIONS, HARDWARE, OVERHEAD, SERVE, SERVER, Setup};

use self::host_choice::HostArgs;
use self::measured::MeasuredArgs;
use self::output::OutputArgs;
use self::prediction::Prediction;
pub(super) use self::site_experiments::site_ground_truth;
use self::workload_args::{LoadArgs, WorkloadArgs};
use crate::exit_status::ExitStatus;
use crate::session::Session;
use crate::setting_flags::SettingFlags;
use crate::step_setup::SetupLoader;

/// Simulate a server, beside measured runs or with your own workload
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

impl SimulateArgs {
    fn prediction(&self) -> Prediction {
        let mut setup = Setup::default();
        self.server.apply(&mut setup);
        self.drawing.apply(&mut setup);
        self.overheads.apply(&mut setup);
        self.assumptions.apply(&mut setup);
        self.hardware.apply(&mut setup);
        let replay = &mut setup.replay;
        let switches = &self.switches;
        replay.server.enable_chunked_prefill = switches.no_chunked_prefill.then_some(false);
        replay.server.enable_prefix_caching = switches.no_prefix_caching.then_some(false);
        replay.arrivals = self.measured.arrivals.unwrap_or(replay.arrivals);
        let host = self.host.clone();
        Prediction {
            host,
            setup,
            has_flags: true,
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
