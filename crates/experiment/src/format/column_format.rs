//! How the columns of tables are shown.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

/// How one column is shown. What is absent comes from the file's `columns`, else from its name.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ColumnFormat {
    pub(crate) label: Option<String>,
    pub(crate) digits: Option<Spanned<u8>>,
    pub(crate) suffix: Option<String>,
}

/// How one column is shown.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ColumnFormat")]
struct FullFormat {
    /// Heading; the words of the column's name where absent.
    label: Option<String>,
    /// Digits after the point; as many as are significant where absent.
    #[schemars(with = "Option<u8>")]
    digits: Option<Spanned<u8>>,
    /// Text after the number, as in % or x; from the ending of the column's name where absent.
    suffix: Option<String>,
}

impl<'de> Deserialize<'de> for ColumnFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FormatVisitor)
    }
}

struct FormatVisitor;

impl<'de> Visitor<'de> for FormatVisitor {
    type Value = ColumnFormat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a heading, or {label: HEADING, digits: NUMBER, suffix: TEXT}")
    }

    fn visit_str<E: de::Error>(self, label: &str) -> Result<ColumnFormat, E> {
        Ok(ColumnFormat {
            label: Some(label.to_owned()),
            ..ColumnFormat::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnFormat, A::Error> {
        let FullFormat {
            label,
            digits,
            suffix,
        } = FullFormat::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(ColumnFormat {
            label,
            digits,
            suffix,
        })
    }
}

impl JsonSchema for ColumnFormat {
    fn schema_name() -> Cow<'static, str> {
        "Column".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let full = generator.subschema_for::<FullFormat>();
        json_schema!({ "anyOf": [{ "type": "string" }, full] })
    }
}
