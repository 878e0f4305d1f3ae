use std::fmt;

use serde::Serialize;

/// What the client was told to send: `profile.yaml`, and where that leaves something open, the report's own record.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Profile {
    /// How requests are timed.
    pub rate_type: Option<RateType>,
    /// Requests per second, streams, or the number of steps of a sweep, by the rate type.
    pub rates: Vec<f64>,
    /// Requests of each benchmark.
    pub max_requests: Option<u64>,
    /// Longest duration of each benchmark, in seconds.
    pub max_seconds: Option<f64>,
    /// Seed of the generated prompts.
    pub random_seed: Option<u64>,
    /// Lengths of the generated prompts and outputs.
    pub data: Option<LengthProfile>,
}

/// Lengths of generated requests, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LengthProfile {
    /// Tokens at the start of every prompt that all requests share; they count on top of `prompt`.
    pub prefix_tokens: u32,
    /// The prompt behind the prefix.
    pub prompt: TokenLengths,
    /// The output.
    pub output: TokenLengths,
}

/// A normal distribution of token counts, clamped: what `IntegerRangeSampler` of GuideLLM 0.2 to 0.8 draws from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TokenLengths {
    /// Mean before clamping.
    pub mean: u32,
    /// Standard deviation before clamping; none or 0: every length between the bounds is as likely, and a bound that is
    /// not given is the mean.
    pub std_dev: Option<u32>,
    /// Least tokens; none: five standard deviations below the mean, at least 1.
    pub min: Option<u32>,
    /// Most tokens; none: five standard deviations above the mean.
    pub max: Option<u32>,
}

/// How GuideLLM is told to time requests: `rate-type`, called `profile` from 0.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateType {
    /// One at a time.
    Synchronous,
    /// A number of streams.
    Concurrent,
    /// All at once.
    Throughput,
    /// Constant rates.
    Constant,
    /// Poisson arrivals.
    Poisson,
    /// The old name of constant or Poisson rates.
    Async,
    /// Synchronous, throughput, and rates between the two.
    Sweep,
    /// Recorded times.
    Replay,
    /// The highest rate at which requests meet their objectives.
    Goodput,
    /// The rate beyond which latency grows faster than throughput.
    Knee,
}

impl RateType {
    /// All rate types.
    pub const ALL: [Self; 10] = [
        Self::Synchronous,
        Self::Concurrent,
        Self::Throughput,
        Self::Constant,
        Self::Poisson,
        Self::Async,
        Self::Sweep,
        Self::Replay,
        Self::Goodput,
        Self::Knee,
    ];

    /// The name as files write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Synchronous => "synchronous",
            Self::Concurrent => "concurrent",
            Self::Throughput => "throughput",
            Self::Constant => "constant",
            Self::Poisson => "poisson",
            Self::Async => "async",
            Self::Sweep => "sweep",
            Self::Replay => "replay",
            Self::Goodput => "goodput",
            Self::Knee => "knee",
        }
    }
}

impl RateType {
    /// Whether the other can be the same: `async` is either of constant and Poisson.
    pub(crate) fn may_be(self, other: Self) -> bool {
        let open_loop = |kind| matches!(kind, Self::Constant | Self::Poisson | Self::Async);
        let either_async = self == Self::Async || other == Self::Async;
        self == other || (either_async && open_loop(self) && open_loop(other))
    }
}

impl fmt::Display for RateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
