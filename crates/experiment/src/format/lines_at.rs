//! Lines at fixed values in pictures.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value};
use serde_yaml::Spanned;

use super::ordered_map::OrderedMap;

/// What a line without a name of its own is called.
const UNNAMED: &str = "limit";

/// An axis of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlotAxis {
    X,
    Y,
}

/// A line across the picture.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LineAt")]
pub(crate) struct LineAtSpec {
    /// The axis at which it stands.
    pub(crate) axis: PlotAxis,
    /// Its value.
    #[schemars(with = "f64")]
    pub(crate) at: Spanned<f64>,
    /// What it is.
    pub(crate) label: String,
}

/// The lines of a picture: a list, or for each axis a value or values by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinesAtSpec(Vec<LineAtSpec>);

impl std::ops::Deref for LinesAtSpec {
    type Target = [LineAtSpec];

    fn deref(&self) -> &[LineAtSpec] {
        &self.0
    }
}

/// The lines at one axis.
enum AxisLines {
    One(f64),
    Named(OrderedMap<Spanned<f64>>),
}

impl<'de> Deserialize<'de> for LinesAtSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinesVisitor)
    }
}

struct LinesVisitor;

impl<'de> Visitor<'de> for LinesVisitor {
    type Value = LinesAtSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{y: VALUE}, {y: {NAME: VALUE}}, the same for x, or a list of lines")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<LinesAtSpec, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(items)).map(LinesAtSpec)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LinesAtSpec, A::Error> {
        let mut lines = Vec::new();
        while let Some(axis) = map.next_key()? {
            let line = |at, label| LineAtSpec { axis, at, label };
            let lines_of: Spanned<AxisLines> = map.next_value()?;
            match lines_of.value {
                AxisLines::One(at) => {
                    let at = Spanned::new(at, lines_of.referenced, lines_of.defined);
                    lines.push(line(at, UNNAMED.to_owned()));
                }
                AxisLines::Named(all) => {
                    lines.extend(all.into_iter().map(|(name, at)| line(at, name.value)));
                }
            }
        }
        Ok(LinesAtSpec(lines))
    }
}

impl<'de> Deserialize<'de> for AxisLines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AxisVisitor)
    }
}

struct AxisVisitor;

impl<'de> Visitor<'de> for AxisVisitor {
    type Value = AxisLines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or {NAME: NUMBER}")
    }

    fn visit_f64<E>(self, at: f64) -> Result<AxisLines, E> {
        Ok(AxisLines::One(at))
    }

    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    fn visit_i64<E>(self, at: i64) -> Result<AxisLines, E> {
        Ok(AxisLines::One(at as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    fn visit_u64<E>(self, at: u64) -> Result<AxisLines, E> {
        Ok(AxisLines::One(at as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AxisLines, A::Error> {
        OrderedMap::deserialize(value::MapAccessDeserializer::new(map)).map(AxisLines::Named)
    }
}

impl JsonSchema for LinesAtSpec {
    fn schema_name() -> Cow<'static, str> {
        "LinesAt".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let line = generator.subschema_for::<LineAtSpec>();
        let at_axis = json_schema!({ "anyOf": [
            { "type": "number" },
            { "type": "object", "additionalProperties": { "type": "number" } }
        ] });
        json_schema!({ "anyOf": [
            { "type": "object", "properties": { "x": at_axis, "y": at_axis }, "additionalProperties": false },
            { "type": "array", "items": line }
        ] })
    }
}
