use roofline::Batch;

/// How long the server takes for a step.
pub trait LatencyModel {
    /// The time of one step in microseconds; the batch is never empty. None where there is no telling: that, and a time
    /// that is negative or not finite, stops the simulation with an error.
    fn step_us(&self, batch: &Batch) -> Option<f64>;
}

/// A step time that is linear in what the step does:
/// `fixed + prefill_token * prefill tokens + decode_request * decode requests`.
///
/// Queues under it have known answers, so that tests and documentation can state them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinearLatency {
    /// Of every step, in microseconds.
    pub fixed_us: f64,
    /// For each token of a prompt that is computed, in microseconds.
    pub prefill_token_us: f64,
    /// For each request that generates a token without a prompt to compute, in microseconds.
    pub decode_request_us: f64,
}

impl LatencyModel for LinearLatency {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a step has far fewer tokens than 2^53"
    )]
    fn step_us(&self, batch: &Batch) -> Option<f64> {
        let prefill_us = self.prefill_token_us * batch.prefill_tokens() as f64;
        let decode_us = self.decode_request_us * f64::from(batch.decode_requests());
        Some(self.fixed_us + prefill_us + decode_us)
    }
}
