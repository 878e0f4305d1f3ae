//! Pictures of finished tables.

use std::collections::BTreeMap;
use std::path::PathBuf;

use diagnostic::{Diagnostic, SourceText};
use plots::{
    AgreementChart, Axis, BarChart, BarSeries, Caption, Categories, ColourScale, ComputeRoof,
    Heatmap, MemoryRoof, Part, PlotError, Point, ReferenceLine, RooflineChart, Series, XAxis,
    XyChart,
};
use serde_yaml::Spanned;

use super::picture_problem::{PictureProblem, RowPlace, Spot};
use super::picture_rows::{PictureRows, axis_of, in_order, pairs};
use super::undrawn::Undrawn;
use crate::format::{
    AgreementSpec, CurveShow, CurveSpec, HeatmapSpec, HypothesisSpec, PlotAxis, PlotSpec,
    RooflineSpec,
};
use crate::project::picture_file;
use crate::table::ShownTable;

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

/// The pictures of a hypothesis, and what is to be said of plots without one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn {
    pub(crate) pictures: Vec<Picture>,
    pub(crate) warnings: Vec<String>,
}

/// Draws every plot of a hypothesis whose table has rows, as far as they hold anything to draw.
///
/// # Errors
///
/// A plot that cannot be drawn, at its place in the file.
pub(crate) fn draw(
    source: &SourceText,
    spec: &HypothesisSpec,
    tables: &BTreeMap<String, ShownTable>,
) -> Result<Drawn, Diagnostic> {
    let mut drawn = Drawn::default();
    for plot in &spec.plots {
        let head = plot.head();
        let (name, title) = (head.table, head.title);
        let (Some(shown), Some(table)) = (tables.get(&name.value), spec.tables.get(&name.value))
        else {
            continue;
        };
        if shown.table.rows() == 0 {
            continue;
        }
        let rows = PictureRows::new(shown, table, head.only);
        if let Some(why) = Undrawn::of(plot, &rows) {
            let table = &name.value;
            drawn.warnings.push(format!(
                "plot `{title}` of table `{table}` is not drawn: {why}"
            ));
            continue;
        }
        let svg = svg(plot, &rows).map_err(|problem| {
            let message = format!("plot `{title}`: {problem}");
            let diagnostic = source.error_for(name, message);
            match problem.help() {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic,
            }
        })?;
        drawn.pictures.push(Picture {
            title: title.to_owned(),
            note: head.note.map(str::to_owned),
            table: name.value.clone(),
            path: picture_file(title),
            svg,
        });
    }
    Ok(drawn)
}

fn svg(plot: &PlotSpec, rows: &PictureRows<'_>) -> Result<String, PictureProblem> {
    Ok(match plot {
        PlotSpec::Line(curves) => xy(plot, curves, rows, XyChart::lines)?.svg(),
        PlotSpec::Scatter(curves) => xy(plot, curves, rows, XyChart::points)?.svg(),
        PlotSpec::Bar(curves) => bars(plot, curves, rows)?.svg(),
        PlotSpec::Heatmap(heatmap) => cells(plot, heatmap, rows)?.svg(),
        PlotSpec::PredictedMeasured(agreement) => agreement_chart(plot, agreement, rows)?.svg(),
        PlotSpec::Roofline(roofline) => roofline_chart(plot, roofline, rows)?.svg(),
    }?)
}

