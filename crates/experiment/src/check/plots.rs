//! Pictures name tables and columns that there are.

use std::collections::BTreeSet;

use diagnostic::Reporter;
use serde_yaml::Spanned;

use super::axis_values::wrong_rows;
use super::checked_queries::CheckedQueries;
use crate::format::{
    AgreementSpec, CurveSpec, HeatmapSpec, HypothesisSpec, PlotAxis, PlotHead, PlotSpec,
    RooflineSpec, check_one_line,
};
use crate::project::picture_file;
use crate::table::{ColumnKind, Layout};

/// Checks every plot against the columns of its table.
pub(crate) fn check_plots(
    reporter: &mut Reporter<'_>,
    spec: &HypothesisSpec,
    queries: &CheckedQueries,
) {
    let mut files = BTreeSet::new();
    for plot in &spec.plots {
        let PlotHead {
            table,
            title,
            note,
            only,
        } = plot.head();
        if !files.insert(picture_file(title)) {
            reporter.at(
                table,
                format!("the title `{title}` names two pictures alike"),
            );
        }
        check_one_line(reporter, table, "the title of this plot", title);
        check_labels(reporter, table, [Some(title), note]);
        if spec.tables.get(&table.value).is_none() {
            let message = format!("there is no table `{}` to plot", table.value);
            reporter.unknown(table, message, "tables", spec.tables.names());
        }
        if let Some(layout) = queries.layouts.get(&table.value) {
            let mut checker = PlotChecker {
                reporter,
                table,
                title,
                layout,
            };
            checker.columns(only.iter().map(|(column, _)| column));
            checker.check(plot);
            let columns = queries.axis_columns.get(&table.value);
            for (column, message, values) in wrong_rows(columns, only) {
                let values = values.iter().map(String::as_str);
                reporter
                    .at(column, message)
                    .choices("nearest values", "", values);
            }
        }
    }
}

/// Headings and labels say something.
fn check_labels<'t>(
    reporter: &mut Reporter<'_>,
    place: &Spanned<String>,
    labels: impl IntoIterator<Item = Option<&'t str>>,
) {
    let labels = labels.into_iter().flatten();
    for _ in labels.filter(|label| label.trim().is_empty()) {
        reporter.at(place, "a title or label of this plot is empty");
    }
}

struct PlotChecker<'a, 's> {
    reporter: &'a mut Reporter<'s>,
    table: &'a Spanned<String>,
    title: &'a str,
    layout: &'a Layout,
}

impl PlotChecker<'_, '_> {
    fn check(&mut self, plot: &PlotSpec) {
        match plot {
            PlotSpec::Line(curves) | PlotSpec::Scatter(curves) => self.curves(curves),
            PlotSpec::Bar(curves) => self.bars(curves),
            PlotSpec::Heatmap(heatmap) => self.heatmap(heatmap),
            PlotSpec::PredictedMeasured(agreement) => self.agreement(agreement),
            PlotSpec::Roofline(roofline) => self.roofline(roofline),
        }
    }

    fn curves(&mut self, curves: &CurveSpec) {
        let labels = [curves.x_label.as_deref(), curves.y_label.as_deref()];
        check_labels(self.reporter, self.table, labels);
        let x = self.column(&curves.x);
        self.some(&curves.y, "column along y");
        self.numbers(&curves.y);
        if curves.log.contains(&PlotAxis::X) {
            self.numbers([&curves.x]);
        }
        self.columns(curves.series.iter().chain(&curves.labels));
        let is_words = x.is_some_and(|kind| !kind.is_number());
        for line in curves.lines_at.iter() {
            if line.label.trim().is_empty() {
                self.reporter
                    .at(&line.at, "a line of this plot has no name");
            }
            if !line.at.value.is_finite() {
                let message = "a line stands at a finite number";
                self.reporter.at(&line.at, message);
            }
            if line.axis == PlotAxis::X && is_words {
                let message = format!(
                    "column `{}` holds words: no line stands at a number of it",
                    curves.x.value
                );
                self.reporter.at(&line.at, message);
            }
        }
    }

    fn bars(&mut self, curves: &CurveSpec) {
        self.curves(curves);
        if !curves.log.is_empty() {
            let message = "bars start at zero, which a logarithmic axis does not have";
            self.reporter
                .at(self.table, message)
                .help("draw a `scatter` or a `line`");
        }
        if let Some(line) = curves.lines_at.iter().find(|line| line.axis == PlotAxis::X) {
            let message = "bars stand at words: lines are at values along y";
            self.reporter.at(&line.at, message);
        }
        if let Some(labels) = &curves.labels {
            let message = "bars have no `labels`: their values stand at their ends";
            self.reporter.at(labels, message);
        }
        if curves.show.is_some() {
            let message = "bars show values as they are: draw a `line`";
            self.reporter.at(self.table, message);
        }
    }

    fn heatmap(&mut self, heatmap: &HeatmapSpec) {
        self.columns([&heatmap.x, &heatmap.y]);
        self.numbers([&heatmap.value]);
        if heatmap.log && heatmap.centre.is_some() {
            let message = "colours run from a `centre` or by ratio (`log`), not both";
            self.reporter.at(self.table, message);
        }
    }

    fn agreement(&mut self, agreement: &AgreementSpec) {
        check_labels(self.reporter, self.table, [agreement.quantity.as_deref()]);
        self.numbers([&agreement.measured]);
        self.some(&agreement.predicted, "predicted column");
        self.numbers(&agreement.predicted);
        self.columns(agreement.series.iter().chain(&agreement.labels));
    }

    fn roofline(&mut self, roofline: &RooflineSpec) {
        self.some(&roofline.peaks, "column of `peaks`");
        self.numbers([
            &roofline.intensity,
            &roofline.flops_per_s,
            &roofline.bandwidth,
        ]);
        self.numbers(&roofline.peaks);
        self.columns(roofline.series.iter().chain(&roofline.labels));
    }

    /// There is something to draw.
    fn some(&mut self, columns: &[Spanned<String>], noun: &str) {
        if columns.is_empty() {
            let message = format!("plot `{}` has no {noun}", self.title);
            self.reporter.at(self.table, message);
        }
    }

    fn column(&mut self, name: &Spanned<String>) -> Option<ColumnKind> {
        self.layout
            .require(self.reporter, name, "the plotted table")
    }

    fn columns<'c>(&mut self, names: impl IntoIterator<Item = &'c Spanned<String>>) {
        for name in names {
            self.column(name);
        }
    }

    fn numbers<'c>(&mut self, names: impl IntoIterator<Item = &'c Spanned<String>>) {
        for name in names {
            if self.column(name).is_some_and(|kind| !kind.is_number()) {
                let message = format!("column `{}` holds no numbers to plot", name.value);
                self.reporter.at(name, message);
            }
        }
    }
}
