//! A measured benchmark beside its simulation.

use ground_truth::{Benchmark, MeasuredMetric, MeasuredRun};
use replay::Replayed;
use request_metrics::{Distribution, Metric, error_pct};

use super::error_summary::ErrorSummary;
use super::host_head::HostHead;

/// One benchmark, measured and simulated.
#[derive(Debug)]
pub(super) struct BenchmarkComparison<'r> {
    /// Its number in the report, from 0.
    pub(super) index: usize,
    pub(super) benchmark: &'r Benchmark,
    pub(super) simulated: Simulated,
}

/// All benchmarks of an experiment that were to be simulated.
#[derive(Debug)]
pub(super) struct ExperimentComparison<'r> {
    pub(super) run: &'r MeasuredRun,
    pub(super) head: HostHead,
    pub(super) benchmarks: Vec<BenchmarkComparison<'r>>,
}

/// A simulation with its distributions, which take sorting.
#[derive(Debug)]
pub(super) struct Simulated {
    pub(super) replayed: Replayed,
    pub(super) queueing_ms: Option<Distribution>,
    metrics: [(Metric, Option<Distribution>); 4],
}

impl Simulated {
    /// Computes the distributions.
    pub(super) fn new(replayed: Replayed) -> Self {
        let simulation = &replayed.simulation;
        Self {
            queueing_ms: simulation.queueing_ms(),
            metrics: Metric::ALL.map(|metric| (metric, simulation.distribution(metric))),
            replayed,
        }
    }

    /// The distribution of a metric; none where no request has it.
    pub(super) fn metric(&self, metric: Metric) -> Option<&Distribution> {
        let found = self.metrics.iter().find(|(known, _)| *known == metric);
        found.and_then(|(_, distribution)| distribution.as_ref())
    }
}

impl BenchmarkComparison<'_> {
    /// What was measured.
    pub(super) fn measured(&self, metric: Metric) -> Option<&MeasuredMetric> {
        self.benchmark.metric(metric)
    }

    /// What was simulated.
    pub(super) fn predicted(&self, metric: Metric) -> Option<&Distribution> {
        self.simulated.metric(metric)
    }

    /// By how much the predicted mean is over the measured one, in percent of that; none where either is missing or
    /// nothing took any time.
    pub(super) fn error_pct(&self, metric: Metric) -> Option<f64> {
        error_pct(self.measured(metric)?.mean, self.predicted(metric)?.mean)
    }

    /// Successful requests per second of the benchmark.
    pub(super) fn measured_requests_per_s(&self) -> Option<f64> {
        self.benchmark.requests_per_s()
    }
}

impl ExperimentComparison<'_> {
    /// The errors over all benchmarks.
    pub(super) fn errors(&self) -> ErrorSummary {
        ErrorSummary::of(&self.benchmarks.iter().collect::<Vec<_>>())
    }
}
