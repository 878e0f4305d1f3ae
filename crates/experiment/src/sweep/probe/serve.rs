//! Columns of the `serve` probe.

use std::sync::{Arc, LazyLock};

use ground_truth::{Benchmark, MeasuredMetric, MeasuredRun};
use replay::Replayed;
use request_metrics::{Distribution, Metric, error_pct};

use super::column::ProbeColumn;
use crate::project::MeasuredBenchmark;
use crate::table::columns;

/// What one cell of a `serve` run computed: a measured benchmark beside its simulation.
pub(crate) struct ServeCell {
    run: Arc<MeasuredRun>,
    index: usize,
    split: Option<Arc<str>>,
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
            split: measured.split.clone(),
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

    fn mean_batch(&self) -> Option<f64> {
        let occupancy = &self.replayed.simulation.occupancy;
        (occupancy.busy > 0.0).then(|| occupancy.mean_batch_requests / occupancy.busy)
    }
}

/// The column of the part of a split that the experiment is in.
pub(crate) const SPLIT: &str = "split";

/// The column of requests that the server can never hold.
pub(crate) const REJECTED: &str = "rejected_requests";

/// The column of measured requests that were not simulated.
pub(crate) const UNSIMULATED: &str = "unsimulated_requests";

/// The columns of one metric. Names are spelled out, so that a search for a column finds it.
macro_rules! metric_columns {
    ($metric:expr, $words:literal, $name:literal) => {
        &columns! {
            concat!("measured_", $name, "_ms"), Float, "ms", |c|
                c.measured($metric).map(|m| m.mean),
                concat!("Measured mean ", $words, ".");
            concat!("measured_", $name, "_from"), Text, "", |c|
                c.measured($metric).map(|m| m.origin.name()),
                concat!("Where the measured ", $words,
                    " comes from: requests, sample, aggregate or derived; null where it is not known.");
            concat!("measured_", $name, "_p50_ms"), Float, "ms", |c|
                c.measured($metric).and_then(|m| m.p50),
                concat!("Measured median ", $words, ".");
            concat!("measured_", $name, "_p90_ms"), Float, "ms", |c|
                c.measured($metric).and_then(|m| m.p90),
                concat!("Measured 90th percentile of ", $words, ".");
            concat!("measured_", $name, "_p99_ms"), Float, "ms", |c|
                c.measured($metric).and_then(|m| m.p99),
                concat!("Measured 99th percentile of ", $words, ".");
            concat!("predicted_", $name, "_ms"), Float, "ms", |c|
                c.predicted($metric).map(|d| d.mean),
                concat!("Simulated mean ", $words, ".");
            concat!("predicted_", $name, "_p50_ms"), Float, "ms", |c|
                c.predicted($metric).map(|d| d.p50),
                concat!("Simulated median ", $words, ".");
            concat!("predicted_", $name, "_p90_ms"), Float, "ms", |c|
                c.predicted($metric).map(|d| d.p90),
                concat!("Simulated 90th percentile of ", $words, ".");
            concat!("predicted_", $name, "_p99_ms"), Float, "ms", |c|
                c.predicted($metric).map(|d| d.p99),
                concat!("Simulated 99th percentile of ", $words, ".");
            concat!($name, "_error_pct"), Float, "%", |c| c.error_pct($metric),
                concat!("Signed error of the mean ", $words,
                    ": 100 (predicted - measured) / measured; null where nothing was measured.");
            concat!($name, "_ape_pct"), Float, "%", |c| c.error_pct($metric).map(f64::abs),
                concat!("Absolute percentage error of the mean ", $words, ".");
        }
    };
}

const TTFT: &[ProbeColumn<ServeCell>] =
    metric_columns!(Metric::Ttft, "TTFT (time to first token)", "ttft");

const ITL: &[ProbeColumn<ServeCell>] = metric_columns!(
    Metric::Itl,
    "ITL (time between output tokens, the first token excluded, weighted by gaps)",
    "itl"
);

const TPOT: &[ProbeColumn<ServeCell>] = metric_columns!(
    Metric::Tpot,
    "TPOT (time from start to last token per output token, the first included, weighted by tokens)",
    "tpot"
);

