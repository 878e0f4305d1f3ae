//! Checks: an expression and what it is compared with, or a query that says both.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use super::canonical_text::{is_presentation, serialize_sql, serialize_words};
use super::interval::IntervalSpec;
use super::limit::Limit;
use super::number_format::NumberFormat;
use super::query_parts::QueryParts;

/// SQL that returns one row with `holds` (true or false) and `observed`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CheckSpec {
    pub(crate) id: Spanned<String>,
    pub(crate) role: Role,
    #[serde(serialize_with = "serialize_words")]
    pub(crate) claim: String,
    /// As the file has it, or put together of `observed`, `from` and `holds`.
    #[serde(serialize_with = "serialize_sql")]
    pub(crate) sql: Spanned<String>,
    /// Where the file has no query, how it is put together.
    #[serde(skip)]
    pub(crate) parts: CheckParts,
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) digits: Option<u8>,
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) suffix: Option<String>,
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) interval: Option<IntervalSpec>,
}

/// How a file states what a check asks.
#[derive(Debug, Clone)]
pub(crate) enum CheckParts {
    /// By a query.
    Query,
    /// By an expression over rows, and a limit.
    Compared(Box<ComparedParts>),
    /// By a limit that is none.
    NoLimit(Spanned<String>),
    /// Neither in full, or both.
    Unclear,
}

/// An expression over rows, and what it is compared with.
#[derive(Debug, Clone)]
pub(crate) struct ComparedParts {
    pub(crate) parts: QueryParts,
    /// The query of the expression alone.
    pub(crate) observed: Spanned<String>,
    pub(crate) limit: Limit,
}

impl CheckSpec {
    /// The query of what is observed: with the comparison, where the file has both in one.
    pub(crate) fn observed(&self) -> &Spanned<String> {
        match &self.parts {
            CheckParts::Compared(compared) => &compared.observed,
            CheckParts::Query | CheckParts::NoLimit(_) | CheckParts::Unclear => &self.sql,
        }
    }

    /// The limit that what is observed is compared with, where the file states it by itself.
    pub(crate) fn limit(&self) -> Option<&Limit> {
        match &self.parts {
            CheckParts::Compared(compared) => Some(&compared.limit),
            CheckParts::Query | CheckParts::NoLimit(_) | CheckParts::Unclear => None,
        }
    }
}

/// What a check observes, what it claims of it, and what that decides.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Check")]
struct CheckWire {
    /// Short name, unique in the file; of a list of checks alone, since a mapping has it as its key.
    #[schemars(with = "Option<String>")]
    id: Option<Spanned<String>>,
    /// What the outcome does to the verdict.
    role: Role,
    /// What holds, in words.
    claim: String,
    /// The number that is shown and compared: an SQL expression that has one value over the rows.
    #[schemars(with = "Option<String>")]
    observed: Option<Spanned<String>>,
    /// The rows: a table or run, with WHERE or joins as in SQL.
    #[schemars(with = "Option<String>")]
    from: Option<Spanned<String>>,
    /// What `observed` is where the claim holds: `"> 0.1"`, `>=`, `<`, `<=`, `=`, `<>` or `between 1 and 2`.
    #[schemars(with = "Option<String>")]
    holds: Option<Spanned<String>>,
    /// In place of these three, where they are not enough: one SELECT with the columns `holds` and `observed`.
    #[schemars(with = "Option<String>")]
    sql: Option<Spanned<String>>,
    /// Digits after the point of `observed`.
    digits: Option<u8>,
    /// Text after `observed`, as in % or x.
    suffix: Option<String>,
    /// Digits of what is observed in percent.
    pct: Option<u8>,
    /// Digits of a factor, shown with an x.
    x: Option<u8>,
    /// How far what is observed is to be trusted.
    interval: Option<IntervalSpec>,
}

impl CheckWire {
    fn with_id(self, id: Spanned<String>) -> CheckSpec {
        let (sql, parts) = match (self.sql, self.observed, self.from, self.holds) {
            (Some(sql), None, None, None) => (sql, CheckParts::Query),
            (None, Some(expression), Some(from), Some(holds)) => {
                compared(QueryParts { expression, from }, holds)
            }
            _ => (
                Spanned::new(String::new(), id.referenced, id.defined),
                CheckParts::Unclear,
            ),
        };
        let NumberFormat { digits, suffix } =
            NumberFormat::of(self.digits, self.suffix, self.pct, self.x);
        CheckSpec {
            id,
            role: self.role,
            claim: self.claim,
            sql,
            parts,
            digits,
            suffix,
            interval: self.interval,
        }
    }
}

/// The query of an expression that is compared: it stands in it twice, and in the file once.
fn compared(parts: QueryParts, holds: Spanned<String>) -> (Spanned<String>, CheckParts) {
    let observed = parts.query("observed");
    let Some(limit) = Limit::parse(&holds.value) else {
        return (observed, CheckParts::NoLimit(holds));
    };
    let (expression, from) = (&parts.expression.value, &parts.from.value);
    let sql = parts.placed(format!(
        "SELECT {expression} {} AS holds, {expression} AS observed FROM {from}",
        limit.sql()
    ));
    let compared = ComparedParts {
        parts,
        observed,
        limit,
    };
    (sql, CheckParts::Compared(Box::new(compared)))
}

/// The checks of a file, by id or as a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChecksSpec(Vec<CheckSpec>);

impl std::ops::Deref for ChecksSpec {
    type Target = [CheckSpec];

    fn deref(&self) -> &[CheckSpec] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ChecksSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ChecksVisitor)
    }
}

struct ChecksVisitor;

impl<'de> Visitor<'de> for ChecksVisitor {
    type Value = ChecksSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping of ids to checks")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ChecksSpec, A::Error> {
        let mut checks = Vec::new();
        while let Some(id) = map.next_key()? {
            let check: CheckWire = map.next_value()?;
            if check.id.is_some() {
                let message = "a check has its id as its key here: remove `id`";
                return Err(de::Error::custom(message));
            }
            checks.push(check.with_id(id));
        }
        Ok(ChecksSpec(checks))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<ChecksSpec, A::Error> {
        let mut checks = Vec::new();
        while let Some(mut check) = items.next_element::<CheckWire>()? {
            match check.id.take() {
                Some(id) => checks.push(check.with_id(id)),
                None => return Err(de::Error::missing_field("id")),
            }
        }
        Ok(ChecksSpec(checks))
    }
}

impl JsonSchema for ChecksSpec {
    fn schema_name() -> Cow<'static, str> {
        "Checks".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let check = generator.subschema_for::<CheckWire>();
        json_schema!({ "anyOf": [
            { "type": "object", "additionalProperties": check },
            { "type": "array", "items": check }
        ] })
    }
}

roofline::choice! {
    /// What a check does to the verdict.
    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    "role" Role {
        /// Must hold before anything can be decided: else the verdict is INCONCLUSIVE.
        Precondition = "precondition",
        /// Refutes the hypothesis where it holds.
        Refutation = "refutation",
        /// Must hold for the hypothesis to be confirmed.
        Acceptance = "acceptance",
        /// An acceptance that refutes the hypothesis where it fails.
        Primary = "primary",
        /// Shown, and decides nothing.
        Control = "control",
    }
}
