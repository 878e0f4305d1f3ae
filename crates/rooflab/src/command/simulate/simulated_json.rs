//! A simulation as JSON.

use std::collections::BTreeMap;

use request_metrics::{Distribution, Metric};
use serde::Serialize;
use serving::{Occupancy, Simulation};

use super::comparison::Simulated;

/// A distribution, in the unit of its key.
#[derive(Serialize)]
pub(super) struct DistributionJson {
    mean: f64,
    std_dev: f64,
    min: f64,
    p50: f64,
    p90: f64,
    p95: f64,
    p99: f64,
    max: f64,
    count: u64,
}

/// What happened, but for the latencies.
#[derive(Serialize)]
pub(super) struct SimulatedJson {
    requests: RequestsJson,
    duration_s: f64,
    requests_per_s: Option<f64>,
    output_tokens_per_s: Option<f64>,
    total_tokens_per_s: Option<f64>,
    queueing_ms: Option<DistributionJson>,
    steps: u64,
    mixed_steps: u64,
    preemptions: u64,
    occupancy: OccupancyJson,
    prefix_cache: PrefixCacheJson,
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
struct PrefixCacheJson {
    looked_up_tokens: u64,
    hit_tokens: u64,
}

impl From<&Distribution> for DistributionJson {
    fn from(distribution: &Distribution) -> Self {
        let Distribution {
            mean,
            std_dev,
            min,
            max,
            p50,
            p90,
            p95,
            p99,
            count,
        } = *distribution;
        Self {
            mean,
            std_dev,
            min,
            p50,
            p90,
            p95,
            p99,
            max,
            count,
        }
    }
}

impl From<&Simulated> for SimulatedJson {
    fn from(simulated: &Simulated) -> Self {
        let replayed = &simulated.replayed;
        let simulation = &replayed.simulation;
        let throughput = simulation.throughput();
        Self {
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
            queueing_ms: simulated.queueing_ms.as_ref().map(DistributionJson::from),
            steps: simulation.steps,
            mixed_steps: replayed.mixed_steps,
            preemptions: simulation.preemptions,
            occupancy: occupancy(&simulation.occupancy),
            prefix_cache: PrefixCacheJson {
                looked_up_tokens: simulation.prefix_cache.looked_up_tokens,
                hit_tokens: simulation.prefix_cache.hit_tokens,
            },
            lengths_from: replayed.lengths_from.name(),
            at_recorded_times: replayed.at_recorded_times,
        }
    }
}

/// The latencies by their keys.
pub(super) fn latencies(simulated: &Simulated) -> BTreeMap<&'static str, Option<DistributionJson>> {
    Metric::ALL
        .into_iter()
        .map(|metric| {
            let distribution = simulated.metric(metric);
            (metric.key(), distribution.map(DistributionJson::from))
        })
        .collect()
}

/// How many requests were refused, by reason.
pub(super) fn rejections(simulation: &Simulation) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for rejection in &simulation.rejected {
        *counts.entry(rejection.reason.to_string()).or_default() += 1;
    }
    counts
}

fn occupancy(occupancy: &Occupancy) -> OccupancyJson {
    let Occupancy {
        busy,
        mean_batch_requests,
        max_batch_requests,
        mean_running_requests,
        max_running_requests,
        mean_waiting_requests,
        max_waiting_requests,
        mean_kv_blocks,
        max_kv_blocks,
        kv_blocks,
    } = *occupancy;
    OccupancyJson {
        busy,
        mean_batch_requests,
        max_batch_requests,
        mean_running_requests,
        max_running_requests,
        mean_waiting_requests,
        max_waiting_requests,
        mean_kv_blocks,
        max_kv_blocks,
        kv_blocks,
    }
}
