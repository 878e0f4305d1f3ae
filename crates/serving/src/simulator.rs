use request_metrics::{PlainNumber, RequestTimes};
use roofline::Batch;

use crate::arrival_queue::ArrivalQueue;
use crate::arrivals::Arrivals;
use crate::latency_model::LatencyModel;
use crate::limits::Limits;
use crate::occupancy::{OccupancyTotals, StepOccupancy};
use crate::rejection::{Rejection, RejectionReason};
use crate::request::Request;
use crate::scheduler::{Plan, Scheduler};
use crate::served_request::ServedRequest;
use crate::server_config::ServerConfig;
use crate::sim_time::SimTime;
use crate::simulation::{PrefixCacheUse, Simulation};
use crate::simulation_error::SimulationError;
use crate::step_record::{Observer, StepRecord};

/// Sends requests to a server and follows them until all are served or refused, or a limit is reached.
///
/// What arrives at the very moment a step ends is seen by the next step. Everything is decided by the arguments: equal
/// ones give equal results on every run and thread. The seed is used by [`Arrivals::Poisson`] alone.
///
/// # Errors
///
/// Arrivals or limits that make no sense, a step whose time is unknown or no time, a clock beyond 292 years, and more steps than
/// [`Limits::max_steps`].
pub fn simulate<L: LatencyModel + ?Sized, O: Observer + ?Sized>(
    server: &ServerConfig,
    requests: &[Request],
    arrivals: &Arrivals,
    latency: &L,
    seed: u64,
    limits: &Limits,
    observer: &mut O,
) -> Result<Simulation, SimulationError> {
    let end = match limits.duration_s {
        None => None,
        Some(duration_s) => Some(SimTime::from_seconds(duration_s).ok_or_else(|| {
            let duration = PlainNumber(duration_s);
            SimulationError::new(format_args!(
                "`duration_s` is {duration}, expected 0 to 9.2e9"
            ))
        })?),
    };
    let mut simulator = Simulator {
        server,
        requests,
        arrivals: ArrivalQueue::new(arrivals, count(requests.len())?, seed)?,
        scheduler: Scheduler::new(server, requests),
        progress: vec![Progress::default(); requests.len()],
        rejected: Vec::new(),
        injected: 0,
        steps: 0,
        preemptions: 0,
        occupancy: OccupancyTotals::default(),
        prefix_cache: PrefixCacheUse::default(),
        now: SimTime::ZERO,
        end,
    };
    simulator.run(latency, limits.max_steps, observer)?;
    simulator.into_simulation()
}

struct Simulator<'r> {
    server: &'r ServerConfig,
    requests: &'r [Request],
    arrivals: ArrivalQueue,
    scheduler: Scheduler<'r>,
    progress: Vec<Progress>,
    rejected: Vec<Rejection>,
    injected: u64,
    steps: u64,
    preemptions: u64,
    occupancy: OccupancyTotals,
    prefix_cache: PrefixCacheUse,
    now: SimTime,
    /// When the simulation stops, whatever is still to do.
    end: Option<SimTime>,
}

/// What is known of a request so far.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    sent: SimTime,
    admitted: Option<SimTime>,
    first_token: Option<SimTime>,
    last_token: Option<SimTime>,
    cached_tokens: u32,
    preemptions: u32,
}

