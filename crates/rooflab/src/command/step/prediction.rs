//! From a request for a step to its prediction.

use catalog::Catalog;
use roofline::{Assumptions, Batch, EmptyBatch, Hardware, Step};

use crate::step_setup::{SetupError, SetupLoader, StepSetup};

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

/// Why there is no prediction.
#[derive(Debug, thiserror::Error)]
pub(super) enum PredictionError {
    #[error("{0}")]
    Setup(#[from] SetupError),
    #[error(transparent)]
    EmptyBatch(#[from] EmptyBatch),
}

/// Predicts steps, and reads each model and GPU once.
#[derive(Debug)]
pub(super) struct Predictor {
    setups: SetupLoader,
}

impl Predictor {
    /// A predictor that has read nothing yet.
    pub(super) fn new(catalog: Catalog) -> Self {
        Self {
            setups: SetupLoader::new(catalog),
        }
    }

    /// The prediction.
    pub(super) fn predict(&mut self, request: &StepRequest) -> Result<Prediction, PredictionError> {
        let setup = self.setups.load(&request.setup)?;
        Ok(Prediction {
            step: setup.step_model()?.step(&request.batch)?,
            assumptions: setup.assumptions,
            hardware: setup.hardware,
        })
    }
}
