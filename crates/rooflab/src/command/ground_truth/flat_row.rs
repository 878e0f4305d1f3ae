//! Measured runs as comma-separated values.

use std::io::Write;

use ground_truth::{Benchmark, Listed, MeasuredRun};
use request_metrics::Metric;

use crate::csv_lines::{CsvLines, cell as text};

/// The columns before those of the metrics.
const HEADS: [&str; 18] = [
    "experiment",
    "benchmark",
    "strategy",
    "rate_per_s",
    "concurrency",
    "model",
    "gpu",
    "tensor_parallel",
    "workload",
    "requests_successful",
    "requests_errored",
    "requests_incomplete",
    "requests_listed",
    "requests_excluded",
    "aggregate_only",
    "duration_s",
    "prompt_tokens_mean",
    "output_tokens_mean",
];

/// Writes a line for each benchmark, below one of names. What is not known is empty.
pub(super) fn write_csv(out: &mut impl Write, runs: &[MeasuredRun]) -> anyhow::Result<()> {
    let mut lines = CsvLines::new(out);
    let mut names: Vec<String> = HEADS.map(str::to_owned).into();
    for metric in Metric::ALL {
        let key = metric.key();
        for figure in ["mean", "std_dev", "min", "p50", "p90", "p95", "p99", "max"] {
            names.push(format!("{key}_{figure}"));
        }
        let name = metric.name().to_lowercase();
        names.push(format!("{name}_count"));
        names.push(format!("{name}_from"));
    }
    lines.line(names)?;
    for run in runs {
        for (index, benchmark) in run.benchmarks.iter().enumerate() {
            lines.line(cells(run, index, benchmark))?;
        }
    }
    lines.into_stream()?;
    Ok(())
}

fn cells(run: &MeasuredRun, index: usize, benchmark: &Benchmark) -> Vec<String> {
    let counts = benchmark.counts;
    let mut cells = vec![
        run.experiment.clone(),
        index.to_string(),
        benchmark.strategy.name().to_owned(),
        text(benchmark.strategy.rate_per_s()),
        text(benchmark.strategy.concurrency()),
        text(run.model.as_ref()),
        text(run.gpu.as_ref()),
        text(run.tensor_parallel),
        text(run.workload.as_ref()),
        text(counts.successful),
        text(counts.errored),
        text(counts.incomplete),
        match benchmark.listed {
            Listed::All => "all",
            Listed::Sample => "sample",
            Listed::None => "none",
        }
        .to_owned(),
        benchmark.excluded.len().to_string(),
        benchmark.is_aggregate_only().to_string(),
        text(benchmark.duration_s),
        text(benchmark.prompt_tokens_mean),
        text(benchmark.output_tokens_mean),
    ];
    for metric in Metric::ALL {
        let figures = benchmark.metric(metric);
        let numbers = figures.map(|figures| {
            [
                Some(figures.mean),
                figures.std_dev,
                figures.min,
                figures.p50,
                figures.p90,
                figures.p95,
                figures.p99,
                figures.max,
            ]
        });
        cells.extend(numbers.unwrap_or_default().map(text));
        cells.push(text(figures.and_then(|figures| figures.count)));
        cells.push(text(figures.map(|figures| figures.origin)));
    }
    cells
}
