//! Comparisons as pages of a site.

use std::path::Path;

use catalog::Catalog;
use site::{Experiment, GroundTruth, MeasuredLoad, MetricComparison, MetricErrors};

use super::comparison::{BenchmarkComparison, ExperimentComparison};
use super::error_summary::ErrorSummary;
use super::measured::Simulator;
use super::output::Files;
use super::prediction::Prediction;
use crate::experiment_folders::{ExperimentFolders, load_each_run};
use crate::progress::ProgressBars;
use crate::step_setup::SetupLoader;

/// Every benchmark of the experiments in a folder beside its simulation, as `rooflab simulate --ground-truth` has it without
/// other flags, under the name by which the pages show the folder. Also how many could not be simulated, after it said why.
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
    let (runs, not_loaded) = load_each_run(&folders);
    let all = runs
        .iter()
        .map(|run| (run, (0..run.benchmarks.len()).collect()));
    let chosen: Vec<_> = all.collect();
    let (prediction, mut setups) = (Prediction::default(), SetupLoader::new(catalog));
    let mut simulator = Simulator::new(&prediction, Files::default(), bars);
    let comparisons = simulator.compare_each(&chosen, &mut setups);
    let benchmarks = comparisons
        .iter()
        .flat_map(|comparison| &comparison.benchmarks);
    let ground_truth = GroundTruth {
        errors: errors(&ErrorSummary::of(
            benchmarks.flat_map(BenchmarkComparison::errors),
        )),
        experiments: comparisons.iter().map(experiment).collect(),
        command: format!("rooflab simulate --ground-truth {shown}"),
    };
    (ground_truth, not_loaded + simulator.failed)
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
