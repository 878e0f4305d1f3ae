use crate::sim_time::SimTime;

/// How full the server was. Means are over the whole duration of the simulation, idle time included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Occupancy {
    /// Share of the time in which a step ran.
    pub busy: f64,
    /// Requests that the step in progress computed tokens of.
    pub mean_batch_requests: f64,
    /// The most of them in one step.
    pub max_batch_requests: u32,
    /// Requests that were admitted and not finished.
    pub mean_running_requests: f64,
    /// The most of them in one step.
    pub max_running_requests: u32,
    /// Requests in the queue.
    pub mean_waiting_requests: f64,
    /// The most of them at any time.
    pub max_waiting_requests: u32,
    /// Blocks of the KV cache that running requests held.
    pub mean_kv_blocks: f64,
    /// The most of them in one step.
    pub max_kv_blocks: u32,
    /// Blocks of the KV cache in all.
    pub kv_blocks: u32,
}

/// The server during one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepOccupancy {
    pub(crate) batch_requests: u32,
    pub(crate) running_requests: u32,
    pub(crate) waiting_requests: u32,
    pub(crate) kv_blocks: u32,
}

/// Counts multiplied by the time they lasted, as exact integers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OccupancyTotals {
    busy_ns: u128,
    batch: u128,
    running: u128,
    waiting: u128,
    kv_blocks: u128,
    max_batch: u32,
    max_running: u32,
    max_waiting: u32,
    max_kv_blocks: u32,
}

impl OccupancyTotals {
    pub(crate) fn step(&mut self, step: &StepOccupancy, duration: SimTime) {
        let ns = u128::from(duration.ns());
        self.busy_ns += ns;
        self.batch += ns * u128::from(step.batch_requests);
        self.running += ns * u128::from(step.running_requests);
        self.waiting += ns * u128::from(step.waiting_requests);
        self.kv_blocks += ns * u128::from(step.kv_blocks);
        self.max_batch = self.max_batch.max(step.batch_requests);
        self.max_running = self.max_running.max(step.running_requests);
        self.max_waiting = self.max_waiting.max(step.waiting_requests);
        self.max_kv_blocks = self.max_kv_blocks.max(step.kv_blocks);
    }

    /// A request came during a step, and waited for the rest of it in a queue that is `waiting_requests` long with it.
    pub(crate) fn arrival(&mut self, rest: SimTime, waiting_requests: u32) {
        self.waiting += u128::from(rest.ns());
        self.max_waiting = self.max_waiting.max(waiting_requests);
    }

    pub(crate) fn over(&self, duration: SimTime, kv_blocks: u32) -> Occupancy {
        let mean = |total| mean(total, duration);
        Occupancy {
            busy: mean(self.busy_ns),
            mean_batch_requests: mean(self.batch),
            max_batch_requests: self.max_batch,
            mean_running_requests: mean(self.running),
            max_running_requests: self.max_running,
            mean_waiting_requests: mean(self.waiting),
            max_waiting_requests: self.max_waiting,
            mean_kv_blocks: mean(self.kv_blocks),
            max_kv_blocks: self.max_kv_blocks,
            kv_blocks,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "totals are rounded once, when they leave the integers"
)]
fn mean(total: u128, duration: SimTime) -> f64 {
    match duration.ns() {
        0 => 0.0,
        ns => total as f64 / ns as f64,
    }
}
