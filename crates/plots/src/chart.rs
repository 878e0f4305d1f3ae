use crate::agreement_chart::AgreementChart;
use crate::bar_chart::BarChart;
use crate::error::PlotError;
use crate::heatmap::Heatmap;
use crate::palette::Style;
use crate::roofline_chart::RooflineChart;
use crate::sheet::Svg;
use crate::xy_chart::XyChart;

/// Any chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Lines or points.
    Xy(XyChart),
    /// Bars.
    Bars(BarChart),
    /// Colours over two axes of words.
    Heatmap(Heatmap),
    /// Predicted against measured.
    Agreement(AgreementChart),
    /// A roofline.
    Roofline(RooflineChart),
}

impl Chart {
    /// Draws the chart.
    ///
    /// # Errors
    /// What is drawn cannot be: each chart says what it refuses.
    pub fn svg(&self, style: &Style) -> Result<Svg, PlotError> {
        match self {
            Self::Xy(chart) => chart.svg(style),
            Self::Bars(chart) => chart.svg(style),
            Self::Heatmap(chart) => chart.svg(style),
            Self::Agreement(chart) => chart.svg(style),
            Self::Roofline(chart) => chart.svg(style),
        }
    }
}

impl From<XyChart> for Chart {
    fn from(chart: XyChart) -> Self {
        Self::Xy(chart)
    }
}

impl From<BarChart> for Chart {
    fn from(chart: BarChart) -> Self {
        Self::Bars(chart)
    }
}

impl From<Heatmap> for Chart {
    fn from(chart: Heatmap) -> Self {
        Self::Heatmap(chart)
    }
}

impl From<AgreementChart> for Chart {
    fn from(chart: AgreementChart) -> Self {
        Self::Agreement(chart)
    }
}

impl From<RooflineChart> for Chart {
    fn from(chart: RooflineChart) -> Self {
        Self::Roofline(chart)
    }
}
