//! Simulations of measured benchmarks.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ground_truth::{Benchmark, MeasuredRun, Strategy};
use replay::{ArrivalSource, server_of};

use super::comparison::{BenchmarkComparison, ExperimentComparison};
use super::comparison_csv::write_comparisons;
use super::comparison_text::{write_all, write_experiment};
use super::host_choice::HostChoice;
use super::host_head::HostHead;
use super::output::{Files, OutputArgs};
use super::prediction::{Prediction, simulated, warn_of_rejections};
use super::simulated::Simulated;
use crate::counted::joined;
use crate::exit_status::ExitStatus;
use crate::experiment_folders::{experiment_folders, load_each_run, show_warnings};
use crate::format::{FlatFormat, write_json_lines};
use crate::message;
use crate::progress::{Bar, ProgressBars};
use crate::session::Session;
use crate::standard_output::StandardOutput;
use crate::step_setup::SetupLoader;
use crate::text_table::without_controls;

/// What is simulated of what was measured. The parser takes a requirement back where its flag is in a conflict, so that
/// each flag has both.
#[derive(Args, Debug)]
pub(super) struct MeasuredArgs {
    /// Experiment to simulate and compare with, or a folder of experiments
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    pub(super) ground_truth: Option<PathBuf>,
    /// Benchmarks by their numbers, as `rooflab ground-truth show` has them [default: all]
    #[arg(
        long,
        value_name = "N",
        value_delimiter = ',',
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    pub(super) benchmark: Vec<usize>,
    /// Benchmarks of one kind of load [default: all]
    #[arg(
        long,
        value_name = "NAME",
        value_parser = PossibleValuesParser::new(Strategy::NAMES),
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    pub(super) strategy: Option<String>,
    /// When requests arrive: those of open loads at their recorded times, all as the strategy has it, or as an open load at
    /// the rate that was measured [default: as-measured]
    #[arg(
        long,
        value_parser = PossibleValuesParser::new(ArrivalSource::NAMES).try_map(|name| name.parse::<ArrivalSource>()),
        requires = "ground_truth",
        conflicts_with_all = ["WorkloadArgs", "LoadArgs"],
        help_heading = "Ground truth"
    )]
    pub(super) arrivals: Option<ArrivalSource>,
}

/// Simulates the benchmarks of a folder and prints what was measured beside what is predicted.
pub(super) fn run(
    dir: &Path,
    args: &MeasuredArgs,
    prediction: &Prediction,
    output: &OutputArgs,
    setups: &mut SetupLoader,
    session: &mut Session,
) -> anyhow::Result<ExitStatus> {
    let files = Files::create(output, true, session)?;
    let folders = experiment_folders(&[dir.to_owned()], session)?.experiments;
    let (runs, unread) = load_each_run(&folders);
    let chosen = choose(&runs, args)?;
    for (run, _) in &chosen {
        show_warnings(run);
    }
    let mut simulator = Simulator::new(prediction, files, session.bars);
    let comparisons = simulator.compare_each(&chosen, setups);
    print(&comparisons, output, &mut session.out)?;
    if unread + simulator.failed > 0 {
        if output.trace.is_some() || output.requests_out.is_some() {
            message::warning("no file was written, since not everything was simulated");
        }
        return Ok(ExitStatus::Rejected);
    }
    simulator.files.finish()?;
    Ok(ExitStatus::Fine)
}

fn print(
    comparisons: &[ExperimentComparison<'_>],
    args: &OutputArgs,
    out: &mut StandardOutput,
) -> anyhow::Result<()> {
    match args.format {
        FlatFormat::Json => write_json_lines(out, comparisons)?,
        FlatFormat::Csv => write_comparisons(out, comparisons)?,
        FlatFormat::Table => {
            for (index, comparison) in comparisons.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                write_experiment(out, comparison, args.percentiles)?;
            }
            if comparisons.len() > 1 {
                writeln!(out)?;
                write_all(out, comparisons)?;
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
        let name = benchmark.strategy.name();
        (args.benchmark.is_empty() || args.benchmark.contains(&index))
            && args.strategy.as_deref().unwrap_or(name) == name
    };
    let chosen = runs.iter().map(|run| {
        let benchmarks = run.benchmarks.iter().enumerate();
        let wanted = benchmarks.filter(|(index, benchmark)| is_wanted(*index, benchmark));
        (run, wanted.map(|(index, _)| index).collect::<Vec<_>>())
    });
    let chosen: Vec<_> = chosen.filter(|(_, wanted)| !wanted.is_empty()).collect();
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
        let benchmarks =
            benchmarks.map(|(index, benchmark)| format!("{index} {}", benchmark.strategy));
        return format!("{} has {}", run.experiment, joined(benchmarks));
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
        joined(kinds)
    )
}

/// Simulates benchmarks, and counts those that it cannot simulate after it said why.
pub(super) struct Simulator<'p> {
    prediction: &'p Prediction,
    pub(super) files: Files,
    bars: ProgressBars,
    /// Benchmarks that were begun, of `all`.
    begun: usize,
    pub(super) all: usize,
    pub(super) failed: usize,
}

