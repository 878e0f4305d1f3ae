use request_metrics::PlainNumber;
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

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// Only generates tokens.
    Decode,
    /// Only computes prompts.
    Prefill,
    /// Does both.
    Mixed,
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
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Decode, Self::Prefill, Self::Mixed];

    /// The word for it, which flags and keys of its overhead begin with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Prefill => "prefill",
            Self::Mixed => "mixed",
        }
    }

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
        for kind in StepKind::ALL {
            let overhead_us = overheads.of(kind);
            if !(0.0..=StepOverheads::MAX_US).contains(&overhead_us) {
                return Err(InvalidOverhead { kind, overhead_us });
            }
        }
        Ok(Self { model, overheads })
    }
}

impl LatencyModel for RooflineLatency<'_> {
    #[inline]
    fn step_us(&self, batch: &Batch) -> Option<f64> {
        let predicted = self.model.step(batch).ok()?;
        Some(predicted.step_us_exact + self.overheads.of(StepKind::of(batch)))
    }
}
