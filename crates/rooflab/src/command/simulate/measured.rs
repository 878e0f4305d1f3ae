//! Simulations of measured benchmarks.

use std::io::Write;
use std::path::Path;

use experiment::{Host, ReplayProblem, Replayed, replay};
use ground_truth::{Benchmark, Listed, MeasuredRun};
use serving::InvalidKvMemory;

use super::comparison::{BenchmarkComparison, ExperimentComparison, Simulated};
use super::comparison_csv::write_csv;
use super::comparison_json::ExperimentJson;
use super::comparison_text::{AllExperimentsText, ExperimentText};
use super::host_choice::HostChoice;
use super::host_head::HostHead;
use super::server_limits::StatedLimits;
use super::simulated_json::rejections;
use super::workload_args::MAX_REQUESTS;
use super::{Files, MeasuredArgs, SimulateArgs};
use crate::exit_status::ExitStatus;
use crate::experiment_folders::{experiment_folders, load_each_run, show_warnings};
use crate::format::{FlatFormat, write_json_line};
use crate::message;
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;
use crate::step_setup::{LoadedSetup, SetupLoader, StepSetup};

/// Simulates the benchmarks of a folder and prints what was measured beside what is predicted.
pub(super) fn run(
    args: &SimulateArgs,
    dir: &Path,
    project: &ProjectArgs,
    setups: &mut SetupLoader,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let mut files = Files::create(&args.output, true)?;
    let folders = experiment_folders(&[dir.to_owned()], project)?.experiments;
    let (runs, mut failed) = load_each_run(&folders);
    let chosen = choose(&runs, &args.measured)?;
    let mut comparisons = Vec::new();
    for (run, benchmarks) in &chosen {
        show_warnings(run);
        match compare(args, run, benchmarks, setups, &mut files) {
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
                        percentiles
                    }
                )?;
            }
            if comparisons.len() > 1 {
                write!(out, "\n{}", AllExperimentsText(comparisons))?;
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
    let of_run = |run: &MeasuredRun| {
        let benchmarks: Vec<String> = run
            .benchmarks
            .iter()
            .enumerate()
            .map(|(index, benchmark)| format!("{index} {}", benchmark.strategy))
            .collect();
        format!("{} has {}", run.experiment, benchmarks.join(", "))
    };
    runs.iter().map(of_run).collect::<Vec<_>>().join("; ")
}

/// Simulates benchmarks of a run; none where none could be simulated. Also how many could not, after it said why.
fn compare<'r>(
    args: &SimulateArgs,
    run: &'r MeasuredRun,
    benchmarks: &[usize],
    setups: &mut SetupLoader,
    files: &mut Files,
) -> anyhow::Result<(Option<ExperimentComparison<'r>>, usize)> {
    let host = HostChoice::of_run(run, &args.host, setups.catalog())?;
    let setup = setups.load(&StepSetup {
        model: host.model.clone(),
        gpu: host.gpu.clone(),
        tensor_parallel: host.tensor_parallel,
        preset: args.preset,
        assumptions: args.assumptions(),
        hardware: args.hardware.clone(),
    })?;
    let mut compared = Vec::new();
    let mut failed = 0;
    for index in benchmarks {
        let benchmark = &run.benchmarks[*index];
        files.steps.begin(&run.experiment, *index);
        match simulate(args, run, benchmark, &setup, files) {
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
    let comparison = compared.first().map(|first| HostHead {
        server: StatedLimits::new(
            &first.simulated.replayed,
            &run.server,
            &args.server.overrides(),
            setup.model.facts.max_position,
        ),
        host,
        preset: setup.preset,
        assumptions: setup.assumptions,
        hardware: setup.hardware,
        options: args.options(),
    });
    let comparison = comparison.map(|head| ExperimentComparison {
        run,
        head,
        benchmarks: compared,
    });
    Ok((comparison, failed))
}

fn simulate(
    args: &SimulateArgs,
    run: &MeasuredRun,
    benchmark: &Benchmark,
    setup: &LoadedSetup<'_>,
    files: &mut Files,
) -> anyhow::Result<Replayed> {
    let counted = benchmark
        .counts
        .successful
        .or_else(|| run.profile.as_ref()?.max_requests)
        .filter(|_| benchmark.listed != Listed::All);
    if let Some(count) = counted {
        anyhow::ensure!(
            count <= MAX_REQUESTS,
            "its {count} requests are more than a simulation takes ({MAX_REQUESTS})"
        );
    }
    simulate_on(args, run, benchmark, setup, files)
}

/// Simulates a benchmark on a loaded setup.
pub(super) fn simulate_on(
    args: &SimulateArgs,
    run: &MeasuredRun,
    benchmark: &Benchmark,
    setup: &LoadedSetup<'_>,
    files: &mut Files,
) -> anyhow::Result<Replayed> {
    let step_model = setup.step_model()?;
    let host = Host {
        step_model: &step_model,
        config: &setup.model.config,
        max_position: setup.model.facts.max_position,
        gpu_memory_bytes: setup.gpu.memory_bytes,
        tensor_parallel: setup.tensor_parallel,
    };
    let replayed = replay(run, benchmark, &host, &args.options(), &mut files.steps);
    replayed.map_err(|problem| {
        let is_full = matches!(
            problem,
            ReplayProblem::Memory(InvalidKvMemory::NoRoom { .. })
        );
        let problem = anyhow::Error::new(problem);
        if is_full {
            anyhow::anyhow!("{problem} (--tensor-parallel N takes more GPUs, --kv-blocks N states what a server has)")
        } else {
            problem
        }
    })
}

/// Figures of a part of the requests are no figures of all: says so.
fn show_rejections(run: &MeasuredRun, index: usize, replayed: &Replayed) {
    for (reason, count) in rejections(&replayed.simulation) {
        message::warning(format_args!(
            "{}: benchmark {index}: {count} of {} requests rejected: {reason}",
            run.experiment, replayed.simulation.injected
        ));
    }
}
