//! Tables and figures: SQL with what a report needs to show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use super::canonical_text::{is_presentation, serialize_optional_sql, serialize_sql};
use super::column_format::ColumnFormat;
use super::number_format::NumberFormat;
use super::ordered_map::OrderedMap;
use super::query_parts::QueryParts;

/// SQL over runs and other tables.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Table")]
pub(crate) struct TableSpec {
    /// Heading in the findings; the words of its name where absent.
    #[serde(default, skip_serializing_if = "is_presentation")]
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
    /// How columns are shown in the findings, where that is not as the file's `columns` say; the CSV keeps every digit.
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
    /// What the query is put together of, where the file has it in parts.
    #[serde(skip)]
    pub(crate) parts: Option<QueryParts>,
    /// Digits after the point.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) digits: Option<u8>,
    /// Text after the number, as in % or x.
    #[serde(skip_serializing_if = "is_presentation")]
    pub(crate) suffix: Option<String>,
}

/// A single number of the file: an expression over the rows of a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NamedFigure")]
pub(crate) struct NamedFigureSpec {
    /// The rows: a table or run, with WHERE or joins as in SQL.
    #[schemars(with = "String")]
    from: Spanned<String>,
    /// The number: an SQL expression that has one value over the rows.
    #[schemars(with = "String")]
    value: Spanned<String>,
    /// Digits after the point.
    digits: Option<u8>,
    /// Text after the number.
    suffix: Option<String>,
    /// Digits of a number in percent.
    pct: Option<u8>,
    /// Digits of a factor, shown with an x.
    x: Option<u8>,
}

/// The table of the figures of a file.
pub(crate) const FIGURES_TABLE: &str = "figures";

impl TableSpec {
    /// The table that the figures of a file make.
    pub(super) fn of_figures(figures: OrderedMap<NamedFigureSpec>) -> Self {
        let figures = figures.into_iter().map(|(name, figure)| {
            let NumberFormat { digits, suffix } =
                NumberFormat::of(figure.digits, figure.suffix, figure.pct, figure.x);
            let parts = QueryParts {
                expression: figure.value,
                from: figure.from,
            };
            FigureSpec {
                sql: parts.query(VALUE_COLUMN),
                parts: Some(parts),
                name,
                digits,
                suffix,
            }
        });
        Self {
            title: String::new(),
            sql: None,
            figures: figures.collect(),
            note: None,
            columns: OrderedMap::default(),
            rows: None,
        }
    }
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
