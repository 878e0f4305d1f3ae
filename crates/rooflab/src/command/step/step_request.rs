//! One step to predict.

use roofline::{Batch, Step};

use crate::step_setup::{LoadedSetup, SetupLoader, StepSetup};

/// One step to predict.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepRequest {
    pub(super) setup: StepSetup,
    pub(super) batch: Batch,
}

impl StepRequest {
    /// The prediction, and what it rests on.
    pub(super) fn predict<'s>(
        &self,
        setups: &'s mut SetupLoader,
    ) -> anyhow::Result<(Step, LoadedSetup<'s>)> {
        let setup = setups.load(&self.setup)?;
        let step = setup.step_model()?.step(&self.batch)?;
        Ok((step, setup))
    }
}
