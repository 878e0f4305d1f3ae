//! A simulation with its latencies, and the same as JSON.

use std::collections::BTreeMap;

use replay::Replayed;
use request_metrics::{Distribution, Metric};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serving::{Occupancy, PrefixCacheUse, Simulation};

/// A simulation with its distributions, which take sorting.
#[derive(Debug)]
pub(super) struct Simulated {
    pub(super) replayed: Replayed,
    pub(super) queueing_ms: Option<Distribution>,
    /// The metrics that some request has.
    pub(super) metrics: BTreeMap<Metric, Distribution>,
}

/// A figure of a distribution: its name and what it is.
pub(super) type Figure = (&'static str, fn(&Distribution) -> f64);

/// All of them.
pub(super) const FIGURES: [Figure; 8] = [
    ("mean", |figures| figures.mean),
    ("std_dev", |figures| figures.std_dev),
    ("min", |figures| figures.min),
    ("p50", |figures| figures.p50),
    ("p90", |figures| figures.p90),
    ("p95", |figures| figures.p95),
    ("p99", |figures| figures.p99),
    ("max", |figures| figures.max),
];

/// A distribution as JSON, in the unit of its key.
pub(super) struct Figures<'d>(pub(super) &'d Distribution);

/// What happened, but for the latencies.
#[derive(Serialize)]
struct SimulatedJson<'s> {
    requests: RequestsJson,
    duration_s: f64,
    requests_per_s: Option<f64>,
    output_tokens_per_s: Option<f64>,
    total_tokens_per_s: Option<f64>,
    queueing_ms: Option<Figures<'s>>,
    steps: u64,
    mixed_steps: u64,
    preemptions: u64,
    #[serde(with = "OccupancyJson")]
    occupancy: Occupancy,
    #[serde(with = "PrefixCacheJson")]
    prefix_cache: PrefixCacheUse,
    lengths_from: &'static str,
    at_recorded_times: bool,
}

#[derive(Serialize)]
struct RequestsJson {
    injected: u64,
    served: usize,
    rejected: usize,
    /// By reason.
    rejections: BTreeMap<String, u64>,
    in_flight: u64,
}

#[derive(Serialize)]
#[serde(remote = "Occupancy")]
struct OccupancyJson {
    busy: f64,
    mean_batch_requests: f64,
    max_batch_requests: u32,
    mean_running_requests: f64,
    max_running_requests: u32,
    mean_waiting_requests: f64,
    max_waiting_requests: u32,
    mean_kv_blocks: f64,
    max_kv_blocks: u32,
    kv_blocks: u32,
}

#[derive(Serialize)]
#[serde(remote = "PrefixCacheUse")]
struct PrefixCacheJson {
    looked_up_tokens: u64,
    hit_tokens: u64,
}

impl Simulated {
    /// Computes the distributions.
    pub(super) fn new(replayed: Replayed) -> Self {
        let simulation = &replayed.simulation;
        let metrics = Metric::ALL.into_iter();
        Self {
            queueing_ms: simulation.queueing_ms(),
            metrics: metrics
                .filter_map(|metric| Some((metric, simulation.distribution(metric)?)))
                .collect(),
            replayed,
        }
    }

    /// Every latency and the time in the queue, by its key and its name.
    pub(super) fn times(&self) -> Vec<(&'static str, &'static str, Option<&Distribution>)> {
        let metrics = Metric::ALL.into_iter();
        metrics
            .map(|metric| (metric.key(), metric.name(), self.metrics.get(&metric)))
            .chain([("queueing_ms", "queueing", self.queueing_ms.as_ref())])
            .collect()
    }
}

/// How many requests were refused, by reason.
pub(super) fn rejections(simulation: &Simulation) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for rejection in &simulation.rejected {
        *counts.entry(rejection.reason.to_string()).or_default() += 1;
    }
    counts
}

impl Serialize for Figures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, figure) in FIGURES {
            map.serialize_entry(name, &figure(self.0))?;
        }
        map.serialize_entry("count", &self.0.count)?;
        map.end()
    }
}

impl Serialize for Simulated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let replayed = &self.replayed;
        let simulation = &replayed.simulation;
        let throughput = simulation.throughput();
        SimulatedJson {
            requests: RequestsJson {
                injected: simulation.injected,
                served: simulation.served.len(),
                rejected: simulation.rejected.len(),
                rejections: rejections(simulation),
                in_flight: simulation.in_flight,
            },
            duration_s: simulation.duration_us / 1e6,
            requests_per_s: throughput.map(|per_s| per_s.requests_per_s),
            output_tokens_per_s: throughput.map(|per_s| per_s.output_tokens_per_s),
            total_tokens_per_s: throughput.map(|per_s| per_s.total_tokens_per_s),
            queueing_ms: self.queueing_ms.as_ref().map(Figures),
            steps: simulation.steps,
            mixed_steps: replayed.mixed_steps,
            preemptions: simulation.preemptions,
            occupancy: simulation.occupancy,
            prefix_cache: simulation.prefix_cache,
            lengths_from: replayed.lengths_from.name(),
            at_recorded_times: replayed.at_recorded_times,
        }
        .serialize(serializer)
    }
}
