//! The models and GPUs that setups name, read once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use catalog::{Catalog, CatalogError, Gpu, MeasuredKernels, Model};
use replay::Host;
use roofline::{AttentionShape, Hardware, Invalid, StepModel};

use crate::setup::Setup;

/// Models and GPUs by the name that the file uses.
#[derive(Debug, Default)]
pub struct Inputs {
    models: BTreeMap<String, Model>,
    gpus: BTreeMap<String, Gpu>,
}

/// Why a setup makes no step model.
#[derive(Debug, thiserror::Error)]
pub enum SetupProblem {
    /// No model.
    #[error("the setup names no model")]
    NoModel,
    /// No GPU.
    #[error("the setup names no gpu")]
    NoGpu,
    /// A name that was not loaded.
    #[error(
        "{what} `{name}` comes from SQL, and only those that the file or an experiment names are read"
    )]
    NotRead {
        /// A model or a GPU.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Files that cannot be read, or tables that are missing.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
    /// Numbers that no GPU and no step model has.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Inputs {
    /// Reads a model unless it is there already.
    ///
    /// # Errors
    ///
    /// A model that is unknown or cannot be read.
    pub fn load_model(&mut self, catalog: &Catalog, name: &str) -> Result<(), CatalogError> {
        if !self.models.contains_key(name) {
            self.models.insert(name.to_owned(), catalog.model(name)?);
        }
        Ok(())
    }

    /// Reads a GPU unless it is there already.
    ///
    /// # Errors
    ///
    /// A GPU that is unknown or cannot be read.
    pub fn load_gpu(&mut self, catalog: &Catalog, name: &str) -> Result<(), CatalogError> {
        if !self.gpus.contains_key(name) {
            self.gpus.insert(name.to_owned(), catalog.gpu(name)?);
        }
        Ok(())
    }

    /// The step model of a setup whose model and GPU were loaded.
    ///
    /// # Errors
    ///
    /// No model or GPU, one that was not loaded, or numbers that make no sense.
    pub fn step_model(&self, setup: &Setup) -> Result<StepModel<'_>, SetupProblem> {
        let (model, gpu) = self.model_and_gpu(setup)?;
        let hardware = setup.hardware(gpu)?;
        let tables = gpu.mfu_tables()?;
        Ok(StepModel::new(
            &model.config,
            &hardware,
            tables,
            setup.tensor_parallel,
            &setup.assumptions,
        )?)
    }

    /// The attention shape of a setup's model, and the kernels that were measured on its GPU.
    ///
    /// # Errors
    ///
    /// No model or GPU, one that was not loaded, or one without tables.
    pub fn measured_kernels(
        &self,
        setup: &Setup,
    ) -> Result<(AttentionShape, &MeasuredKernels), SetupProblem> {
        let (model, gpu) = self.model_and_gpu(setup)?;
        Ok((model.config.attention_shape(), gpu.measured_kernels()?))
    }

    /// What a simulated server runs on, with the step model of the same setup.
    ///
    /// # Errors
    ///
    /// No model or GPU, or one that was not loaded.
    pub fn host<'m>(
        &'m self,
        setup: &Setup,
        step_model: &'m StepModel<'m>,
    ) -> Result<Host<'m>, SetupProblem> {
        let (model, gpu) = self.model_and_gpu(setup)?;
        Ok(Host {
            step_model,
            config: &model.config,
            max_position: model.facts.max_position,
            gpu: &gpu.name,
            gpu_memory_bytes: gpu.memory_bytes,
            tensor_parallel: setup.tensor_parallel,
        })
    }

    /// The GPU of a setup whose model and GPU were loaded, with what differs from its own figures.
    ///
    /// # Errors
    ///
    /// No model or GPU, one that was not loaded, or numbers that make no sense.
    pub fn hardware(&self, setup: &Setup) -> Result<Hardware, SetupProblem> {
        Ok(setup.hardware(self.model_and_gpu(setup)?.1)?)
    }

    fn model_and_gpu(&self, setup: &Setup) -> Result<(&Model, &Gpu), SetupProblem> {
        let not_read = |what, name: &str| SetupProblem::NotRead {
            what,
            name: name.to_owned(),
        };
        let model = setup.model.as_ref().ok_or(SetupProblem::NoModel)?;
        let gpu = setup.gpu.as_ref().ok_or(SetupProblem::NoGpu)?;
        Ok((
            self.models
                .get(model)
                .ok_or_else(|| not_read("model", model))?,
            self.gpus.get(gpu).ok_or_else(|| not_read("gpu", gpu))?,
        ))
    }

    /// A GPU that was loaded.
    #[must_use]
    pub fn gpu(&self, name: &str) -> Option<&Gpu> {
        self.gpus.get(name)
    }

    /// The files of all models and GPUs, relative to the project, each once and sorted.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let models = self.models.values().flat_map(|model| model.files.iter());
        let gpus = self.gpus.values().flat_map(|gpu| gpu.files.iter());
        let mut files: Vec<PathBuf> = models.chain(gpus).cloned().collect();
        files.sort();
        files.dedup();
        files
    }
}
