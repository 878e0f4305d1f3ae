//! Pictures of finished tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, SourceText};
use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Caption, Categories, Chart, ColourScale,
    ComputeRoof, Heatmap, MemoryRoof, PlotError, Point, PointLabels, ReferenceLine, RooflineChart,
    Series, Style, XAxis, XyChart,
};
use serde_yaml::Spanned;

use crate::outcome::RESULTS_FOLDER;
use crate::picture_rows::{PictureRows, axis_of, in_order, pairs};
use crate::probe::ColumnKind;
use crate::report::ShownTable;
use crate::spec::{
    AgreementSpec, CurveShow, CurveSpec, HeatmapSpec, HypothesisSpec, PlotAxis, PlotSpec,
    RooflineSpec,
};

/// Points of a chart whose labels are written beside them; of more they show on hover.
const MOST_WRITTEN_LABELS: usize = 24;

/// A picture of a table.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) title: String,
    pub(crate) note: Option<String>,
    /// The table that it draws.
    pub(crate) table: String,
    /// Its file, below the folder of the hypothesis.
    pub(crate) path: PathBuf,
    pub(crate) svg: String,
}

/// The file of a picture, below the folder of the hypothesis: its title in small letters.
pub(crate) fn picture_file(title: &str) -> PathBuf {
    const LONGEST: usize = 80;
    let mut slug = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    let name = if slug.is_empty() { "picture" } else { slug };
    Path::new(RESULTS_FOLDER).join(format!("{name}.svg"))
}

/// Draws every plot of a hypothesis whose table has rows.
///
/// # Errors
///
/// A plot that cannot be drawn, at its place in the file.
pub(crate) fn draw(
    source: &SourceText,
    spec: &HypothesisSpec,
    tables: &BTreeMap<String, ShownTable>,
) -> Result<Vec<Picture>, Diagnostic> {
    let mut pictures = Vec::new();
    for plot in &spec.plots {
        let name = plot.table();
        let (Some(shown), Some(table)) = (tables.get(&name.value), spec.tables.get(&name.value))
        else {
            continue;
        };
        let rows = PictureRows::new(shown, table, plot.only());
        if rows.is_empty() {
            continue;
        }
        let drawn = chart(plot, &rows).and_then(|chart| chart.svg(&Style::default()));
        let svg = drawn.map_err(|problem| {
            let message = format!("plot `{}`: {problem}", plot.title());
            source.error_for(name, message)
        })?;
        pictures.push(Picture {
            title: plot.title().to_owned(),
            note: plot.note().map(str::to_owned),
            table: name.value.clone(),
            path: picture_file(plot.title()),
            svg: svg.into_string(),
        });
    }
    Ok(pictures)
}

fn chart(plot: &PlotSpec, rows: &PictureRows<'_>) -> Result<Chart, PlotError> {
    match plot {
        PlotSpec::Line(curves) => xy(plot, curves, rows, XyChart::lines).map(Chart::from),
        PlotSpec::Scatter(curves) => xy(plot, curves, rows, XyChart::points).map(Chart::from),
        PlotSpec::Bar(curves) => Ok(bars(plot, curves, rows).into()),
        PlotSpec::Heatmap(heatmap) => Ok(cells(plot, heatmap, rows).into()),
        PlotSpec::PredictedMeasured(agreement) => Ok(agreement_chart(plot, agreement, rows).into()),
        PlotSpec::Roofline(roofline) => Ok(roofline_chart(plot, roofline, rows).into()),
    }
}

