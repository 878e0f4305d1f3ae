//! From the names of a model and a GPU to what is predicted with both.

use catalog::Catalog;
use settings::{Inputs, Setup, SetupProblem};

/// Reads each model and each GPU once.
#[derive(Debug)]
pub(crate) struct SetupLoader {
    catalog: Catalog,
    inputs: Inputs,
}

impl SetupLoader {
    /// A loader that has read nothing yet.
    pub(crate) fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            inputs: Inputs::default(),
        }
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
    pub(crate) fn load(&mut self, setup: &Setup) -> Result<&Inputs, SetupProblem> {
        if let Some(model) = &setup.model {
            self.inputs.load_model(&self.catalog, model)?;
        }
        if let Some(gpu) = &setup.gpu {
            self.inputs.load_gpu(&self.catalog, gpu)?;
        }
        self.inputs.hardware(setup)?;
        Ok(&self.inputs)
    }
}
