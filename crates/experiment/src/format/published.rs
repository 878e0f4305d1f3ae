//! What was published, and which of it is known not to be reproduced.

use schemars::JsonSchema;
use serde::Deserialize;
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

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PublishedTable")]
pub(crate) struct PublishedTableSpec {
    /// The columns that name a row.
    #[schemars(with = "Vec<String>")]
    pub(crate) key: Vec<Spanned<String>>,
    /// Data without which our table has no rows: where it is not at hand, nothing is compared.
    #[schemars(with = "Option<String>")]
    pub(crate) data: Option<Spanned<String>>,
    /// Largest absolute difference by column; half a unit of the last published digit where absent.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, f64>")]
    pub(crate) tolerance: OrderedMap<f64>,
    /// Published values that the model does not reproduce, each with the reason. One of a single row comes before one
    /// of the whole column.
    #[serde(default)]
    #[schemars(with = "Vec<KnownDifferenceSpec>")]
    pub(crate) differences: Vec<Spanned<KnownDifferenceSpec>>,
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
    pub(crate) why: String,
}
