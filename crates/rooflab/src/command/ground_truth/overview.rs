//! The figures of measured runs for people.

use std::fmt;

use ground_truth::{Benchmark, MeasuredMetric, MeasuredRun, Origin};
use request_metrics::Metric;

use crate::screen::Screen;
use crate::text_table::{Align, TextTable};
use crate::wrapped_text::on_screen;

/// Displays as a table with notes below it.
#[derive(Debug)]
pub(super) struct Overview<'r> {
    runs: &'r [MeasuredRun],
    /// With the name of the experiment in every row: there was more than one to show.
    with_experiment: bool,
    figures: Figures,
    screen: Screen,
}

/// What is shown of each latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figures {
    /// Means, a row for each benchmark.
    Means,
    /// The distribution, a row for each metric.
    Percentiles,
}

/// What stands for a figure that is not known.
const NONE: &str = "-";

impl<'r> Overview<'r> {
    /// The overview of the runs that were loaded of a number of folders.
    pub(super) fn new(
        runs: &'r [MeasuredRun],
        folders: usize,
        figures: Figures,
        screen: Screen,
    ) -> Self {
        Self {
            runs,
            with_experiment: folders > 1,
            figures,
            screen,
        }
    }

    fn benchmarks(&self) -> impl Iterator<Item = (&'r MeasuredRun, usize, &'r Benchmark)> {
        self.runs.iter().flat_map(|run| {
            let benchmarks = run.benchmarks.iter().enumerate();
            benchmarks.map(move |(index, benchmark)| (run, index, benchmark))
        })
    }

    fn table(&self) -> TextTable {
        let mut heads = Vec::new();
        if self.with_experiment {
            heads.push(("EXPERIMENT", Align::Left));
        }
        heads.extend([("#", Align::Right), ("LOAD", Align::Left)]);
        heads.extend(match self.figures {
            Figures::Means => vec![
                ("REQUESTS", Align::Left),
                ("TIME (s)", Align::Right),
                ("TTFT (ms)", Align::Right),
                ("ITL (ms)", Align::Right),
                ("TPOT (ms)", Align::Right),
                ("E2E (ms)", Align::Right),
                ("FROM", Align::Left),
            ],
            Figures::Percentiles => vec![
                ("METRIC", Align::Left),
                ("MEAN", Align::Right),
                ("STD DEV", Align::Right),
                ("MIN", Align::Right),
                ("P50", Align::Right),
                ("P90", Align::Right),
                ("P95", Align::Right),
                ("P99", Align::Right),
                ("MAX", Align::Right),
                ("COUNT", Align::Right),
                ("FROM", Align::Left),
            ],
        });
        let mut table = TextTable::new(heads);
        for (run, index, benchmark) in self.benchmarks() {
            let mut head = Vec::new();
            if self.with_experiment {
                head.push(run.experiment.clone());
            }
            head.extend([index.to_string(), benchmark.strategy.to_string()]);
            match self.figures {
                Figures::Means => {
                    head.extend(means(benchmark));
                    table.push(head);
                }
                Figures::Percentiles => {
                    for metric in Metric::ALL {
                        let cells = percentiles(metric, benchmark.metric(metric));
                        table.push(head.iter().cloned().chain(cells));
                        head.iter_mut().for_each(String::clear);
                    }
                }
            }
        }
        table
    }
}

impl fmt::Display for Overview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.table().on(self.screen))?;
        let any = |is: fn(&Benchmark) -> bool| self.benchmarks().any(|(_, _, one)| is(one));
        let mut notes = Vec::new();
        if self.figures == Figures::Percentiles {
            notes.push("latencies in milliseconds");
        }
        if any(Benchmark::is_aggregate_only) {
            notes.push(
                "aggregate only: the report has no usable request; its own figures are shown, and no other can be computed",
            );
        }
        if any(|benchmark| has_origin(benchmark, Origin::Sample)) {
            notes.push("sample: of the requests that the report lists, a random part of all");
        }
        if any(|benchmark| has_origin(benchmark, Origin::Derived)) {
            notes.push("derived: mean E2E over mean output tokens");
        }
        if !notes.is_empty() {
            writeln!(f)?;
        }
        for note in notes {
            write!(f, "{}", on_screen(note, self.screen))?;
        }
        Ok(())
    }
}

fn means(benchmark: &Benchmark) -> Vec<String> {
    let mut cells = vec![requests_in_words(benchmark), number(benchmark.duration_s)];
    cells.extend(
        Metric::ALL.map(|metric| number(benchmark.metric(metric).map(|figures| figures.mean))),
    );
    cells.push(origins_in_words(benchmark));
    cells
}

fn percentiles(metric: Metric, figures: Option<&MeasuredMetric>) -> Vec<String> {
    let mut cells = vec![metric.name().to_owned()];
    let Some(figures) = figures else {
        cells.extend(std::iter::repeat_n(NONE.to_owned(), 9));
        return cells;
    };
    cells.extend(
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
        .map(number),
    );
    let count = figures.count;
    cells.push(count.map_or_else(|| NONE.to_owned(), |count| count.to_string()));
    cells.push(figures.origin.to_string());
    cells
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.2}"))
}

/// How many requests were answered, and what became of the others.
fn requests_in_words(benchmark: &Benchmark) -> String {
    let counts = benchmark.counts;
    let successful = counts.successful;
    let mut parts = vec![successful.map_or_else(|| NONE.to_owned(), |count| count.to_string())];
    for (count, what) in [
        (counts.errored, "errored"),
        (counts.incomplete, "incomplete"),
        (Some(benchmark.excluded.len() as u64), "excluded"),
    ] {
        if let Some(count) = count.filter(|count| *count > 0) {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join(", ")
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
    parts.join(", ")
}
