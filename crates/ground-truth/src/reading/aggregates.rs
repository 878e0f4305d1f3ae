use request_metrics::{Metric, PlainNumber};

use super::findings::Findings;
use crate::measured_metric::{MeasuredMetric, Metrics, Origin};
use crate::measured_run::Schema;
use crate::tree::whole;
use crate::wire::{self, Aggregate, ByOutcome, MOST_SECONDS};

/// Largest mean number of tokens of a request.
const MOST_TOKENS: f64 = 4_294_967_296.0;

/// By what share one figure may be above another that is to be larger: figures are stated rounded, and sums of equal
/// values leave their range by a last digit.
const ORDER_TOLERANCE: f64 = 1e-3;

/// The figures that a benchmark states, as far as their definitions are ours.
#[derive(Debug, Default)]
pub(super) struct Stated {
    pub(super) latencies: Metrics,
    pub(super) prompt_tokens_mean: Option<f64>,
    pub(super) output_tokens_mean: Option<f64>,
}

impl Stated {
    /// Reads `metrics`, which is at `place`.
    ///
    /// | ours | GuideLLM 0.4 and later | 0.2 and 0.3 |
    /// | --- | --- | --- |
    /// | TTFT | `time_to_first_token_ms` | the same |
    /// | ITL | `inter_token_latency_ms` | the same |
    /// | TPOT | `time_per_output_token_ms` | none: the field of that name leaves the first token out |
    /// | E2E | `request_latency`, in seconds | the same |
    ///
    /// Where TPOT is not stated it is derived from the means of latency and output tokens.
    pub(super) fn read(
        metrics: Option<&wire::Metrics>,
        schema: Schema,
        place: &str,
        findings: &mut Findings,
    ) -> Self {
        let Some(metrics) = metrics else {
            return Self::default();
        };
        let mut reader = AggregateReader {
            schema,
            place,
            findings,
        };
        let prompt_tokens_mean =
            reader.mean("prompt_token_count", metrics.prompt_token_count.as_ref());
        let output_tokens_mean =
            reader.mean("output_token_count", metrics.output_token_count.as_ref());
        let ttft = reader.first_token(metrics.time_to_first_token_ms.as_ref());
        let (name, figures) = ("inter_token_latency_ms", &metrics.inter_token_latency_ms);
        let itl = reader.latency(name, figures.as_ref(), 1.0, Weight::Tokens);
        let (name, figures) = ("request_latency", &metrics.request_latency);
        let e2e = reader.latency(name, figures.as_ref(), 1000.0, Weight::Requests);
        let (name, figures) = (
            "time_per_output_token_ms",
            &metrics.time_per_output_token_ms,
        );
        let figures = figures.as_ref().filter(|_| schema >= Schema::V0_4);
        let stated_tpot = reader.latency(name, figures, 1.0, Weight::Tokens);
        let derived_tpot = || {
            // A request has a token at least: a smaller mean is over requests that have no TPOT, or no figure at all.
            let tokens = output_tokens_mean.filter(|tokens| *tokens >= 1.0)?;
            Some(MeasuredMetric::mean_only(
                Origin::Derived,
                e2e?.mean / tokens,
            ))
        };
        let latencies = Metrics::of(|metric| match metric {
            Metric::Ttft => ttft,
            Metric::Itl => itl,
            Metric::Tpot => stated_tpot.or_else(derived_tpot),
            Metric::E2e => e2e,
        });
        Self {
            latencies,
            prompt_tokens_mean,
            output_tokens_mean,
        }
    }
}

/// What the values of a distribution are weighted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Requests,
    Tokens,
}

struct AggregateReader<'a> {
    schema: Schema,
    place: &'a str,
    findings: &'a mut Findings,
}

