//! One step to predict.

use roofline::{Batch, Hardware, Step};
use settings::{GivenSettings, Setup};

use crate::step_setup::SetupLoader;

/// One step to predict.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepRequest {
    pub(super) setup: Setup,
    /// The settings that are not left to defaults.
    pub(super) given: GivenSettings,
    pub(super) batch: Batch,
}

impl StepRequest {
    /// A request for a step of a setup in which settings are given.
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

    /// The prediction, and the hardware that it is for.
    pub(super) fn predict(&self, setups: &mut SetupLoader) -> anyhow::Result<(Step, Hardware)> {
        let setup = setups.load(self.setup.clone())?;
        let step = setup.step_model()?.step(&self.batch)?;
        Ok((step, setup.hardware))
    }
}
