//! Comparisons as comma-separated values, by the names that hypotheses have for these columns.

use std::io::Write;

use request_metrics::Metric;

use super::comparison::{BenchmarkComparison, ExperimentComparison, MetricComparison};
use crate::csv_lines::{CsvColumn, cell, column, write_csv};

/// A benchmark of an experiment.
type Row<'c> = (&'c ExperimentComparison<'c>, &'c BenchmarkComparison<'c>);

/// Writes a line for each benchmark, below one of names. What is not known is empty.
pub(super) fn write_comparisons<'c>(
    out: &mut impl Write,
    experiments: &'c [ExperimentComparison<'c>],
) -> anyhow::Result<()> {
    let benchmarks = experiments.iter().flat_map(|experiment| {
        let benchmarks = experiment.benchmarks.iter();
        benchmarks.map(move |benchmark| (experiment, benchmark))
    });
    let rows: Vec<Row<'c>> = benchmarks.collect();
    let mut columns: Vec<_> = head_columns()
        .into_iter()
        .map(|(name, cell)| column(name, cell))
        .collect();
    for metric in Metric::ALL {
        let name = metric.name().to_lowercase();
        columns.extend(metric_columns().map(|(figure, cell)| {
            let of = move |(_, benchmark): &Row<'c>| cell(&benchmark.metrics[&metric]);
            column(figure.replace("{}", &name), of)
        }));
    }
    write_csv(out, &columns, &rows)
}

/// The columns before those of the metrics.
fn head_columns<'c>() -> [CsvColumn<Row<'c>>; 23] {
    [
        ("experiment", |(all, _)| all.experiment.to_owned()),
        ("benchmark", |(_, one)| one.index.to_string()),
        ("workload", |(all, _)| cell(all.workload)),
        ("strategy", |(_, one)| one.strategy.name().to_owned()),
        ("rate_per_s", |(_, one)| cell(one.strategy.rate_per_s())),
        ("concurrency", |(_, one)| cell(one.strategy.concurrency())),
        ("model", |(all, _)| all.head.host.model.clone()),
        ("gpu", |(all, _)| all.head.host.gpu.clone()),
        ("tensor_parallel", |(all, _)| {
            all.head.host.tensor_parallel.to_string()
        }),
        ("lengths_from", |(_, one)| {
            one.simulated.replayed.lengths_from.name().to_owned()
        }),
        ("at_recorded_times", |(_, one)| {
            one.simulated.replayed.at_recorded_times.to_string()
        }),
        ("measured_requests", |(_, one)| cell(one.measured_requests)),
        ("served_requests", |(_, one)| {
            one.simulation().served.len().to_string()
        }),
        ("rejected_requests", |(_, one)| {
            one.simulation().rejected.len().to_string()
        }),
        ("measured_requests_per_s", |(_, one)| {
            cell(one.measured_requests_per_s)
        }),
        ("predicted_requests_per_s", |(_, one)| {
            cell(one.predicted_requests_per_s())
        }),
        ("predicted_queueing_ms", |(_, one)| {
            cell(one.simulated.queueing_ms.map(|all| all.mean))
        }),
        ("steps", |(_, one)| one.simulation().steps.to_string()),
        ("mixed_steps", |(_, one)| {
            one.simulated.replayed.mixed_steps.to_string()
        }),
        ("preemptions", |(_, one)| {
            one.simulation().preemptions.to_string()
        }),
        ("mean_batch", |(_, one)| {
            one.simulation().occupancy.mean_batch_requests.to_string()
        }),
        ("prefix_hit_tokens", |(_, one)| {
            one.simulation().prefix_cache.hit_tokens.to_string()
        }),
        ("kv_blocks", |(_, one)| {
            one.simulated.replayed.server.kv_blocks().to_string()
        }),
    ]
}

/// The columns of each metric, whose name stands for `{}`.
fn metric_columns<'c>() -> [CsvColumn<MetricComparison<'c>>; 10] {
    [
        ("measured_{}_ms", |one| {
            cell(one.measured.map(|figures| figures.mean))
        }),
        ("measured_{}_from", |one| {
            cell(one.measured.map(|figures| figures.origin))
        }),
        ("measured_{}_p50_ms", |one| {
            cell(one.measured.and_then(|figures| figures.p50))
        }),
        ("measured_{}_p90_ms", |one| {
            cell(one.measured.and_then(|figures| figures.p90))
        }),
        ("measured_{}_p99_ms", |one| {
            cell(one.measured.and_then(|figures| figures.p99))
        }),
        ("predicted_{}_ms", |one| {
            cell(one.predicted.map(|figures| figures.mean))
        }),
        ("predicted_{}_p50_ms", |one| {
            cell(one.predicted.map(|figures| figures.p50))
        }),
        ("predicted_{}_p90_ms", |one| {
            cell(one.predicted.map(|figures| figures.p90))
        }),
        ("predicted_{}_p99_ms", |one| {
            cell(one.predicted.map(|figures| figures.p99))
        }),
        ("{}_error_pct", |one| cell(one.error_pct)),
    ]
}