impl AggregateReader<'_> {
    /// A mean number of tokens.
    fn mean(&mut self, name: &str, figures: Option<&ByOutcome>) -> Option<f64> {
        let aggregate = present(figures)?;
        self.figure(name, "mean", aggregate.mean, MOST_TOKENS)
    }

    /// The time to first token. GuideLLM can count a first token that never came as 0 ms.
    fn first_token(&mut self, figures: Option<&ByOutcome>) -> Option<MeasuredMetric> {
        let name = "time_to_first_token_ms";
        let metric = self.latency(name, figures, 1.0, Weight::Requests)?;
        if metric.min == Some(0.0) && self.schema < Schema::V0_7 {
            let message = missing_counted_as_zero(None, metric.mean);
            self.findings.warn(self.field(name, "min"), message);
        }
        // Not a single token was seen to come: the client did not stream.
        (metric.mean > 0.0).then_some(metric)
    }

    /// A distribution of times, whose unit is so many milliseconds.
    fn latency(
        &mut self,
        name: &str,
        figures: Option<&ByOutcome>,
        unit_ms: f64,
        weight: Weight,
    ) -> Option<MeasuredMetric> {
        let aggregate = present(figures)?;
        let most = MOST_SECONDS * 1000.0 / unit_ms;
        // From 0.4 the count of a weighted distribution is that of the tokens.
        let counts_requests = weight == Weight::Requests || self.schema < Schema::V0_4;
        let mut read = |part: &str, value: Option<f64>| {
            self.figure(name, part, value, most)
                .map(|value| value * unit_ms)
        };
        let mean = read("mean", aggregate.mean)?;
        let percentiles = aggregate.percentiles.unwrap_or_default();
        let metric = MeasuredMetric {
            origin: Origin::Aggregate,
            mean,
            std_dev: read("std_dev", aggregate.std_dev),
            min: read("min", aggregate.min),
            max: read("max", aggregate.max),
            p50: read("percentiles.p50", percentiles.p50)
                .or_else(|| read("median", aggregate.median)),
            p90: read("percentiles.p90", percentiles.p90),
            p95: read("percentiles.p95", percentiles.p95),
            p99: read("percentiles.p99", percentiles.p99),
            count: aggregate.count.filter(|_| counts_requests).and_then(whole),
        };
        self.check_order(name, &metric);
        Some(metric)
    }

    /// Warns of the first two figures of a distribution that contradict each other.
    fn check_order(&mut self, name: &str, metric: &MeasuredMetric) {
        let percentiles = [
            ("min", metric.min),
            ("p50", metric.p50),
            ("p90", metric.p90),
            ("p95", metric.p95),
            ("p99", metric.p99),
            ("max", metric.max),
        ];
        let mean = [
            ("min", metric.min),
            ("mean", Some(metric.mean)),
            ("max", metric.max),
        ];
        for figures in [percentiles.as_slice(), &mean] {
            let stated: Vec<(&'static str, f64)> = figures
                .iter()
                .filter_map(|&(figure, value)| Some((figure, value?)))
                .collect();
            let mut pairs = stated.iter().zip(stated.iter().skip(1));
            let wrong =
                pairs.find(|((_, lower), (_, upper))| *lower > upper * (1.0 + ORDER_TOLERANCE));
            if let Some((&(lower, lower_value), &(upper, upper_value))) = wrong {
                let message = format!(
                    "{lower} is {}, above {upper}, which is {}",
                    PlainNumber(lower_value),
                    PlainNumber(upper_value)
                );
                let place = format!("{}.{name}.successful", self.place);
                self.findings.warn(place, message);
                return;
            }
        }
    }

    /// A figure, if it is one; else a warning and none.
    fn figure(&mut self, name: &str, part: &str, value: Option<f64>, most: f64) -> Option<f64> {
        usable(value?, most, &self.field(name, part), self.findings)
    }

    fn field(&self, name: &str, part: &str) -> String {
        format!("{}.{name}.successful.{part}", self.place)
    }
}

/// A figure from 0 to the most that it can be, if it is one; else a warning and none.
pub(super) fn usable(value: f64, most: f64, place: &str, findings: &mut Findings) -> Option<f64> {
    let is_usable = (0.0..=most).contains(&value);
    if !is_usable {
        let (value, most) = (PlainNumber(value), PlainNumber(most));
        let message = format!("{value} is no such figure (expected 0 to {most}): left out");
        findings.warn(place, message);
    }
    is_usable.then_some(value)
}

/// What is said of a mean in which requests without a first token, of which the report lists so many, count as if it had
/// come after 0 ms.
pub(super) fn missing_counted_as_zero(count: Option<usize>, stated_ms: f64) -> String {
    let who = match count {
        Some(count) => format!("{count} requests without a first token count"),
        None => "requests without a first token seem to count".to_owned(),
    };
    format!("{who} as 0 ms in the stated mean of {stated_ms:.4} ms")
}

/// The distribution over successful requests, unless it is over none.
fn present(figures: Option<&ByOutcome>) -> Option<Aggregate> {
    let aggregate = figures?.successful?;
    (aggregate.count != Some(0.0)).then_some(aggregate)
}
