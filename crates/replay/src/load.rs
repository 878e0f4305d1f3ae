//! The requests of a measured benchmark and when they arrive.

use ground_truth::{Benchmark, Listed, MeasuredRequest, MeasuredRun, Strategy};
use request_metrics::Metric;
use serving::{Arrivals, LengthProfile, Request, SharedPrefix, TokenLengthSpec, TokenLengths};

use crate::options::{ArrivalSource, MAX_REQUESTS, ReplayOptions};
use crate::problem::ReplayProblem;

/// The group of the one prefix that all requests of a profile share.
const ONLY_PREFIX: u32 = 0;

/// What is sent to the simulated server.
pub(crate) struct Load {
    pub(crate) requests: Vec<Request>,
    pub(crate) arrivals: Arrivals,
    pub(crate) lengths_from: LengthsFrom,
    pub(crate) at_recorded_times: bool,
}

roofline::choice! {
    /// Where the lengths of the simulated requests come from.
    "source of lengths" LengthsFrom {
        /// From the requests that were recorded, one by one.
        Requests = "requests",
        /// From the distribution of the profile.
        Profile = "profile",
        /// From a sample of the requests, over and over.
        Sample = "sample",
    }
}

impl Load {
    /// The load of a benchmark.
    pub(crate) fn of(
        run: &MeasuredRun,
        benchmark: &Benchmark,
        options: &ReplayOptions,
    ) -> Result<Self, ReplayProblem> {
        let mut recorded: Vec<&MeasuredRequest> = benchmark.requests.iter().collect();
        recorded.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
        let (requests, lengths_from) = requests(run, benchmark, &recorded, options)?;
        let is_recorded = lengths_from == LengthsFrom::Requests;
        let times = is_recorded.then(|| recorded.iter().map(|request| request.start_s).collect());
        let (arrivals, at_recorded_times) = arrivals(benchmark, times, options)?;
        Ok(Self {
            requests,
            arrivals,
            lengths_from,
            at_recorded_times,
        })
    }
}

fn requests(
    run: &MeasuredRun,
    benchmark: &Benchmark,
    recorded: &[&MeasuredRequest],
    options: &ReplayOptions,
) -> Result<(Vec<Request>, LengthsFrom), ReplayProblem> {
    let profile = run.profile.as_ref();
    let lengths = profile.and_then(|profile| profile.data.as_ref());
    let prefix_tokens = lengths.map_or(0, |lengths| lengths.prefix_tokens);
    let recorded: Option<Vec<Request>> = recorded
        .iter()
        .map(|request| {
            Some(Request {
                prompt_tokens: request.prompt_tokens?,
                shared_prefix: shared_prefix(prefix_tokens, request.prompt_tokens?),
                output_tokens: request.times.output_tokens(),
            })
        })
        .collect();
    let mut recorded = recorded.filter(|requests| !requests.is_empty());
    if benchmark.listed == Listed::All
        && let Some(requests) = recorded.take()
    {
        return Ok((requests, LengthsFrom::Requests));
    }
    let count = benchmark
        .counts
        .successful
        .filter(|count| *count > 0)
        .or(profile.and_then(|profile| profile.max_requests));
    let bounded = |count: u64| {
        u32::try_from(count)
            .ok()
            .filter(|count| *count <= MAX_REQUESTS)
            .ok_or(ReplayProblem::TooMany { count })
    };
    if let Some(lengths) = lengths {
        let count = bounded(count.ok_or(ReplayProblem::NoCount)?)?;
        let drawn = serving_profile(lengths)?.requests(count, options.lengths, options.seed);
        return Ok((drawn, LengthsFrom::Profile));
    }
    match (recorded, count) {
        (Some(sample), Some(count)) => {
            let count = bounded(count)?;
            let requests = sample
                .iter()
                .copied()
                .cycle()
                .take(count as usize)
                .collect();
            Ok((requests, LengthsFrom::Sample))
        }
        (Some(sample), None) => Ok((sample, LengthsFrom::Sample)),
        (None, _) => Err(ReplayProblem::NoLengths),
    }
}

