//! Intervals of checks: their rows, their columns and how they are drawn.

use bootstrap::{InvalidResampling, Resampling};

use super::query_checker::QueryChecker;
use crate::format::{CheckSpec, IntervalSpec, StatisticSpec};
use crate::sweep::Kept;
use crate::table::ColumnKind;

impl QueryChecker<'_, '_> {
    /// Checks the interval of a check, and notes the columns of a run that it reads.
    pub(super) fn check_interval(&mut self, check: &CheckSpec) {
        let Some(interval) = &check.interval else {
            return;
        };
        let what = format!("the interval of check `{}`", check.id.value);
        self.check_resampling(&what, interval);
        self.check_twice(&what, &interval.of);
        let table = &interval.table;
        let spec = self.spec;
        let mut known = spec.tables.names().chain(spec.runs.names());
        if !known.any(|name| name == table.value) {
            let message = format!("{what}: there is no table or run `{}`", table.value);
            let known = spec.tables.names().chain(spec.runs.names());
            self.reporter
                .unknown(table, message, "tables and runs", known);
            return;
        }
        if let Some(Kept::Named(names)) = self.kept.get_mut(&table.value) {
            let columns = interval.of.columns().into_iter();
            names.extend(columns.map(|column| column.value.clone()));
        }
        self.check_columns(&what, interval);
    }

    /// The columns are there and hold what the statistic takes; nothing is known where the table is not in order.
    fn check_columns(&mut self, what: &str, interval: &IntervalSpec) {
        let table = &interval.table.value;
        let Some(layout) = self.layouts.get(table) else {
            return;
        };
        let called = format!("{what}: `{table}`");
        for column in interval.of.numbers() {
            let kind = layout.require(self.reporter, column, &called);
            if kind.is_some_and(|kind| !kind.is_number()) {
                let message = format!("{what}: column `{}` holds no numbers", column.value);
                self.reporter.at(column, message);
            }
        }
        if let StatisticSpec::DifferenceOfGroups(groups) = &interval.of {
            let kind = layout.require(self.reporter, &groups.by, &called);
            if kind.is_some_and(|kind| kind != ColumnKind::Text) {
                let message = format!(
                    "{what}: column `{}` holds no words, which tell groups apart",
                    groups.by.value
                );
                self.reporter.at(&groups.by, message);
            }
        }
    }

    fn check_resampling(&mut self, what: &str, interval: &IntervalSpec) {
        let Err(invalid) = Resampling::new(interval.resampling()) else {
            return;
        };
        let place = match invalid {
            InvalidResampling::Level(_) => interval.level.as_ref().map(|level| level.referenced),
            InvalidResampling::Block => interval.block.as_ref().map(|block| block.referenced),
            InvalidResampling::Resamples(_) | InvalidResampling::TooFewForLevel { .. } => {
                let resamples = interval.resamples.as_ref();
                resamples.map(|resamples| resamples.referenced)
            }
        };
        // What is left out has no place of its own.
        let place = place.unwrap_or(interval.table.referenced);
        let message = format!("{what}: {invalid}");
        let source = self.reporter.source();
        self.reporter
            .push(source.error_at(place.line(), place.column(), message));
    }

    /// Two columns or groups that are compared are two.
    fn check_twice(&mut self, what: &str, of: &StatisticSpec) {
        let (noun, [first, second]) = match of {
            StatisticSpec::Mean(_) => return,
            StatisticSpec::Difference(columns) | StatisticSpec::Correlation(columns) => {
                ("column", columns)
            }
            StatisticSpec::DifferenceOfGroups(groups) => ("group", &groups.groups),
        };
        if first.value == second.value {
            let message = format!("{what} compares {noun} `{}` with itself", first.value);
            self.reporter.at(second, message);
        }
    }
}
