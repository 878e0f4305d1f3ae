//! Measured data beside the project, which a user names when it is at hand.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, de};
use serde_yaml::Spanned;

use super::canonical_text::is_presentation;
use super::ordered_map::OrderedMap;

/// A trace of measured steps, Parquet or CSV with one row a step, or one for all steps with the same requests and tokens.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Data")]
pub(crate) struct DataSpec {
    /// What the file holds, and where one comes from: shown where it is not at hand.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) what: String,
    /// The file, relative to the folder of the hypothesis; where absent it is named by `--data`.
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) file: Option<Spanned<String>>,
    /// Which column is which field of a step.
    pub(crate) columns: OrderedMap<SourceSpec>,
    /// The same for `file`, where its columns are others than those of a file that is named by `--data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file_columns: Option<OrderedMap<SourceSpec>>,
}

/// Where the values of a field come from: the name of a column, or a mapping that says more.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SourceSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) constant: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scale: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) values: Option<OrderedMap<Option<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FullSource {
    column: Option<String>,
    constant: Option<f64>,
    scale: Option<f64>,
    values: Option<OrderedMap<Option<String>>>,
}

impl<'de> Deserialize<'de> for SourceSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = SourceSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a column, {column: NAME, scale: NUMBER}, {column: NAME, values: {WORD: MEANING}} or {constant: NUMBER}")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<SourceSpec, E> {
        Ok(SourceSpec {
            column: Some(name.to_owned()),
            constant: None,
            scale: None,
            values: None,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SourceSpec, A::Error> {
        let FullSource {
            column,
            constant,
            scale,
            values,
        } = FullSource::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let problem = match (&column, constant) {
            (None, None) => Some("a source is a `column` or a `constant`"),
            (Some(_), Some(_)) => Some("a source is a `column` or a `constant`, not both"),
            (None, Some(_)) if scale.is_some() || values.is_some() => {
                Some("a `constant` has no `scale` and no `values`")
            }
            _ if scale.is_some() && values.is_some() => {
                Some("`scale` is for numbers and `values` for words: a column has one of them")
            }
            _ if scale.is_some_and(|scale| !scale.is_finite() || scale <= 0.0) => {
                Some("`scale` is a positive number")
            }
            _ => None,
        };
        match problem {
            Some(problem) => Err(de::Error::custom(problem)),
            None => Ok(SourceSpec {
                column,
                constant,
                scale,
                values,
            }),
        }
    }
}

impl JsonSchema for SourceSpec {
    fn schema_name() -> Cow<'static, str> {
        "Source".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "where the values of a field come from: the name of a column, a column in other units, words that stand for others (null leaves the row out), or the same number in every row",
            "anyOf": [
                { "type": "string" },
                { "type": "object", "properties": { "column": { "type": "string" }, "scale": { "type": "number", "exclusiveMinimum": 0 } }, "required": ["column"], "additionalProperties": false },
                { "type": "object", "properties": { "column": { "type": "string" }, "values": { "type": "object", "additionalProperties": { "type": ["string", "null"] } } }, "required": ["column", "values"], "additionalProperties": false },
                { "type": "object", "properties": { "constant": { "type": "number" } }, "required": ["constant"], "additionalProperties": false }
            ]
        })
    }
}