/// The prefix of a recorded prompt. One that is no longer than the prefix is none of those that share it.
fn shared_prefix(prefix_tokens: u32, prompt_tokens: u32) -> Option<SharedPrefix> {
    (0 < prefix_tokens && prefix_tokens < prompt_tokens).then_some(SharedPrefix {
        group: ONLY_PREFIX,
        tokens: prefix_tokens,
    })
}

fn serving_profile(lengths: &ground_truth::LengthProfile) -> Result<LengthProfile, ReplayProblem> {
    let tokens = |of, lengths: &ground_truth::TokenLengths| {
        TokenLengths::new(TokenLengthSpec {
            mean: lengths.mean.into(),
            std_dev: lengths.std_dev.map(f64::from),
            min: lengths.min,
            max: lengths.max,
        })
        .map_err(|source| ReplayProblem::Lengths { of, source })
    };
    Ok(LengthProfile {
        prefix_tokens: lengths.prefix_tokens,
        prompt: tokens("prompt_tokens", &lengths.prompt)?,
        output: tokens("output_tokens", &lengths.output)?,
    })
}

/// The arrivals, and whether they are the recorded ones.
fn arrivals(
    benchmark: &Benchmark,
    recorded: Option<Vec<f64>>,
    options: &ReplayOptions,
) -> Result<(Arrivals, bool), ReplayProblem> {
    let recorded = recorded.map(|start_s| Arrivals::Replay {
        start_s,
        max_concurrency: benchmark.strategy.concurrency(),
    });
    let measured_rate = || measured_rate_per_s(benchmark).ok_or(ReplayProblem::NoRate);
    let configured = match (options.arrivals, benchmark.strategy) {
        (ArrivalSource::ConstantAtMeasuredRate, _) => {
            let rate_per_s = measured_rate()?;
            return Ok((constant(rate_per_s), false));
        }
        (ArrivalSource::PoissonAtMeasuredRate, _) => {
            let rate_per_s = measured_rate()?;
            return Ok((poisson(rate_per_s), false));
        }
        (ArrivalSource::AsMeasured | ArrivalSource::AsConfigured, strategy) => match strategy {
            Strategy::Synchronous => return Ok((Arrivals::ClosedLoop { concurrency: 1 }, false)),
            Strategy::Concurrent { streams } => {
                let concurrency = streams;
                return Ok((Arrivals::ClosedLoop { concurrency }, false));
            }
            Strategy::Throughput { max_concurrency } => {
                return Ok((Arrivals::Throughput { max_concurrency }, false));
            }
            Strategy::Constant {
                rate_per_s,
                max_concurrency,
            } => Some(Arrivals::Constant {
                rate_per_s,
                max_concurrency,
            }),
            Strategy::Poisson {
                rate_per_s,
                max_concurrency,
            } => Some(Arrivals::Poisson {
                rate_per_s,
                max_concurrency,
            }),
            Strategy::Trace { .. } => None,
        },
    };
    // Recorded times are all there is of a trace, however it is asked for.
    let is_wanted = options.arrivals == ArrivalSource::AsMeasured || configured.is_none();
    match (recorded.filter(|_| is_wanted), configured) {
        (Some(recorded), _) => Ok((recorded, true)),
        (None, Some(configured)) => Ok((configured, false)),
        (None, None) => Err(ReplayProblem::NoTimes),
    }
}

fn constant(rate_per_s: f64) -> Arrivals {
    Arrivals::Constant {
        rate_per_s,
        max_concurrency: None,
    }
}

fn poisson(rate_per_s: f64) -> Arrivals {
    Arrivals::Poisson {
        rate_per_s,
        max_concurrency: None,
    }
}

/// Requests per second that a benchmark came to: by its count and duration, else, for one request at a time, by the time
/// that each took.
fn measured_rate_per_s(benchmark: &Benchmark) -> Option<f64> {
    let in_turn = || match benchmark.strategy {
        Strategy::Synchronous => benchmark.metric(Metric::E2e).map(|e2e| 1000.0 / e2e.mean),
        Strategy::Concurrent { .. }
        | Strategy::Throughput { .. }
        | Strategy::Constant { .. }
        | Strategy::Poisson { .. }
        | Strategy::Trace { .. } => None,
    };
    benchmark
        .requests_per_s()
        .or_else(in_turn)
        .filter(|rate| rate.is_finite() && *rate > 0.0)
}