const E2E: &[ProbeColumn<ServeCell>] =
    metric_columns!(Metric::E2e, "E2E (end-to-end latency)", "e2e");

const GENERAL: &[ProbeColumn<ServeCell>] = &columns! {
    "workload", Text, "", |c| c.run.workload.as_deref(),
        "Workload of the experiment: `app` of its exp-config.yaml; null where it says none.";
    SPLIT, Text, "", |c| c.split.as_deref(),
        "The part of a split that the experiment is in: one of the file's `splits`, else `train` or `test` of splits.yaml; null where it is in none.";
    "strategy", Text, "", |c| c.benchmark().strategy.name(),
        "How requests were timed: synchronous, concurrent, throughput, constant, poisson, trace.";
    "rate_per_s", Float, "1/s", |c| c.benchmark().strategy.rate_per_s(),
        "Requests per second that were asked for; null where the strategy has no rate.";
    "concurrency", Int, "requests", |c| c.benchmark().strategy.concurrency(),
        "Most requests in flight by the strategy; null where it sets no bound.";
    "lengths_from", Text, "", |c| c.replayed.lengths_from.name(),
        "Where token lengths come from: requests (recorded one by one), profile or sample.";
    "at_recorded_times", Bool, "", |c| c.replayed.at_recorded_times,
        "Whether the simulated requests arrived when the recorded ones did.";
    "measured_requests", Int, "requests", |c| c.benchmark().counts.successful,
        "Requests that succeeded; null where the report does not say.";
    "served_requests", Int, "requests", |c| c.replayed.simulation.served.len(),
        "Simulated requests that were answered.";
    REJECTED, Int, "requests", |c| c.replayed.simulation.rejected.len(),
        "Simulated requests that the server can never hold.";
    UNSIMULATED, Int, "requests", |c| c.replayed.unsimulated,
        "Requests of the measured benchmark that were not simulated, since they failed, were cut off or have no usable times; null where the report counts none.";
    "measured_prompt_tokens", Float, "tokens", |c| c.benchmark().prompt_tokens_mean,
        "Measured mean prompt length.";
    "simulated_prompt_tokens", Float, "tokens", |c| c.served_mean(|request| request.prompt_tokens),
        "Mean prompt length of the simulated requests, shared prefix included.";
    "measured_output_tokens", Float, "tokens", |c| c.benchmark().output_tokens_mean,
        "Measured mean output length.";
    "simulated_output_tokens", Float, "tokens", |c|
        c.served_mean(|request| request.times.output_tokens()),
        "Mean output length of the simulated requests.";
    "measured_requests_per_s", Float, "1/s", |c| c.benchmark().requests_per_s(),
        "Successful requests per second of the benchmark.";
    "predicted_requests_per_s", Float, "1/s", |c|
        c.replayed.simulation.throughput().map(|t| t.requests_per_s),
        "Simulated requests answered per second.";
    "predicted_queueing_ms", Float, "ms", |c| c.queueing.map(|d| d.mean),
        "Simulated mean time between arrival and first step.";
    "steps", Int, "steps", |c| c.replayed.simulation.steps,
        "Steps of the simulation.";
    "mixed_steps", Int, "steps", |c| c.replayed.mixed_steps,
        "Steps that prefilled and decoded.";
    "mean_batch", Float, "requests", |c| c.mean_batch(),
        "Requests of a step, mean over the time in which steps run; null without a step.";
    "preemptions", Int, "", |c| c.replayed.simulation.preemptions,
        "Requests that lost their KV cache to others and were computed again.";
    "prefix_hit_tokens", Int, "tokens", |c| c.replayed.simulation.prefix_cache.hit_tokens,
        "Prompt tokens that were found in the prefix cache.";
    "kv_blocks", Int, "blocks", |c| c.replayed.server.kv_blocks(),
        "Blocks of the simulated KV cache.";
};

/// Every column of a `serve` run, in the order of `SELECT *`: the general columns, then those of each metric.
pub(crate) static SERVE_COLUMNS: LazyLock<Vec<ProbeColumn<ServeCell>>> =
    LazyLock::new(|| [GENERAL, TTFT, ITL, TPOT, E2E].concat());
