//! Measured runs as comma-separated values.

use std::io::Write;

use ground_truth::{Benchmark, Listed, MeasuredMetric, MeasuredRun};
use request_metrics::Metric;

use crate::csv_lines::{CsvColumn, cell, column, write_csv};

/// A benchmark of a run, and its number.
type Row<'r> = (&'r MeasuredRun, usize, &'r Benchmark);

/// A figure of a latency: its name, and what it is where it is known.
type Figure = (&'static str, fn(&MeasuredMetric) -> Option<f64>);

/// All of them.
pub(super) const FIGURES: [Figure; 8] = [
    ("mean", |figures| Some(figures.mean)),
    ("std_dev", |figures| figures.std_dev),
    ("min", |figures| figures.min),
    ("p50", |figures| figures.p50),
    ("p90", |figures| figures.p90),
    ("p95", |figures| figures.p95),
    ("p99", |figures| figures.p99),
    ("max", |figures| figures.max),
];

/// Every benchmark of the runs.
pub(super) fn benchmarks(runs: &[MeasuredRun]) -> impl Iterator<Item = Row<'_>> {
    runs.iter().flat_map(|run| {
        let benchmarks = run.benchmarks.iter().enumerate();
        benchmarks.map(move |(index, benchmark)| (run, index, benchmark))
    })
}

/// Writes a line for each benchmark, below one of names. What is not known is empty.
pub(super) fn write_runs(out: &mut impl Write, runs: &[MeasuredRun]) -> anyhow::Result<()> {
    let rows: Vec<Row<'_>> = benchmarks(runs).collect();
    let mut columns: Vec<_> = head_columns().map(|(name, cell)| column(name, cell)).into();
    for metric in Metric::ALL {
        let name = metric.name().to_lowercase();
        columns.extend(FIGURES.map(|(figure, value)| {
            let of = move |(.., one): &Row<'_>| cell(one.metric(metric).and_then(value));
            column(format!("{}_{figure}", metric.key()), of)
        }));
        columns.push(column(
            format!("{name}_count"),
            move |(.., one): &Row<'_>| cell(one.metric(metric).and_then(|figures| figures.count)),
        ));
        columns.push(column(
            format!("{name}_from"),
            move |(.., one): &Row<'_>| cell(one.metric(metric).map(|figures| figures.origin)),
        ));
    }
    write_csv(out, &columns, &rows)
}

/// The columns before those of the metrics.
fn head_columns<'r>() -> [CsvColumn<Row<'r>>; 18] {
    [
        ("experiment", |(run, ..)| run.experiment.clone()),
        ("benchmark", |(_, index, _)| index.to_string()),
        ("strategy", |(.., b)| b.strategy.name().to_owned()),
        ("rate_per_s", |(.., b)| cell(b.strategy.rate_per_s())),
        ("concurrency", |(.., b)| cell(b.strategy.concurrency())),
        ("model", |(run, ..)| cell(run.model.as_ref())),
        ("gpu", |(run, ..)| cell(run.gpu.as_ref())),
        ("tensor_parallel", |(run, ..)| cell(run.tensor_parallel)),
        ("workload", |(run, ..)| cell(run.workload.as_ref())),
        ("requests_successful", |(.., b)| cell(b.counts.successful)),
        ("requests_errored", |(.., b)| cell(b.counts.errored)),
        ("requests_incomplete", |(.., b)| cell(b.counts.incomplete)),
        ("requests_listed", |(.., b)| listed(b.listed).to_owned()),
        ("requests_excluded", |(.., b)| b.excluded.len().to_string()),
        ("aggregate_only", |(.., b)| {
            b.is_aggregate_only().to_string()
        }),
        ("duration_s", |(.., b)| cell(b.duration_s)),
        ("prompt_tokens_mean", |(.., b)| cell(b.prompt_tokens_mean)),
        ("output_tokens_mean", |(.., b)| cell(b.output_tokens_mean)),
    ]
}

fn listed(listed: Listed) -> &'static str {
    match listed {
        Listed::All => "all",
        Listed::Sample => "sample",
        Listed::None => "none",
    }
}
