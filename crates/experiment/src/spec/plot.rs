//! Pictures of tables.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Spanned;

/// One picture.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "Plot")]
pub(crate) enum PlotSpec {
    /// Lines through the rows in order.
    Line(CurveSpec),
    /// A mark for each row.
    Scatter(CurveSpec),
    /// A bar for each row, grouped where there are several columns.
    Bar(CurveSpec),
    /// A coloured cell for each row.
    Heatmap(HeatmapSpec),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Curves")]
pub(crate) struct CurveSpec {
    /// The table.
    #[schemars(with = "String")]
    pub(crate) table: Spanned<String>,
    /// The column along x.
    #[schemars(with = "String")]
    pub(crate) x: Spanned<String>,
    /// The columns along y.
    #[schemars(with = "Vec<String>")]
    pub(crate) y: Vec<Spanned<String>>,
    /// The column whose values split the rows into series.
    #[schemars(with = "Option<String>")]
    pub(crate) series: Option<Spanned<String>>,
    /// Heading of the picture.
    pub(crate) title: String,
    /// Words along x, with the unit.
    pub(crate) x_label: Option<String>,
    /// Words along y, with the unit.
    pub(crate) y_label: Option<String>,
    /// Axes with logarithmic scale.
    #[serde(default)]
    pub(crate) log: Vec<PlotAxis>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Heatmap")]
pub(crate) struct HeatmapSpec {
    /// The table.
    #[schemars(with = "String")]
    pub(crate) table: Spanned<String>,
    /// The column along x.
    #[schemars(with = "String")]
    pub(crate) x: Spanned<String>,
    /// The column along y.
    #[schemars(with = "String")]
    pub(crate) y: Spanned<String>,
    /// The column that colours.
    #[schemars(with = "String")]
    pub(crate) value: Spanned<String>,
    /// Heading of the picture.
    pub(crate) title: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlotAxis {
    X,
    Y,
}