/// Title and description of a picture; `what` is drawn.
fn caption(plot: &PlotSpec, rows: &PictureRows<'_>, what: &str) -> Caption {
    let head = plot.head();
    let note = head.note.map_or_else(String::new, |note| {
        format!(" {}", note.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    Caption::new(
        head.title,
        format!("{what}, from the table \"{}\".{note}", rows.title()),
    )
}

type NewChart = fn(Caption, XAxis, Axis, Vec<Series>) -> XyChart;

fn xy(
    plot: &PlotSpec,
    curves: &CurveSpec,
    rows: &PictureRows<'_>,
    new: NewChart,
) -> Result<XyChart, PictureProblem> {
    let x_label = rows.label(curves.x_label.as_deref(), &curves.x);
    let y_label = y_label(curves, rows);
    let (split, labels) = (curves.series.as_ref(), curves.labels.as_ref());
    if curves.log.contains(&PlotAxis::Y) && curves.show.is_none() {
        let at: Vec<_> = std::iter::once(&curves.x).chain(split).collect();
        check_log(rows, &curves.y, &at)?;
    }
    let (x, series) = if rows.is_of_words(&curves.x.value) {
        let names = rows.distinct(&curves.x.value);
        let series = points_over(rows, &names, curves);
        (XAxis::from(Categories::new(x_label.clone(), names)), series)
    } else {
        let mut axis = axis_of(&x_label);
        if curves.log.contains(&PlotAxis::X) {
            axis = axis.log();
            let at: Vec<_> = curves.y.iter().chain(split).collect();
            check_log(rows, std::slice::from_ref(&curves.x), &at)?;
        }
        let series = points_of(rows, split, &curves.x, &curves.y, labels);
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
    if series.is_empty() {
        return Err(PictureProblem::NothingAdded);
    }
    let mut y = axis_of(&y_label);
    if curves.log.contains(&PlotAxis::Y) {
        y = y.log();
    }
    let what = format!("{y_label} by {x_label}");
    let mut chart = new(caption(plot, rows, &what), x, y, series);
    for line in curves.lines_at.iter() {
        let reference = ReferenceLine::new(line.at.value, line.label.clone());
        match line.axis {
            PlotAxis::X => chart.x_references.push(reference),
            PlotAxis::Y => chart.y_references.push(reference),
        }
    }
    Ok(chart)
}

/// Refuses values on a log scale that have no place there, by their column; `at` says where their row is.
fn check_log(
    rows: &PictureRows<'_>,
    columns: &[Spanned<String>],
    at: &[&Spanned<String>],
) -> Result<(), PictureProblem> {
    for row in rows.iter() {
        for column in columns {
            if rows
                .number(&column.value, row)
                .is_some_and(|value| value <= 0.0)
            {
                return Err(PictureProblem::NotAboveZero {
                    column: column.value.clone(),
                    value: rows.text(&column.value, row),
                    place: RowPlace::new(rows, at, row),
                });
            }
        }
    }
    Ok(())
}

/// Words along y: stated, or those of the column where there is one, else the unit that all have.
fn y_label(curves: &CurveSpec, rows: &PictureRows<'_>) -> String {
    match (&curves.y_label, curves.y.as_slice()) {
        (Some(label), _) => label.clone(),
        (None, [one]) => rows.label(None, one),
        (None, all) => {
            let labels: Vec<String> = all.iter().map(|one| rows.label(None, one)).collect();
            let mut units = labels.iter().map(|label| label.rsplit_once(" ("));
            let first = units.next().flatten().map(|(_, unit)| unit);
            let is_shared = |(_, unit): (&str, &str)| Some(unit) == first;
            match first.filter(|_| units.all(|unit| unit.is_some_and(is_shared))) {
                Some(unit) => format!("value ({unit}"),
                None => "value".to_owned(),
            }
        }
    }
}

/// Points of two columns of numbers.
fn points_of(
    rows: &PictureRows<'_>,
    split: Option<&Spanned<String>>,
    x: &Spanned<String>,
    y: &[Spanned<String>],
    labels: Option<&Spanned<String>>,
) -> Vec<Series> {
    series_of(rows, split, y, labels, |row, y| {
        Some((rows.number(&x.value, row)?, rows.number(y, row)?))
    })
}

/// Points over words, in the order of the words.
fn points_over(rows: &PictureRows<'_>, names: &[String], curves: &CurveSpec) -> Vec<Series> {
    let names = names.iter().map(String::as_str);
    let places: BTreeMap<&str, f64> = names.zip((0_u32..).map(f64::from)).collect();
    let (split, labels) = (curves.series.as_ref(), curves.labels.as_ref());
    let mut all = series_of(rows, split, &curves.y, labels, |row, y| {
        let place = *places.get(rows.text(&curves.x.value, row).as_str())?;
        Some((place, rows.shown_number(y, row)?))
    });
    for series in &mut all {
        series.points.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    all
}

/// A series for each value of `split` and each column along y that has any point.
fn series_of(
    rows: &PictureRows<'_>,
    split: Option<&Spanned<String>>,
    y: &[Spanned<String>],
    labels: Option<&Spanned<String>>,
    at: impl Fn(usize, &str) -> Option<(f64, f64)>,
) -> Vec<Series> {
    pairs(rows, split, y)
        .into_iter()
        .map(|(name, group, y)| {
            let points = group.iter().filter_map(|row| {
                let (x, y) = at(*row, &y.value)?;
                let label = labels.map(|labels| rows.text(&labels.value, *row));
                Some(Point { x, y, label })
            });
            Series::new(name, points.collect())
        })
        .filter(|series| !series.points.is_empty())
        .collect()
}

/// A value for each category.
fn by_category(
    curves: &CurveSpec,
    rows: &PictureRows<'_>,
    names: &[String],
) -> Result<Vec<BarSeries>, PictureProblem> {
    let split = curves.series.as_ref();
    pairs(rows, split, &curves.y)
        .into_iter()
        .map(|(name, group, y)| {
            let mut values = vec![None; names.len()];
            for row in group {
                let category = rows.text(&curves.x.value, row);
                let index = names.iter().position(|known| *known == category);
                let value = rows.shown_number(&y.value, row);
                let (Some(index), Some(value)) = (index, value) else {
                    continue;
                };
                if values[index].replace(value).is_some() {
                    let columns: Vec<_> = std::iter::once(&curves.x).chain(split).collect();
                    let problem = PictureProblem::several_rows(Spot::Bar, rows, &columns, y, row);
                    return Err(problem);
                }
            }
            Ok(BarSeries::new(name, values))
        })
        .collect()
}

fn bars(
    plot: &PlotSpec,
    curves: &CurveSpec,
    rows: &PictureRows<'_>,
) -> Result<BarChart, PictureProblem> {
    let names = rows.distinct(&curves.x.value);
    let x_label = rows.label(curves.x_label.as_deref(), &curves.x);
    let y_label = y_label(curves, rows);
    let what = format!("{y_label} by {x_label}");
    let series = by_category(curves, rows, &names)?;
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
    Ok(chart)
}

fn cells(
    plot: &PlotSpec,
    heatmap: &HeatmapSpec,
    rows: &PictureRows<'_>,
) -> Result<Heatmap, PictureProblem> {
    let columns = in_order(rows, &heatmap.x.value, false);
    let lines = in_order(rows, &heatmap.y.value, true);
    let mut cells = vec![None; columns.len() * lines.len()];
    let (place_columns, shown) = ([&heatmap.x, &heatmap.y], &heatmap.value);
    if heatmap.log {
        check_log(rows, std::slice::from_ref(shown), &place_columns)?;
    }
    for row in rows.iter() {
        let place = |names: &[String], column: &Spanned<String>| {
            let name = rows.text(&column.value, row);
            names.iter().position(|known| *known == name)
        };
        let places = place(&lines, &heatmap.y).zip(place(&columns, &heatmap.x));
        let value = rows.shown_number(&shown.value, row);
        let (Some((line, column)), Some(value)) = (places, value) else {
            continue;
        };
        let cell = &mut cells[line * columns.len() + column];
        if cell.replace(value).is_some() {
            let problem =
                PictureProblem::several_rows(Spot::Cell, rows, &place_columns, shown, row);
            return Err(problem);
        }
    }
    let value = rows.label(heatmap.value_label.as_deref(), &heatmap.value);
    Ok(Heatmap {
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
    })
}

fn agreement_chart(
    plot: &PlotSpec,
    agreement: &AgreementSpec,
    rows: &PictureRows<'_>,
) -> Result<AgreementChart, PictureProblem> {
    let series = points_of(
        rows,
        agreement.series.as_ref(),
        &agreement.measured,
        &agreement.predicted,
        agreement.labels.as_ref(),
    );
    let words = rows.label(agreement.quantity.as_deref(), &agreement.measured);
    let mut quantity = axis_of(&words);
    if agreement.log {
        quantity = quantity.log();
        let names = agreement.series.iter().chain(&agreement.labels);
        let at: Vec<_> = std::iter::once(&agreement.measured).chain(names).collect();
        check_log(rows, std::slice::from_ref(&agreement.measured), &at)?;
        check_log(rows, &agreement.predicted, &at)?;
    }
    let what = format!("Predicted against measured {words}");
    let mut chart = AgreementChart::new(caption(plot, rows, &what), quantity, series);
    if let Some(bands) = &agreement.bands {
        chart.bands_percent.clone_from(bands);
    }
    Ok(chart)
}

fn roofline_chart(
    plot: &PlotSpec,
    roofline: &RooflineSpec,
    rows: &PictureRows<'_>,
) -> Result<RooflineChart, PictureProblem> {
    let series = points_of(
        rows,
        roofline.series.as_ref(),
        &roofline.intensity,
        std::slice::from_ref(&roofline.flops_per_s),
        roofline.labels.as_ref(),
    );
    let compute = roofline.peaks.iter().map(|peak| {
        Ok(ComputeRoof {
            name: rows.label(None, peak),
            flops_per_s: constant(rows, peak)?,
        })
    });
    Ok(RooflineChart {
        caption: caption(plot, rows, "FLOP/s by arithmetic intensity"),
        memory: MemoryRoof {
            name: rows.label(None, &roofline.bandwidth),
            bytes_per_s: constant(rows, &roofline.bandwidth)?,
        },
        compute: compute.collect::<Result<_, PictureProblem>>()?,
        series,
    })
}

/// The one value of a column.
fn constant(rows: &PictureRows<'_>, column: &Spanned<String>) -> Result<f64, PictureProblem> {
    let values = rows
        .iter()
        .filter_map(|row| Some((row, rows.number(&column.value, row)?)));
    let mut first: Option<(usize, f64)> = None;
    for (row, value) in values {
        match first {
            None => first = Some((row, value)),
            Some((one, known)) if known.to_bits() != value.to_bits() => {
                return Err(PictureProblem::SeveralRoofs {
                    column: column.value.clone(),
                    one: rows.text(&column.value, one),
                    other: rows.text(&column.value, row),
                });
            }
            Some(_) => {}
        }
    }
    let part = Part::ComputeRoofs;
    let (_, value) = first.ok_or(PlotError::Empty { part })?;
    Ok(value)
}
