//! Comparisons as pages of a site.

use std::path::Path;

use catalog::Catalog;
use ground_truth::MeasuredRun;
use request_metrics::Metric;
use site::{Experiment, GroundTruth, MeasuredLoad, MetricComparison, MetricErrors};

use super::comparison::{BenchmarkComparison, ExperimentComparison};
use super::error_summary::ErrorSummary;
use super::measured::Simulator;
use super::output::Files;
use super::prediction::Prediction;
use crate::experiment_folders::{ExperimentFolders, load_each_run};
use crate::message;
use crate::progress::ProgressBars;
use crate::step_setup::SetupLoader;

/// Every benchmark of the experiments in a folder beside its simulation, as `rooflab simulate --ground-truth` has it without
/// other flags, under the name by which the pages show the folder. An experiment that cannot be simulated has a page that
/// says why. Also how many could not be read or simulated, after it said why; one that does not state its GPU is none of them.
pub(crate) fn site_ground_truth(
    folder: &Path,
    shown: &str,
    catalog: Catalog,
    bars: ProgressBars,
) -> (GroundTruth, usize) {
    // A project may have no measurements at all.
    let folders = if folder.is_dir() {
        ExperimentFolders::below(folder).experiments
    } else {
        Vec::new()
    };
    let (runs, unread) = load_each_run(&folders);
    let (prediction, mut setups) = (Prediction::default(), SetupLoader::new(catalog));
    let mut simulator = Simulator::new(&prediction, Files::default(), bars);
    simulator.all = runs.iter().map(|run| run.benchmarks.len()).sum();
    let (mut all_errors, mut experiments) = (Vec::new(), Vec::new());
    for run in &runs {
        match simulator.compare_one(run, &mut setups) {
            Ok(comparison) => {
                let benchmarks = comparison.benchmarks.iter();
                all_errors.extend(benchmarks.flat_map(BenchmarkComparison::errors));
                experiments.push(experiment(&comparison));
            }
            Err(problem) => {
                experiments.push(not_simulated(run, &problem));
                if run.gpu.is_none() {
                    message::warning(format_args!("{problem:#}"));
                } else {
                    simulator.fail(&problem);
                }
            }
        }
    }
    let ground_truth = GroundTruth {
        errors: errors(&ErrorSummary::of(all_errors.into_iter())),
        experiments,
        command: format!("rooflab simulate --ground-truth {shown}"),
    };
    (ground_truth, unread + simulator.failed)
}

fn experiment(comparison: &ExperimentComparison<'_>) -> Experiment {
    let host = &comparison.head.host;
    Experiment {
        name: comparison.experiment.to_owned(),
        workload: comparison.workload.map(str::to_owned),
        model: host.model.clone(),
        gpu: host.gpu.clone(),
        tensor_parallel: host.tensor_parallel,
        settings: comparison.head.to_string(),
        loads: comparison.benchmarks.iter().map(load).collect(),
        errors: errors(&comparison.errors),
        warnings: comparison
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

/// What was measured, and why nothing stands beside it.
fn not_simulated(run: &MeasuredRun, problem: &anyhow::Error) -> Experiment {
    let unstated = || "not stated".to_owned();
    let loads = run.benchmarks.iter().enumerate();
    let note = format!("Not simulated: {problem:#}");
    Experiment {
        name: run.experiment.clone(),
        workload: run.workload.clone(),
        model: run.model.clone().unwrap_or_else(unstated),
        gpu: run.gpu.clone().unwrap_or_else(unstated),
        tensor_parallel: run.tensor_parallel.unwrap_or(1),
        settings: String::new(),
        loads: loads
            .map(|(number, benchmark)| MeasuredLoad {
                number,
                load: benchmark.strategy.to_string(),
                metrics: Metric::ALL
                    .into_iter()
                    .filter_map(|metric| Some((metric, benchmark.metric(metric)?)))
                    .map(|(metric, measured)| MetricComparison {
                        metric: metric.name().to_owned(),
                        measured_ms: Some(measured.mean),
                        origin: Some(measured.origin.to_string()),
                        predicted_ms: None,
                        error_pct: None,
                    })
                    .collect(),
            })
            .collect(),
        errors: Vec::new(),
        warnings: [note]
            .into_iter()
            .chain(run.warnings.iter().map(ToString::to_string))
            .collect(),
    }
}

fn load(comparison: &BenchmarkComparison<'_>) -> MeasuredLoad {
    let metrics = comparison
        .metrics
        .iter()
        .map(|(metric, figures)| MetricComparison {
            metric: metric.name().to_owned(),
            measured_ms: figures.measured.map(|measured| measured.mean),
            origin: figures.measured.map(|measured| measured.origin.to_string()),
            predicted_ms: figures.predicted.map(|predicted| predicted.mean),
            error_pct: figures.error_pct,
        });
    MeasuredLoad {
        number: comparison.index,
        load: comparison.strategy.to_string(),
        metrics: metrics.collect(),
    }
}

fn errors(summary: &ErrorSummary) -> Vec<MetricErrors> {
    let metrics = summary.0.iter();
    let errors = metrics.map(|(metric, errors)| MetricErrors {
        metric: metric.name().to_owned(),
        mape_pct: errors.mape_pct,
        bias_pct: errors.bias_pct,
        worst_pct: errors.worst_pct,
        benchmarks: errors.benchmarks,
    });
    errors.collect()
}
