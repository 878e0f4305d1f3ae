//! Comparisons for people.

use std::collections::BTreeMap;
use std::fmt;

use replay::ArrivalSource;
use request_metrics::{Distribution, Metric};

use super::comparison::{BenchmarkComparison, ExperimentComparison};
use super::error_summary::ErrorSummary;
use crate::screen::Screen;
use crate::text_table::{Align, TextTable, without_controls};
use crate::wrapped_text::on_screen;

/// One experiment, displayed as what it rests on and three tables: latencies, what happened, errors.
#[derive(Debug)]
pub(super) struct ExperimentText<'c> {
    pub(super) comparison: &'c ExperimentComparison<'c>,
    /// With medians and 99th percentiles.
    pub(super) percentiles: bool,
    pub(super) screen: Screen,
}

/// All experiments in one table, with the errors over all of them.
#[derive(Debug)]
pub(super) struct AllExperimentsText<'c> {
    pub(super) comparisons: &'c [ExperimentComparison<'c>],
    pub(super) screen: Screen,
}

/// What stands for a figure that is not known.
const NONE: &str = "-";

impl ExperimentText<'_> {
    fn latencies(&self) -> TextTable {
        let mut heads = vec![
            ("#", Align::Right),
            ("LOAD", Align::Left),
            ("METRIC", Align::Left),
            ("MEASURED (ms)", Align::Right),
            ("PREDICTED (ms)", Align::Right),
            ("ERROR", Align::Right),
        ];
        if self.percentiles {
            heads.extend([
                ("MEASURED P50", Align::Right),
                ("PREDICTED P50", Align::Right),
                ("MEASURED P99", Align::Right),
                ("PREDICTED P99", Align::Right),
            ]);
        }
        heads.push(("MEASURED FROM", Align::Left));
        let mut table = TextTable::new(heads);
        for one in &self.comparison.benchmarks {
            let mut head = [one.index.to_string(), one.benchmark.strategy.to_string()];
            for metric in Metric::ALL {
                let mut row = head.to_vec();
                row.extend(self.latency(one, metric));
                table.push(row);
                head.iter_mut().for_each(String::clear);
            }
        }
        table
    }

    fn latency(&self, one: &BenchmarkComparison<'_>, metric: Metric) -> Vec<String> {
        let measured = one.measured(metric);
        let predicted = one.predicted(metric);
        let of = |figure: fn(&Distribution) -> f64| ms(predicted.map(figure));
        let mut cells = vec![
            metric.name().to_owned(),
            ms(measured.map(|figures| figures.mean)),
            of(|figures| figures.mean),
            percent(one.error_pct(metric)),
        ];
        if self.percentiles {
            cells.extend([
                ms(measured.and_then(|figures| figures.p50)),
                of(|figures| figures.p50),
                ms(measured.and_then(|figures| figures.p99)),
                of(|figures| figures.p99),
            ]);
        }
        cells.push(measured.map_or_else(|| NONE.to_owned(), |figures| figures.origin.to_string()));
        cells
    }

    fn arrivals(&self, at_recorded_times: bool) -> &'static str {
        if at_recorded_times {
            return "recorded";
        }
        match self.comparison.head.setup.replay.arrivals {
            ArrivalSource::AsMeasured | ArrivalSource::AsConfigured => "configured",
            ArrivalSource::ConstantAtMeasuredRate | ArrivalSource::PoissonAtMeasuredRate => {
                "at measured rate"
            }
        }
    }

    fn events(&self) -> TextTable {
        let mut table = TextTable::new([
            ("#", Align::Right),
            ("LOAD", Align::Left),
            ("SERVED", Align::Right),
            ("REJECTED", Align::Right),
            ("PREEMPTED", Align::Right),
            ("MEASURED REQ/S", Align::Right),
            ("PREDICTED REQ/S", Align::Right),
            ("STEPS", Align::Right),
            ("BATCH", Align::Right),
            ("KV MAX", Align::Right),
            ("LENGTHS", Align::Left),
            ("ARRIVALS", Align::Left),
        ]);
        for one in &self.comparison.benchmarks {
            let replayed = &one.simulated.replayed;
            let simulation = &replayed.simulation;
            let occupancy = &simulation.occupancy;
            let kv_share = f64::from(occupancy.max_kv_blocks) / f64::from(occupancy.kv_blocks);
            let throughput = simulation.throughput();
            table.push([
                one.index.to_string(),
                one.benchmark.strategy.to_string(),
                simulation.served.len().to_string(),
                simulation.rejected.len().to_string(),
                simulation.preemptions.to_string(),
                ms(one.measured_requests_per_s()),
                ms(throughput.map(|per_s| per_s.requests_per_s)),
                simulation.steps.to_string(),
                format!("{:.1}", occupancy.mean_batch_requests),
                format!("{:.0} %", 100.0 * kv_share),
                replayed.lengths_from.name().to_owned(),
                self.arrivals(replayed.at_recorded_times).to_owned(),
            ]);
        }
        table
    }
}

impl fmt::Display for ExperimentText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparison = self.comparison;
        writeln!(f, "{}", without_controls(&comparison.run.experiment))?;
        writeln!(
            f,
            "{}",
            on_screen(&comparison.head.to_string(), self.screen)
        )?;
        writeln!(f, "{}", self.latencies().on(self.screen))?;
        writeln!(f, "{}", self.events().on(self.screen))?;
        write!(f, "{}", comparison.errors().table().on(self.screen))
    }
}

impl fmt::Display for AllExperimentsText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut experiments = Vec::new();
        let mut workloads: BTreeMap<&str, Vec<&BenchmarkComparison<'_>>> = BTreeMap::new();
        for experiment in self.comparisons {
            let benchmarks: Vec<_> = experiment.benchmarks.iter().collect();
            let workload = experiment.run.workload.as_deref().unwrap_or(NONE);
            workloads.entry(workload).or_default().extend(&benchmarks);
            experiments.push((experiment.run.experiment.as_str(), benchmarks));
        }
        writeln!(f, "all experiments")?;
        writeln!(f, "{}", mapes("EXPERIMENT", experiments).on(self.screen))?;
        writeln!(f, "{}", mapes("WORKLOAD", workloads).on(self.screen))?;
        let benchmarks: Vec<_> = self
            .comparisons
            .iter()
            .flat_map(|experiment| &experiment.benchmarks)
            .collect();
        write!(
            f,
            "{}",
            ErrorSummary::of(&benchmarks).table().on(self.screen)
        )
    }
}

/// The mean absolute errors of each group of benchmarks.
fn mapes<'g>(
    head: &'static str,
    groups: impl IntoIterator<Item = (&'g str, Vec<&'g BenchmarkComparison<'g>>)>,
) -> TextTable {
    let mut table = TextTable::new([
        (head, Align::Left),
        ("BENCHMARKS", Align::Right),
        ("MAPE TTFT", Align::Right),
        ("ITL", Align::Right),
        ("TPOT", Align::Right),
        ("E2E", Align::Right),
    ]);
    for (name, benchmarks) in groups {
        let errors = ErrorSummary::of(&benchmarks);
        let mut row = vec![name.to_owned(), benchmarks.len().to_string()];
        row.extend(Metric::ALL.map(|metric| match errors.metric(metric) {
            Some(errors) => format!("{:.1} %", errors.mape_pct),
            None => NONE.to_owned(),
        }));
        table.push(row);
    }
    table
}

fn ms(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.2}"))
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:+.1} %"))
}
