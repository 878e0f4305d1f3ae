//! The models and GPUs that the runs of a hypothesis name, read once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use catalog::{Catalog, CatalogError, Gpu, MeasuredKernels, Model};
use replay::Host;
use roofline::{AttentionShape, Hardware, HardwareSpec, Invalid, StepModel};

use crate::format::Setup;

/// Models and GPUs by the name that the file uses.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    models: BTreeMap<String, Model>,
    gpus: BTreeMap<String, Gpu>,
}

/// Why a setup makes no step model.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupProblem {
    #[error("the setup names no model")]
    NoModel,
    #[error("the setup names no gpu")]
    NoGpu,
    #[error(
        "{what} `{name}` comes from SQL, and only those that the file or an experiment names are read"
    )]
    NotRead { what: &'static str, name: String },
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Inputs {
    /// Reads a model unless it is there already.
    pub(crate) fn load_model(&mut self, catalog: &Catalog, name: &str) -> Result<(), CatalogError> {
        if !self.models.contains_key(name) {
            self.models.insert(name.to_owned(), catalog.model(name)?);
        }
        Ok(())
    }

    /// Reads a GPU unless it is there already.
    pub(crate) fn load_gpu(&mut self, catalog: &Catalog, name: &str) -> Result<(), CatalogError> {
        if !self.gpus.contains_key(name) {
            self.gpus.insert(name.to_owned(), catalog.gpu(name)?);
        }
        Ok(())
    }

    /// The step model of a setup whose model and GPU were loaded.
    pub(crate) fn step_model(&self, setup: &Setup) -> Result<StepModel<'_>, SetupProblem> {
        let (model, gpu) = self.model_and_gpu(setup)?;
        let hardware = Hardware::new(hardware_spec(setup, gpu))?;
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
    pub(crate) fn measured_kernels(
        &self,
        setup: &Setup,
    ) -> Result<(AttentionShape, &MeasuredKernels), SetupProblem> {
        let (model, gpu) = self.model_and_gpu(setup)?;
        Ok((model.config.attention_shape(), gpu.measured_kernels()?))
    }

    /// What a simulated server runs on, with the step model of the same setup.
    pub(crate) fn host<'m>(
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

    pub(crate) fn gpu(&self, name: &str) -> Option<&Gpu> {
        self.gpus.get(name)
    }

    /// The files of all models and GPUs, relative to the project, each once and sorted.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let models = self.models.values().flat_map(|model| model.files.iter());
        let gpus = self.gpus.values().flat_map(|gpu| gpu.files.iter());
        let mut files: Vec<PathBuf> = models.chain(gpus).cloned().collect();
        files.sort();
        files.dedup();
        files
    }
}

fn hardware_spec(setup: &Setup, gpu: &Gpu) -> HardwareSpec {
    HardwareSpec {
        peak_flops_per_s: setup.peak_flops_per_s.unwrap_or(gpu.peak_flops_per_s),
        bandwidth_bytes_per_s: setup
            .bandwidth_bytes_per_s
            .unwrap_or(gpu.bandwidth_bytes_per_s),
        bandwidth_efficiency: setup.bandwidth_efficiency,
        per_layer_overhead_us: setup.per_layer_overhead_us,
    }
}
