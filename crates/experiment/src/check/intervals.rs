//! Intervals of checks: their rows, their columns and how they are drawn.

use std::collections::BTreeMap;

use bootstrap::{InvalidResampling, Resampling};
use serde_yaml::Spanned;

use super::query_checker::QueryChecker;
use crate::format::{CheckSpec, IntervalSpec, StatisticSpec};
use crate::sweep::Kept;
use crate::table::ColumnKind;

impl QueryChecker<'_> {
    /// Checks the interval of a check, and notes the columns of a run that it reads.
    pub(super) fn check_interval(&mut self, check: &CheckSpec, kept: &mut BTreeMap<String, Kept>) {
        let Some(interval) = &check.interval else {
            return;
        };
        let what = format!("the interval of check `{}`", check.id.value);
        self.check_resampling(&what, interval);
        self.check_twice(&what, &interval.of);
        let table = &interval.table;
        let spec = self.spec;
        let known = || spec.tables.names().chain(spec.runs.names());
        if !known().any(|name| name == table.value) {
            let message = format!("{what}: there is no table or run `{}`", table.value);
            let problem = self.source.error_for(table, message);
            self.problems
                .push(problem.with_choices("tables and runs", &table.value, known()));
            return;
        }
        if let Some(Kept::Named(names)) = kept.get_mut(&table.value) {
            let columns = interval.of.columns().into_iter();
            names.extend(columns.map(|column| column.value.clone()));
        }
        for column in interval.of.numbers() {
            let kind = self.column_kind(&what, table, column);
            if let Some(ColumnKind::Text | ColumnKind::Bool) = kind {
                let message = format!("{what}: column `{}` holds no numbers", column.value);
                self.problems.push(self.source.error_for(column, message));
            }
        }
        if let StatisticSpec::DifferenceOfGroups(groups) = &interval.of {
            let kind = self.column_kind(&what, table, &groups.by);
            if let Some(ColumnKind::Int | ColumnKind::Float | ColumnKind::Bool) = kind {
                let message = format!(
                    "{what}: column `{}` holds no words, which tell groups apart",
                    groups.by.value
                );
                self.problems
                    .push(self.source.error_for(&groups.by, message));
            }
        }
    }

    fn check_resampling(&mut self, what: &str, interval: &IntervalSpec) {
        let Err(invalid) = Resampling::new(interval.resampling()) else {
            return;
        };
        let message = format!("{what}: {invalid}");
        let place = match invalid {
            InvalidResampling::Level(_) => interval
                .level
                .as_ref()
                .map(|level| self.source.error_for(level, &message)),
            InvalidResampling::Resamples(_) | InvalidResampling::TooFewForLevel { .. } => interval
                .resamples
                .as_ref()
                .map(|resamples| self.source.error_for(resamples, &message)),
            InvalidResampling::Block => interval
                .block
                .as_ref()
                .map(|block| self.source.error_for(block, &message)),
        };
        // What is left out has no place of its own.
        let problem = place.unwrap_or_else(|| self.source.error_for(&interval.table, &message));
        self.problems.push(problem);
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
            self.problems.push(self.source.error_for(second, message));
        }
    }

    /// What a column holds; none where the table itself is not in order.
    fn column_kind(
        &mut self,
        what: &str,
        table: &Spanned<String>,
        column: &Spanned<String>,
    ) -> Option<ColumnKind> {
        let layout = self.layouts.get(&table.value)?;
        let found = layout.iter().find(|(name, _)| *name == column.value);
        if found.is_none() {
            let message = format!("{what}: `{}` has no column `{}`", table.value, column.value);
            let names = layout.iter().map(|(name, _)| name.as_str());
            let problem = self.source.error_for(column, message).with_choices(
                "its columns",
                &column.value,
                names,
            );
            self.problems.push(problem);
        }
        found.map(|(_, kind)| *kind)
    }
}
