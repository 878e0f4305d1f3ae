//! The top level of `hypothesis.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use super::data::DataSpec;
use super::ordered_map::OrderedMap;
use super::plot::PlotSpec;
use super::probe::ProbeSpec;
use super::published::PublishedSpec;
use super::setup::{SetupSpec, shared_setup_schema};
use super::table::{CheckSpec, TableSpec};

/// A hypothesis: claim, what would refute it, the sweep, the tables and the checks that decide.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rooflab hypothesis")]
pub(crate) struct HypothesisSpec {
    /// Short name, as in H28; the folder name begins with it.
    #[schemars(with = "String")]
    pub(crate) id: Spanned<String>,
    /// The claim in one line.
    pub(crate) title: String,
    /// What the claim is about.
    pub(crate) family: Family,
    /// Where its numbers come from.
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    /// When the hypothesis was stated, as YYYY-MM-DD.
    #[schemars(with = "String")]
    pub(crate) date: Spanned<String>,
    /// The claim in full.
    pub(crate) statement: String,
    /// What would refute it.
    pub(crate) refuted_if: String,
    /// Constants that all runs share.
    #[schemars(schema_with = "shared_setup_schema")]
    pub(crate) setup: SetupSpec,
    /// Measured data that the runs read, by name.
    #[serde(default)]
    pub(crate) data: OrderedMap<DataSpec>,
    /// Most cells that one run may have.
    #[schemars(with = "Option<u64>")]
    pub(crate) max_cells: Option<Spanned<u64>>,
    /// The sweeps, by name.
    pub(crate) runs: OrderedMap<ProbeSpec>,
    /// SQL over the runs and over other tables, by name.
    pub(crate) tables: OrderedMap<TableSpec>,
    /// What decides.
    pub(crate) checks: Vec<CheckSpec>,
    /// Pictures of the tables.
    #[serde(default)]
    pub(crate) plots: Vec<PlotSpec>,
    /// What was published, to compare with.
    pub(crate) published: Option<PublishedSpec>,
}

/// What part of the model or of its use a hypothesis speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The formulas of the step model.
    StructuralModel,
    /// The measured MFU tables and how they are looked up.
    MfuTables,
    /// Constants fitted to measurements.
    Calibration,
    /// The simulated server.
    Serving,
    /// Measured steps or requests.
    Measurement,
}

impl Family {
    /// The name in hypothesis files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::StructuralModel => "structural-model",
            Self::MfuTables => "mfu-tables",
            Self::Calibration => "calibration",
            Self::Serving => "serving",
            Self::Measurement => "measurement",
        }
    }
}

/// Where the numbers of a hypothesis come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Pure computation: no random numbers, no measurements.
    Deterministic,
    /// Seeded random numbers.
    Statistical,
    /// Compared with measured runs.
    GroundTruth,
}

impl Kind {
    /// The name in hypothesis files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Deterministic => "deterministic",
            Self::Statistical => "statistical",
            Self::GroundTruth => "ground-truth",
        }
    }
}
