//! From the name of a model and a GPU to the step model of both.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use catalog::{Catalog, Gpu, Model};
use roofline::{Assumptions, Hardware, Preset, StepModel};
use serde::Serialize;

use crate::overrides::{AssumptionOverrides, HardwareOverrides};

/// What decides about a step model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct StepSetup {
    /// Folder below `model_configs`.
    pub(crate) model: String,
    /// Folder below `bench_data`, in any case.
    pub(crate) gpu: String,
    pub(crate) hardware: HardwareOverrides,
    /// GPUs that split the model.
    pub(crate) tensor_parallel: u32,
    pub(crate) preset: Preset,
    pub(crate) assumptions: AssumptionOverrides,
}

/// A setup whose files were read and whose overrides were applied.
#[derive(Debug)]
pub(crate) struct LoadedSetup<'s> {
    pub(crate) model: &'s Model,
    pub(crate) gpu: &'s Gpu,
    pub(crate) tensor_parallel: u32,
    pub(crate) preset: Preset,
    pub(crate) assumptions: Assumptions,
    pub(crate) hardware: Hardware,
}

/// Reads each model and each GPU once.
#[derive(Debug)]
pub(crate) struct SetupLoader {
    catalog: Catalog,
    models: BTreeMap<String, Model>,
    gpus: BTreeMap<String, Gpu>,
}

impl SetupLoader {
    /// A loader that has read nothing yet.
    pub(crate) fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            models: BTreeMap::new(),
            gpus: BTreeMap::new(),
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
    /// A model or GPU that is unknown or cannot be read; hardware overrides that make no sense.
    pub(crate) fn load(&mut self, setup: &StepSetup) -> anyhow::Result<LoadedSetup<'_>> {
        let model = match self.models.entry(setup.model.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.catalog.model(&setup.model)?),
        };
        // The catalog takes names in any case: one entry for all of them.
        let gpu = match self.gpus.entry(setup.gpu.to_lowercase()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.catalog.gpu(&setup.gpu)?),
        };
        Ok(LoadedSetup {
            hardware: setup.hardware.over(gpu)?,
            model,
            gpu,
            tensor_parallel: setup.tensor_parallel,
            preset: setup.preset,
            assumptions: setup.assumptions.over(setup.preset.assumptions()),
        })
    }
}

impl LoadedSetup<'_> {
    /// The step model.
    ///
    /// # Errors
    ///
    /// A GPU without tables; factors or a number of GPUs that make no sense for the model.
    pub(crate) fn step_model(&self) -> anyhow::Result<StepModel<'_>> {
        let tables = self.gpu.mfu_tables()?;
        Ok(StepModel::new(
            &self.model.config,
            &self.hardware,
            tables,
            self.tensor_parallel,
            &self.assumptions,
        )?)
    }
}
