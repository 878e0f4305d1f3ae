//! Pictures name tables and columns that there are.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostics, SourceText};
use serde_yaml::Spanned;

use crate::format::{
    AgreementSpec, CurveSpec, HeatmapSpec, HypothesisSpec, PlotAxis, PlotSpec, RooflineSpec,
    is_one_line,
};
use crate::project::picture_file;
use crate::table::{ColumnKind, Layout};

/// Checks every plot against the columns of its table.
pub(crate) fn check_plots(
    source: &SourceText,
    spec: &HypothesisSpec,
    layouts: &BTreeMap<String, Layout>,
    problems: &mut Diagnostics,
) {
    let mut checker = PlotChecker {
        source,
        spec,
        layouts,
        problems,
    };
    let mut files = BTreeSet::new();
    for plot in &spec.plots {
        if !files.insert(picture_file(plot.title())) {
            let message = format!("the title `{}` names two pictures alike", plot.title());
            checker
                .problems
                .push(source.error_for(plot.table(), message));
        }
        if !is_one_line(plot.title()) {
            let message = "the title of this plot is more than one line of words";
            checker
                .problems
                .push(source.error_for(plot.table(), message));
        }
        checker.words(
            plot.table(),
            std::iter::once(plot.title()).chain(plot.note()),
        );
        let Some(layout) = checker.table(plot.table()) else {
            continue;
        };
        for (column, _) in plot.only().iter() {
            checker.column(layout, column);
        }
        match plot {
            PlotSpec::Line(curves) | PlotSpec::Scatter(curves) => checker.curves(layout, curves),
            PlotSpec::Bar(curves) => checker.bars(layout, curves),
            PlotSpec::Heatmap(heatmap) => checker.heatmap(layout, heatmap),
            PlotSpec::PredictedMeasured(agreement) => checker.agreement(layout, agreement),
            PlotSpec::Roofline(roofline) => checker.roofline(layout, roofline),
        }
    }
}

struct PlotChecker<'a> {
    source: &'a SourceText,
    spec: &'a HypothesisSpec,
    layouts: &'a BTreeMap<String, Layout>,
    problems: &'a mut Diagnostics,
}

impl<'a> PlotChecker<'a> {
    fn curves(&mut self, layout: &Layout, curves: &CurveSpec) {
        let labels = [curves.x_label.as_deref(), curves.y_label.as_deref()];
        self.words(&curves.table, labels.into_iter().flatten());
        let x = self.column(layout, &curves.x);
        if curves.y.is_empty() {
            let message = format!("plot `{}` has no column along y", curves.title);
            self.problems
                .push(self.source.error_for(&curves.table, message));
        }
        for y in &curves.y {
            self.number(layout, y);
        }
        if curves.log.contains(&PlotAxis::X) {
            self.number(layout, &curves.x);
        }
        for column in [&curves.series, &curves.labels].into_iter().flatten() {
            self.column(layout, column);
        }
        for line in &curves.lines_at {
            if line.axis == PlotAxis::X && matches!(x, Some(ColumnKind::Text | ColumnKind::Bool)) {
                let message = format!(
                    "column `{}` holds words: no line stands at a number of it",
                    curves.x.value
                );
                self.problems.push(self.source.error_for(&line.at, message));
            }
        }
    }

    fn bars(&mut self, layout: &Layout, curves: &CurveSpec) {
        self.curves(layout, curves);
        if !curves.log.is_empty() {
            let message = "bars start at zero, which a logarithmic axis does not have";
            let problem = self.source.error_for(&curves.table, message);
            self.problems
                .push(problem.with_help("draw a `scatter` or a `line`"));
        }
        if let Some(line) = curves.lines_at.iter().find(|line| line.axis == PlotAxis::X) {
            let message = "bars stand at words: lines are at values along y";
            self.problems.push(self.source.error_for(&line.at, message));
        }
        if let Some(labels) = &curves.labels {
            let message = "bars have no `labels`: their values stand at their ends";
            self.problems.push(self.source.error_for(labels, message));
        }
        if curves.show.is_some() {
            let message = "bars show values as they are: draw a `line`";
            self.problems
                .push(self.source.error_for(&curves.table, message));
        }
    }

    fn heatmap(&mut self, layout: &Layout, heatmap: &HeatmapSpec) {
        self.column(layout, &heatmap.x);
        self.column(layout, &heatmap.y);
        self.number(layout, &heatmap.value);
        if heatmap.log && heatmap.centre.is_some() {
            let message = "colours run from a `centre` or by ratio (`log`), not both";
            self.problems
                .push(self.source.error_for(&heatmap.table, message));
        }
    }

    fn agreement(&mut self, layout: &Layout, agreement: &AgreementSpec) {
        self.words(
            &agreement.table,
            std::iter::once(agreement.quantity.as_str()),
        );
        self.number(layout, &agreement.measured);
        if agreement.predicted.is_empty() {
            let message = format!("plot `{}` has no predicted column", agreement.title);
            self.problems
                .push(self.source.error_for(&agreement.table, message));
        }
        for column in &agreement.predicted {
            self.number(layout, column);
        }
        for column in [&agreement.series, &agreement.labels].into_iter().flatten() {
            self.column(layout, column);
        }
    }

    fn roofline(&mut self, layout: &Layout, roofline: &RooflineSpec) {
        let numbers = [
            &roofline.intensity,
            &roofline.flops_per_s,
            &roofline.bandwidth,
        ];
        if roofline.peaks.is_empty() {
            let message = format!("plot `{}` has no column of `peaks`", roofline.title);
            self.problems
                .push(self.source.error_for(&roofline.table, message));
        }
        for column in numbers.into_iter().chain(&roofline.peaks) {
            self.number(layout, column);
        }
        for column in [&roofline.series, &roofline.labels].into_iter().flatten() {
            self.column(layout, column);
        }
    }

    /// Headings and labels say something.
    fn words<'w>(&mut self, place: &Spanned<String>, texts: impl Iterator<Item = &'w str>) {
        for text in texts {
            if text.trim().is_empty() {
                let message = "a title or label of this plot is empty";
                self.problems.push(self.source.error_for(place, message));
            }
        }
    }

    fn table(&mut self, name: &Spanned<String>) -> Option<&'a Layout> {
        if self.spec.tables.get(&name.value).is_none() {
            let problem = self
                .source
                .error_for(name, format!("there is no table `{}` to plot", name.value))
                .with_choices("tables", &name.value, self.spec.tables.names());
            self.problems.push(problem);
        }
        self.layouts.get(&name.value)
    }

    fn column(&mut self, layout: &Layout, name: &Spanned<String>) -> Option<ColumnKind> {
        let found = layout
            .iter()
            .find(|(known, _)| *known == name.value)
            .map(|(_, kind)| *kind);
        if found.is_none() {
            let problem = self
                .source
                .error_for(
                    name,
                    format!("the plotted table has no column `{}`", name.value),
                )
                .with_choices(
                    "its columns",
                    &name.value,
                    layout.iter().map(|(known, _)| known.as_str()),
                );
            self.problems.push(problem);
        }
        found
    }

    fn number(&mut self, layout: &Layout, name: &Spanned<String>) {
        match self.column(layout, name) {
            Some(ColumnKind::Text | ColumnKind::Bool) => {
                let message = format!("column `{}` holds no numbers to plot", name.value);
                self.problems.push(self.source.error_for(name, message));
            }
            Some(ColumnKind::Int | ColumnKind::Float) | None => {}
        }
    }
}
