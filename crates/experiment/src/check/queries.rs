//! Tables and checks: their SQL, what it reads and what it returns.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::Reporter;
use serde_yaml::Spanned;

use super::axis_values::axis_columns;
use super::checked_queries::CheckedQueries;
use super::computing_order::{Reads, axis_queries, computing_order, stages};
use super::query_checker::QueryChecker;
use crate::format::{
    FIGURE_COLUMN, HypothesisSpec, TableSpec, VALUE_COLUMN, check_one_line, check_words,
};
use crate::sweep::{Kept, Run};
use crate::table::{
    ColumnKind, Engine, Layout, QueryFacts, RowOrder, check_identifier, empty_frame, fits,
};

/// Most digits that a column can be shown with: f64 has no more.
const MAX_DIGITS: u8 = 17;

/// How the values of an axis come in another order than their own.
const ORDER_IN_A_TABLE: &str = "an axis reads `value` alone: where another column orders it, order a table by that and read the table";

/// Checks all SQL against frames without rows: what does not parse, names what is not there or does not type is
/// found before a single cell is computed.
pub(crate) fn check_queries(
    reporter: &mut Reporter<'_>,
    spec: &HypothesisSpec,
    runs: &mut [Run],
) -> CheckedQueries {
    let names = runs.iter().map(|run| run.name.clone());
    let mut checker = QueryChecker {
        kept: names
            .map(|run| (run, Kept::Named(BTreeSet::new())))
            .collect(),
        reporter,
        spec,
        runs,
        engine: Engine::default(),
        layouts: BTreeMap::new(),
        answers: BTreeMap::new(),
        axis_columns: BTreeMap::new(),
    };
    let reads = checker.parse_all();
    let stages = stages(computing_order(checker.reporter, spec, &reads), &reads);
    for stage in &stages {
        checker.check_stage(stage, &reads);
    }
    checker.check_checks();
    checker.check_shared_columns();
    checker.check_runs_are_read();
    CheckedQueries {
        stages,
        layouts: checker.layouts,
        axis_columns: checker.axis_columns,
        ordered_by: ordered_by(spec, &reads),
        kept: checker.kept,
    }
}

/// The columns by which tables are ordered.
fn ordered_by(
    spec: &HypothesisSpec,
    reads: &BTreeMap<String, Reads>,
) -> BTreeMap<String, Vec<String>> {
    let tables = spec.tables.iter().filter(|(_, table)| table.sql.is_some());
    tables
        .filter_map(
            |(name, _)| match &reads.get(&name.value)?.queries.first()?.order {
                RowOrder::By(columns) => Some((name.value.clone(), columns.clone())),
                RowOrder::Inherited | RowOrder::Nothing => None,
            },
        )
        .collect()
}

/// The queries of a table, or those that a run takes values of its axes from, with what messages call each.
fn queries_of<'s>(spec: &'s HypothesisSpec, name: &str) -> Vec<(String, &'s Spanned<String>)> {
    match spec.tables.get(name) {
        Some(table) => table.queries(name),
        None => axis_queries(spec, name)
            .map(|(axis, sql)| (format!("axis `{axis}` of run `{name}`"), sql))
            .collect(),
    }
}

impl QueryChecker<'_, '_> {
    /// Parses the SQL of every table, and that which runs take values of their axes from.
    fn parse_all(&mut self) -> BTreeMap<String, Reads> {
        let mut all = BTreeMap::new();
        let spec = self.spec;
        for (name, table) in spec.tables.iter() {
            self.check_shape(name, table);
            self.parse(&name.value, &mut all);
        }
        let is_table = |name: &&str| spec.tables.get(name).is_some();
        for name in spec.runs.names().filter(|name| !is_table(name)) {
            self.parse(name, &mut all);
        }
        all
    }

    /// Parses the SQL of a table or run, which is put to the others where all of it is in order.
    fn parse(&mut self, name: &str, all: &mut BTreeMap<String, Reads>) {
        let wanted = queries_of(self.spec, name);
        let table = self.spec.tables.get(name);
        let has_rows = table.is_none_or(|table| table.figures.is_empty());
        let mut queries = Vec::with_capacity(wanted.len());
        let figures = table.map_or(&[][..], |table| &table.figures);
        let parts = figures.iter().map(|figure| figure.parts.as_ref());
        let parts = parts.chain(std::iter::repeat(None));
        for ((what, sql), parts) in wanted.iter().zip(parts) {
            if parts.is_some_and(|parts| !self.check_parts(what, parts)) {
                continue;
            }
            let Some(facts) = self.facts(what, sql) else {
                continue;
            };
            if has_rows && facts.order == RowOrder::Nothing {
                let message = format!(
                    "{what} leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column"
                );
                self.reporter
                    .at(sql, message)
                    .help("end its SQL with ORDER BY and columns of the result");
            }
            queries.push(facts);
        }
        if queries.len() == wanted.len() {
            all.insert(name.to_owned(), Reads::new(queries));
        }
    }

