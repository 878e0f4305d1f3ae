//! Simulations of workloads that flags describe.

use ground_truth::{
    Benchmark, Client, LengthProfile, Listed, MeasuredRun, Metrics, Profile, RequestCounts, Schema,
    ServerLimits, Strategy,
};
use replay::ArrivalSource;

use super::host_choice::HostChoice;
use super::host_head::HostHead;
use super::output::{Files, OutputArgs};
use super::prediction::{Prediction, simulated, warn_of_rejections};
use super::simulated::Simulated;
use super::simulated_workload::SimulatedWorkload;
use super::workload_args::{LoadArgs, WorkloadArgs};
use super::workload_csv::write_workload;
use super::workload_text::write_text;
use crate::format::{FlatFormat, write_json_line};
use crate::session::Session;
use crate::step_setup::SetupLoader;

/// Simulates the workload and prints its latencies.
pub(super) fn run(
    (workload, load): (&WorkloadArgs, &LoadArgs),
    prediction: &Prediction,
    output: &OutputArgs,
    setups: &mut SetupLoader,
    session: &mut Session,
) -> anyhow::Result<()> {
    let strategy = load.strategy()?;
    let lengths = workload.lengths()?;
    let host = HostChoice::of_flags(&prediction.host, setups.catalog())?;
    let mut files = Files::create(output, false, session)?;
    let mut setup = prediction.setup(&host);
    // Nothing was measured that requests could arrive by.
    setup.replay.arrivals = ArrivalSource::AsConfigured;
    let setup = setups.load(setup)?;
    let run = nothing_measured(&host, lengths);
    let benchmark = nothing_known(strategy, workload.requests());
    let step_model = setup.step_model()?;
    let bar = session.bars.bar(&host.model, 1, 1);
    bar.begin("", Some(workload.requests()), "requests");
    let host_of_server = setup.host(&step_model)?;
    let replayed = simulated(
        &run,
        &benchmark,
        &host_of_server,
        &setup.setup.replay,
        &bar,
        &mut files.steps,
    );
    drop(bar);
    let replayed = replayed?;
    warn_of_rejections("", &replayed.simulation);
    files.requests.write(None, &replayed.simulation)?;
    let workload = SimulatedWorkload {
        head: HostHead::new(host, &setup, host_of_server.max_position, &run, &replayed),
        strategy,
        lengths,
        simulated: Simulated::new(replayed),
    };
    match output.format {
        FlatFormat::Table => write_text(&mut session.out, &workload)?,
        FlatFormat::Json => write_json_line(&mut session.out, &workload)?,
        FlatFormat::Csv => write_workload(&mut session.out, &workload)?,
    }
    files.finish()
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
