//! A simulated workload as comma-separated values.

use std::io::Write;

use request_metrics::{Distribution, Metric};

use super::workload::SimulatedWorkload;
use crate::csv_lines::{CsvLines, cell as text};

/// The columns before those of the latencies.
const HEADS: [&str; 24] = [
    "model",
    "gpu",
    "tensor_parallel",
    "strategy",
    "rate_per_s",
    "concurrency",
    "injected_requests",
    "served_requests",
    "rejected_requests",
    "preemptions",
    "steps",
    "mixed_steps",
    "duration_s",
    "requests_per_s",
    "output_tokens_per_s",
    "total_tokens_per_s",
    "busy",
    "mean_batch",
    "max_batch",
    "mean_waiting",
    "mean_kv_blocks",
    "max_kv_blocks",
    "kv_blocks",
    "prefix_hit_tokens",
];

/// Writes one line below one of names. What is not known is empty.
pub(super) fn write_csv(out: &mut impl Write, workload: &SimulatedWorkload) -> anyhow::Result<()> {
    let mut names: Vec<String> = HEADS.map(str::to_owned).into();
    let mut cells = cells(workload);
    let simulated = &workload.simulated;
    let metrics = Metric::ALL.map(|metric| (metric.key(), simulated.metric(metric)));
    let queueing = ("queueing_ms", simulated.queueing_ms.as_ref());
    for (key, distribution) in metrics.into_iter().chain([queueing]) {
        for figure in ["mean", "std_dev", "min", "p50", "p90", "p95", "p99", "max"] {
            names.push(format!("{key}_{figure}"));
        }
        let figures = |distribution: &Distribution| {
            let Distribution {
                mean,
                std_dev,
                min,
                max,
                p50,
                p90,
                p95,
                p99,
                count: _,
            } = *distribution;
            [mean, std_dev, min, p50, p90, p95, p99, max].map(Some)
        };
        cells.extend(distribution.map_or([None; 8], figures).map(text));
    }
    let mut lines = CsvLines::new(out);
    lines.line(names)?;
    lines.line(cells)?;
    lines.into_stream()?;
    Ok(())
}

fn cells(workload: &SimulatedWorkload) -> Vec<String> {
    let host = &workload.head.host;
    let replayed = &workload.simulated.replayed;
    let simulation = &replayed.simulation;
    let occupancy = &simulation.occupancy;
    let throughput = simulation.throughput();
    vec![
        host.model.clone(),
        host.gpu.clone(),
        host.tensor_parallel.to_string(),
        workload.strategy.name().to_owned(),
        text(workload.strategy.rate_per_s()),
        text(workload.strategy.concurrency()),
        simulation.injected.to_string(),
        simulation.served.len().to_string(),
        simulation.rejected.len().to_string(),
        simulation.preemptions.to_string(),
        simulation.steps.to_string(),
        replayed.mixed_steps.to_string(),
        (simulation.duration_us / 1e6).to_string(),
        text(throughput.map(|per_s| per_s.requests_per_s)),
        text(throughput.map(|per_s| per_s.output_tokens_per_s)),
        text(throughput.map(|per_s| per_s.total_tokens_per_s)),
        occupancy.busy.to_string(),
        occupancy.mean_batch_requests.to_string(),
        occupancy.max_batch_requests.to_string(),
        occupancy.mean_waiting_requests.to_string(),
        occupancy.mean_kv_blocks.to_string(),
        occupancy.max_kv_blocks.to_string(),
        occupancy.kv_blocks.to_string(),
        simulation.prefix_cache.hit_tokens.to_string(),
    ]
}
