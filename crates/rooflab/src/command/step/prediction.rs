//! From a request for a step to its prediction.

use roofline::{Assumptions, Batch, Hardware, Step};

use crate::step_setup::{SetupLoader, StepSetup};

/// One step to predict.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepRequest {
    pub(super) setup: StepSetup,
    pub(super) batch: Batch,
}

/// A step with what it was predicted from.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    pub(super) step: Step,
    pub(super) assumptions: Assumptions,
    pub(super) hardware: Hardware,
}

impl StepRequest {
    /// The prediction.
    pub(super) fn predict(&self, setups: &mut SetupLoader) -> anyhow::Result<Prediction> {
        let setup = setups.load(&self.setup)?;
        Ok(Prediction {
            step: setup.step_model()?.step(&self.batch)?,
            assumptions: setup.assumptions,
            hardware: setup.hardware,
        })
    }
}
