//! A measured benchmark as a simulation: which requests, when they arrive, on which server.

use std::fmt;
use std::str::FromStr;

use ground_truth::{Benchmark, Listed, MeasuredRun, Strategy};
use request_metrics::Metric;
use roofline::{ModelConfig, StepModel};
use serving::{
    Arrivals, DEFAULT_MEMORY_UTILIZATION, InvalidKvMemory, InvalidOverhead, InvalidServer,
    InvalidTokenLengths, KvMemory, LengthProfile, LengthSampling, Limits, Observer, Request,
    RooflineLatency, ServerConfig, ServerSpec, SharedPrefix, Simulation, SimulationError,
    StepOverheads, StepRecord, TokenLengthSpec, TokenLengths, kv_blocks_for,
};

/// Most tokens of a step where nothing states it: the default of vLLM's scheduler configuration.
const DEFAULT_MAX_NUM_BATCHED_TOKENS: u32 = 2048;

/// Most requests of a step where nothing states it: the default of vLLM's scheduler configuration.
const DEFAULT_MAX_NUM_SEQS: u32 = 128;

/// Tokens of a KV cache block where nothing states it: vLLM's default on GPUs.
const DEFAULT_BLOCK_SIZE_TOKENS: u32 = 16;

/// Most requests of a simulation: more take more memory than machines have.
pub const MAX_REQUESTS: u32 = 10_000_000;

/// The group of the one prefix that all requests of a profile share.
const ONLY_PREFIX: u32 = 0;

/// How a benchmark is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayOptions {
    /// Limits of the server, over those that the experiment states.
    pub server: ServerOverrides,
    /// Fixed times of steps.
    pub overheads: StepOverheads,
    /// How token lengths are drawn where no requests were recorded.
    pub lengths: LengthSampling,
    /// When requests arrive.
    pub arrivals: ArrivalSource,
    /// Seed of all that is drawn.
    pub seed: u64,
}

impl Default for ReplayOptions {
    /// The server of the experiment, no overheads, stratified lengths, arrivals as measured, seed 42.
    fn default() -> Self {
        Self {
            server: ServerOverrides::default(),
            overheads: StepOverheads::default(),
            lengths: LengthSampling::Stratified,
            arrivals: ArrivalSource::AsMeasured,
            seed: 42,
        }
    }
}

/// Limits of a server that replace what an experiment states. Absent: as stated, else vLLM's default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServerOverrides {
    /// Most tokens of one step; 2048 where nothing states it.
    pub max_num_batched_tokens: Option<u32>,
    /// Most requests of one step; 128 where nothing states it.
    pub max_num_seqs: Option<u32>,
    /// Most tokens of one request; the model's longest context where nothing states it.
    pub max_model_len: Option<u32>,
    /// Tokens of one KV cache block; 16 where nothing states it.
    pub block_size: Option<u32>,
    /// Blocks of the KV cache; what fits beside the weights where nothing states it.
    pub kv_blocks: Option<u64>,
    /// Share of the GPU memory that the server takes; 0.9 where nothing states it.
    pub gpu_memory_utilization: Option<f64>,
    /// Whether prompts are split over steps; they are where nothing states it.
    pub chunked_prefill: Option<bool>,
    /// Whether the KV cache of shared prefixes is kept; it is where nothing states it.
    pub prefix_caching: Option<bool>,
}

/// When simulated requests arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalSource {
    /// Open loads at the recorded start times where all were recorded; else as configured.
    AsMeasured,
    /// By the strategy and its rate.
    AsConfigured,
    /// One after the other at equal intervals, at the rate that was measured.
    ConstantAtMeasuredRate,
    /// At random intervals, at the rate that was measured.
    PoissonAtMeasuredRate,
}

impl ArrivalSource {
    /// The words for them.
    pub const NAMES: &[&str] = &[
        "as-measured",
        "as-configured",
        "constant-at-measured-rate",
        "poisson-at-measured-rate",
    ];
}

