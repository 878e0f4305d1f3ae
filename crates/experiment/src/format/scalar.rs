//! A plain value of the file: number, word or truth value.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Serialize, de};
use table_file::Value;

/// A plain YAML value. Whether a word names an axis or a choice is decided where it is used.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Int(i64),
    Float(f64),
    Text(String),
    Bool(bool),
}

impl Scalar {
    /// The value, or nothing for NULL.
    pub(crate) fn of(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Int(number) => Some(Self::Int(number)),
            Value::Float(number) => Some(Self::Float(number)),
            Value::Text(text) => Some(Self::Text(text.to_owned())),
            Value::Bool(truth) => Some(Self::Bool(truth)),
        }
    }

    pub(crate) fn as_value(&self) -> Value<'_> {
        match self {
            Self::Int(number) => Value::Int(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bool(truth) => Value::Bool(*truth),
        }
    }
}

impl fmt::Display for Scalar {
    /// As a file states it: 1.0 as 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Float(value) => write!(f, "{value}"),
            // Anything else is shown as result files hold it.
            _ => self.as_value().fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a word or the name of an axis")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Scalar, E> {
        self.visit_u128(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Scalar, E> {
        i64::try_from(value)
            .map(Scalar::Int)
            .map_err(|_| E::custom(format!("{value} is too large")))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Scalar, E> {
        i64::try_from(value)
            .map(Scalar::Int)
            .map_err(|_| E::custom(format!("{value} is too large")))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Scalar, E> {
        if value.is_finite() {
            Ok(Scalar::Float(value))
        } else {
            Err(E::custom("a number must be finite"))
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }
}

impl JsonSchema for Scalar {
    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string", "boolean"], "description": "a number, a word or the name of an axis" })
    }
}
