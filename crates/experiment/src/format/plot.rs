//! Pictures of tables.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Spanned;

use super::lines_at::{LinesAtSpec, PlotAxis};
use super::ordered_map::OrderedMap;
use super::scalar::Scalar;

/// One picture.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "Plot")]
pub(crate) enum PlotSpec {
    /// Lines through the rows in order.
    Line(CurveSpec),
    /// A mark for each row.
    Scatter(CurveSpec),
    /// A bar for each row, grouped where there are several columns or series.
    Bar(CurveSpec),
    /// A coloured cell for each row.
    Heatmap(HeatmapSpec),
    /// Predicted against measured values, with the diagonal and bands of error.
    PredictedMeasured(AgreementSpec),
    /// Arithmetic intensity against FLOP/s under the roofs of memory and compute.
    Roofline(RooflineSpec),
}

/// Lines, marks or bars.
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
    /// The column that names up to 24 points, by numbers and a list under the picture; more on hover. Bars have none.
    #[schemars(with = "Option<String>")]
    pub(crate) labels: Option<Spanned<String>>,
    /// The rows that are drawn, by the value of a column; all where absent.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Scalar>")]
    pub(crate) only: OrderedMap<Scalar>,
    /// Heading of the picture; that of the table where absent.
    #[serde(default)]
    pub(crate) title: String,
    /// What the reader should see in it.
    pub(crate) note: Option<String>,
    /// Words along x, with the unit in parentheses at the end.
    pub(crate) x_label: Option<String>,
    /// Words along y, with the unit in parentheses at the end.
    pub(crate) y_label: Option<String>,
    /// Axes with logarithmic scale.
    #[serde(default)]
    pub(crate) log: Vec<PlotAxis>,
    /// What is drawn of the values along y: themselves where absent.
    pub(crate) show: Option<CurveShow>,
    /// Lines at fixed values, as limits of checks: `{y: 0.1}`, or by name `{y: {refuted above: 0.1}}`.
    #[serde(default)]
    pub(crate) lines_at: LinesAtSpec,
}

/// What is drawn of the values along y.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CurveShow {
    /// What each row adds to the one before.
    Marginal,
    /// Running sums.
    Cumulative,
    /// Running sums in percent of the total.
    CumulativeShare,
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
    /// The rows that are drawn, by the value of a column; all where absent.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Scalar>")]
    pub(crate) only: OrderedMap<Scalar>,
    /// Heading of the picture; that of the table where absent.
    #[serde(default)]
    pub(crate) title: String,
    /// What the reader should see in it.
    pub(crate) note: Option<String>,
    /// Words along x, with the unit in parentheses at the end.
    pub(crate) x_label: Option<String>,
    /// Words along y, with the unit in parentheses at the end.
    pub(crate) y_label: Option<String>,
    /// Words for the colours, with the unit in parentheses at the end.
    pub(crate) value_label: Option<String>,
    /// The value that is white, from which colours run to both sides; from dark to bright where absent.
    pub(crate) centre: Option<f64>,
    /// Colours by the ratio of values.
    #[serde(default)]
    pub(crate) log: bool,
}

/// Predicted against measured values.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PredictedMeasured")]
pub(crate) struct AgreementSpec {
    /// The table.
    #[schemars(with = "String")]
    pub(crate) table: Spanned<String>,
    /// The column of measured values.
    #[schemars(with = "String")]
    pub(crate) measured: Spanned<String>,
    /// The columns of predicted values, each a series.
    #[schemars(with = "Vec<String>")]
    pub(crate) predicted: Vec<Spanned<String>>,
    /// The column whose values split the rows into series.
    #[schemars(with = "Option<String>")]
    pub(crate) series: Option<Spanned<String>>,
    /// The column that names each point on hover.
    #[schemars(with = "Option<String>")]
    pub(crate) labels: Option<Spanned<String>>,
    /// The rows that are drawn, by the value of a column; all where absent.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Scalar>")]
    pub(crate) only: OrderedMap<Scalar>,
    /// Heading of the picture; that of the table where absent.
    #[serde(default)]
    pub(crate) title: String,
    /// What the reader should see in it.
    pub(crate) note: Option<String>,
    /// What is predicted and measured, with the unit in parentheses at the end; the heading of `measured` where absent.
    pub(crate) quantity: Option<String>,
    /// Half widths of the bands in percent; 10 and 25 where absent.
    pub(crate) bands: Option<Vec<f64>>,
    /// Both axes logarithmic.
    #[serde(default)]
    pub(crate) log: bool,
}

/// A roofline chart. Peak and bandwidth are columns with one value in all rows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Roofline")]
pub(crate) struct RooflineSpec {
    /// The table.
    #[schemars(with = "String")]
    pub(crate) table: Spanned<String>,
    /// The column of arithmetic intensity, FLOP/byte.
    #[schemars(with = "String")]
    pub(crate) intensity: Spanned<String>,
    /// The column of performance, FLOP/s.
    #[schemars(with = "String")]
    pub(crate) flops_per_s: Spanned<String>,
    /// The column of the bandwidth, bytes/s.
    #[schemars(with = "String")]
    pub(crate) bandwidth: Spanned<String>,
    /// The columns of peaks, FLOP/s.
    #[schemars(with = "Vec<String>")]
    pub(crate) peaks: Vec<Spanned<String>>,
    /// The column whose values split the rows into kinds.
    #[schemars(with = "Option<String>")]
    pub(crate) series: Option<Spanned<String>>,
    /// The column that names up to 24 points, by numbers and a list under the picture; more on hover.
    #[schemars(with = "Option<String>")]
    pub(crate) labels: Option<Spanned<String>>,
    /// The rows that are drawn, by the value of a column; all where absent.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, Scalar>")]
    pub(crate) only: OrderedMap<Scalar>,
    /// Heading of the picture; that of the table where absent.
    #[serde(default)]
    pub(crate) title: String,
    /// What the reader should see in it.
    pub(crate) note: Option<String>,
}

/// What every picture has.
pub(crate) struct PlotHead<'p> {
    /// The table that is drawn.
    pub(crate) table: &'p Spanned<String>,
    /// Heading of the picture.
    pub(crate) title: &'p str,
    /// What the reader should see in it.
    pub(crate) note: Option<&'p str>,
    /// The rows that are drawn, by the value of a column.
    pub(crate) only: &'p OrderedMap<Scalar>,
}

impl PlotSpec {
    /// The table that is drawn, and the heading of the picture.
    pub(super) fn title_mut(&mut self) -> (&Spanned<String>, &mut String) {
        match self {
            Self::Line(spec) | Self::Scatter(spec) | Self::Bar(spec) => {
                (&spec.table, &mut spec.title)
            }
            Self::Heatmap(spec) => (&spec.table, &mut spec.title),
            Self::PredictedMeasured(spec) => (&spec.table, &mut spec.title),
            Self::Roofline(spec) => (&spec.table, &mut spec.title),
        }
    }

    /// What every picture has.
    pub(crate) fn head(&self) -> PlotHead<'_> {
        let (table, title, note, only) = match self {
            Self::Line(spec) | Self::Scatter(spec) | Self::Bar(spec) => {
                (&spec.table, &spec.title, &spec.note, &spec.only)
            }
            Self::Heatmap(spec) => (&spec.table, &spec.title, &spec.note, &spec.only),
            Self::PredictedMeasured(spec) => (&spec.table, &spec.title, &spec.note, &spec.only),
            Self::Roofline(spec) => (&spec.table, &spec.title, &spec.note, &spec.only),
        };
        PlotHead {
            table,
            title,
            note: note.as_deref(),
            only,
        }
    }
}
