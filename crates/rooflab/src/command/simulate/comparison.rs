//! A measured benchmark beside its simulation.

use std::collections::BTreeMap;

use ground_truth::{Benchmark, MeasuredMetric, MeasuredRun, Strategy, Warning};
use replay::Replayed;
use request_metrics::{Distribution, Metric, error_pct};
use serde::{Serialize, Serializer};
use serving::Simulation;

use super::error_summary::ErrorSummary;
use super::host_choice::HostChoice;
use super::host_head::HostHead;
use super::simulated::{Figures, Simulated};

/// All benchmarks of an experiment that were to be simulated: a line of `--format json`.
#[derive(Debug, Serialize)]
pub(super) struct ExperimentComparison<'r> {
    pub(super) experiment: &'r str,
    pub(super) workload: Option<&'r str>,
    #[serde(skip)]
    pub(super) warnings: &'r [Warning],
    #[serde(flatten)]
    pub(super) head: HostHead,
    pub(super) benchmarks: Vec<BenchmarkComparison<'r>>,
    /// The errors over all benchmarks.
    pub(super) errors: ErrorSummary,
}

/// One benchmark, measured and simulated.
#[derive(Debug, Serialize)]
pub(super) struct BenchmarkComparison<'r> {
    /// Its number in the report, from 0.
    #[serde(rename = "benchmark")]
    pub(super) index: usize,
    pub(super) strategy: &'r Strategy,
    pub(super) measured_requests: Option<u64>,
    pub(super) measured_requests_per_s: Option<f64>,
    /// All metrics.
    #[serde(serialize_with = "by_key")]
    pub(super) metrics: BTreeMap<Metric, MetricComparison<'r>>,
    pub(super) simulated: Simulated,
}

/// One latency, measured and simulated.
#[derive(Debug, Serialize)]
pub(super) struct MetricComparison<'r> {
    pub(super) measured: Option<&'r MeasuredMetric>,
    #[serde(serialize_with = "figures")]
    pub(super) predicted: Option<Distribution>,
    /// By how much the predicted mean is over the measured one, in percent of that; none where either is missing or
    /// nothing took any time.
    pub(super) error_pct: Option<f64>,
}

/// A benchmark of an experiment, for tables.
pub(super) struct Row<'c> {
    pub(super) all: &'c ExperimentComparison<'c>,
    pub(super) one: &'c BenchmarkComparison<'c>,
    pub(super) replayed: &'c Replayed,
    pub(super) sim: &'c Simulation,
}

impl<'r> ExperimentComparison<'r> {
    /// Every benchmark.
    pub(super) fn rows(&'r self) -> impl Iterator<Item = Row<'r>> {
        self.benchmarks.iter().map(|one| {
            let replayed = &one.simulated.replayed;
            let sim = &replayed.simulation;
            Row {
                all: self,
                one,
                replayed,
                sim,
            }
        })
    }

    /// The benchmarks of a run with what they were simulated on.
    pub(super) fn new(
        run: &'r MeasuredRun,
        head: HostHead,
        benchmarks: Vec<BenchmarkComparison<'r>>,
    ) -> Self {
        Self {
            experiment: &run.experiment,
            workload: run.workload.as_deref(),
            warnings: &run.warnings,
            head,
            errors: ErrorSummary::of(benchmarks.iter().flat_map(BenchmarkComparison::errors)),
            benchmarks,
        }
    }
}

impl<'r> BenchmarkComparison<'r> {
    /// What was measured and what was simulated.
    pub(super) fn new(index: usize, benchmark: &'r Benchmark, simulated: Simulated) -> Self {
        let metrics = Metric::ALL.map(|metric| {
            let measured = benchmark.metric(metric);
            let predicted = simulated.metrics.get(&metric).copied();
            let means = measured.zip(predicted);
            let error_pct = means.and_then(|(ours, theirs)| error_pct(ours.mean, theirs.mean));
            (
                metric,
                MetricComparison {
                    measured,
                    predicted,
                    error_pct,
                },
            )
        });
        Self {
            index,
            strategy: &benchmark.strategy,
            measured_requests: benchmark.counts.successful,
            measured_requests_per_s: benchmark.requests_per_s(),
            metrics: metrics.into(),
            simulated,
        }
    }

    /// The error of each metric that has one.
    pub(super) fn errors(&self) -> impl Iterator<Item = (Metric, f64)> {
        let metrics = self.metrics.iter();
        metrics.filter_map(|(metric, figures)| Some((*metric, figures.error_pct?)))
    }
}

impl Row<'_> {
    pub(super) fn host(&self) -> &HostChoice {
        &self.all.head.host
    }

    pub(super) fn measured_per_s(&self) -> Option<f64> {
        self.one.measured_requests_per_s
    }

    pub(super) fn predicted_per_s(&self) -> Option<f64> {
        let throughput = self.sim.throughput();
        throughput.map(|per_s| per_s.requests_per_s)
    }

    /// The mean time in the queue of the simulation.
    pub(super) fn queueing_ms(&self) -> Option<f64> {
        self.one.simulated.queueing_ms.map(|queueing| queueing.mean)
    }
}

/// Metrics in the order of their keys.
fn by_key<S: Serializer>(
    metrics: &BTreeMap<Metric, MetricComparison<'_>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let metrics = metrics
        .iter()
        .map(|(metric, figures)| (metric.key(), figures));
    metrics.collect::<BTreeMap<_, _>>().serialize(serializer)
}

#[expect(clippy::ref_option, reason = "the form that serde calls")]
fn figures<S: Serializer>(
    distribution: &Option<Distribution>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    distribution.as_ref().map(Figures).serialize(serializer)
}
