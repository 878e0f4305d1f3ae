use request_metrics::PlainNumber;
use roofline::{Batch, Found, StepModel};
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

roofline::choice! {
    /// What a step does. Flags and keys of its overhead begin with its name.
    "kind of step" StepKind {
        /// Only generates tokens.
        Decode = "decode",
        /// Only computes prompts.
        Prefill = "prefill",
        /// Does both.
        Mixed = "mixed",
    }
}

/// An overhead that is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error(
    "the overhead of a {} step is {} us, expected 0 to {:e} us",
    kind.name(),
    PlainNumber(*overhead_us),
    StepOverheads::MAX_US
)]
pub struct InvalidOverhead {
    /// The steps that have it.
    pub kind: StepKind,
    /// Its value.
    pub overhead_us: f64,
}

impl StepKind {
    fn of(batch: &Batch) -> Self {
        match (batch.prefill().is_empty(), batch.decode_requests() == 0) {
            (true, _) => Self::Decode,
            (false, true) => Self::Prefill,
            (false, false) => Self::Mixed,
        }
    }
}

impl StepOverheads {
    /// The largest overhead, in microseconds (1000 s).
    pub const MAX_US: f64 = 1e9;

    fn of(&self, kind: StepKind) -> f64 {
        match kind {
            StepKind::Decode => self.decode_us,
            StepKind::Prefill => self.prefill_us,
            StepKind::Mixed => self.mixed_us,
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
        for kind in StepKind::ALL.iter().copied() {
            let overhead_us = overheads.of(kind);
            if !(0.0..=StepOverheads::MAX_US).contains(&overhead_us) {
                return Err(InvalidOverhead { kind, overhead_us });
            }
        }
        Ok(Self { model, overheads })
    }

    /// The time of a step in microseconds, and how the MFUs of its prediction were found. None for an empty batch.
    #[inline]
    #[must_use]
    pub fn predict(&self, batch: &Batch) -> Option<(f64, Found)> {
        let predicted = self.model.step(batch).ok()?;
        let step_us = predicted.step_us_exact + self.overheads.of(StepKind::of(batch));
        Some((step_us, predicted.found()))
    }
}

impl LatencyModel for RooflineLatency<'_> {
    #[inline]
    fn step_us(&self, batch: &Batch) -> Option<f64> {
        self.predict(batch).map(|(step_us, _)| step_us)
    }
}
