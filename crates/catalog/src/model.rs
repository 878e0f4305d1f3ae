use std::path::PathBuf;

use roofline::ModelConfig;

use crate::weight_format::WeightFormat;

/// A model of the catalog, ready for predictions.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The name of its folder in `model_configs`.
    pub name: String,
    /// What the roofline model needs.
    pub config: ModelConfig,
    /// What it does not need, for reports.
    pub facts: HubFacts,
    /// The files this was read from, relative to the catalog's root.
    pub files: Vec<PathBuf>,
}

/// Facts of a `config.json` that predictions do not use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubFacts {
    /// The repository it was published in (`_name_or_path`), where the file says so.
    pub hub_id: Option<String>,
    /// How the weights are stored; the width in [`ModelConfig`] follows from it.
    pub weight_format: WeightFormat,
    /// The longest context in tokens, where the file says so.
    pub max_position: Option<u32>,
}