impl Simulator<'_> {
    fn run<L: LatencyModel + ?Sized, O: Observer + ?Sized>(
        &mut self,
        latency: &L,
        max_steps: u64,
        observer: &mut O,
    ) -> Result<(), SimulationError> {
        let mut batch = Batch::new();
        loop {
            self.receive(self.now, None)?;
            if self.scheduler.waiting() == 0 && self.scheduler.running() == 0 {
                if !self.wait() {
                    return Ok(());
                }
                continue;
            }
            if self.steps == max_steps {
                let message = format_args!("not done after `max_steps` ({max_steps}) steps");
                return Err(SimulationError::new(message));
            }
            let plan = self
                .scheduler
                .plan(&mut batch)
                .map_err(SimulationError::new)?;
            let step_end = self.step_end(latency.step_us(&batch))?;
            self.note_plan(&plan);
            let state = self.state(&batch)?;
            if let Some(end) = self.end
                && step_end > end
            {
                self.occupancy.step(&state, end.since(self.now));
                self.receive(end, Some(end))?;
                self.now = end;
                return Ok(());
            }
            let duration = step_end.since(self.now);
            self.occupancy.step(&state, duration);
            observer.step(&StepRecord {
                step: self.steps,
                start_us: self.now.us(),
                duration_us: duration.us(),
                prefill_requests: batch.prefill_requests(),
                prefill_tokens: batch.prefill_tokens(),
                decode_requests: batch.decode_requests(),
                running: state.running_requests,
                waiting: state.waiting_requests,
                kv_blocks_used: state.kv_blocks,
                kv_blocks_free: self.scheduler.kv_blocks_free(),
                preempted: plan.preempted,
                cached_tokens: plan.cached_tokens,
                finished: plan.finishing,
            });
            self.receive(step_end, Some(step_end))?;
            self.now = step_end;
            self.steps += 1;
            self.finish_step(&plan);
        }
    }

    /// Passes the time until the next request is sent; false where none is before the end.
    fn wait(&mut self) -> bool {
        let Some(next) = self.arrivals.next_time() else {
            return false;
        };
        let end = self.end.filter(|end| next > *end);
        self.now = end.unwrap_or(next);
        end.is_none()
    }

    /// Lets all requests arrive that are sent by `until`. During a step that ends at `step_end` they wait.
    fn receive(
        &mut self,
        until: SimTime,
        step_end: Option<SimTime>,
    ) -> Result<(), SimulationError> {
        while let Some((sent, index)) = self.arrivals.pop(until) {
            self.injected += 1;
            let request = &self.requests[index as usize];
            if let Some(reason) = RejectionReason::of(request, self.server) {
                self.rejected.push(Rejection { index, reason });
                self.arrivals.client_is_free(sent);
                continue;
            }
            self.progress[index as usize].sent = sent;
            self.scheduler.enqueue(index);
            if let Some(step_end) = step_end {
                let waiting = count(self.scheduler.waiting())?;
                self.occupancy.arrival(step_end.since(sent), waiting);
            }
        }
        Ok(())
    }

    fn step_end(&self, latency_us: Option<f64>) -> Result<SimTime, SimulationError> {
        let step = self.steps;
        let wrong = |problem: String| SimulationError::new(format_args!("step {step} {problem}"));
        let latency_us = latency_us
            .ok_or_else(|| wrong("takes a time that the latency model cannot tell".to_owned()))?;
        let duration = SimTime::from_us(latency_us).ok_or_else(|| {
            let latency = PlainNumber(latency_us);
            wrong(format!("takes {latency} us, expected 0 to 9.2e15"))
        })?;
        self.now
            .checked_add(duration.max(SimTime::TICK))
            .ok_or_else(|| wrong("ends later than simulated time can tell (292 years)".to_owned()))
    }

    fn state(&self, batch: &Batch) -> Result<StepOccupancy, SimulationError> {
        Ok(StepOccupancy {
            batch_requests: batch.prefill_requests() + batch.decode_requests(),
            running_requests: count(self.scheduler.running())?,
            waiting_requests: count(self.scheduler.waiting())?,
            kv_blocks: self.scheduler.kv_blocks_held(),
        })
    }

    fn note_plan(&mut self, plan: &Plan) {
        self.preemptions += u64::from(plan.preempted);
        self.prefix_cache.looked_up_tokens += plan.looked_up_tokens;
        self.prefix_cache.hit_tokens += plan.cached_tokens;
        for admission in self.scheduler.admitted() {
            let progress = &mut self.progress[admission.request as usize];
            match progress.admitted {
                None => {
                    progress.admitted = Some(self.now);
                    progress.cached_tokens = admission.cached_tokens;
                }
                Some(_) => progress.preemptions += 1,
            }
        }
    }

    fn finish_step(&mut self, plan: &Plan) {
        let now = self.now;
        for request in self.scheduler.prefilled() {
            self.progress[*request as usize]
                .first_token
                .get_or_insert(now);
        }
        if plan.finishing == 0 {
            return;
        }
        let (progress, arrivals) = (&mut self.progress, &mut self.arrivals);
        self.scheduler.remove_finished(|request| {
            progress[request as usize].last_token = Some(now);
            arrivals.client_is_free(now);
        });
    }

    fn into_simulation(mut self) -> Result<Simulation, SimulationError> {
        let mut served = Vec::new();
        for (index, (progress, request)) in (0..).zip(self.progress.iter().zip(self.requests)) {
            let Progress {
                sent,
                admitted: Some(admitted),
                first_token: Some(first_token),
                last_token: Some(last_token),
                cached_tokens,
                preemptions,
            } = *progress
            else {
                continue;
            };
            let last_token_ms = last_token.since(sent).ms();
            served.push(ServedRequest {
                index,
                sent_ms: sent.ms(),
                queueing_ms: admitted.since(sent).ms(),
                times: RequestTimes::new(
                    first_token.since(sent).ms(),
                    last_token_ms,
                    last_token_ms,
                    request.output_tokens,
                )
                .map_err(SimulationError::new)?,
                prompt_tokens: request.prompt_tokens,
                cached_tokens,
                preemptions,
            });
        }
        self.rejected
            .sort_unstable_by_key(|rejection| rejection.index);
        Ok(Simulation {
            in_flight: self.injected - served.len() as u64 - self.rejected.len() as u64,
            served,
            rejected: self.rejected,
            injected: self.injected,
            steps: self.steps,
            preemptions: self.preemptions,
            duration_us: self.now.us(),
            occupancy: self.occupancy.over(self.now, self.server.kv_blocks()),
            prefix_cache: self.prefix_cache,
            kv_blocks_held: self.scheduler.kv_blocks_held(),
        })
    }
}

fn count(requests: usize) -> Result<u32, SimulationError> {
    u32::try_from(requests).map_err(|_| {
        SimulationError::new(format_args!(
            "{requests} requests, expected up to {}",
            u32::MAX
        ))
    })
}
