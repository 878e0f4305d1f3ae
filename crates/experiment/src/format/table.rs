//! Tables and checks: SQL with what a report needs to show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use super::canonical_text::{
    is_presentation, serialize_optional_sql, serialize_sql, serialize_words,
};
use super::interval::IntervalSpec;
use super::ordered_map::OrderedMap;

/// SQL over runs and other tables.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Table")]
pub(crate) struct TableSpec {
    /// Heading in the findings.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) title: String,
    /// One SELECT. It needs ORDER BY where it joins, groups or unites.
    #[serde(serialize_with = "serialize_optional_sql")]
    #[schemars(with = "Option<String>")]
    pub(crate) sql: Option<Spanned<String>>,
    /// In place of `sql`: single figures, each by a SELECT of its own; the columns are `figure` and `value`.
    #[serde(default)]
    pub(crate) figures: Vec<FigureSpec>,
    /// What the reader should know to read the table.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) note: Option<String>,
    /// How columns are shown in the findings; the CSV keeps every digit.
    #[serde(default, skip_serializing_if = "is_presentation")]
    pub(crate) columns: OrderedMap<ColumnFormat>,
    /// Most rows shown in the findings (default 15); the CSV has all. 0 leaves the table to its CSV.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) rows: Option<usize>,
}

/// One named number.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Figure")]
pub(crate) struct FigureSpec {
    /// What the number is; unique in the table.
    #[schemars(with = "String")]
    pub(crate) name: Spanned<String>,
    /// One SELECT that returns one row with the column `value`.
    #[serde(serialize_with = "serialize_sql")]
    #[schemars(with = "String")]
    pub(crate) sql: Spanned<String>,
    /// Digits after the point.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) digits: Option<u8>,
    /// Text after the number, as in % or x.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) suffix: Option<String>,
}

/// How one column is shown.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnFormat {
    /// Heading; the column's name where absent.
    pub(crate) label: Option<String>,
    /// Digits after the point; as many as are significant where absent.
    #[schemars(with = "Option<u8>")]
    pub(crate) digits: Option<Spanned<u8>>,
    /// Text after the number, as in % or x.
    pub(crate) suffix: Option<String>,
}

/// The columns of a table of figures.
pub(crate) const FIGURE_COLUMN: &str = "figure";

/// The value of a figure.
pub(crate) const VALUE_COLUMN: &str = "value";

impl TableSpec {
    /// Every query of the table with what messages call it.
    pub(crate) fn queries(&self, table: &str) -> Vec<(String, &Spanned<String>)> {
        let whole = self.sql.iter().map(|sql| (format!("table `{table}`"), sql));
        let figures = self.figures.iter().map(|figure| {
            (
                format!("figure `{}` of table `{table}`", figure.name.value),
                &figure.sql,
            )
        });
        whole.chain(figures).collect()
    }
}

/// SQL that returns one row with `holds` (true or false) and `observed`.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Check")]
pub(crate) struct CheckSpec {
    /// Short name, unique in the file.
    #[schemars(with = "String")]
    pub(crate) id: Spanned<String>,
    /// What the outcome does to the verdict.
    pub(crate) role: Role,
    /// What holds, in words.
    #[serde(serialize_with = "serialize_words")]
    pub(crate) claim: String,
    /// One SELECT over runs and tables.
    #[serde(serialize_with = "serialize_sql")]
    #[schemars(with = "String")]
    pub(crate) sql: Spanned<String>,
    /// Digits after the point of `observed`.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) digits: Option<u8>,
    /// Text after `observed`, as in % or x.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) suffix: Option<String>,
    /// How far what is observed is to be trusted.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) interval: Option<IntervalSpec>,
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
