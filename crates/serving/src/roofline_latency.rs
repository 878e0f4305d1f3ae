use roofline::{Batch, StepModel};
use thiserror::Error;

use crate::latency_model::LatencyModel;

/// Steps take what the roofline model predicts, and a fixed overhead by kind of step.
///
/// The predicted time is not rounded to microseconds; the overhead per layer is part of the prediction already.
#[derive(Clone, Copy, Debug)]
pub struct RooflineLatency<'a> {
    model: &'a StepModel<'a>,
    overheads: StepOverheads,
}

/// Time that a step takes besides its prediction, in microseconds, by what it does. None by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepOverheads {
    /// Of a step that only generates tokens.
    pub decode_us: f64,
    /// Of a step that only computes prompts.
    pub prefill_us: f64,
    /// Of a step that does both.
    pub mixed_us: f64,
}

/// An overhead that is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error(
    "`{field}` is {overhead_us} us, expected 0 to {:e} us",
    StepOverheads::MAX_US
)]
pub struct InvalidOverhead {
    /// The field of [`StepOverheads`].
    pub field: &'static str,
    /// Its value.
    pub overhead_us: f64,
}

impl StepOverheads {
    /// The largest overhead, in microseconds (1000 s).
    pub const MAX_US: f64 = 1e9;

    fn of(&self, batch: &Batch) -> f64 {
        match (batch.prefill().is_empty(), batch.decode_requests() == 0) {
            (true, _) => self.decode_us,
            (false, true) => self.prefill_us,
            (false, false) => self.mixed_us,
        }
    }
}

impl<'a> RooflineLatency<'a> {
    /// Checks the overheads.
    ///
    /// # Errors
    ///
    /// The first overhead that is negative, above [`StepOverheads::MAX_US`] or not a number.
    pub fn new(
        model: &'a StepModel<'a>,
        overheads: StepOverheads,
    ) -> Result<Self, InvalidOverhead> {
        for (field, overhead_us) in [
            ("decode_us", overheads.decode_us),
            ("prefill_us", overheads.prefill_us),
            ("mixed_us", overheads.mixed_us),
        ] {
            if !(0.0..=StepOverheads::MAX_US).contains(&overhead_us) {
                return Err(InvalidOverhead { field, overhead_us });
            }
        }
        Ok(Self { model, overheads })
    }
}

impl LatencyModel for RooflineLatency<'_> {
    #[inline]
    fn step_us(&self, batch: &Batch) -> Option<f64> {
        let predicted = self.model.step(batch).ok()?;
        Some(predicted.step_us_exact + self.overheads.of(batch))
    }
}