    /// Runs the SQL of tables and runs that do not read each other.
    fn check_stage(&mut self, stage: &[String], reads: &BTreeMap<String, Reads>) {
        let wanted = stage
            .iter()
            .filter_map(|name| Some((name, reads.get(name)?)));
        let wanted = wanted.filter(|(_, reads)| self.knows(&reads.relations));
        let wanted: Vec<(&String, &Reads)> = wanted.collect();
        let names = wanted.iter().map(|(name, _)| name);
        let queries = names.flat_map(|name| queries_of(self.spec, name));
        let texts: Vec<&str> = queries.map(|(_, sql)| sql.value.as_str()).collect();
        self.run_beforehand(&texts);
        for (name, reads) in wanted {
            for query in &reads.queries {
                self.keep(query);
            }
            match self.spec.tables.get(name) {
                Some(table) => self.check_table(name, table, reads),
                None => self.check_run_axes(name, reads),
            }
        }
    }

    /// Checks the SQL of a run's axes, and makes the columns of the run known.
    fn check_run_axes(&mut self, name: &str, reads: &Reads) {
        let axes = axis_queries(self.spec, name).map(|(axis, _)| axis);
        let queries = queries_of(self.spec, name);
        for ((axis, (what, sql)), query) in axes.zip(&queries).zip(&reads.queries) {
            let Some(columns) = self.try_run(what, sql, query, None) else {
                continue;
            };
            self.check_order(what, sql, query, &columns, Some(ORDER_IN_A_TABLE));
            if let [(column, kind)] = columns.0.as_slice()
                && column == VALUE_COLUMN
            {
                for run in self.runs.iter_mut().filter(|run| run.name == name) {
                    run.axes.expect(axis, *kind);
                }
            } else {
                let message = format!("{what} needs exactly one column, named `{VALUE_COLUMN}`");
                self.reporter.at(sql, message).help(columns.returned());
            }
        }
        if let Some(run) = self.runs.iter().find(|run| run.name == name) {
            let columns = run.columns();
            let axes = axis_columns(self.spec, run);
            self.axis_columns.insert(name.to_owned(), axes);
            self.register_empty(name, columns);
        }
    }

    /// Makes columns known to later queries.
    fn register_empty(&mut self, name: &str, columns: Layout) {
        if let Ok(frame) = empty_frame(&columns) {
            self.engine.register(name, frame);
        }
        self.layouts.insert(name.to_owned(), columns);
    }

    /// A table has a name and words of its own, and one SELECT or figures with names of their own.
    fn check_shape(&mut self, name: &Spanned<String>, table: &TableSpec) {
        let what = format!("table `{}`", name.value);
        check_identifier(self.reporter, "table", name);
        let same = self
            .spec
            .tables
            .names()
            .filter(|other| *other == name.value);
        if same.count() > 1 {
            let message = format!("{what} stands beside the `{}` of the file", name.value);
            self.reporter
                .at(name, message)
                .help("they make a table of this name: call the other one differently");
        }
        if self.spec.runs.get(&name.value).is_some() {
            self.reporter
                .at(name, format!("{what} has the name of a run"));
        }
        if table.sql.is_some() != table.figures.is_empty() {
            self.reporter
                .at(name, format!("{what} needs either `sql` or `figures`"));
        }
        let title = format!("the title of {what}");
        check_words(self.reporter, name, &title, &table.title);
        check_one_line(self.reporter, name, &title, &table.title);
        let mut seen = BTreeSet::new();
        for figure in &table.figures {
            self.check_digits(figure.digits, &figure.name);
            if !seen.insert(figure.name.value.as_str()) {
                let message = format!("figure `{}` stands twice in the table", figure.name.value);
                self.reporter.at(&figure.name, message);
            }
        }
    }

