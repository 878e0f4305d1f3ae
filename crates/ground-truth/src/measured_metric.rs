use std::fmt;

use request_metrics::{Distribution, Metric};
use serde::{Serialize, Serializer};

/// The latencies of a benchmark, all in milliseconds, by the definitions of `request-metrics`.
///
/// `itl_ms` is the time per gap between tokens, the first token excluded; `tpot_ms` the time per output token, the
/// first included. GuideLLM has called both "time per output token": a report's figure lands here only where its
/// definition is known to be that of the field.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Metrics([Option<MeasuredMetric>; Metric::ALL.len()]);

impl Metrics {
    /// What is known of each metric.
    pub(crate) fn of(known: impl FnMut(Metric) -> Option<MeasuredMetric>) -> Self {
        Self(Metric::ALL.map(known))
    }

    /// The figures of a metric.
    #[must_use]
    pub fn get(&self, metric: Metric) -> Option<&MeasuredMetric> {
        let mut known = Metric::ALL.into_iter().zip(&self.0);
        known.find(|(one, _)| *one == metric)?.1.as_ref()
    }
}

/// By the keys of the metrics.
impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Metric::ALL.into_iter().map(Metric::key).zip(&self.0))
    }
}

/// What is known of one latency, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeasuredMetric {
    /// Where the figures come from.
    pub origin: Origin,
    /// Mean.
    pub mean: f64,
    /// Population standard deviation.
    pub std_dev: Option<f64>,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
    /// Number of requests that the figures are of, where it is known.
    pub count: Option<u64>,
}

impl MeasuredMetric {
    /// The figures of a distribution over requests.
    pub(crate) fn of_requests(origin: Origin, all: &Distribution) -> Self {
        Self {
            origin,
            mean: all.mean,
            std_dev: Some(all.std_dev),
            min: Some(all.min),
            max: Some(all.max),
            p50: Some(all.p50),
            p90: Some(all.p90),
            p95: Some(all.p95),
            p99: Some(all.p99),
            count: Some(all.count),
        }
    }

    /// A mean of which nothing else is known.
    pub(crate) fn mean_only(origin: Origin, mean: f64) -> Self {
        Self {
            origin,
            mean,
            std_dev: None,
            min: None,
            max: None,
            p50: None,
            p90: None,
            p95: None,
            p99: None,
            count: None,
        }
    }
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Recomputed from the times of every successful request.
    Requests,
    /// Recomputed from the times of the requests that the report lists, a random sample of the successful ones.
    Sample,
    /// Stated by the report, for all successful requests.
    Aggregate,
    /// Derived from other figures that the report states: TPOT as mean end-to-end latency over mean output tokens,
    /// which is the token-weighted TPOT but for the time between the last token and the end of a request.
    Derived,
}

impl Origin {
    /// All origins.
    pub const ALL: [Self; 4] = [Self::Requests, Self::Sample, Self::Aggregate, Self::Derived];

    /// The name as it is shown and serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Sample => "sample",
            Self::Aggregate => "aggregate",
            Self::Derived => "derived",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
