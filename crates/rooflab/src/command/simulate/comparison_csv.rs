//! Comparisons as comma-separated values, by the names that hypotheses have for these columns.

use std::io::Write;

use request_metrics::Metric;

use super::comparison::{BenchmarkComparison, ExperimentComparison};
use crate::csv_lines::{CsvLines, cell as text};

/// The columns before those of the metrics.
const HEADS: [&str; 23] = [
    "experiment",
    "benchmark",
    "workload",
    "strategy",
    "rate_per_s",
    "concurrency",
    "model",
    "gpu",
    "tensor_parallel",
    "lengths_from",
    "at_recorded_times",
    "measured_requests",
    "served_requests",
    "rejected_requests",
    "measured_requests_per_s",
    "predicted_requests_per_s",
    "predicted_queueing_ms",
    "steps",
    "mixed_steps",
    "preemptions",
    "mean_batch",
    "prefix_hit_tokens",
    "kv_blocks",
];

/// Writes a line for each benchmark, below one of names. What is not known is empty.
pub(super) fn write_csv(
    out: &mut impl Write,
    experiments: &[ExperimentComparison<'_>],
) -> anyhow::Result<()> {
    let mut lines = CsvLines::new(out);
    let mut names: Vec<String> = HEADS.map(str::to_owned).into();
    for metric in Metric::ALL {
        let name = metric.name().to_lowercase();
        names.extend([
            format!("measured_{name}_ms"),
            format!("measured_{name}_from"),
            format!("measured_{name}_p50_ms"),
            format!("measured_{name}_p90_ms"),
            format!("measured_{name}_p99_ms"),
            format!("predicted_{name}_ms"),
            format!("predicted_{name}_p50_ms"),
            format!("predicted_{name}_p90_ms"),
            format!("predicted_{name}_p99_ms"),
            format!("{name}_error_pct"),
        ]);
    }
    lines.line(names)?;
    for experiment in experiments {
        for benchmark in &experiment.benchmarks {
            lines.line(cells(experiment, benchmark))?;
        }
    }
    lines.into_stream()?;
    Ok(())
}

fn cells(
    experiment: &ExperimentComparison<'_>,
    comparison: &BenchmarkComparison<'_>,
) -> Vec<String> {
    let host = &experiment.head.host;
    let strategy = &comparison.benchmark.strategy;
    let simulated = &comparison.simulated;
    let replayed = &simulated.replayed;
    let simulation = &replayed.simulation;
    let mut cells = vec![
        experiment.run.experiment.clone(),
        comparison.index.to_string(),
        text(experiment.run.workload.as_ref()),
        strategy.name().to_owned(),
        text(strategy.rate_per_s()),
        text(strategy.concurrency()),
        host.model.clone(),
        host.gpu.clone(),
        host.tensor_parallel.to_string(),
        replayed.lengths_from.name().to_owned(),
        replayed.at_recorded_times.to_string(),
        text(comparison.benchmark.counts.successful),
        simulation.served.len().to_string(),
        simulation.rejected.len().to_string(),
        text(comparison.measured_requests_per_s()),
        text(simulation.throughput().map(|per_s| per_s.requests_per_s)),
        text(simulated.queueing_ms.map(|queueing| queueing.mean)),
        simulation.steps.to_string(),
        replayed.mixed_steps.to_string(),
        simulation.preemptions.to_string(),
        simulation.occupancy.mean_batch_requests.to_string(),
        simulation.prefix_cache.hit_tokens.to_string(),
        replayed.server.kv_blocks().to_string(),
    ];
    for metric in Metric::ALL {
        let measured = comparison.measured(metric);
        let predicted = comparison.predicted(metric);
        cells.extend([
            text(measured.map(|figures| figures.mean)),
            text(measured.map(|figures| figures.origin)),
            text(measured.and_then(|figures| figures.p50)),
            text(measured.and_then(|figures| figures.p90)),
            text(measured.and_then(|figures| figures.p99)),
            text(predicted.map(|figures| figures.mean)),
            text(predicted.map(|figures| figures.p50)),
            text(predicted.map(|figures| figures.p90)),
            text(predicted.map(|figures| figures.p99)),
            text(comparison.error_pct(metric)),
        ]);
    }
    cells
}
