//! Which measured runs an axis goes over.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, SeqAccess, Visitor, value};
use serde::{Deserialize, Serialize};

use super::scalar::Scalar;

/// Measured runs that have one of the values of every key; without keys all of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GroundTruth")]
pub(crate) struct GroundTruthSpec {
    /// Names of experiments: folders of the ground truth.
    pub(crate) experiment: Option<Choices>,
    /// Workloads: `app` of exp-config.yaml.
    pub(crate) workload: Option<Choices>,
    /// Models: folders below `model_configs`.
    pub(crate) model: Option<Choices>,
    /// Numbers of GPUs that split the model.
    pub(crate) tensor_parallel: Option<Choices>,
    /// A part of a split in splits.yaml, as in `hg1.train`, or one of the file's own `splits`.
    pub(crate) split: Option<Choices>,
    /// Kinds of load: synchronous, concurrent, throughput, constant, poisson, trace.
    pub(crate) strategy: Option<Choices>,
}

/// One value or several.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Choices(pub(crate) Vec<Scalar>);

impl Choices {
    /// The values as text.
    pub(crate) fn words(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(Scalar::to_string)
    }
}

impl<'de> Deserialize<'de> for Choices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChoicesVisitor)
    }
}

struct ChoicesVisitor;

impl<'de> Visitor<'de> for ChoicesVisitor {
    type Value = Choices;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a list of values")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Choices, E> {
        let one = Scalar::deserialize(value::U64Deserializer::new(number))?;
        Ok(Choices(vec![one]))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Choices, E> {
        Ok(Choices(vec![Scalar::Int(number)]))
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Choices, E> {
        Ok(Choices(vec![Scalar::Text(word.to_owned())]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Choices, A::Error> {
        let choices: Vec<Scalar> = Vec::deserialize(value::SeqAccessDeserializer::new(seq))?;
        if choices.is_empty() {
            return Err(serde::de::Error::custom(
                "a list of values needs at least one",
            ));
        }
        Ok(Choices(choices))
    }
}

impl JsonSchema for Choices {
    fn schema_name() -> Cow<'static, str> {
        "Choices".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = json_schema!({ "type": ["string", "integer"] });
        json_schema!({
            "description": "a value or a list of values",
            "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }]
        })
    }
}