    fn check_table(&mut self, name: &str, table: &TableSpec, reads: &Reads) {
        if let (Some(sql), Some(query)) = (&table.sql, reads.queries.first()) {
            let what = format!("table `{name}`");
            let Some(columns) = self.try_run(&what, sql, query, Some(name)) else {
                return;
            };
            self.check_order(&what, sql, query, &columns, None);
            if columns.0.is_empty() || columns.names().any(|column| column.trim().is_empty()) {
                let message = format!("{what} has a column without a name, or none at all");
                self.reporter.at(sql, message);
            }
            self.layouts.insert(name.to_owned(), columns);
        } else {
            self.check_figures(name, table, reads);
            let columns = [
                (FIGURE_COLUMN.to_owned(), ColumnKind::Text),
                (VALUE_COLUMN.to_owned(), ColumnKind::Float),
            ];
            let known = columns.iter().map(|(name, _)| (name.clone(), None));
            self.axis_columns.insert(name.to_owned(), known.collect());
            self.register_empty(name, Layout(columns.into()));
        }
        self.check_formats(name, table);
    }

    /// Rows are ordered by columns of the result, so that ties can be seen in it.
    fn check_order(
        &mut self,
        what: &str,
        sql: &Spanned<String>,
        query: &QueryFacts,
        columns: &Layout,
        remedy: Option<&str>,
    ) {
        let RowOrder::By(order) = &query.order else {
            return;
        };
        for name in order.iter().filter(|name| columns.get(name).is_none()) {
            let message =
                format!("{what} is ordered by `{name}`, which is no column of its result");
            let problem = self.reporter.at_word(sql, name, message);
            problem.choices("its columns", name, columns.names());
            if let Some(remedy) = remedy {
                problem.help(remedy);
            }
        }
    }

    /// Every figure returns a number named `value`.
    fn check_figures(&mut self, name: &str, table: &TableSpec, reads: &Reads) {
        for ((what, sql), query) in table.queries(name).into_iter().zip(&reads.queries) {
            let Some(columns) = self.try_run(&what, sql, query, None) else {
                continue;
            };
            let kind = columns.get(VALUE_COLUMN);
            if !kind.is_some_and(ColumnKind::is_number) {
                let message = format!("{what} returns no number named `{VALUE_COLUMN}`");
                self.reporter.at(sql, message).help(columns.returned());
            }
        }
    }

    fn check_formats(&mut self, name: &str, table: &TableSpec) {
        for (column, format) in table.columns.iter() {
            if let Some(layout) = self.layouts.get(name) {
                layout.require(self.reporter, column, format_args!("table `{name}`"));
            }
            if let Some(digits) = &format.digits {
                self.check_digits(Some(digits.value), digits);
            }
            let is_value = !table.figures.is_empty() && column.value == VALUE_COLUMN;
            if is_value && (format.digits.is_some() || format.suffix.is_some()) {
                let message = format!("the values of table `{name}` have no format in common");
                self.reporter
                    .at(column, message)
                    .help("give each figure its own `digits` and `suffix`");
            }
        }
    }

    /// Where all is in order, a format that no column has is a slip of its name.
    fn check_shared_columns(&mut self) {
        let spec = self.spec;
        let layouts = spec.tables.names();
        let layouts = layouts.filter_map(|table| self.layouts.get(table));
        let columns: BTreeSet<String> =
            layouts.flat_map(Layout::names).map(str::to_owned).collect();
        for (name, format) in spec.columns.iter() {
            if let Some(digits) = &format.digits {
                self.check_digits(Some(digits.value), digits);
            }
            let is_used = columns.iter().any(|column| fits(&name.value, column));
            if self.reporter.problems().is_empty() && !is_used {
                let message = format!("no table has a column `{}`", name.value);
                let known = columns.iter().map(String::as_str);
                self.reporter.unknown(name, message, "columns", known);
            }
        }
    }

    pub(super) fn check_digits<T>(&mut self, digits: Option<u8>, place: &Spanned<T>) {
        if let Some(digits) = digits.filter(|digits| *digits > MAX_DIGITS) {
            let message =
                format!("{digits} digits are more than the {MAX_DIGITS} that a number has");
            self.reporter.at(place, message);
        }
    }

    /// Where all is in order, a run that nothing reads is there for nothing.
    fn check_runs_are_read(&mut self) {
        for (name, _) in self.spec.runs.iter() {
            let kept = self.kept.get(&name.value);
            let is_read = kept.is_some_and(|kept| *kept != Kept::Named(BTreeSet::new()));
            if self.reporter.problems().is_empty() && !is_read {
                let message = format!("run `{}` is read by no table and no check", name.value);
                self.reporter
                    .at(name, message)
                    .help("read it in the SQL of a table or check, or remove it");
            }
        }
    }
}
