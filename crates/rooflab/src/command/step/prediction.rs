//! From a request for a step to its prediction.

use catalog::Catalog;
use roofline::{Batch, EmptyBatch, Hardware, Step};
use settings::{GivenSettings, Setup, SetupProblem};

use crate::step_setup::SetupLoader;

/// One step to predict.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepRequest {
    pub(super) setup: Setup,
    /// What of the setup is not as usual.
    pub(super) given: GivenSettings,
    pub(super) batch: Batch,
}

impl StepRequest {
    /// A request for a step of a setup in which settings are replaced.
    pub(super) fn new(mut setup: Setup, given: GivenSettings, batch: Batch) -> Self {
        for (setting, value) in &given {
            setting.put(&mut setup, value);
        }
        Self {
            setup,
            given,
            batch,
        }
    }
}

/// A step with what it was predicted from.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    pub(super) step: Step,
    pub(super) hardware: Hardware,
}

/// Why there is no prediction.
#[derive(Debug, thiserror::Error)]
pub(super) enum PredictionError {
    #[error("{0}")]
    Setup(#[from] SetupProblem),
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
        let inputs = self.setups.load(&request.setup)?;
        Ok(Prediction {
            step: inputs.step_model(&request.setup)?.step(&request.batch)?,
            hardware: inputs.hardware(&request.setup)?,
        })
    }
}
