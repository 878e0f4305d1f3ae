//! Comparisons as pages of a site.

use std::path::Path;

use request_metrics::Metric;
use site::{Experiment, GroundTruth, MeasuredLoad, MetricComparison, MetricErrors};

use super::Files;
use super::comparison::{BenchmarkComparison, ExperimentComparison};
use super::error_summary::ErrorSummary;
use super::measured::compare_each;
use super::prediction::Prediction;
use crate::experiment_folders::{ExperimentFolders, load_each_run};
use crate::progress::ProgressBars;
use crate::step_setup::SetupLoader;

/// Every benchmark of the experiments in a folder beside its simulation, as `rooflab simulate --ground-truth` has it without
/// other flags, under the name by which the pages show the folder. Also how many could not be simulated, after it said why.
pub(in crate::command) fn site_ground_truth(
    folder: &Path,
    shown: &str,
    setups: &mut SetupLoader,
    bars: ProgressBars,
) -> anyhow::Result<(GroundTruth, usize)> {
    let prediction = Prediction::default();
    let mut files = Files::none()?;
    // A project may have no measurements at all.
    let folders = if folder.is_dir() {
        ExperimentFolders::below(folder).experiments
    } else {
        Vec::new()
    };
    let (runs, mut failed) = load_each_run(&folders);
    let chosen: Vec<_> = runs
        .iter()
        .map(|run| (run, (0..run.benchmarks.len()).collect()))
        .collect();
    let (comparisons, problems) = compare_each(&prediction, &chosen, setups, &mut files, bars);
    failed += problems;
    let benchmarks: Vec<&BenchmarkComparison<'_>> = comparisons
        .iter()
        .flat_map(|comparison| &comparison.benchmarks)
        .collect();
    let ground_truth = GroundTruth {
        errors: errors(&ErrorSummary::of(&benchmarks)),
        experiments: comparisons.iter().map(experiment).collect(),
        command: format!("rooflab simulate --ground-truth {shown}"),
    };
    Ok((ground_truth, failed))
}

fn experiment(comparison: &ExperimentComparison<'_>) -> Experiment {
    let run = comparison.run;
    let host = &comparison.head.host;
    Experiment {
        name: run.experiment.clone(),
        workload: run.workload.clone(),
        model: host.model.clone(),
        gpu: host.gpu.clone(),
        tensor_parallel: host.tensor_parallel,
        settings: comparison.head.to_string(),
        loads: comparison.benchmarks.iter().map(load).collect(),
        errors: errors(&comparison.errors()),
        warnings: run.warnings.iter().map(ToString::to_string).collect(),
    }
}

fn load(comparison: &BenchmarkComparison<'_>) -> MeasuredLoad {
    let metric = |metric: Metric| {
        let measured = comparison.measured(metric);
        MetricComparison {
            metric: metric.name().to_owned(),
            measured_ms: measured.map(|figures| figures.mean),
            origin: measured.map(|figures| figures.origin.to_string()),
            predicted_ms: comparison.predicted(metric).map(|figures| figures.mean),
            error_pct: comparison.error_pct(metric),
        }
    };
    MeasuredLoad {
        number: comparison.index,
        load: comparison.benchmark.strategy.to_string(),
        metrics: Metric::ALL.map(metric).into(),
    }
}

fn errors(summary: &ErrorSummary) -> Vec<MetricErrors> {
    Metric::ALL
        .iter()
        .filter_map(|metric| {
            let errors = summary.metric(*metric)?;
            Some(MetricErrors {
                metric: metric.name().to_owned(),
                mape_pct: errors.mape_pct,
                bias_pct: errors.bias_pct,
                worst_pct: errors.worst_pct,
                benchmarks: errors.benchmarks,
            })
        })
        .collect()
}