impl<'p> Simulator<'p> {
    pub(super) fn new(prediction: &'p Prediction, files: Files, bars: ProgressBars) -> Self {
        let (begun, all, failed) = (0, 0, 0);
        Self {
            prediction,
            files,
            bars,
            begun,
            all,
            failed,
        }
    }

    /// Simulates the chosen benchmarks of each run.
    pub(super) fn compare_each<'r>(
        &mut self,
        chosen: &[(&'r MeasuredRun, Vec<usize>)],
        setups: &mut SetupLoader,
    ) -> Vec<ExperimentComparison<'r>> {
        self.all = chosen.iter().map(|(_, benchmarks)| benchmarks.len()).sum();
        let mut comparisons = Vec::new();
        for (run, benchmarks) in chosen {
            match self.compare(run, benchmarks, setups) {
                Ok(comparison) => comparisons.extend(comparison),
                Err(problem) => self.fail(&problem),
            }
        }
        comparisons
    }

    /// Simulates all benchmarks of one of `all` runs.
    ///
    /// # Errors
    ///
    /// What keeps each of them from being simulated.
    pub(super) fn compare_one<'r>(
        &mut self,
        run: &'r MeasuredRun,
        setups: &mut SetupLoader,
    ) -> anyhow::Result<ExperimentComparison<'r>> {
        let benchmarks: Vec<usize> = (0..run.benchmarks.len()).collect();
        let comparison = self.compare(run, &benchmarks, setups)?;
        comparison.context("none of its benchmarks could be simulated")
    }

    pub(super) fn fail(&mut self, problem: &anyhow::Error) {
        self.failed += 1;
        message::error(problem);
    }

    /// Simulates benchmarks of a run; none where none could be simulated.
    fn compare<'r>(
        &mut self,
        run: &'r MeasuredRun,
        benchmarks: &[usize],
        setups: &mut SetupLoader,
    ) -> anyhow::Result<Option<ExperimentComparison<'r>>> {
        let Prediction {
            host, has_flags, ..
        } = self.prediction;
        let host = HostChoice::of_run(run, host, *has_flags, setups.catalog())?;
        let in_experiment = || run.experiment.clone();
        let contradictions = host.contradictions(run, setups.catalog());
        let setup = setups
            .load(self.prediction.setup(&host))
            .with_context(in_experiment)?;
        let step_model = setup.step_model().with_context(in_experiment)?;
        let server_host = setup.host(&step_model)?;
        let options = &setup.setup.replay;
        // What no benchmark can be simulated with is said once.
        server_of(&run.server, &server_host, &options.server)
            .map_err(|problem| self.prediction.with_advice(problem))
            .with_context(|| format!("{}: no such server", run.experiment))?;
        for contradiction in contradictions {
            message::warning(format_args!("{}: {contradiction}", run.experiment));
        }
        warn_of_unknown_prefix(run);
        let mut compared = Vec::new();
        for index in benchmarks {
            let benchmark = &run.benchmarks[*index];
            self.files.steps.begin(&run.experiment, *index);
            let bar = self.begin(run, benchmark);
            let steps = &mut self.files.steps;
            let replayed = simulated(run, benchmark, &server_host, options, &bar, steps)
                .map_err(|problem| self.prediction.with_advice(problem));
            drop(bar);
            match replayed {
                Ok(replayed) => {
                    let place = Some((run.experiment.as_str(), *index));
                    self.files.requests.write(place, &replayed.simulation)?;
                    let front = format!("{}: benchmark {index}: ", run.experiment);
                    warn_of_unsimulated(&front, replayed.unsimulated);
                    warn_of_rejections(&front, &replayed.simulation);
                    let simulated = Simulated::new(replayed);
                    compared.push(BenchmarkComparison::new(*index, benchmark, simulated));
                }
                Err(problem) => self.fail(&problem.context(format!(
                    "{}: benchmark {index} ({}) cannot be simulated",
                    run.experiment, benchmark.strategy
                ))),
            }
        }
        let Some(first) = compared.first() else {
            return Ok(None);
        };
        let replayed = &first.simulated.replayed;
        let head = HostHead::new(host, &setup, server_host.max_position, run, replayed);
        Ok(Some(ExperimentComparison::new(run, head, compared)))
    }

    /// The bar of the next benchmark.
    fn begin(&mut self, run: &MeasuredRun, benchmark: &Benchmark) -> Bar {
        self.begun += 1;
        let bar = self.bars.bar(&run.experiment, self.begun, self.all);
        let part = without_controls(&benchmark.strategy.to_string());
        bar.begin(&part, benchmark.counts.successful, "requests");
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

fn warn_of_unsimulated(front: &str, requests: Option<u64>) {
    if let Some(count) = requests.filter(|count| *count > 0) {
        message::warning(format_args!(
            "{front}requests that are not simulated, since they failed, were cut off or have no usable times: {count}"
        ));
    }
}