impl FromStr for ArrivalSource {
    type Err = UnknownArrivals;

    fn from_str(word: &str) -> Result<Self, UnknownArrivals> {
        match word {
            "as-measured" => Ok(Self::AsMeasured),
            "as-configured" => Ok(Self::AsConfigured),
            "constant-at-measured-rate" => Ok(Self::ConstantAtMeasuredRate),
            "poisson-at-measured-rate" => Ok(Self::PoissonAtMeasuredRate),
            _ => Err(UnknownArrivals),
        }
    }
}

/// The word names no way of arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownArrivals;

impl fmt::Display for UnknownArrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}", ArrivalSource::NAMES.join(", "))
    }
}

impl std::error::Error for UnknownArrivals {}

/// What a server runs on.
#[derive(Debug, Clone, Copy)]
pub struct Host<'m> {
    /// The step model of model, GPU and tensor parallel.
    pub step_model: &'m StepModel<'m>,
    /// The model.
    pub config: &'m ModelConfig,
    /// The model's longest context, where it is known.
    pub max_position: Option<u32>,
    /// Memory of one GPU.
    pub gpu_memory_bytes: u64,
    /// GPUs that split the model.
    pub tensor_parallel: u32,
}

/// Where the lengths of the simulated requests come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthsFrom {
    /// From the requests that were recorded, one by one.
    Requests,
    /// From the distribution of the profile.
    Profile,
    /// From a sample of the requests, over and over.
    Sample,
}

impl LengthsFrom {
    /// The word in columns.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Profile => "profile",
            Self::Sample => "sample",
        }
    }
}

/// A simulation with what it was made from.
#[derive(Debug)]
pub struct Replayed {
    /// What came out.
    pub simulation: Simulation,
    /// The server.
    pub server: ServerConfig,
    /// Where lengths came from.
    pub lengths_from: LengthsFrom,
    /// Whether requests arrived at their recorded times.
    pub at_recorded_times: bool,
    /// Steps that prefilled and decoded.
    pub mixed_steps: u64,
}

/// Counts mixed steps on their way to another observer.
struct MixedSteps<'o, O> {
    count: u64,
    observer: &'o mut O,
}

impl<O: Observer> Observer for MixedSteps<'_, O> {
    fn step(&mut self, record: &StepRecord) {
        if record.prefill_requests > 0 && record.decode_requests > 0 {
            self.count += 1;
        }
        self.observer.step(record);
    }
}

