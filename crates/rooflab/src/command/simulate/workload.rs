//! Simulations of workloads that flags describe.

use std::collections::BTreeMap;
use std::io::Write;

use ground_truth::{
    Benchmark, Client, LengthProfile, Listed, MeasuredRun, Metrics, Profile, RequestCounts, Schema,
    ServerLimits, Strategy,
};
use replay::{ArrivalSource, replay};
use serde::Serialize;

use super::comparison::Simulated;
use super::host_choice::HostChoice;
use super::host_head::HostHead;
use super::server_limits::StatedLimits;
use super::simulated_json::{DistributionJson, SimulatedJson, latencies, rejections};
use super::workload_csv::write_csv;
use super::workload_text::WorkloadText;
use super::{Files, SimulateArgs, with_advice};
use crate::exit_status::ExitStatus;
use crate::format::{FlatFormat, write_json_line};
use crate::message;
use crate::progress::{ProgressBars, ServedRequests};
use crate::standard_output::StandardOutput;
use crate::step_setup::SetupLoader;

/// A workload with what became of it.
#[derive(Debug)]
pub(super) struct SimulatedWorkload {
    pub(super) head: HostHead,
    pub(super) strategy: Strategy,
    pub(super) lengths: LengthProfile,
    pub(super) simulated: Simulated,
}

/// The same as the line of `--format json`.
#[derive(Serialize)]
struct WorkloadJson<'w> {
    #[serde(flatten)]
    head: &'w HostHead,
    strategy: &'w Strategy,
    data: &'w LengthProfile,
    metrics: BTreeMap<&'static str, Option<DistributionJson>>,
    simulated: SimulatedJson,
}

/// Simulates the workload and prints its latencies.
pub(super) fn run(
    args: &SimulateArgs,
    setups: &mut SetupLoader,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let strategy = args.load.strategy()?;
    let lengths = args.workload.lengths()?;
    let host = HostChoice::of_flags(&args.host, setups.catalog())?;
    let mut files = Files::create(&args.output, false)?;
    let mut setup = host.in_setup(args.setup());
    // Nothing was measured that requests could arrive by.
    setup.replay.arrivals = ArrivalSource::AsConfigured;
    let inputs = setups.load(&setup)?;
    let run = nothing_measured(&host, lengths);
    let benchmark = nothing_known(strategy, args.workload.requests());
    let step_model = inputs.step_model(&setup)?;
    let server_host = inputs.host(&setup, &step_model)?;
    let bar = bars.bar(&host.model, 1, 1);
    bar.begin("", Some(args.workload.requests()), "requests");
    let mut steps = ServedRequests {
        bar: &bar,
        observer: &mut files.steps,
    };
    let replayed = replay(&run, &benchmark, &server_host, &setup.replay, &mut steps);
    drop(bar);
    let replayed = replayed.map_err(with_advice)?;
    for (reason, count) in rejections(&replayed.simulation) {
        message::warning(format_args!(
            "{count} of {} requests rejected: {reason}",
            replayed.simulation.injected
        ));
    }
    files.requests.write(None, &replayed.simulation)?;
    let workload = SimulatedWorkload {
        head: HostHead {
            server: StatedLimits::new(
                &replayed,
                &run.server,
                &setup.replay.server,
                server_host.max_position,
            ),
            host,
            hardware: inputs.hardware(&setup)?,
            setup,
        },
        strategy,
        lengths,
        simulated: Simulated::new(replayed),
    };
    match args.output.format {
        FlatFormat::Table => {
            let text = WorkloadText {
                workload: &workload,
                screen: out.screen(),
            };
            write!(out, "{text}")?;
        }
        FlatFormat::Json => write_json_line(out, &WorkloadJson::from(&workload))?,
        FlatFormat::Csv => write_csv(out, &workload)?,
    }
    files.finish()?;
    Ok(ExitStatus::Fine)
}

/// An experiment that says what the flags say: a workload of flags is simulated as a measured one of which only the
/// profile is known.
fn nothing_measured(host: &HostChoice, lengths: LengthProfile) -> MeasuredRun {
    MeasuredRun {
        experiment: String::new(),
        model: Some(host.model.clone()),
        gpu: Some(host.gpu.clone()),
        tensor_parallel: Some(host.tensor_parallel),
        server: ServerLimits::default(),
        workload: None,
        profile: Some(Profile {
            data: Some(lengths),
            ..Profile::default()
        }),
        client: Client {
            schema: Schema::V0_7,
            version: None,
        },
        benchmarks: Vec::new(),
        files: Vec::new(),
        warnings: Vec::new(),
    }
}

/// A benchmark of which only the load and the number of requests is known.
fn nothing_known(strategy: Strategy, requests: u64) -> Benchmark {
    Benchmark {
        strategy,
        counts: RequestCounts {
            successful: Some(requests),
            ..RequestCounts::default()
        },
        duration_s: None,
        metrics: Metrics::default(),
        prompt_tokens_mean: None,
        output_tokens_mean: None,
        listed: Listed::None,
        requests: Vec::new(),
        excluded: Vec::new(),
    }
}

impl<'w> From<&'w SimulatedWorkload> for WorkloadJson<'w> {
    fn from(workload: &'w SimulatedWorkload) -> Self {
        Self {
            head: &workload.head,
            strategy: &workload.strategy,
            data: &workload.lengths,
            metrics: latencies(&workload.simulated),
            simulated: (&workload.simulated).into(),
        }
    }
}
