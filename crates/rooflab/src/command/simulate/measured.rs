//! Simulations of measured benchmarks.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use ground_truth::{Benchmark, MeasuredRun};
use replay::{Replayed, replay, server_of};

use super::comparison::{BenchmarkComparison, ExperimentComparison, Simulated};
use super::comparison_csv::write_csv;
use super::comparison_json::ExperimentJson;
use super::comparison_text::{AllExperimentsText, ExperimentText};
use super::host_choice::HostChoice;
use super::host_head::HostHead;
use super::prediction::Prediction;
use super::server_limits::StatedLimits;
use super::simulated_json::rejections;
use super::{Files, MeasuredArgs, SimulateArgs, with_advice};
use crate::exit_status::ExitStatus;
use crate::experiment_folders::{experiment_folders, load_each_run, show_warnings};
use crate::format::{FlatFormat, write_json_line};
use crate::message;
use crate::progress::{Bar, ProgressBars, ServedRequests};
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;
use crate::step_setup::SetupLoader;
use crate::text_table::without_controls;

/// Simulates the benchmarks of a folder and prints what was measured beside what is predicted.
pub(super) fn run(
    args: &SimulateArgs,
    dir: &Path,
    project: &ProjectArgs,
    setups: &mut SetupLoader,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let mut files = Files::create(&args.output, true)?;
    let folders = experiment_folders(&[dir.to_owned()], project)?.experiments;
    let (runs, mut failed) = load_each_run(&folders);
    let chosen = choose(&runs, &args.measured)?;
    let prediction = args.prediction();
    for (run, _) in &chosen {
        show_warnings(run);
    }
    let (comparisons, problems) = compare_each(&prediction, &chosen, setups, &mut files, bars);
    failed += problems;
    print(args, &comparisons, out)?;
    if failed > 0 {
        if args.output.trace.is_some() || args.output.requests_out.is_some() {
            message::warning("no file was written, since not everything was simulated");
        }
        return Ok(ExitStatus::Rejected);
    }
    files.finish()?;
    Ok(ExitStatus::Fine)
}

fn print(
    args: &SimulateArgs,
    comparisons: &[ExperimentComparison<'_>],
    out: &mut StandardOutput,
) -> anyhow::Result<()> {
    match args.output.format {
        FlatFormat::Json => {
            for comparison in comparisons {
                write_json_line(out, &ExperimentJson::from(comparison))?;
            }
        }
        FlatFormat::Csv => write_csv(out, comparisons)?,
        FlatFormat::Table => {
            let screen = out.screen();
            for (index, comparison) in comparisons.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                let percentiles = args.output.percentiles;
                write!(
                    out,
                    "{}",
                    ExperimentText {
                        comparison,
                        percentiles,
                        screen
                    }
                )?;
            }
            if comparisons.len() > 1 {
                let all = AllExperimentsText {
                    comparisons,
                    screen,
                };
                write!(out, "\n{all}")?;
            }
        }
    }
    Ok(())
}

/// The benchmarks that are wanted of each run, without the runs of which none is.
fn choose<'r>(
    runs: &'r [MeasuredRun],
    args: &MeasuredArgs,
) -> anyhow::Result<Vec<(&'r MeasuredRun, Vec<usize>)>> {
    let is_wanted = |index: usize, benchmark: &Benchmark| {
        (args.benchmark.is_empty() || args.benchmark.contains(&index))
            && args
                .strategy
                .as_ref()
                .is_none_or(|strategy| strategy == benchmark.strategy.name())
    };
    let chosen: Vec<_> = runs
        .iter()
        .map(|run| {
            let benchmarks = run.benchmarks.iter().enumerate();
            let wanted = benchmarks
                .filter(|(index, benchmark)| is_wanted(*index, benchmark))
                .map(|(index, _)| index)
                .collect::<Vec<_>>();
            (run, wanted)
        })
        .filter(|(_, benchmarks)| !benchmarks.is_empty())
        .collect();
    // One that no run has is a slip, even beside others.
    for index in &args.benchmark {
        anyhow::ensure!(
            runs.is_empty() || chosen.iter().any(|(_, wanted)| wanted.contains(index)),
            "no benchmark {index} of that kind ({})",
            benchmarks_in_words(runs)
        );
    }
    if let Some(strategy) = &args.strategy {
        anyhow::ensure!(
            runs.is_empty() || !chosen.is_empty(),
            "no benchmark is {strategy} ({})",
            benchmarks_in_words(runs)
        );
    }
    Ok(chosen)
}

/// What there is to choose from.
fn benchmarks_in_words(runs: &[MeasuredRun]) -> String {
    if let [run] = runs {
        let benchmarks = run.benchmarks.iter().enumerate();
        let benchmarks: Vec<String> = benchmarks
            .map(|(index, benchmark)| format!("{index} {}", benchmark.strategy))
            .collect();
        return format!("{} has {}", run.experiment, benchmarks.join(", "));
    }
    let most = runs.iter().map(|run| run.benchmarks.len()).max();
    let kinds: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| &run.benchmarks)
        .map(|benchmark| benchmark.strategy.name())
        .collect();
    format!(
        "{} experiments with up to {} benchmarks: {}",
        runs.len(),
        most.unwrap_or(0),
        kinds.into_iter().collect::<Vec<_>>().join(", ")
    )
}