/// Why a benchmark cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum ReplayProblem {
    /// Neither requests nor a distribution of lengths.
    #[error(
        "neither its report lists requests nor its profile.yaml says how long prompts and outputs are"
    )]
    NoLengths,
    /// No number of requests.
    #[error(
        "its report counts no requests and its profile.yaml has no `max-requests`: there is no telling how many to simulate"
    )]
    NoCount,
    /// No measured rate.
    #[error(
        "its report says neither how long it took nor how long a request does: there is no measured rate"
    )]
    NoRate,
    /// Recorded arrivals without records.
    #[error("its requests came at recorded times, and the report does not list all of them")]
    NoTimes,
    /// More requests than a simulation takes.
    #[error("its {count} requests are more than a simulation takes ({MAX_REQUESTS})")]
    TooMany {
        /// How many there were.
        count: u64,
    },
    /// The lengths of the profile make no sense.
    #[error("its profile.yaml, `{of}`: {source}")]
    Lengths {
        /// Which: `prompt_tokens` or `output_tokens`.
        of: &'static str,
        /// Why.
        source: InvalidTokenLengths,
    },
    /// The model leaves no room for a KV cache.
    #[error(transparent)]
    Memory(#[from] InvalidKvMemory),
    /// The server makes no sense.
    #[error(transparent)]
    Server(#[from] InvalidServer),
    /// A fixed time of a step makes no sense.
    #[error(transparent)]
    Overhead(#[from] InvalidOverhead),
    /// The simulation stopped.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
}

/// Simulates one benchmark of a measured run.
///
/// The requests are the successful ones that the report lists, with their own lengths; where it does not list all of
/// them, as many as there were, with lengths from the profile. The tokens that all prompts share are those of the
/// profile. Requests that failed or were cut off are not simulated.
///
/// # Errors
///
/// The benchmark lacks what a simulation needs, the server cannot be, or the simulation stops.
pub fn replay(
    run: &MeasuredRun,
    benchmark: &Benchmark,
    host: &Host<'_>,
    options: &ReplayOptions,
    observer: &mut impl Observer,
) -> Result<Replayed, ReplayProblem> {
    let (requests, lengths_from) = requests(run, benchmark, options)?;
    let (arrivals, at_recorded_times) = arrivals(benchmark, lengths_from, options)?;
    let server = server_of(run, host, &options.server)?;
    let latency = RooflineLatency::new(host.step_model, options.overheads)?;
    let mut steps = MixedSteps { count: 0, observer };
    let simulation = serving::simulate(
        &server,
        &requests,
        &arrivals,
        &latency,
        options.seed,
        &Limits::default(),
        &mut steps,
    )?;
    Ok(Replayed {
        simulation,
        server,
        lengths_from,
        at_recorded_times,
        mixed_steps: steps.count,
    })
}

fn requests(
    run: &MeasuredRun,
    benchmark: &Benchmark,
    options: &ReplayOptions,
) -> Result<(Vec<Request>, LengthsFrom), ReplayProblem> {
    let profile = run.profile.as_ref();
    let lengths = profile.and_then(|profile| profile.data.as_ref());
    let prefix_tokens = lengths.map_or(0, |lengths| lengths.prefix_tokens);
    let recorded: Option<Vec<Request>> = by_start(benchmark)
        .into_iter()
        .map(|request| {
            Some(Request {
                prompt_tokens: request.prompt_tokens?,
                shared_prefix: shared_prefix(prefix_tokens, request.prompt_tokens?),
                output_tokens: request.times.output_tokens(),
            })
        })
        .collect();
    let recorded = recorded.filter(|requests| !requests.is_empty());
    let is_whole = benchmark.listed == Listed::All;
    if let Some(requests) = recorded.clone().filter(|_| is_whole) {
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

/// The recorded requests in the order in which they were sent.
fn by_start(benchmark: &Benchmark) -> Vec<ground_truth::MeasuredRequest> {
    let mut requests = benchmark.requests.clone();
    requests.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    requests
}

fn shared_prefix(prefix_tokens: u32, prompt_tokens: u32) -> Option<SharedPrefix> {
    let tokens = prefix_tokens.min(prompt_tokens);
    (tokens > 0).then_some(SharedPrefix {
        group: ONLY_PREFIX,
        tokens,
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
    lengths_from: LengthsFrom,
    options: &ReplayOptions,
) -> Result<(Arrivals, bool), ReplayProblem> {
    let recorded = || {
        (lengths_from == LengthsFrom::Requests).then(|| Arrivals::Replay {
            start_s: by_start(benchmark)
                .iter()
                .map(|request| request.start_s)
                .collect(),
            max_concurrency: None,
        })
    };
    let open = |configured: Option<Arrivals>| {
        let measured = match options.arrivals {
            ArrivalSource::AsMeasured => recorded(),
            ArrivalSource::AsConfigured
            | ArrivalSource::ConstantAtMeasuredRate
            | ArrivalSource::PoissonAtMeasuredRate => None,
        };
        let at_recorded_times = measured.is_some();
        measured
            .or(configured)
            .map(|arrivals| (arrivals, at_recorded_times))
            .ok_or(ReplayProblem::NoTimes)
    };
    match options.arrivals {
        ArrivalSource::AsMeasured | ArrivalSource::AsConfigured => {}
        ArrivalSource::ConstantAtMeasuredRate => {
            let rate_per_s = measured_rate_per_s(benchmark).ok_or(ReplayProblem::NoRate)?;
            return Ok((constant(rate_per_s), false));
        }
        ArrivalSource::PoissonAtMeasuredRate => {
            let rate_per_s = measured_rate_per_s(benchmark).ok_or(ReplayProblem::NoRate)?;
            return Ok((poisson(rate_per_s), false));
        }
    }
    match benchmark.strategy {
        Strategy::Synchronous => Ok((Arrivals::ClosedLoop { concurrency: 1 }, false)),
        Strategy::Concurrent { streams } => Ok((
            Arrivals::ClosedLoop {
                concurrency: streams,
            },
            false,
        )),
        Strategy::Throughput { max_concurrency } => {
            Ok((Arrivals::Throughput { max_concurrency }, false))
        }
        Strategy::Constant { rate_per_s } => open(Some(constant(rate_per_s))),
        Strategy::Poisson { rate_per_s } => open(Some(poisson(rate_per_s))),
        Strategy::Trace { .. } => open(recorded()),
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
    #[expect(
        clippy::cast_precision_loss,
        reason = "request counts are far below 2^53"
    )]
    let counted = benchmark
        .counts
        .successful
        .zip(benchmark.duration_s)
        .map(|(count, duration_s)| count as f64 / duration_s);
    let in_turn = || match benchmark.strategy {
        Strategy::Synchronous => benchmark.metric(Metric::E2e).map(|e2e| 1000.0 / e2e.mean),
        Strategy::Concurrent { .. }
        | Strategy::Throughput { .. }
        | Strategy::Constant { .. }
        | Strategy::Poisson { .. }
        | Strategy::Trace { .. } => None,
    };
    counted
        .or_else(in_turn)
        .filter(|rate| rate.is_finite() && *rate > 0.0)
}

/// The server of an experiment: what is asked for, else what the experiment states, else vLLM's defaults.
///
/// # Errors
///
/// The weights leave no room for a KV cache, or a limit makes no sense.
pub fn server_of(
    run: &MeasuredRun,
    host: &Host<'_>,
    wanted: &ServerOverrides,
) -> Result<ServerConfig, ReplayProblem> {
    let stated = &run.server;
    let block_size_tokens = wanted
        .block_size
        .or(stated.block_size)
        .unwrap_or(DEFAULT_BLOCK_SIZE_TOKENS);
    #[expect(
        clippy::cast_precision_loss,
        reason = "the memory of a GPU is far below 2^53 bytes"
    )]
    let memory = KvMemory {
        bytes_per_gpu: host.gpu_memory_bytes as f64,
        utilization: wanted
            .gpu_memory_utilization
            .or(stated.gpu_memory_utilization)
            .unwrap_or(DEFAULT_MEMORY_UTILIZATION),
        tensor_parallel: host.tensor_parallel,
        block_size_tokens,
    };
    let kv_blocks = match wanted.kv_blocks.or(stated.num_gpu_blocks) {
        Some(blocks) => blocks,
        None => kv_blocks_for(&memory, host.config)?,
    };
    Ok(ServerConfig::new(ServerSpec {
        max_num_batched_tokens: wanted
            .max_num_batched_tokens
            .or(stated.max_num_batched_tokens)
            .unwrap_or(DEFAULT_MAX_NUM_BATCHED_TOKENS),
        max_num_seqs: wanted
            .max_num_seqs
            .or(stated.max_num_seqs)
            .unwrap_or(DEFAULT_MAX_NUM_SEQS),
        max_model_len: wanted
            .max_model_len
            .or(stated.max_model_len)
            .or(host.max_position)
            .unwrap_or(ServerConfig::MAX_TOKENS),
        block_size_tokens,
        kv_blocks,
        chunked_prefill: wanted
            .chunked_prefill
            .or(stated.enable_chunked_prefill)
            .unwrap_or(true),
        prefix_caching: wanted
            .prefix_caching
            .or(stated.enable_prefix_caching)
            .unwrap_or(true),
    })?)
}
