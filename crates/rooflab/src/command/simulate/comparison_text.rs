//! Comparisons for people.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ground_truth::MeasuredMetric;
use replay::ArrivalSource;
use request_metrics::{Distribution, Metric};

use super::comparison::{BenchmarkComparison, ExperimentComparison, MetricComparison};
use super::error_summary::ErrorSummary;
use crate::counted::{decimals, or_dash};
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::{TextColumn, TextTable, without_controls};

/// Writes one experiment: what it rests on and three tables, of latencies (with medians and 99th percentiles where that is
/// wanted), of what happened and of errors.
pub(super) fn write_experiment(
    out: &mut StandardOutput,
    comparison: &ExperimentComparison<'_>,
    percentiles: bool,
) -> io::Result<()> {
    writeln!(out, "{}", without_controls(comparison.experiment))?;
    out.text(&comparison.head.to_string())?;
    writeln!(out)?;
    out.table(&latencies(comparison, percentiles))?;
    writeln!(out)?;
    out.table(&events(comparison))?;
    writeln!(out)?;
    out.table(&comparison.errors.table())
}

/// Writes all experiments in one table, with the errors over all of them.
pub(super) fn write_all(
    out: &mut StandardOutput,
    comparisons: &[ExperimentComparison<'_>],
) -> io::Result<()> {
    let mut experiments = Vec::new();
    let mut workloads: BTreeMap<&str, Vec<&BenchmarkComparison<'_>>> = BTreeMap::new();
    for one in comparisons {
        let benchmarks: Vec<_> = one.benchmarks.iter().collect();
        workloads
            .entry(one.workload.unwrap_or("-"))
            .or_default()
            .extend(&benchmarks);
        experiments.push((one.experiment, benchmarks));
    }
    writeln!(out, "all experiments")?;
    out.table(&mapes("EXPERIMENT", experiments))?;
    writeln!(out)?;
    out.table(&mapes("WORKLOAD", workloads))?;
    writeln!(out)?;
    let benchmarks = comparisons.iter().flat_map(|one| &one.benchmarks);
    let errors = benchmarks.flat_map(BenchmarkComparison::errors);
    out.table(&ErrorSummary::of(errors).table())
}

/// A latency of a benchmark, and what names the benchmark where it is its first one.
struct Latency<'c> {
    number: String,
    load: String,
    metric: Metric,
    figures: &'c MetricComparison<'c>,
}

impl Latency<'_> {
    fn measured(&self, figure: fn(&MeasuredMetric) -> Option<f64>) -> String {
        decimals(self.figures.measured.and_then(figure))
    }

    fn predicted(&self, figure: fn(&Distribution) -> f64) -> String {
        decimals(self.figures.predicted.as_ref().map(figure))
    }
}

fn latencies(comparison: &ExperimentComparison<'_>, percentiles: bool) -> TextTable {
    let rows = comparison.benchmarks.iter().flat_map(|one| {
        one.metrics
            .iter()
            .enumerate()
            .map(|(index, (metric, figures))| {
                let (number, load) = match index {
                    0 => (one.index.to_string(), one.strategy.to_string()),
                    _ => (String::new(), String::new()),
                };
                Latency {
                    number,
                    load,
                    metric: *metric,
                    figures,
                }
            })
    });
    let mut columns: Vec<TextColumn<Latency<'_>>> = vec![
        ("#", Right, |row| row.number.clone()),
        ("LOAD", Left, |row| row.load.clone()),
        ("METRIC", Left, |row| row.metric.name().into()),
        ("MEASURED (ms)", Right, |row| {
            row.measured(|all| Some(all.mean))
        }),
        ("PREDICTED (ms)", Right, |row| row.predicted(|all| all.mean)),
        ("ERROR", Right, |row| percent(row.figures.error_pct)),
    ];
    if percentiles {
        let more: [TextColumn<Latency<'_>>; 4] = [
            ("MEASURED P50", Right, |row| row.measured(|all| all.p50)),
            ("PREDICTED P50", Right, |row| row.predicted(|all| all.p50)),
            ("MEASURED P99", Right, |row| row.measured(|all| all.p99)),
            ("PREDICTED P99", Right, |row| row.predicted(|all| all.p99)),
        ];
        columns.extend(more);
    }
    columns.push(("MEASURED FROM", Left, |row| {
        or_dash(row.figures.measured.map(|figures| figures.origin))
    }));
    TextTable::of(rows, &columns)
}

fn events(comparison: &ExperimentComparison<'_>) -> TextTable {
    TextTable::of(
        comparison.rows(),
        &[
            ("#", Right, |r| r.one.index.to_string()),
            ("LOAD", Left, |r| r.one.strategy.to_string()),
            ("SERVED", Right, |r| r.sim.served.len().to_string()),
            ("REJECTED", Right, |r| r.sim.rejected.len().to_string()),
            ("PREEMPTED", Right, |r| r.sim.preemptions.to_string()),
            ("MEASURED REQ/S", Right, |r| decimals(r.measured_per_s())),
            ("PREDICTED REQ/S", Right, |r| decimals(r.predicted_per_s())),
            ("STEPS", Right, |r| r.sim.steps.to_string()),
            ("BATCH", Right, |r| {
                format!("{:.1}", r.sim.occupancy.mean_batch_requests)
            }),
            ("KV MAX", Right, |r| {
                let (most, blocks) = (r.sim.occupancy.max_kv_blocks, r.sim.occupancy.kv_blocks);
                format!("{:.0} %", 100.0 * (f64::from(most) / f64::from(blocks)))
            }),
            ("LENGTHS", Left, |r| r.replayed.lengths_from.name().into()),
            ("ARRIVALS", Left, |r| {
                let source = r.all.head.options.arrivals;
                arrivals_in_words(source, r.replayed.at_recorded_times).into()
            }),
        ],
    )
}

fn arrivals_in_words(source: ArrivalSource, at_recorded_times: bool) -> &'static str {
    match source {
        _ if at_recorded_times => "recorded",
        ArrivalSource::AsMeasured | ArrivalSource::AsConfigured => "configured",
        ArrivalSource::ConstantAtMeasuredRate | ArrivalSource::PoissonAtMeasuredRate => {
            "at measured rate"
        }
    }
}

/// The mean absolute errors of each group of benchmarks.
fn mapes<'g>(
    head: &'static str,
    groups: impl IntoIterator<Item = (&'g str, Vec<&'g BenchmarkComparison<'g>>)>,
) -> TextTable {
    let mut table = TextTable::new([
        (head, Left),
        ("BENCHMARKS", Right),
        ("MAPE TTFT", Right),
        ("ITL", Right),
        ("TPOT", Right),
        ("E2E", Right),
    ]);
    for (name, benchmarks) in groups {
        let errors = ErrorSummary::of(benchmarks.iter().flat_map(|one| one.errors()));
        let shown = Metric::ALL.map(|metric| {
            let errors = errors.0.get(&metric);
            or_dash(errors.map(|errors| format!("{:.1} %", errors.mape_pct)))
        });
        table.push(
            [name.to_owned(), benchmarks.len().to_string()]
                .into_iter()
                .chain(shown),
        );
    }
    table
}

fn percent(value: Option<f64>) -> String {
    or_dash(value.map(|value| format!("{value:+.1} %")))
}
