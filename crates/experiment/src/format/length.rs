//! Token counts of a batch: a number, an axis, a list or a generator.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor, value};

use super::scalar::Scalar;

/// Token counts of the requests of one batch entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LengthSpec {
    /// A number, or the name of an axis or case field.
    One(Scalar),
    /// One request for each entry.
    List(Vec<u32>),
    /// `count` lengths from the first to the last in equal integer steps.
    Linspace([u32; 2]),
    /// `count` lengths: start, start + step, start + 2 step, ...
    Steps { start: u32, step: u32 },
}

/// The keys of a generator.
const GENERATOR_KEYS: &[&str] = &["linspace", "start", "step"];

impl<'de> Deserialize<'de> for LengthSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LengthVisitor)
    }
}

struct LengthVisitor;

impl<'de> Visitor<'de> for LengthVisitor {
    type Value = LengthSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token count, the name of an axis, a list, {linspace: [from, to]} or {start: n, step: n}")
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<LengthSpec, E> {
        Ok(LengthSpec::One(Scalar::Int(value)))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<LengthSpec, E> {
        Scalar::deserialize(value::U64Deserializer::new(number)).map(LengthSpec::One)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<LengthSpec, E> {
        Ok(LengthSpec::One(Scalar::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<LengthSpec, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(LengthSpec::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LengthSpec, A::Error> {
        let mut linspace = None;
        let mut start = None;
        let mut step = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "linspace" => linspace = Some(map.next_value()?),
                "start" => start = Some(map.next_value()?),
                "step" => step = Some(map.next_value()?),
                other => return Err(A::Error::unknown_field(other, GENERATOR_KEYS)),
            }
        }
        match (linspace, start, step) {
            (Some(ends), None, None) => Ok(LengthSpec::Linspace(ends)),
            (None, Some(start), Some(step)) => Ok(LengthSpec::Steps { start, step }),
            (None, None, None) => Err(A::Error::missing_field("linspace")),
            (None, Some(_), None) => Err(A::Error::missing_field("step")),
            (None, None, Some(_)) => Err(A::Error::missing_field("start")),
            (Some(_), _, _) => Err(A::Error::custom(
                "a generator is either {linspace: [from, to]} or {start: n, step: n}",
            )),
        }
    }
}

impl JsonSchema for LengthSpec {
    fn schema_name() -> Cow<'static, str> {
        "Length".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let tokens = json_schema!({ "type": "integer", "minimum": 0 });
        json_schema!({
            "description": "token counts: a number, the name of an axis, a list (one request each) or a generator over `count` requests",
            "anyOf": [
                tokens,
                { "type": "string" },
                { "type": "array", "items": tokens },
                { "type": "object", "properties": { "linspace": { "type": "array", "items": tokens, "minItems": 2, "maxItems": 2 } }, "required": ["linspace"], "additionalProperties": false },
                { "type": "object", "properties": { "start": tokens, "step": tokens }, "required": ["start", "step"], "additionalProperties": false }
            ]
        })
    }
}