/// Simulates the chosen benchmarks of each run. Also how many could not be simulated, after it said why.
pub(super) fn compare_each<'r>(
    prediction: &Prediction,
    chosen: &[(&'r MeasuredRun, Vec<usize>)],
    setups: &mut SetupLoader,
    files: &mut Files,
    bars: ProgressBars,
) -> (Vec<ExperimentComparison<'r>>, usize) {
    let all = chosen.iter().map(|(_, benchmarks)| benchmarks.len()).sum();
    let mut progress = Benchmarks::new(bars, all);
    let mut comparisons = Vec::new();
    let mut failed = 0;
    for (run, benchmarks) in chosen {
        match compare(prediction, run, benchmarks, setups, files, &mut progress) {
            Ok((comparison, problems)) => {
                failed += problems;
                comparisons.extend(comparison);
            }
            Err(problem) => {
                failed += 1;
                message::error(&problem);
            }
        }
    }
    (comparisons, failed)
}

/// Simulates benchmarks of a run; none where none could be simulated. Also how many could not, after it said why.
fn compare<'r>(
    prediction: &Prediction,
    run: &'r MeasuredRun,
    benchmarks: &[usize],
    setups: &mut SetupLoader,
    files: &mut Files,
    progress: &mut Benchmarks,
) -> anyhow::Result<(Option<ExperimentComparison<'r>>, usize)> {
    let host = HostChoice::of_run(run, &prediction.host, setups.catalog())?;
    let in_experiment = || run.experiment.clone();
    let contradictions = host.contradictions(run, setups.catalog());
    let setup = host.in_setup(prediction.setup.clone());
    let inputs = setups.load(&setup).with_context(in_experiment)?;
    let step_model = inputs.step_model(&setup).with_context(in_experiment)?;
    let server_host = inputs.host(&setup, &step_model)?;
    // What no benchmark can be simulated with is said once.
    server_of(&run.server, &server_host, &setup.replay.server)
        .map_err(with_advice)
        .with_context(|| format!("{}: no such server", run.experiment))?;
    for contradiction in contradictions {
        message::warning(format_args!("{}: {contradiction}", run.experiment));
    }
    warn_of_unknown_prefix(run);
    let mut compared = Vec::new();
    let mut failed = 0;
    for index in benchmarks {
        let benchmark = &run.benchmarks[*index];
        files.steps.begin(&run.experiment, *index);
        let bar = progress.begin(run, benchmark);
        let mut steps = ServedRequests {
            bar: &bar,
            observer: &mut files.steps,
        };
        let replayed = replay(run, benchmark, &server_host, &setup.replay, &mut steps);
        drop(bar);
        match replayed.map_err(with_advice) {
            Ok(replayed) => {
                let place = Some((run.experiment.as_str(), *index));
                files.requests.write(place, &replayed.simulation)?;
                show_rejections(run, *index, &replayed);
                compared.push(BenchmarkComparison {
                    index: *index,
                    benchmark,
                    simulated: Simulated::new(replayed),
                });
            }
            Err(problem) => {
                failed += 1;
                message::error(&problem.context(format!(
                    "{}: benchmark {index} ({}) cannot be simulated",
                    run.experiment, benchmark.strategy
                )));
            }
        }
    }
    let hardware = inputs.hardware(&setup)?;
    let comparison = compared.first().map(|first| HostHead {
        server: StatedLimits::new(
            &first.simulated.replayed,
            &run.server,
            &setup.replay.server,
            server_host.max_position,
        ),
        host,
        hardware,
        setup: setup.clone(),
    });
    let comparison = comparison.map(|head| ExperimentComparison {
        run,
        head,
        benchmarks: compared,
    });
    Ok((comparison, failed))
}

/// The benchmarks that are simulated one after the other.
pub(super) struct Benchmarks {
    bars: ProgressBars,
    begun: usize,
    all: usize,
}

impl Benchmarks {
    pub(super) fn new(bars: ProgressBars, all: usize) -> Self {
        Self {
            bars,
            begun: 0,
            all,
        }
    }

    /// The bar of the next one.
    fn begin(&mut self, run: &MeasuredRun, benchmark: &Benchmark) -> Bar {
        self.begun += 1;
        let bar = self.bars.bar(&run.experiment, self.begun, self.all);
        let requests = benchmark.counts.successful;
        let part = without_controls(&benchmark.strategy.to_string());
        bar.begin(&part, requests, "requests");
        bar
    }
}

/// Reports of other than synthetic data do not say which prompts begin alike, and a prefix cache makes much of that.
fn warn_of_unknown_prefix(run: &MeasuredRun) {
    let data = run.profile.as_ref().and_then(|profile| profile.data);
    if data.is_none() && run.server.enable_prefix_caching != Some(false) {
        message::warning(format_args!(
            "{}: neither profile.yaml nor the report says how many tokens all prompts share: every prompt is taken to be new (`data: prefix_tokens`)",
            run.experiment
        ));
    }
}

/// Figures of a part of the requests are no figures of all: says so.
fn show_rejections(run: &MeasuredRun, index: usize, replayed: &Replayed) {
    if let Some(count) = replayed.unsimulated.filter(|count| *count > 0) {
        message::warning(format_args!(
            "{}: benchmark {index}: requests that are not simulated, since they failed, were cut off or have no usable times: {count}",
            run.experiment
        ));
    }
    for (reason, count) in rejections(&replayed.simulation) {
        message::warning(format_args!(
            "{}: benchmark {index}: {count} of {} requests rejected: {reason}",
            run.experiment, replayed.simulation.injected
        ));
    }
}
