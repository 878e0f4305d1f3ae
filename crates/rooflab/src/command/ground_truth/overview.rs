//! The figures of measured runs for people.

use std::io::{self, Write};

use ground_truth::{Benchmark, MeasuredMetric, MeasuredRun, Origin};
use request_metrics::Metric;

use super::flat_row::{FIGURES, benchmarks};
use crate::counted::{decimals, joined, or_dash};
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// Writes a table with notes below it: means, a row for each benchmark, or distributions, a row for each metric. The name
/// of the experiment is in every row where there was more than one to show.
pub(super) fn write_overview(
    out: &mut StandardOutput,
    runs: &[MeasuredRun],
    with_experiment: bool,
    percentiles: bool,
) -> io::Result<()> {
    out.table(&table(runs, with_experiment, percentiles))?;
    let any = |is: fn(&Benchmark) -> bool| benchmarks(runs).any(|(.., one)| is(one));
    let notes = [
        (percentiles, "latencies in milliseconds"),
        (
            any(Benchmark::is_aggregate_only),
            "aggregate only: the report has no usable request; its own figures are shown, and no other can be computed",
        ),
        (
            any(|one| has_origin(one, Origin::Sample)),
            "sample: of the requests that the report lists, a random part of all",
        ),
        (
            any(|one| has_origin(one, Origin::Derived)),
            "derived: mean E2E over mean output tokens",
        ),
    ];
    let notes = notes.into_iter().filter(|(applies, _)| *applies);
    for (index, (_, note)) in notes.enumerate() {
        if index == 0 {
            writeln!(out)?;
        }
        out.text(note)?;
    }
    Ok(())
}

fn table(runs: &[MeasuredRun], with_experiment: bool, percentiles: bool) -> TextTable {
    let figures = FIGURES.map(|(name, _)| name.to_uppercase().replace('_', " "));
    let mut heads = Vec::new();
    if with_experiment {
        heads.push(("EXPERIMENT", Left));
    }
    heads.extend([("#", Right), ("LOAD", Left)]);
    if percentiles {
        heads.push(("METRIC", Left));
        heads.extend(figures.iter().map(|head| (head.as_str(), Right)));
        heads.push(("COUNT", Right));
    } else {
        heads.extend([
            ("REQUESTS", Left),
            ("TIME (s)", Right),
            ("TTFT (ms)", Right),
        ]);
        heads.extend([
            ("ITL (ms)", Right),
            ("TPOT (ms)", Right),
            ("E2E (ms)", Right),
        ]);
    }
    heads.push(("FROM", Left));
    let mut table = TextTable::new(heads);
    for (run, index, benchmark) in benchmarks(runs) {
        let mut head = vec![index.to_string(), benchmark.strategy.to_string()];
        if with_experiment {
            head.insert(0, run.experiment.clone());
        }
        if !percentiles {
            table.push(head.into_iter().chain(means(benchmark)));
            continue;
        }
        for metric in Metric::ALL {
            let cells = distribution(metric, benchmark.metric(metric));
            table.push(head.iter().cloned().chain(cells));
            head.iter_mut().for_each(String::clear);
        }
    }
    table
}

fn means(benchmark: &Benchmark) -> Vec<String> {
    let mut cells = vec![requests_in_words(benchmark), decimals(benchmark.duration_s)];
    let mean = |metric| decimals(benchmark.metric(metric).map(|figures| figures.mean));
    cells.extend(Metric::ALL.map(mean));
    cells.push(origins_in_words(benchmark));
    cells
}

fn distribution(metric: Metric, figures: Option<&MeasuredMetric>) -> Vec<String> {
    let mut cells = vec![metric.name().to_owned()];
    cells.extend(FIGURES.map(|(_, figure)| decimals(figures.and_then(figure))));
    cells.push(or_dash(figures.and_then(|figures| figures.count)));
    cells.extend(figures.map(|figures| figures.origin.to_string()));
    cells
}

/// How many requests were answered, and what became of the others.
fn requests_in_words(benchmark: &Benchmark) -> String {
    let counts = benchmark.counts;
    let mut parts = vec![or_dash(counts.successful)];
    for (count, what) in [
        (counts.errored, "errored"),
        (counts.incomplete, "incomplete"),
        (Some(benchmark.excluded.len() as u64), "excluded"),
    ] {
        if let Some(count) = count.filter(|count| *count > 0) {
            parts.push(format!("{count} {what}"));
        }
    }
    joined(parts)
}

fn has_origin(benchmark: &Benchmark, origin: Origin) -> bool {
    Metric::ALL
        .into_iter()
        .filter_map(|metric| benchmark.metric(metric))
        .any(|figures| figures.origin == origin)
}

/// Where the figures of a benchmark come from: the usual origin, and the metrics that have another.
fn origins_in_words(benchmark: &Benchmark) -> String {
    let origins: Vec<(Metric, Origin)> = Metric::ALL
        .into_iter()
        .filter_map(|metric| Some((metric, benchmark.metric(metric)?.origin)))
        .collect();
    let Some((_, usual)) = origins.first() else {
        return "no figures".to_owned();
    };
    let mut parts = vec![match usual {
        Origin::Aggregate | Origin::Derived if benchmark.is_aggregate_only() => {
            "aggregate only".to_owned()
        }
        Origin::Requests | Origin::Sample | Origin::Aggregate | Origin::Derived => {
            usual.to_string()
        }
    }];
    for (metric, origin) in &origins {
        if origin != usual {
            parts.push(format!("{metric} {origin}"));
        }
    }
    joined(parts)
}
