//! The `serve` probe: a measured run, simulated.

use replay::ArrivalSource;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;
use serving::LengthSampling;

use super::axis::AxisSpec;
use super::ordered_map::OrderedMap;
use super::scalar::Scalar;
use super::setup::SetupSpec;

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
    pub(crate) overhead: OverheadSpec,
    /// Limits of the server, over those that the experiment states.
    #[serde(default)]
    pub(crate) server: ServerSpec,
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

/// Microseconds that a step takes beyond what the model says.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Overhead")]
#[expect(
    clippy::struct_field_names,
    reason = "the unit belongs to each key of the file"
)]
pub(crate) struct OverheadSpec {
    /// Of a step that only decodes.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) decode_us: Leaf,
    /// Of a step that only prefills.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) prefill_us: Leaf,
    /// Of a step that does both.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) mixed_us: Leaf,
}

/// Limits of a server. Each is a number, true or false, or the name of an axis.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Server")]
pub(crate) struct ServerSpec {
    /// Most tokens of one step.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) max_num_batched_tokens: Leaf,
    /// Most requests of one step.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) max_num_seqs: Leaf,
    /// Most tokens of one request, prompt and output.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) max_model_len: Leaf,
    /// Tokens of one KV cache block.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) block_size: Leaf,
    /// Blocks of the KV cache; from the memory of the GPUs where absent.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) kv_blocks: Leaf,
    /// Share of the GPU memory that the server takes.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) gpu_memory_utilization: Leaf,
    /// Whether prompts are split over steps.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) chunked_prefill: Leaf,
    /// Whether the KV cache of shared prefixes is kept.
    #[schemars(with = "Option<Scalar>")]
    pub(crate) prefix_caching: Leaf,
}

fn choice_schema(words: &[&str]) -> Schema {
    json_schema!({
        "anyOf": [
            { "enum": words },
            { "type": "string", "description": "the name of an axis" },
            { "type": "null" }
        ]
    })
}

fn lengths_schema(_: &mut SchemaGenerator) -> Schema {
    choice_schema(LengthSampling::NAMES)
}

fn arrivals_schema(_: &mut SchemaGenerator) -> Schema {
    choice_schema(ArrivalSource::NAMES)
}
