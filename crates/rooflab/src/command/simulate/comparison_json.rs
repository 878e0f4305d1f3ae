//! Comparisons as JSON.

use std::collections::BTreeMap;

use ground_truth::{MeasuredMetric, Strategy};
use request_metrics::Metric;
use serde::Serialize;

use super::comparison::{BenchmarkComparison, ExperimentComparison};
use super::error_summary::ErrorSummary;
use super::host_head::HostHead;
use super::simulated_json::{DistributionJson, SimulatedJson};

/// An experiment: a line of `--format json`.
#[derive(Serialize)]
pub(super) struct ExperimentJson<'c> {
    experiment: &'c str,
    workload: Option<&'c str>,
    #[serde(flatten)]
    head: &'c HostHead,
    benchmarks: Vec<BenchmarkJson<'c>>,
    errors: ErrorSummary,
}

#[derive(Serialize)]
struct BenchmarkJson<'c> {
    benchmark: usize,
    strategy: &'c Strategy,
    measured_requests: Option<u64>,
    measured_requests_per_s: Option<f64>,
    metrics: BTreeMap<&'static str, MetricJson<'c>>,
    simulated: SimulatedJson,
}

#[derive(Serialize)]
struct MetricJson<'c> {
    measured: Option<&'c MeasuredMetric>,
    predicted: Option<DistributionJson>,
    /// Of the means.
    error_pct: Option<f64>,
}

impl<'c> From<&'c ExperimentComparison<'_>> for ExperimentJson<'c> {
    fn from(comparison: &'c ExperimentComparison<'_>) -> Self {
        Self {
            experiment: &comparison.run.experiment,
            workload: comparison.run.workload.as_deref(),
            head: &comparison.head,
            benchmarks: comparison.benchmarks.iter().map(Into::into).collect(),
            errors: comparison.errors(),
        }
    }
}

impl<'c> From<&'c BenchmarkComparison<'_>> for BenchmarkJson<'c> {
    fn from(comparison: &'c BenchmarkComparison<'_>) -> Self {
        let metrics = Metric::ALL.map(|metric| {
            let figures = MetricJson {
                measured: comparison.measured(metric),
                predicted: comparison.predicted(metric).map(Into::into),
                error_pct: comparison.error_pct(metric),
            };
            (metric.key(), figures)
        });
        Self {
            benchmark: comparison.index,
            strategy: &comparison.benchmark.strategy,
            measured_requests: comparison.benchmark.counts.successful,
            measured_requests_per_s: comparison.measured_requests_per_s(),
            metrics: metrics.into(),
            simulated: (&comparison.simulated).into(),
        }
    }
}
