//! A measured benchmark as a simulation: which requests, when they arrive, on which server.

mod load;
mod options;
mod server;

use ground_truth::{Benchmark, MeasuredRun, RequestCounts};
use roofline::{ModelConfig, StepModel};
use serving::{
    InvalidKvMemory, InvalidOverhead, InvalidServer, InvalidTokenLengths, Limits, Observer,
    RooflineLatency, ServerConfig, Simulation, SimulationError, StepRecord,
};

use load::Load;
pub use load::{LengthsFrom, MAX_REQUESTS};
pub use options::{ArrivalSource, ReplayOptions, ServerOverrides, UnknownArrivals};
pub use server::server_of;

/// What a server runs on.
#[derive(Debug, Clone, Copy)]
pub struct Host<'m> {
    /// The step model of model, GPU and tensor parallel.
    pub step_model: &'m StepModel<'m>,
    /// The model.
    pub config: &'m ModelConfig,
    /// The model's longest context, where it is known.
    pub max_position: Option<u32>,
    /// The GPU: its folder below `bench_data`, in lower case.
    pub gpu: &'m str,
    /// Memory of one GPU.
    pub gpu_memory_bytes: u64,
    /// GPUs that split the model.
    pub tensor_parallel: u32,
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
    /// Requests of the measured benchmark that were not simulated: those that failed, were cut off or have no usable times.
    /// None where the report does not say how many requests there were.
    pub unsimulated: Option<u64>,
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
    let load = Load::of(run, benchmark, options)?;
    let server = server_of(&run.server, host, &options.server)?;
    let latency = RooflineLatency::new(host.step_model, options.overheads)?;
    let mut steps = MixedSteps { count: 0, observer };
    let simulation = serving::simulate(
        &server,
        &load.requests,
        &load.arrivals,
        &latency,
        options.seed,
        &Limits::default(),
        &mut steps,
    )?;
    Ok(Replayed {
        simulation,
        server,
        lengths_from: load.lengths_from,
        at_recorded_times: load.at_recorded_times,
        mixed_steps: steps.count,
        unsimulated: unsimulated(&benchmark.counts, load.requests.len()),
    })
}

/// How many of the counted requests were left out.
fn unsimulated(counts: &RequestCounts, simulated: usize) -> Option<u64> {
    let others = [counts.errored, counts.incomplete].into_iter().flatten();
    let counted = counts.successful?.saturating_add(others.sum());
    Some(counted.saturating_sub(simulated as u64))
}
