//! What was published, and which of it is known not to be reproduced.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value};
use serde_yaml::Spanned;

use super::ordered_map::OrderedMap;
use super::scalar::Scalar;
use super::verdict::Verdict;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Published")]
pub(crate) struct PublishedSpec {
    /// The verdict as published.
    pub(crate) verdict: Verdict,
    /// The status in the words of the publication, as in Not Supported; the name of `verdict` where absent.
    pub(crate) status: Option<String>,
    /// Where and when it was published.
    pub(crate) source: String,
    /// The claim as it was published, quoted: three sentences at most.
    #[schemars(with = "Option<String>")]
    pub(crate) statement: Option<Spanned<String>>,
    /// The published criterion of refutation, quoted: three sentences at most.
    #[schemars(with = "Option<String>")]
    pub(crate) refuted_if: Option<Spanned<String>>,
    /// How and why our criterion is another one than the published, where it is: a template with the functions of the
    /// narrative.
    #[schemars(with = "Option<String>")]
    pub(crate) criterion_differs: Option<Spanned<String>>,
    /// Why the computed verdict differs, where it does: a template with the functions of the narrative.
    #[schemars(with = "Option<String>")]
    pub(crate) verdict_differs: Option<Spanned<String>>,
    /// What is wrong with the published findings, as the numbers of the run show it.
    #[serde(default)]
    pub(crate) defects: Vec<DefectSpec>,
    /// Published values by table; the values stand in published/<table>.csv.
    #[serde(default)]
    pub(crate) tables: OrderedMap<PublishedTableSpec>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Defect")]
pub(crate) struct DefectSpec {
    /// A name in lower-case letters, digits and hyphens.
    #[schemars(with = "String")]
    pub(crate) id: Spanned<String>,
    /// What is wrong: a template with the functions of the narrative.
    #[schemars(with = "String")]
    pub(crate) what: Spanned<String>,
}

/// The columns that name a row of a published table, and what more there is to say of it.
#[derive(Debug, Clone)]
pub(crate) struct PublishedTableSpec {
    pub(crate) key: Vec<Spanned<String>>,
    pub(crate) data: Option<Spanned<String>>,
    pub(crate) tolerance: OrderedMap<f64>,
    pub(crate) differences: Vec<Spanned<KnownDifferenceSpec>>,
}

/// A published table that needs more than a key.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PublishedTable")]
struct FullTable {
    /// The columns that name a row.
    #[schemars(with = "Vec<String>")]
    key: Vec<Spanned<String>>,
    /// Data without which our table has no rows: where it is not at hand, nothing is compared.
    #[schemars(with = "Option<String>")]
    data: Option<Spanned<String>>,
    /// Largest absolute difference by column; half a unit of the last published digit where absent.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, f64>")]
    tolerance: OrderedMap<f64>,
    /// Published values that the model does not reproduce, each with the reason, where the column `why` of
    /// published/<table>.csv has none. One of a single row comes before one of the whole column.
    #[serde(default)]
    #[schemars(with = "Vec<KnownDifferenceSpec>")]
    differences: Vec<Spanned<KnownDifferenceSpec>>,
}

impl<'de> Deserialize<'de> for PublishedTableSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TableVisitor)
    }
}

struct TableVisitor;

impl<'de> Visitor<'de> for TableVisitor {
    type Value = PublishedTableSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of the columns that name a row, or {key: [COLUMN], tolerance: {COLUMN: NUMBER}}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, columns: A) -> Result<PublishedTableSpec, A::Error> {
        Ok(PublishedTableSpec {
            key: Vec::deserialize(value::SeqAccessDeserializer::new(columns))?,
            data: None,
            tolerance: OrderedMap::default(),
            differences: Vec::new(),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PublishedTableSpec, A::Error> {
        let FullTable {
            key,
            data,
            tolerance,
            differences,
        } = FullTable::deserialize(value::MapAccessDeserializer::new(map))?;
        Ok(PublishedTableSpec {
            key,
            data,
            tolerance,
            differences,
        })
    }
}

impl JsonSchema for PublishedTableSpec {
    fn schema_name() -> Cow<'static, str> {
        "PublishedColumns".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let full = generator.subschema_for::<FullTable>();
        json_schema!({ "anyOf": [{ "type": "array", "items": { "type": "string" } }, full] })
    }
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KnownDifference")]
pub(crate) struct KnownDifferenceSpec {
    /// The row, by its key columns; every row of the column where absent.
    #[serde(default)]
    #[schemars(with = "Option<std::collections::BTreeMap<String, Scalar>>")]
    pub(crate) row: Option<OrderedMap<Spanned<Scalar>>>,
    /// The column.
    pub(crate) column: String,
    /// Why the published value is not reproduced.
    pub(crate) why: Option<String>,
    /// In place of a reason: the data that it needs and that the project does not have, as in `the other sweeps`. Such a
    /// value is no difference.
    pub(crate) needs: Option<String>,
}
