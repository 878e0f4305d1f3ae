//! One benchmark of a measured run, simulated.

use std::cell::Cell;

use ground_truth::{Benchmark, MeasuredRun, RequestCounts};
use roofline::{Batch, Found};
use serving::{
    LatencyModel, Limits, Observer, RooflineLatency, ServerConfig, Simulation, StepRecord,
};

use crate::host::Host;
use crate::load::{LengthsFrom, Load};
use crate::options::ReplayOptions;
use crate::problem::ReplayProblem;
use crate::server::server_of;

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
    /// How the MFUs of all steps were found.
    pub found: Found,
}

/// Collects how MFUs are found on their way to the simulation.
struct NotedLatency<'a> {
    latency: RooflineLatency<'a>,
    found: Cell<Found>,
}

impl LatencyModel for NotedLatency<'_> {
    fn step_us(&self, batch: &Batch) -> Option<f64> {
        let (step_us, found) = self.latency.predict(batch)?;
        self.found.set(self.found.get().union(found));
        Some(step_us)
    }
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
    let latency = NotedLatency {
        latency: RooflineLatency::new(host.step_model, options.overheads)?,
        found: Cell::new(Found::NONE),
    };
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
        found: latency.found.get(),
        unsimulated: unsimulated(&benchmark.counts, load.requests.len()),
    })
}

/// How many of the counted requests were left out.
fn unsimulated(counts: &RequestCounts, simulated: usize) -> Option<u64> {
    let others = [counts.errored, counts.incomplete].into_iter().flatten();
    let counted = counts.successful?.saturating_add(others.sum());
    Some(counted.saturating_sub(simulated as u64))
}
