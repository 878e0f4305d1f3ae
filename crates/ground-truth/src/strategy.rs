use std::fmt;

use request_metrics::PlainNumber;
use serde::Serialize;

/// How the client decided when to send a request.
///
/// Every release of GuideLLM bounds the requests in flight, whatever their rate; what is due beyond that waits in the
/// client. Reports of 0.4 and later state the bound (512 unless it was set, from 0.7 10240, in sweeps 512), those of 0.2
/// and 0.3 only one that was set, those of 0.1 none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Strategy {
    /// One at a time: the next when the last has ended.
    Synchronous,
    /// So many at a time, each followed by the next.
    Concurrent {
        /// Requests in flight.
        streams: u32,
    },
    /// All at once, as far as the client's own bound allows.
    Throughput {
        /// Most requests in flight, where it is known.
        max_concurrency: Option<u32>,
    },
    /// At equal intervals.
    Constant {
        /// Requests per second.
        rate_per_s: f64,
        /// Most requests in flight, where it is known.
        max_concurrency: Option<u32>,
    },
    /// At exponentially distributed intervals.
    Poisson {
        /// Mean requests per second.
        rate_per_s: f64,
        /// Most requests in flight, where it is known.
        max_concurrency: Option<u32>,
    },
    /// At recorded times.
    Trace {
        /// Factor on the recorded intervals, where the report states it.
        time_scale: Option<f64>,
        /// Most requests in flight, where it is known.
        max_concurrency: Option<u32>,
    },
}

impl Strategy {
    /// The names of all strategies, as reports write them.
    pub const NAMES: [&'static str; 6] = [
        "synchronous",
        "concurrent",
        "throughput",
        "constant",
        "poisson",
        "trace",
    ];

    /// The name without the load.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Synchronous => "synchronous",
            Self::Concurrent { .. } => "concurrent",
            Self::Throughput { .. } => "throughput",
            Self::Constant { .. } => "constant",
            Self::Poisson { .. } => "poisson",
            Self::Trace { .. } => "trace",
        }
    }

    /// Requests per second, where the strategy sets them.
    #[must_use]
    pub fn rate_per_s(&self) -> Option<f64> {
        match self {
            Self::Constant { rate_per_s, .. } | Self::Poisson { rate_per_s, .. } => {
                Some(*rate_per_s)
            }
            _without_rate => None,
        }
    }

    /// Most requests in flight: one, the number of streams, or else the client's bound, where it is known.
    #[must_use]
    pub fn concurrency(&self) -> Option<u32> {
        match *self {
            Self::Synchronous => Some(1),
            Self::Concurrent { streams } => Some(streams),
            Self::Throughput { max_concurrency }
            | Self::Constant {
                max_concurrency, ..
            }
            | Self::Poisson {
                max_concurrency, ..
            }
            | Self::Trace {
                max_concurrency, ..
            } => max_concurrency,
        }
    }
}

/// `concurrent 8`, `constant 0.759/s`: rates with at most three decimals, unless they are tiny.
impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Self::Concurrent { streams: most }
            | Self::Throughput {
                max_concurrency: Some(most),
            } => write!(f, "{name} {most}"),
            Self::Constant { rate_per_s, .. } | Self::Poisson { rate_per_s, .. } => {
                write!(f, "{name} {}/s", Short(*rate_per_s))
            }
            Self::Trace {
                time_scale: Some(scale),
                ..
            } => write!(f, "{name} x{}", Short(*scale)),
            _bare => f.write_str(name),
        }
    }
}

/// A number with at most three decimals, and no zeros at its end.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Three decimals would make another number of these, or a line of zeros.
        if !(0.0005..1e15).contains(&self.0) {
            return PlainNumber(self.0).fmt(f);
        }
        let text = format!("{:.3}", self.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_load() {
        let shown = |strategy: Strategy| strategy.to_string();
        assert_eq!(shown(Strategy::Concurrent { streams: 8 }), "concurrent 8");
        let constant = |rate_per_s| Strategy::Constant {
            rate_per_s,
            max_concurrency: Some(512),
        };
        assert_eq!(shown(constant(0.758_996_823_129_983)), "constant 0.759/s");
        assert_eq!(shown(constant(100.0)), "constant 100/s");
        assert_eq!(shown(constant(1e300)), "constant 1e300/s");
        assert_eq!(shown(constant(0.0002)), "constant 0.0002/s");
    }
    #[test]
    fn bounds_the_requests_in_flight() {
        assert_eq!(Strategy::Synchronous.concurrency(), Some(1));
        assert_eq!(Strategy::Concurrent { streams: 8 }.concurrency(), Some(8));
        for max_concurrency in [None, Some(512)] {
            let open = [
                Strategy::Throughput { max_concurrency },
                Strategy::Constant {
                    rate_per_s: 1.0,
                    max_concurrency,
                },
                Strategy::Poisson {
                    rate_per_s: 1.0,
                    max_concurrency,
                },
                Strategy::Trace {
                    time_scale: None,
                    max_concurrency,
                },
            ];
            for strategy in open {
                assert_eq!(strategy.concurrency(), max_concurrency);
            }
        }
    }
}
