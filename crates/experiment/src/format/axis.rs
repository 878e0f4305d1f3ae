//! The variables of a sweep.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor, value};
use serde_yaml::Spanned;

use super::canonical_text::serialize_sql;
use super::ground_truth::GroundTruthSpec;
use super::ordered_map::OrderedMap;
use super::scalar::Scalar;

/// One axis: a list, `{range: [from, to, step]}`, `{cases: {name: {field: value}}}`, `{sql: SELECT ...}` or
/// `{ground_truth: {...}}`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AxisSpec {
    List(Vec<Spanned<Scalar>>),
    Range(Vec<Spanned<Scalar>>),
    Cases(OrderedMap<OrderedMap<Spanned<CaseValue>>>),
    /// The rows of a query over earlier tables, in their order.
    Sql(#[serde(serialize_with = "serialize_sql")] Spanned<String>),
    /// Measured benchmarks.
    GroundTruth(GroundTruthSpec),
}

/// The keys of an axis that is not a plain list.
const AXIS_KEYS: &[&str] = &["range", "cases", "sql", "ground_truth"];

impl<'de> Deserialize<'de> for AxisSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AxisVisitor)
    }
}

struct AxisVisitor;

impl<'de> Visitor<'de> for AxisVisitor {
    type Value = AxisSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a list of values, {range: [from, to, step]}, {cases: {name: {field: value}}}, {sql: SELECT ...} or {ground_truth: {...}}",
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<AxisSpec, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(AxisSpec::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AxisSpec, A::Error> {
        let Some(key) = map.next_key::<String>()? else {
            return Err(serde::de::Error::missing_field("range"));
        };
        let axis = match key.as_str() {
            "range" => AxisSpec::Range(map.next_value()?),
            "cases" => AxisSpec::Cases(map.next_value()?),
            "sql" => AxisSpec::Sql(map.next_value()?),
            "ground_truth" => AxisSpec::GroundTruth(map.next_value()?),
            other => return Err(serde::de::Error::unknown_field(other, AXIS_KEYS)),
        };
        match map.next_key::<String>()? {
            None => Ok(axis),
            Some(extra) => {
                // The comma of an unquoted query ends it, and the rest looks like another key.
                let hint = match axis {
                    AxisSpec::Sql(_) if !AXIS_KEYS.contains(&extra.as_str()) => {
                        " (SQL with a comma needs quotes)"
                    }
                    AxisSpec::Sql(_)
                    | AxisSpec::List(_)
                    | AxisSpec::Range(_)
                    | AxisSpec::Cases(_)
                    | AxisSpec::GroundTruth(_) => "",
                };
                Err(serde::de::Error::custom(format!(
                    "an axis is one of {}: `{extra}` is one too many{hint}",
                    AXIS_KEYS.join(", ")
                )))
            }
        }
    }
}

impl JsonSchema for AxisSpec {
    fn schema_name() -> Cow<'static, str> {
        "Axis".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let scalar = generator.subschema_for::<Scalar>();
        let case_value = generator.subschema_for::<CaseValue>();
        let ground_truth = generator.subschema_for::<GroundTruthSpec>();
        json_schema!({
            "description": "an axis of the sweep: a list of values, an inclusive range [from, to] or [from, to, step], named cases that bind several fields at once, the column `value` of a query over tables, or measured benchmarks",
            "anyOf": [
                { "type": "array", "items": scalar },
                { "type": "object", "properties": { "range": { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 3 } }, "required": ["range"], "additionalProperties": false },
                { "type": "object", "properties": { "cases": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": case_value } } }, "required": ["cases"], "additionalProperties": false },
                { "type": "object", "properties": { "sql": { "type": "string" } }, "required": ["sql"], "additionalProperties": false },
                { "type": "object", "properties": { "ground_truth": ground_truth }, "required": ["ground_truth"], "additionalProperties": false }
            ]
        })
    }
}

/// What a case binds to a field: one value, or a list of token counts (one request each).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseValue {
    One(Scalar),
    Lengths(Vec<u32>),
}

impl<'de> Deserialize<'de> for CaseValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CaseVisitor)
    }
}

struct CaseVisitor;

impl<'de> Visitor<'de> for CaseVisitor {
    type Value = CaseValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a word or a list of token counts")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<CaseValue, E> {
        Ok(CaseValue::One(Scalar::Bool(value)))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<CaseValue, E> {
        Ok(CaseValue::One(Scalar::Int(value)))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<CaseValue, E> {
        Scalar::deserialize(value::U64Deserializer::new(number)).map(CaseValue::One)
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<CaseValue, E> {
        Scalar::deserialize(value::F64Deserializer::new(number)).map(CaseValue::One)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<CaseValue, E> {
        Ok(CaseValue::One(Scalar::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<CaseValue, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(CaseValue::Lengths)
    }
}

impl JsonSchema for CaseValue {
    fn schema_name() -> Cow<'static, str> {
        "CaseValue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let scalar = generator.subschema_for::<Scalar>();
        json_schema!({ "anyOf": [scalar, { "type": "array", "items": { "type": "integer", "minimum": 0 } }] })
    }
}
