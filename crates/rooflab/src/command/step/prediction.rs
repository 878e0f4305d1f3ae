//! From a request for a step to its prediction.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use catalog::{Catalog, CatalogError, Gpu, Model};
use roofline::{Assumptions, Batch, EmptyBatch, Hardware, Invalid, Preset, Step, StepModel};

use super::overrides::{AssumptionOverrides, HardwareOverrides};

/// One step to predict.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepRequest {
    pub(super) model: String,
    pub(super) gpu: String,
    pub(super) tensor_parallel: u32,
    pub(super) preset: Preset,
    pub(super) assumptions: AssumptionOverrides,
    pub(super) hardware: HardwareOverrides,
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
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    EmptyBatch(#[from] EmptyBatch),
}

/// Predicts steps, and reads each model and GPU once.
#[derive(Debug)]
pub(super) struct Predictor {
    catalog: Catalog,
    models: BTreeMap<String, Model>,
    gpus: BTreeMap<String, Gpu>,
}

impl Predictor {
    /// A predictor that has read nothing yet.
    pub(super) fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            models: BTreeMap::new(),
            gpus: BTreeMap::new(),
        }
    }

    /// The prediction.
    pub(super) fn predict(&mut self, request: &StepRequest) -> Result<Prediction, PredictionError> {
        let model = match self.models.entry(request.model.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.catalog.model(&request.model)?),
        };
        // The catalog takes names in any case: one entry for all of them.
        let gpu = match self.gpus.entry(request.gpu.to_lowercase()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.catalog.gpu(&request.gpu)?),
        };
        let tables = gpu.mfu_tables()?;
        let hardware = request.hardware.over(gpu)?;
        let assumptions = request.assumptions.over(request.preset.assumptions());
        let step_model = StepModel::new(
            &model.config,
            &hardware,
            tables,
            request.tensor_parallel,
            &assumptions,
        )?;
        Ok(Prediction {
            step: step_model.step(&request.batch)?,
            assumptions,
            hardware,
        })
    }
}
