//! The checked steps of a `trace` run.

use std::sync::Arc;

use roofline::{Batch, InvalidRequest, StepTokens};
use step_trace::{Experiment, MeasuredStep, StepTrace};

use super::axes::Axes;

/// What each cell of a `trace` run goes through.
#[derive(Debug, Clone)]
pub(crate) struct TracePlan {
    /// The axis over the experiments of the trace.
    pub(crate) axis: usize,
    /// The trace, where it is at hand; without it there are no cells.
    pub(crate) trace: Option<Arc<StepTrace>>,
}

impl TracePlan {
    /// The steps of the cells at `positions`.
    pub(crate) fn experiment(&self, positions: &[usize]) -> Option<&Experiment> {
        let trace = self.trace.as_ref()?;
        trace.experiments.get(*positions.get(self.axis)?)
    }
}

/// How many rows a run over a trace has: its cells at an experiment have one for each of its rows. `None` where there are
/// more than can be counted.
pub(crate) fn rows_over(trace: &StepTrace, axes: &Axes) -> Option<usize> {
    let cells_of_each = axes.cells() / trace.experiments.len().max(1);
    cells_of_each.checked_mul(trace.rows())
}

/// Mean context of the requests of a step, by the KV cache that all of them hold together.
fn mean_context(step: &MeasuredStep) -> Option<f64> {
    let requests = f64::from(step.prefill_requests) + f64::from(step.decode_requests);
    step.kv_tokens
        .filter(|_| requests > 0.0)
        .map(|tokens| tokens / requests)
}

/// KV lengths of the decode requests, summed: as recorded, else their even share of the KV cache in use.
pub(super) fn decode_kv_tokens(step: &MeasuredStep) -> Option<f64> {
    match step.decode_kv_tokens {
        Some(tokens) => Some(f64::from(tokens)),
        None if step.decode_requests == 0 => Some(0.0),
        None => mean_context(step).map(|mean| mean * f64::from(step.decode_requests)),
    }
}

/// Contexts of the prefill requests, summed: as recorded, else the prompt tokens of the step alone.
fn prefill_context_tokens(step: &MeasuredStep) -> f64 {
    f64::from(step.prefill_context_tokens.unwrap_or(step.prefill_tokens))
}

/// The tokens of a step as the analytical formulas take them; KV that nobody recorded counts as none.
pub(super) fn step_tokens(step: &MeasuredStep) -> StepTokens {
    StepTokens {
        prefill_tokens: f64::from(step.prefill_tokens),
        prefill_context_tokens: prefill_context_tokens(step),
        decode_tokens: f64::from(step.decode_tokens),
        decode_kv_tokens: decode_kv_tokens(step).unwrap_or(0.0),
    }
}

/// Fills in the requests of a step, as far as they are known: prompt tokens in equal parts, and for each decode token a
/// request of the mean KV length. `false` where the step decodes and nothing tells its KV lengths, or is empty.
pub(super) fn fill(batch: &mut Batch, step: &MeasuredStep) -> Result<bool, InvalidRequest> {
    batch.clear();
    let (requests, tokens) = (step.prefill_requests, step.prefill_tokens);
    if tokens > 0 && requests > 0 {
        let (part, rest) = (tokens / requests, tokens % requests);
        let context = mean_context(step).map(whole_tokens);
        for index in 0..requests {
            let new = part + u32::from(index < rest);
            let cached = match step.prefill_context_tokens {
                Some(total) => (total / requests).saturating_sub(new),
                None => context.unwrap_or(0).saturating_sub(new),
            };
            batch.push_prefill(cached, new)?;
        }
    }
    if step.decode_tokens > 0 {
        let Some(kv_tokens) = decode_kv_tokens(step) else {
            return Ok(false);
        };
        let mean = kv_tokens / f64::from(step.decode_requests.max(1));
        batch.push_decode(whole_tokens(mean).max(1), step.decode_tokens)?;
    }
    Ok(batch.prefill_requests() > 0 || batch.decode_requests() > 0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a token count of 0 or more; the cast saturates, and a batch refuses what is too long"
)]
fn whole_tokens(tokens: f64) -> u32 {
    tokens.round() as u32
}
