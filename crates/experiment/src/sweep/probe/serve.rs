//! Columns of the `serve` probe.

use std::sync::Arc;

use ground_truth::{Benchmark, MeasuredMetric, MeasuredRun};
use replay::Replayed;
use request_metrics::{Distribution, Metric, error_pct};

use super::column::CellValue::{Bool, Int, Null, Text};
use super::column::{CellValue, ProbeColumn};
use crate::project::MeasuredBenchmark;
use crate::table::ColumnKind;

/// What one cell of a `serve` run computed: a measured benchmark beside its simulation.
pub(crate) struct ServeCell {
    run: Arc<MeasuredRun>,
    index: usize,
    replayed: Replayed,
    predicted: [Option<Distribution>; 4],
    queueing: Option<Distribution>,
}

impl ServeCell {
    pub(crate) fn new(measured: &MeasuredBenchmark, replayed: Replayed) -> Self {
        let simulation = &replayed.simulation;
        Self {
            run: Arc::clone(&measured.run),
            index: measured.index,
            predicted: Metric::ALL.map(|metric| simulation.distribution(metric)),
            queueing: simulation.queueing_ms(),
            replayed,
        }
    }

    fn benchmark(&self) -> &Benchmark {
        &self.run.benchmarks[self.index]
    }

    fn measured(&self, metric: Metric) -> Option<&MeasuredMetric> {
        self.benchmark().metric(metric)
    }

    fn predicted(&self, metric: Metric) -> Option<&Distribution> {
        let index = Metric::ALL.iter().position(|known| *known == metric)?;
        self.predicted[index].as_ref()
    }

    /// The signed error of the mean.
    fn error_pct(&self, metric: Metric) -> Option<f64> {
        error_pct(self.measured(metric)?.mean, self.predicted(metric)?.mean)
    }

    fn served_mean(&self, tokens: fn(&serving::ServedRequest) -> u32) -> Option<f64> {
        let served = &self.replayed.simulation.served;
        let sum: u64 = served
            .iter()
            .map(|request| u64::from(tokens(request)))
            .sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "token counts of a benchmark are far below 2^53"
        )]
        (!served.is_empty()).then(|| sum as f64 / served.len() as f64)
    }
}

/// The column of requests that the server can never hold.
pub(crate) const REJECTED: &str = "rejected_requests";

/// The column of measured requests that were not simulated.
pub(crate) const UNSIMULATED: &str = "unsimulated_requests";

/// A count as a column value; counts of a simulation are far below 2^63.
fn count(value: impl TryInto<i64>) -> CellValue<'static> {
    value.try_into().map_or(Null, Int)
}

/// The columns of one metric. Names are spelled out, so that a search for a column finds it.
macro_rules! metric_columns {
    ($metric:expr, $words:literal, $name:literal) => {
        [
            ProbeColumn {
                name: concat!("measured_", $name, "_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Measured mean ", $words, "."),
                value: |c: &ServeCell| c.measured($metric).map(|m| m.mean).into(),
            },
            ProbeColumn {
                name: concat!("measured_", $name, "_from"),
                kind: ColumnKind::Text,
                unit: "",
                meaning: concat!(
                    "Where the measured ",
                    $words,
                    " comes from: requests, sample, aggregate or derived; null where it is not known."
                ),
                value: |c: &ServeCell| c.measured($metric).map_or(Null, |m| Text(m.origin.name())),
            },
            ProbeColumn {
                name: concat!("measured_", $name, "_p50_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Measured median ", $words, "."),
                value: |c: &ServeCell| c.measured($metric).and_then(|m| m.p50).into(),
            },
            ProbeColumn {
                name: concat!("measured_", $name, "_p90_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Measured 90th percentile of ", $words, "."),
                value: |c: &ServeCell| c.measured($metric).and_then(|m| m.p90).into(),
            },
            ProbeColumn {
                name: concat!("measured_", $name, "_p99_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Measured 99th percentile of ", $words, "."),
                value: |c: &ServeCell| c.measured($metric).and_then(|m| m.p99).into(),
            },
            ProbeColumn {
                name: concat!("predicted_", $name, "_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Simulated mean ", $words, "."),
                value: |c: &ServeCell| c.predicted($metric).map(|d| d.mean).into(),
            },
            ProbeColumn {
                name: concat!("predicted_", $name, "_p50_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Simulated median ", $words, "."),
                value: |c: &ServeCell| c.predicted($metric).map(|d| d.p50).into(),
            },
            ProbeColumn {
                name: concat!("predicted_", $name, "_p90_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Simulated 90th percentile of ", $words, "."),
                value: |c: &ServeCell| c.predicted($metric).map(|d| d.p90).into(),
            },
            ProbeColumn {
                name: concat!("predicted_", $name, "_p99_ms"),
                kind: ColumnKind::Float,
                unit: "ms",
                meaning: concat!("Simulated 99th percentile of ", $words, "."),
                value: |c: &ServeCell| c.predicted($metric).map(|d| d.p99).into(),
            },
            ProbeColumn {
                name: concat!($name, "_error_pct"),
                kind: ColumnKind::Float,
                unit: "%",
                meaning: concat!(
                    "Signed error of the mean ",
                    $words,
                    ": 100 (predicted - measured) / measured; null where nothing was measured."
                ),
                value: |c: &ServeCell| c.error_pct($metric).into(),
            },
            ProbeColumn {
                name: concat!($name, "_ape_pct"),
                kind: ColumnKind::Float,
                unit: "%",
                meaning: concat!("Absolute percentage error of the mean ", $words, "."),
                value: |c: &ServeCell| c.error_pct($metric).map(f64::abs).into(),
            },
        ]
    };
}

