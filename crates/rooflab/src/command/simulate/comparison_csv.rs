//! Comparisons as comma-separated values, by the names that hypotheses have for these columns.

use std::io::Write;

use ground_truth::MeasuredMetric;
use request_metrics::{Distribution, Metric};

use super::comparison::{ExperimentComparison, MetricComparison, Row};
use crate::csv_lines::{CsvColumn, cell, column, write_csv};

/// Writes a line for each benchmark, below one of names. What is not known is empty.
pub(super) fn write_comparisons<'c>(
    out: &mut impl Write,
    experiments: &'c [ExperimentComparison<'c>],
) -> anyhow::Result<()> {
    let rows: Vec<Row<'c>> = experiments
        .iter()
        .flat_map(ExperimentComparison::rows)
        .collect();
    let mut columns: Vec<_> = head_columns().map(|(name, cell)| column(name, cell)).into();
    for metric in Metric::ALL {
        let name = metric.name().to_lowercase();
        columns.extend(metric_columns().map(|(figure, cell)| {
            let of = move |row: &Row<'c>| cell(&row.one.metrics[&metric]);
            column(figure.replace("{}", &name), of)
        }));
    }
    write_csv(out, &columns, &rows)
}

/// The columns before those of the metrics.
fn head_columns<'c>() -> [CsvColumn<Row<'c>>; 23] {
    [
        ("experiment", |r| r.all.experiment.to_owned()),
        ("benchmark", |r| r.one.index.to_string()),
        ("workload", |r| cell(r.all.workload)),
        ("strategy", |r| r.one.strategy.name().to_owned()),
        ("rate_per_s", |r| cell(r.one.strategy.rate_per_s())),
        ("concurrency", |r| cell(r.one.strategy.concurrency())),
        ("model", |r| r.host().model.clone()),
        ("gpu", |r| r.host().gpu.clone()),
        ("tensor_parallel", |r| cell(Some(r.host().tensor_parallel))),
        ("lengths_from", |r| r.replayed.lengths_from.name().into()),
        ("at_recorded_times", |r| {
            cell(Some(r.replayed.at_recorded_times))
        }),
        ("measured_requests", |r| cell(r.one.measured_requests)),
        ("served_requests", |r| r.sim.served.len().to_string()),
        ("rejected_requests", |r| r.sim.rejected.len().to_string()),
        ("measured_requests_per_s", |r| cell(r.measured_per_s())),
        ("predicted_requests_per_s", |r| cell(r.predicted_per_s())),
        ("predicted_queueing_ms", |r| cell(r.queueing_ms())),
        ("steps", |r| r.sim.steps.to_string()),
        ("mixed_steps", |r| r.replayed.mixed_steps.to_string()),
        ("preemptions", |r| r.sim.preemptions.to_string()),
        ("mean_batch", |r| {
            cell(Some(r.sim.occupancy.mean_batch_requests))
        }),
        ("prefix_hit_tokens", |r| {
            cell(Some(r.sim.prefix_cache.hit_tokens))
        }),
        ("kv_blocks", |r| r.replayed.server.kv_blocks().to_string()),
    ]
}

/// The columns of each metric, whose name stands for `{}`.
fn metric_columns<'c>() -> [CsvColumn<MetricComparison<'c>>; 10] {
    [
        ("measured_{}_ms", |m| measured(m, |all| Some(all.mean))),
        ("measured_{}_from", |m| {
            cell(m.measured.map(|all| all.origin))
        }),
        ("measured_{}_p50_ms", |m| measured(m, |all| all.p50)),
        ("measured_{}_p90_ms", |m| measured(m, |all| all.p90)),
        ("measured_{}_p99_ms", |m| measured(m, |all| all.p99)),
        ("predicted_{}_ms", |m| predicted(m, |all| all.mean)),
        ("predicted_{}_p50_ms", |m| predicted(m, |all| all.p50)),
        ("predicted_{}_p90_ms", |m| predicted(m, |all| all.p90)),
        ("predicted_{}_p99_ms", |m| predicted(m, |all| all.p99)),
        ("{}_error_pct", |m| cell(m.error_pct)),
    ]
}

fn measured(of: &MetricComparison<'_>, figure: fn(&MeasuredMetric) -> Option<f64>) -> String {
    cell(of.measured.and_then(figure))
}

fn predicted(of: &MetricComparison<'_>, figure: fn(&Distribution) -> f64) -> String {
    cell(of.predicted.as_ref().map(figure))
}
