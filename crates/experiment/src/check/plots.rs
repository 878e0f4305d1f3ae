//! Pictures name tables and columns that there are.

use std::collections::BTreeMap;

use serde_yaml::Spanned;

use super::queries::Layout;
use crate::diagnostic::Diagnostics;
use crate::probe::ColumnKind;
use crate::source_text::SourceText;
use crate::spec::{CurveSpec, HeatmapSpec, HypothesisSpec, PlotAxis, PlotSpec};

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
    for plot in &spec.plots {
        match plot {
            PlotSpec::Line(curves) | PlotSpec::Scatter(curves) | PlotSpec::Bar(curves) => {
                checker.curves(curves);
            }
            PlotSpec::Heatmap(heatmap) => checker.heatmap(heatmap),
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
    fn curves(&mut self, curves: &CurveSpec) {
        let labels = [
            Some(&curves.title),
            curves.x_label.as_ref(),
            curves.y_label.as_ref(),
        ];
        self.words(&curves.table, labels.into_iter().flatten());
        let Some(layout) = self.table(&curves.table) else {
            return;
        };
        self.column(layout, &curves.x);
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
        if let Some(series) = &curves.series {
            self.column(layout, series);
        }
    }

    fn heatmap(&mut self, heatmap: &HeatmapSpec) {
        self.words(&heatmap.table, std::iter::once(&heatmap.title));
        let Some(layout) = self.table(&heatmap.table) else {
            return;
        };
        self.column(layout, &heatmap.x);
        self.column(layout, &heatmap.y);
        self.number(layout, &heatmap.value);
    }

    /// Headings and labels say something.
    fn words<'w>(&mut self, place: &Spanned<String>, texts: impl Iterator<Item = &'w String>) {
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
