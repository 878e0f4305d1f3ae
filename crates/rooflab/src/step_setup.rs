//! From the name of a model and a GPU to the step model of both.

use catalog::Catalog;
use replay::Host;
use roofline::{Hardware, StepModel};
use settings::{Inputs, Setup, SetupProblem};

/// A setup whose files were read.
#[derive(Debug)]
pub(crate) struct LoadedSetup<'s> {
    inputs: &'s Inputs,
    pub(crate) setup: Setup,
    pub(crate) hardware: Hardware,
}

/// Reads each model and each GPU once.
#[derive(Debug)]
pub(crate) struct SetupLoader {
    catalog: Catalog,
    inputs: Inputs,
}

impl SetupLoader {
    /// A loader that has read nothing yet.
    pub(crate) fn new(catalog: Catalog) -> Self {
        let inputs = Inputs::default();
        Self { catalog, inputs }
    }

    /// Where models and GPUs are read from.
    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Reads what was not read before.
    ///
    /// # Errors
    ///
    /// A model or GPU that is unknown or cannot be read; hardware that makes no sense.
    pub(crate) fn load(&mut self, setup: Setup) -> Result<LoadedSetup<'_>, SetupProblem> {
        if let Some(model) = &setup.model {
            self.inputs.load_model(&self.catalog, model)?;
        }
        if let Some(gpu) = &setup.gpu {
            self.inputs.load_gpu(&self.catalog, gpu)?;
        }
        Ok(LoadedSetup {
            hardware: self.inputs.hardware(&setup)?,
            inputs: &self.inputs,
            setup,
        })
    }
}

impl LoadedSetup<'_> {
    /// The step model.
    ///
    /// # Errors
    ///
    /// A GPU without tables; factors or a number of GPUs that make no sense for the model.
    pub(crate) fn step_model(&self) -> Result<StepModel<'_>, SetupProblem> {
        self.inputs.step_model(&self.setup)
    }

    /// What a server runs on.
    ///
    /// # Errors
    ///
    /// No model or no GPU.
    pub(crate) fn host<'m>(&'m self, model: &'m StepModel<'m>) -> Result<Host<'m>, SetupProblem> {
        self.inputs.host(&self.setup, model)
    }
}
