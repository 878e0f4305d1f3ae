use request_metrics::{Distribution, Metric, Sample};

use crate::occupancy::Occupancy;
use crate::rejection::Rejection;
use crate::served_request::ServedRequest;

/// What came out of a simulation. `injected` is `served`, `rejected` and `in_flight` together.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Requests that got their last token, in the order in which they were given.
    pub served: Vec<ServedRequest>,
    /// Requests that the server refused, in the order in which they were given.
    pub rejected: Vec<Rejection>,
    /// Requests that were sent and neither served nor refused before the end.
    pub in_flight: u64,
    /// Requests that were sent.
    pub injected: u64,
    /// Steps that ended.
    pub steps: u64,
    /// How often a request lost its blocks.
    pub preemptions: u64,
    /// From the start to the last event, or to the limit on the duration where that came first.
    pub duration_us: f64,
    /// How full the server was.
    pub occupancy: Occupancy,
    /// What the prefix cache did.
    pub prefix_cache: PrefixCacheUse,
    /// Blocks that requests in flight hold at the end.
    pub kv_blocks_held: u32,
}

/// How often the prefix cache helped, over all admissions: those after a preemption too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrefixCacheUse {
    /// Tokens that admitted requests had to compute or find.
    pub looked_up_tokens: u64,
    /// Tokens that they found.
    pub hit_tokens: u64,
}

/// Work done over the duration of a simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throughput {
    /// Requests that were served.
    pub requests_per_s: f64,
    /// Output tokens of those.
    pub output_tokens_per_s: f64,
    /// Prompt and output tokens of those.
    pub total_tokens_per_s: f64,
}

impl Simulation {
    /// A metric over the served requests; none where no request has it.
    #[must_use]
    pub fn distribution(&self, metric: Metric) -> Option<Distribution> {
        metric.distribution(self.served.iter().map(|served| &served.times))
    }

    /// The time from sending to first admission over the served requests; none where there are none.
    #[must_use]
    pub fn queueing_ms(&self) -> Option<Distribution> {
        let samples = self
            .served
            .iter()
            .map(|served| Sample::once(served.queueing_ms));
        Distribution::of(samples.collect())
    }

    /// Work over time; none where no time passed.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "token counts are far below 2^53"
    )]
    pub fn throughput(&self) -> Option<Throughput> {
        if self.duration_us <= 0.0 {
            return None;
        }
        let output: u64 = self
            .served
            .iter()
            .map(|served| u64::from(served.times.output_tokens()))
            .sum();
        let prompt: u64 = self
            .served
            .iter()
            .map(|served| u64::from(served.prompt_tokens))
            .sum();
        let per_s = |count: u64| count as f64 / (self.duration_us / 1e6);
        Some(Throughput {
            requests_per_s: per_s(self.served.len() as u64),
            output_tokens_per_s: per_s(output),
            total_tokens_per_s: per_s(prompt + output),
        })
    }
}
