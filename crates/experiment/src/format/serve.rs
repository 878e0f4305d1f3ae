//! The `serve` probe: a measured run, simulated.

use replay::ArrivalSource;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;
use serving::LengthSampling;
use settings::{OVERHEAD, SERVER, Setting};

use super::axis::AxisSpec;
use super::ordered_map::OrderedMap;
use super::scalar::Scalar;
use super::setup::{SettingsSpec, SetupSpec, words_schema};

type Leaf = Option<Spanned<Scalar>>;

/// Simulates one measured benchmark in each cell. One axis must be `{ground_truth: {...}}`.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Serve")]
pub(crate) struct ServeSpec {
    /// The axes of the sweep; one of them goes over the ground truth.
    pub(crate) vary: OrderedMap<AxisSpec>,
    /// What differs from the file's setup. Model, tensor parallel and GPU are those of the experiment unless they stand
    /// here.
    #[serde(default)]
    pub(crate) setup: SetupSpec,
    /// Fixed times on top of the model, by what a step does.
    #[serde(default)]
    pub(crate) overhead: SettingsSpec<OVERHEAD>,
    /// Limits of the server, over those that the experiment states.
    #[serde(default)]
    pub(crate) server: SettingsSpec<SERVER>,
    /// Where token lengths come from when no requests were recorded: stratified (default) or seeded.
    #[serde(default)]
    #[schemars(schema_with = "lengths_schema")]
    pub(crate) lengths: Leaf,
    /// When requests arrive: as-measured (default), as-configured, constant-at-measured-rate or
    /// poisson-at-measured-rate.
    #[serde(default)]
    #[schemars(schema_with = "arrivals_schema")]
    pub(crate) arrivals: Leaf,
    /// Seed of all that is drawn; 42 where absent.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) seed: Leaf,
}

impl ServeSpec {
    /// The value that the file gives a setting of the simulation.
    pub(crate) fn get(&self, setting: Setting) -> Option<&Spanned<Scalar>> {
        match setting.path() {
            "lengths" => self.lengths.as_ref(),
            "arrivals" => self.arrivals.as_ref(),
            "seed" => self.seed.as_ref(),
            _ => (self.overhead.get(setting)).or_else(|| self.server.get(setting)),
        }
    }
}

fn lengths_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(LengthSampling::NAMES)
}

fn arrivals_schema(_: &mut SchemaGenerator) -> Schema {
    words_schema(ArrivalSource::NAMES)
}