/// Columns of one metric.
const PER_METRIC: usize = 11;

const TTFT: [ProbeColumn<ServeCell>; PER_METRIC] =
    metric_columns!(Metric::Ttft, "TTFT (time to first token)", "ttft");

const ITL: [ProbeColumn<ServeCell>; PER_METRIC] = metric_columns!(
    Metric::Itl,
    "ITL (time between output tokens, the first token excluded, weighted by gaps)",
    "itl"
);

const TPOT: [ProbeColumn<ServeCell>; PER_METRIC] = metric_columns!(
    Metric::Tpot,
    "TPOT (time from start to last token per output token, the first included, weighted by tokens)",
    "tpot"
);

const E2E: [ProbeColumn<ServeCell>; PER_METRIC] =
    metric_columns!(Metric::E2e, "E2E (end-to-end latency)", "e2e");

const GENERAL: [ProbeColumn<ServeCell>; 23] = [
    ProbeColumn {
        name: "workload",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "Workload of the experiment: `app` of its exp-config.yaml; null where it says none.",
        value: |c| c.run.workload.as_deref().map_or(Null, Text),
    },
    ProbeColumn {
        name: "strategy",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "How requests were timed: synchronous, concurrent, throughput, constant, poisson, trace.",
        value: |c| Text(c.benchmark().strategy.name()),
    },
    ProbeColumn {
        name: "rate_per_s",
        kind: ColumnKind::Float,
        unit: "1/s",
        meaning: "Requests per second that were asked for; null where the strategy has no rate.",
        value: |c| c.benchmark().strategy.rate_per_s().into(),
    },
    ProbeColumn {
        name: "concurrency",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Most requests in flight by the strategy; null where it sets no bound.",
        value: |c| c.benchmark().strategy.concurrency().into(),
    },
    ProbeColumn {
        name: "lengths_from",
        kind: ColumnKind::Text,
        unit: "",
        meaning: "Where token lengths come from: requests (recorded one by one), profile or sample.",
        value: |c| Text(c.replayed.lengths_from.name()),
    },
    ProbeColumn {
        name: "at_recorded_times",
        kind: ColumnKind::Bool,
        unit: "",
        meaning: "Whether the simulated requests arrived when the recorded ones did.",
        value: |c| Bool(c.replayed.at_recorded_times),
    },
    ProbeColumn {
        name: "measured_requests",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests that succeeded; null where the report does not say.",
        value: |c| c.benchmark().counts.successful.into(),
    },
    ProbeColumn {
        name: "served_requests",
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Simulated requests that were answered.",
        value: |c| count(c.replayed.simulation.served.len()),
    },
    ProbeColumn {
        name: REJECTED,
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Simulated requests that the server can never hold.",
        value: |c| count(c.replayed.simulation.rejected.len()),
    },
    ProbeColumn {
        name: UNSIMULATED,
        kind: ColumnKind::Int,
        unit: "requests",
        meaning: "Requests of the measured benchmark that were not simulated, since they failed, were cut off or have no usable times; null where the report counts none.",
        value: |c| c.replayed.unsimulated.into(),
    },
    ProbeColumn {
        name: "measured_prompt_tokens",
        kind: ColumnKind::Float,
        unit: "tokens",
        meaning: "Measured mean prompt length.",
        value: |c| c.benchmark().prompt_tokens_mean.into(),
    },
    ProbeColumn {
        name: "simulated_prompt_tokens",
        kind: ColumnKind::Float,
        unit: "tokens",
        meaning: "Mean prompt length of the simulated requests, shared prefix included.",
        value: |c| c.served_mean(|request| request.prompt_tokens).into(),
    },
    ProbeColumn {
        name: "measured_output_tokens",
        kind: ColumnKind::Float,
        unit: "tokens",
        meaning: "Measured mean output length.",
        value: |c| c.benchmark().output_tokens_mean.into(),
    },
    ProbeColumn {
        name: "simulated_output_tokens",
        kind: ColumnKind::Float,
        unit: "tokens",
        meaning: "Mean output length of the simulated requests.",
        value: |c| {
            c.served_mean(|request| request.times.output_tokens())
                .into()
        },
    },
    ProbeColumn {
        name: "measured_requests_per_s",
        kind: ColumnKind::Float,
        unit: "1/s",
        meaning: "Successful requests per second of the benchmark.",
        value: |c| c.benchmark().requests_per_s().into(),
    },
    ProbeColumn {
        name: "predicted_requests_per_s",
        kind: ColumnKind::Float,
        unit: "1/s",
        meaning: "Simulated requests answered per second.",
        value: |c| {
            c.replayed
                .simulation
                .throughput()
                .map(|t| t.requests_per_s)
                .into()
        },
    },
    ProbeColumn {
        name: "predicted_queueing_ms",
        kind: ColumnKind::Float,
        unit: "ms",
        meaning: "Simulated mean time between arrival and first step.",
        value: |c| c.queueing.map(|d| d.mean).into(),
    },
    ProbeColumn {
        name: "steps",
        kind: ColumnKind::Int,
        unit: "steps",
        meaning: "Steps of the simulation.",
        value: |c| count(c.replayed.simulation.steps),
    },
    ProbeColumn {
        name: "mixed_steps",
        kind: ColumnKind::Int,
        unit: "steps",
        meaning: "Steps that prefilled and decoded.",
        value: |c| count(c.replayed.mixed_steps),
    },
    ProbeColumn {
        name: "mean_batch",
        kind: ColumnKind::Float,
        unit: "requests",
        meaning: "Requests of a step, mean over the time in which steps run; null without a step.",
        value: |c| {
            let occupancy = &c.replayed.simulation.occupancy;
            (occupancy.busy > 0.0)
                .then(|| occupancy.mean_batch_requests / occupancy.busy)
                .into()
        },
    },
    ProbeColumn {
        name: "preemptions",
        kind: ColumnKind::Int,
        unit: "",
        meaning: "Requests that lost their KV cache to others and were computed again.",
        value: |c| count(c.replayed.simulation.preemptions),
    },
    ProbeColumn {
        name: "prefix_hit_tokens",
        kind: ColumnKind::Int,
        unit: "tokens",
        meaning: "Prompt tokens that were found in the prefix cache.",
        value: |c| count(c.replayed.simulation.prefix_cache.hit_tokens),
    },
    ProbeColumn {
        name: "kv_blocks",
        kind: ColumnKind::Int,
        unit: "blocks",
        meaning: "Blocks of the simulated KV cache.",
        value: |c| count(c.replayed.server.kv_blocks()),
    },
];

/// Every column of a `serve` run, in the order of `SELECT *`.
pub(crate) const SERVE_COLUMNS: &[ProbeColumn<ServeCell>] = &concat();

/// The general columns, then those of each metric.
const fn concat() -> [ProbeColumn<ServeCell>; GENERAL.len() + 4 * PER_METRIC] {
    let mut all = [GENERAL[0]; GENERAL.len() + 4 * PER_METRIC];
    let mut index = 0;
    while index < all.len() {
        all[index] = if index < GENERAL.len() {
            GENERAL[index]
        } else {
            let of_metric = index - GENERAL.len();
            let column = of_metric % PER_METRIC;
            match of_metric / PER_METRIC {
                0 => TTFT[column],
                1 => ITL[column],
                2 => TPOT[column],
                _ => E2E[column],
            }
        };
        index += 1;
    }
    all
}