/// Title and description of a picture; `what` is drawn.
fn caption(plot: &PlotSpec, rows: &PictureRows<'_>, what: &str) -> Caption {
    let note = plot.note().map_or_else(String::new, |note| {
        format!(" {}", note.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    Caption::new(
        plot.title(),
        format!("{what}, from the table \"{}\".{note}", rows.title()),
    )
}

type NewChart = fn(Caption, XAxis, Axis, Vec<Series>) -> XyChart;

fn xy(
    plot: &PlotSpec,
    curves: &CurveSpec,
    rows: &PictureRows<'_>,
    new: NewChart,
) -> Result<XyChart, PlotError> {
    let x_label = rows.label(curves.x_label.as_deref(), &curves.x);
    let y_label = y_label(curves, rows);
    let (x, series) = if rows.kind(&curves.x.value) == Some(ColumnKind::Text) {
        let names = rows.distinct(&curves.x.value);
        let series = by_category(curves, rows, &names)
            .into_iter()
            .map(|bars| Series::by_category(bars.name, bars.values))
            .collect();
        (XAxis::from(Categories::new(x_label.clone(), names)), series)
    } else {
        let mut axis = axis_of(&x_label);
        if curves.log.contains(&PlotAxis::X) {
            axis = axis.log();
        }
        let split = curves.series.as_ref();
        let series = points_of(rows, split, &curves.x, &curves.y, curves.labels.as_ref());
        (XAxis::from(axis), series)
    };
    let series = series
        .into_iter()
        .map(|series: Series| match curves.show {
            None => Ok(series),
            Some(CurveShow::Marginal) => Ok(series.marginal()),
            Some(CurveShow::Cumulative) => Ok(series.cumulative()),
            Some(CurveShow::CumulativeShare) => series.cumulative_share(),
        })
        .filter(|series| !series.as_ref().is_ok_and(|series| series.points.is_empty()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut y = axis_of(&y_label);
    if curves.log.contains(&PlotAxis::Y) {
        y = y.log();
    }
    let what = format!("{y_label} by {x_label}");
    let points: usize = series.iter().map(|series| series.points.len()).sum();
    let mut chart = new(caption(plot, rows, &what), x, y, series);
    if curves.labels.is_some() && points <= MOST_WRITTEN_LABELS {
        chart.labels = PointLabels::Written;
    }
    for line in &curves.lines_at {
        let reference = ReferenceLine::new(line.at.value, line.label.clone());
        match line.axis {
            PlotAxis::X => chart.x_references.push(reference),
            PlotAxis::Y => chart.y_references.push(reference),
        }
    }
    Ok(chart)
}

/// Words along y: stated, or the column where there is one.
fn y_label(curves: &CurveSpec, rows: &PictureRows<'_>) -> String {
    match (&curves.y_label, curves.y.as_slice()) {
        (Some(label), _) => label.clone(),
        (None, [one]) => rows.label(None, one),
        (None, _) => "value".to_owned(),
    }
}

/// Points of two columns of numbers: a series for each value of `split` and each column along y that has any.
fn points_of(
    rows: &PictureRows<'_>,
    split: Option<&Spanned<String>>,
    x: &Spanned<String>,
    y: &[Spanned<String>],
    labels: Option<&Spanned<String>>,
) -> Vec<Series> {
    pairs(rows, split, y)
        .into_iter()
        .map(|(name, group, y)| {
            let points = group.iter().filter_map(|row| {
                Some(Point {
                    x: rows.number(&x.value, *row)?,
                    y: rows.number(&y.value, *row)?,
                    label: labels.map(|labels| rows.text(&labels.value, *row)),
                })
            });
            Series::new(name, points.collect())
        })
        .filter(|series| !series.points.is_empty())
        .collect()
}

/// A value for each category; of several rows in one, the last.
fn by_category(curves: &CurveSpec, rows: &PictureRows<'_>, names: &[String]) -> Vec<BarSeries> {
    pairs(rows, curves.series.as_ref(), &curves.y)
        .into_iter()
        .map(|(name, group, y)| {
            let mut values = vec![None; names.len()];
            for row in group {
                let category = rows.text(&curves.x.value, row);
                if let Some(index) = names.iter().position(|known| *known == category) {
                    values[index] = rows.shown_number(&y.value, row);
                }
            }
            BarSeries::new(name, values)
        })
        .collect()
}

fn bars(plot: &PlotSpec, curves: &CurveSpec, rows: &PictureRows<'_>) -> BarChart {
    let names = rows.distinct(&curves.x.value);
    let x_label = rows.label(curves.x_label.as_deref(), &curves.x);
    let y_label = y_label(curves, rows);
    let what = format!("{y_label} by {x_label}");
    let series = by_category(curves, rows, &names);
    let mut chart = BarChart::new(
        caption(plot, rows, &what),
        Categories::new(x_label, names),
        axis_of(&y_label),
        series,
    );
    let lines = curves.lines_at.iter();
    chart.references = lines
        .map(|line| ReferenceLine::new(line.at.value, line.label.clone()))
        .collect();
    chart
}

fn cells(plot: &PlotSpec, heatmap: &HeatmapSpec, rows: &PictureRows<'_>) -> Heatmap {
    let columns = in_order(rows, &heatmap.x.value, false);
    let lines = in_order(rows, &heatmap.y.value, true);
    let mut cells = vec![None; columns.len() * lines.len()];
    for row in rows.iter() {
        let place = |names: &[String], column: &Spanned<String>| {
            let name = rows.text(&column.value, row);
            names.iter().position(|known| *known == name)
        };
        if let (Some(line), Some(column)) = (place(&lines, &heatmap.y), place(&columns, &heatmap.x))
        {
            cells[line * columns.len() + column] = rows.shown_number(&heatmap.value.value, row);
        }
    }
    let value = rows.label(heatmap.value_label.as_deref(), &heatmap.value);
    Heatmap {
        caption: caption(plot, rows, &value),
        columns: Categories::new(rows.label(heatmap.x_label.as_deref(), &heatmap.x), columns),
        rows: Categories::new(rows.label(heatmap.y_label.as_deref(), &heatmap.y), lines),
        value: axis_of(&value),
        colours: match heatmap.centre {
            Some(centre) => ColourScale::Diverging { centre },
            None if heatmap.log => ColourScale::SequentialLog,
            None => ColourScale::Sequential,
        },
        cells,
    }
}

fn agreement_chart(
    plot: &PlotSpec,
    agreement: &AgreementSpec,
    rows: &PictureRows<'_>,
) -> AgreementChart {
    let series = points_of(
        rows,
        agreement.series.as_ref(),
        &agreement.measured,
        &agreement.predicted,
        agreement.labels.as_ref(),
    );
    let mut quantity = axis_of(&agreement.quantity);
    if agreement.log {
        quantity = quantity.log();
    }
    let what = format!("Predicted against measured {}", agreement.quantity);
    let mut chart = AgreementChart::new(caption(plot, rows, &what), quantity, series);
    if let Some(bands) = &agreement.bands {
        chart.bands_percent.clone_from(bands);
    }
    chart
}

fn roofline_chart(
    plot: &PlotSpec,
    roofline: &RooflineSpec,
    rows: &PictureRows<'_>,
) -> RooflineChart {
    let constant = |column: &Spanned<String>| {
        let values = rows
            .iter()
            .filter_map(|row| rows.number(&column.value, row));
        values.fold(f64::NAN, f64::max)
    };
    let series = points_of(
        rows,
        roofline.series.as_ref(),
        &roofline.intensity,
        std::slice::from_ref(&roofline.flops_per_s),
        roofline.labels.as_ref(),
    );
    RooflineChart {
        caption: caption(plot, rows, "FLOP/s by arithmetic intensity"),
        memory: MemoryRoof {
            name: rows.label(None, &roofline.bandwidth),
            bytes_per_s: constant(&roofline.bandwidth),
        },
        compute: roofline
            .peaks
            .iter()
            .map(|peak| ComputeRoof {
                name: rows.label(None, peak),
                flops_per_s: constant(peak),
            })
            .collect(),
        series,
    }
}
