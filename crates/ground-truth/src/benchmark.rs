use std::fmt;

use request_metrics::{InvalidTimes, Metric, RequestTimes};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::measured_metric::{MeasuredMetric, Metrics};
use crate::strategy::Strategy;

/// One benchmark of a report: requests under one load.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Benchmark {
    /// How the client sent its requests.
    pub strategy: Strategy,
    /// How many requests ended how, by the report's own count where it has one.
    pub counts: RequestCounts,
    /// How long the benchmark took, in seconds.
    pub duration_s: Option<f64>,
    /// The latencies.
    pub metrics: Metrics,
    /// Mean prompt length in tokens, of the requests that the latencies are of.
    pub prompt_tokens_mean: Option<f64>,
    /// Mean output length in tokens, of the requests that the latencies are of.
    pub output_tokens_mean: Option<f64>,
    /// How much of the successful requests the report lists.
    pub listed: Listed,
    /// The listed successful requests with usable times, in the order of the report.
    pub requests: Vec<MeasuredRequest>,
    /// The listed successful requests that are in no figure, in the order of the report.
    pub excluded: Vec<Exclusion>,
}

impl Benchmark {
    /// The figures of a metric; none where neither requests nor a comparable aggregate state it.
    #[must_use]
    pub fn metric(&self, metric: Metric) -> Option<&MeasuredMetric> {
        self.metrics.get(metric)
    }

    /// Successful requests per second; none where their number or the duration is not known, or nothing took any time.
    #[must_use]
    pub fn requests_per_s(&self) -> Option<f64> {
        let (count, duration_s) = (self.counts.successful?, self.duration_s?);
        #[expect(
            clippy::cast_precision_loss,
            reason = "request counts are far below 2^53"
        )]
        (duration_s > 0.0).then(|| count as f64 / duration_s)
    }

    /// Whether the benchmark states its figures only, without a single usable request.
    #[must_use]
    pub fn is_aggregate_only(&self) -> bool {
        self.requests.is_empty()
    }
}

/// How many requests ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RequestCounts {
    /// Answered in full.
    pub successful: Option<u64>,
    /// Ended with an error.
    pub errored: Option<u64>,
    /// Cut off, or never sent, because the benchmark ended.
    pub incomplete: Option<u64>,
}

/// How much of the successful requests a report lists one by one. GuideLLM can be told to keep a random sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// All of them.
    All,
    /// Some: figures are the report's aggregates, which cover all requests, wherever they are comparable.
    Sample,
    /// None of them.
    None,
}

/// A successful request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredRequest {
    /// When it was sent, in seconds after the first listed request of its benchmark was.
    pub start_s: f64,
    /// When its tokens came, and how many.
    pub times: RequestTimes,
    /// Length of the prompt in tokens.
    pub prompt_tokens: Option<u32>,
}

impl Serialize for MeasuredRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("MeasuredRequest", 7)?;
        fields.serialize_field("start_s", &self.start_s)?;
        fields.serialize_field("prompt_tokens", &self.prompt_tokens)?;
        fields.serialize_field("output_tokens", &self.times.output_tokens())?;
        fields.serialize_field(Metric::Ttft.key(), &self.times.ttft_ms())?;
        fields.serialize_field(Metric::Itl.key(), &self.times.itl_ms())?;
        fields.serialize_field(Metric::Tpot.key(), &self.times.tpot_ms())?;
        fields.serialize_field(Metric::E2e.key(), &self.times.e2e_ms())?;
        fields.end()
    }
}

/// A listed request that is in no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// Its place in the report's list of successful requests, from 0.
    pub index: usize,
    /// Why.
    pub reason: ExclusionReason,
}

/// Why a request is in no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExclusionReason {
    /// The report does not say when it was sent.
    NoStart,
    /// The report does not say when the first token came. Aggregates of GuideLLM 0.4 to 0.6 count that as
    /// 0 ms.
    NoFirstToken,
    /// The report does not say when the last token came.
    NoLastToken,
    /// The report does not say when it ended.
    NoEnd,
    /// The report does not say how many tokens came.
    NoOutputTokens,
    /// The number of tokens is no whole number that a request can have.
    BadTokenCount,
    /// A time is before the epoch that times count from.
    NegativeTime,
    /// It took longer than any benchmark, a month.
    ImplausiblyLong,
    /// It fell into the warm-up or cool-down of the benchmark, which the report's own figures leave out too.
    OutsideMeasurement,
    /// The times contradict each other.
    InvalidTimes(InvalidTimes),
}

impl ExclusionReason {
    /// A name for files: `no_first_token`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.words().0
    }

    /// The name for files, and the words for people.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoStart => ("no_start", "no time of sending"),
            Self::NoFirstToken => ("no_first_token", "no time of the first token"),
            Self::NoLastToken => ("no_last_token", "no time of the last token"),
            Self::NoEnd => ("no_end", "no time of the end"),
            Self::NoOutputTokens => ("no_output_tokens", "no number of output tokens"),
            Self::BadTokenCount => {
                let words = "a number of tokens that no request can have";
                ("bad_token_count", words)
            }
            Self::NegativeTime => ("negative_time", "a negative time"),
            Self::ImplausiblyLong => ("implausibly_long", "times more than a month apart"),
            Self::OutsideMeasurement => {
                let words = "sent or ended in the warm-up or cool-down";
                ("outside_measurement", words)
            }
            Self::InvalidTimes(invalid) => invalid.words(),
        }
    }
}

impl Serialize for ExclusionReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl fmt::Display for ExclusionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().1)
    }
}
