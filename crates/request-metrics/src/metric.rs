use std::fmt;

use crate::distribution::{Distribution, Sample};
use crate::request_times::RequestTimes;

/// What is measured of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Time to first token.
    Ttft,
    /// Inter-token latency: time between two output tokens, the first token excluded.
    Itl,
    /// Time per output token: from the start to the last token, over all output tokens.
    Tpot,
    /// End-to-end latency of the request.
    E2e,
}

impl Metric {
    /// All metrics, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Ttft, Self::Itl, Self::Tpot, Self::E2e];

    /// The name as the field writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ttft => "TTFT",
            Self::Itl => "ITL",
            Self::Tpot => "TPOT",
            Self::E2e => "E2E",
        }
    }

    /// The name in columns, with its unit: `ttft_ms`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Ttft => "ttft_ms",
            Self::Itl => "itl_ms",
            Self::Tpot => "tpot_ms",
            Self::E2e => "e2e_ms",
        }
    }

    /// The metric of one request with its weight; none where the request does not have it.
    #[must_use]
    pub fn sample(self, times: &RequestTimes) -> Option<Sample> {
        let tokens = u64::from(times.output_tokens());
        match self {
            Self::Ttft => Some(Sample::once(times.ttft_ms())),
            Self::Itl => times.itl_ms().map(|value| Sample {
                value,
                weight: tokens - 1,
            }),
            Self::Tpot => Some(Sample {
                value: times.tpot_ms(),
                weight: tokens,
            }),
            Self::E2e => Some(Sample::once(times.e2e_ms())),
        }
    }

    /// The distribution over requests; none where no request has the metric.
    #[must_use]
    pub fn distribution<'a>(
        self,
        requests: impl IntoIterator<Item = &'a RequestTimes>,
    ) -> Option<Distribution> {
        Distribution::of(
            requests
                .into_iter()
                .filter_map(|times| self.sample(times))
                .collect(),
        )
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten tokens: the first after 50 ms, the last after 140 ms, the answer complete after 150 ms.
    fn times() -> RequestTimes {
        RequestTimes::new(50.0, 140.0, 150.0, 10).unwrap()
    }

    #[test]
    fn tells_time_between_tokens_from_time_per_token() {
        let of = |metric: Metric| metric.sample(&times()).unwrap();
        assert_eq!(of(Metric::Ttft), Sample::once(50.0));
        assert_eq!(
            of(Metric::Itl),
            Sample {
                value: 10.0,
                weight: 9
            }
        );
        assert_eq!(
            of(Metric::Tpot),
            Sample {
                value: 14.0,
                weight: 10
            }
        );
        assert_eq!(of(Metric::E2e), Sample::once(150.0));
    }

    #[test]
    fn one_token_has_no_gap() {
        let single = RequestTimes::new(50.0, 50.0, 51.0, 1).unwrap();
        assert_eq!(Metric::Itl.sample(&single), None);
        assert_eq!(Metric::Itl.distribution([&single]), None);
        let both = Metric::Itl.distribution([&single, &times()]).unwrap();
        assert_eq!((both.count, both.mean.to_bits()), (1, 10.0_f64.to_bits()));
    }
}
