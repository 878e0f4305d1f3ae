/// What one step did: one line of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepRecord {
    /// Which step, counted from 0.
    pub step: u64,
    /// When it began, in microseconds after the start.
    pub start_us: f64,
    /// How long it took.
    pub duration_us: f64,
    /// Requests whose prompt it computed, in whole or in part; recomputed requests included.
    pub prefill_requests: u32,
    /// Tokens of those that it computed.
    pub prefill_tokens: u64,
    /// Requests that generated a token without a prompt to compute: that many tokens were computed for them.
    pub decode_requests: u32,
    /// Requests admitted and not finished while it ran, whether or not it computed a token of theirs.
    pub running: u32,
    /// Requests in the queue when it began, after admission.
    pub waiting: u32,
    /// Blocks that running requests held.
    pub kv_blocks_used: u32,
    /// All other blocks; some may still hold a prefix for later requests.
    pub kv_blocks_free: u32,
    /// Requests that lost their blocks when it was planned.
    pub preempted: u32,
    /// Tokens that requests admitted to it found in the cache.
    pub cached_tokens: u64,
    /// Requests whose last token it generated.
    pub finished: u32,
}

/// Who watches the steps of a simulation.
pub trait Observer {
    /// Is told each step, in order of time.
    fn step(&mut self, record: &StepRecord);
}

/// Watches nothing.
impl Observer for () {
    fn step(&mut self, _record: &StepRecord) {}
}

/// Keeps every step.
impl Observer for Vec<StepRecord> {
    fn step(&mut self, record: &StepRecord) {
        self.push(*record);
    }
}
