//! Tables and checks: their SQL, what it reads and what it returns.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostics, SourceText};
use serde_yaml::Spanned;

use super::checked_queries::CheckedQueries;
use super::computing_order::{Reads, axis_queries, computing_order, stages};
use super::query_checker::{QueryChecker, axis_words, figure_layout, keep};
use crate::format::{HypothesisSpec, TableSpec, VALUE_COLUMN, is_one_line};
use crate::sweep::{Kept, Run};
use crate::table::{
    ColumnKind, Engine, Layout, NOT_AN_IDENTIFIER, QueryFacts, RowOrder, empty_frame,
    is_identifier, layout,
};

/// Most digits that a column can be shown with: f64 has no more.
const MAX_DIGITS: u8 = 17;

/// Checks all SQL against frames without rows: what does not parse, names what is not there or does not type is
/// found before a single cell is computed.
pub(crate) fn check_queries(
    source: &SourceText,
    spec: &HypothesisSpec,
    runs: &mut [Run],
    problems: &mut Diagnostics,
) -> CheckedQueries {
    let mut checker = QueryChecker {
        source,
        spec,
        runs,
        engine: Engine::default(),
        layouts: BTreeMap::new(),
        answers: BTreeMap::new(),
        problems,
    };
    let mut facts = checker.table_facts();
    facts.extend(checker.run_facts());
    let order = computing_order(source, spec, &facts, checker.problems);
    let mut kept = checker.no_columns();
    let stages = stages(order, &facts);
    for stage in &stages {
        let ready = stage.iter().filter(|name| {
            facts
                .get(*name)
                .is_some_and(|facts| checker.knows(&facts.relations))
        });
        let queries: Vec<&str> = ready
            .flat_map(|name| match spec.tables.get(name) {
                Some(table) => table
                    .queries(name)
                    .into_iter()
                    .map(|(_, sql)| sql)
                    .collect(),
                None => axis_queries(spec, name)
                    .into_iter()
                    .map(|(_, sql)| sql)
                    .collect::<Vec<_>>(),
            })
            .map(|sql| sql.value.as_str())
            .collect();
        checker.run_beforehand(&queries);
        for name in stage {
            let Some(facts) = facts.get(name.as_str()) else {
                continue;
            };
            match spec.tables.get(name) {
                Some(table) => checker.check_table(name, table, facts, &mut kept),
                None => checker.check_run_axes(name, facts, &mut kept),
            }
        }
    }
    checker.check_checks(&mut kept);
    let used: BTreeSet<&str> = kept
        .iter()
        .filter(|(_, kept)| !matches!(kept, Kept::Named(names) if names.is_empty()))
        .map(|(name, _)| name.as_str())
        .collect();
    for (name, _) in spec.runs.iter() {
        if checker.problems.is_empty() && !used.contains(name.value.as_str()) {
            let message = format!("run `{}` is read by no table and no check", name.value);
            let problem = source.error_for(name, message);
            checker
                .problems
                .push(problem.with_help("read it in the SQL of a table or check, or remove it"));
        }
    }
    let ordered_by = facts
        .iter()
        .filter(|(name, _)| {
            spec.tables
                .get(name)
                .is_some_and(|table| table.sql.is_some())
        })
        .filter_map(|(name, facts)| match &facts.queries.first()?.order {
            RowOrder::By(columns) => Some((name.clone(), columns.clone())),
            RowOrder::Inherited | RowOrder::Nothing => None,
        })
        .collect();
    CheckedQueries {
        stages,
        layouts: checker.layouts,
        ordered_by,
        kept,
    }
}

impl QueryChecker<'_> {
    fn no_columns(&self) -> BTreeMap<String, Kept> {
        self.runs
            .iter()
            .map(|run| (run.name.clone(), Kept::Named(BTreeSet::new())))
            .collect()
    }

    /// Parses the SQL that runs take values of their axes from.
    fn run_facts(&mut self) -> BTreeMap<String, Reads> {
        let mut all = BTreeMap::new();
        let spec = self.spec;
        for name in spec
            .runs
            .names()
            .filter(|name| spec.tables.get(name).is_none())
        {
            let wanted = axis_queries(spec, name);
            let mut queries = Vec::new();
            for (axis, sql) in &wanted {
                let what = axis_words(axis, name);
                if let Some(facts) = self.facts(&what, sql) {
                    self.check_has_order(&what, sql, &facts);
                    queries.push(facts);
                }
            }
            if queries.len() == wanted.len() {
                all.insert(name.to_owned(), Reads::new(queries));
            }
        }
        all
    }

    /// Checks the SQL of a run's axes, and makes the columns of the run known.
    fn check_run_axes(&mut self, name: &str, facts: &Reads, kept: &mut BTreeMap<String, Kept>) {
        if !self.knows(&facts.relations) {
            return;
        }
        for ((axis, sql), query) in axis_queries(self.spec, name)
            .into_iter()
            .zip(&facts.queries)
        {
            keep(kept, query);
            let what = axis_words(axis, name);
            let Some(columns) = self.try_run(&what, sql, query, None) else {
                continue;
            };
            self.check_order(&what, sql, query, &columns, Some(ORDER_IN_A_TABLE));
            let kind = match columns.as_slice() {
                [(column, kind)] if column == VALUE_COLUMN => *kind,
                others => {
                    let names: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
                    let message =
                        format!("{what} needs exactly one column, named `{VALUE_COLUMN}`");
                    let problem = self.source.error_for(sql, message);
                    self.problems
                        .push(problem.with_help(format!("it returns: {}", names.join(", "))));
                    continue;
                }
            };
            for run in self.runs.iter_mut().filter(|run| run.name == name) {
                run.axes.expect(axis, kind);
            }
        }
        if let Some(run) = self.runs.iter().find(|run| run.name == name) {
            let columns = run.columns();
            if let Ok(frame) = empty_frame(&columns) {
                self.engine.register(name, frame);
            }
            self.layouts.insert(name.to_owned(), columns);
        }
    }

    /// Runs queries side by side and keeps their answers for [`Self::try_run`].
    pub(super) fn run_beforehand(&mut self, queries: &[&str]) {
        let answers = self.engine.run_all(queries);
        let queries = queries.iter().map(|sql| (*sql).to_owned());
        self.answers = queries.zip(answers).collect();
    }

    /// Whether the columns of everything that queries read are known.
    pub(super) fn knows(&self, relations: &BTreeSet<String>) -> bool {
        relations.iter().all(|read| self.layouts.contains_key(read))
    }

    /// Parses the SQL of every table.
    fn table_facts(&mut self) -> BTreeMap<String, Reads> {
        let mut all = BTreeMap::new();
        for (name, table) in self.spec.tables.iter() {
            if !is_identifier(&name.value) {
                let problem = self
                    .source
                    .error_for(name, format!("table `{}` has no usable name", name.value))
                    .with_help(NOT_AN_IDENTIFIER);
                self.problems.push(problem);
            }
            if self.spec.runs.get(&name.value).is_some() {
                let message = format!("table `{}` has the name of a run", name.value);
                self.problems.push(self.source.error_for(name, message));
            }
            self.check_shape(name, table);
            let mut queries = Vec::new();
            for (what, sql) in table.queries(&name.value) {
                let Some(facts) = self.facts(&what, sql) else {
                    continue;
                };
                if table.figures.is_empty() {
                    self.check_has_order(&what, sql, &facts);
                }
                queries.push(facts);
            }
            if queries.len() == table.queries(&name.value).len() {
                all.insert(name.value.clone(), Reads::new(queries));
            }
        }
        all
    }

    /// Rows come in an order that the query fixes.
    pub(super) fn check_has_order(
        &mut self,
        what: &str,
        sql: &Spanned<String>,
        facts: &QueryFacts,
    ) {
        if facts.order == RowOrder::Nothing {
            let message = format!(
                "{what} leaves its rows in no fixed order: it joins, groups or unites them, or orders them by what is no column"
            );
            let problem = self.source.error_for(sql, message);
            self.problems
                .push(problem.with_help("end its SQL with ORDER BY and columns of the result"));
        }
    }

    /// A table has one SELECT or figures with names of their own.
    fn check_shape(&mut self, name: &Spanned<String>, table: &TableSpec) {
        if table.sql.is_some() != table.figures.is_empty() {
            let message = format!("table `{}` needs either `sql` or `figures`", name.value);
            self.problems.push(self.source.error_for(name, message));
        }
        if table.title.trim().is_empty() {
            let message = format!("the title of table `{}` says nothing", name.value);
            self.problems.push(self.source.error_for(name, message));
        }
        if !is_one_line(&table.title) {
            let message = format!(
                "the title of table `{}` is more than one line of words",
                name.value
            );
            self.problems.push(self.source.error_for(name, message));
        }
        let mut seen = BTreeSet::new();
        for figure in &table.figures {
            self.check_digits(figure.digits, &figure.name);
            if !seen.insert(figure.name.value.as_str()) {
                let message = format!("figure `{}` stands twice in the table", figure.name.value);
                self.problems
                    .push(self.source.error_for(&figure.name, message));
            }
        }
    }

    fn check_table(
        &mut self,
        name: &str,
        table: &TableSpec,
        facts: &Reads,
        kept: &mut BTreeMap<String, Kept>,
    ) {
        if !self.knows(&facts.relations) {
            return;
        }
        for query in &facts.queries {
            keep(kept, query);
        }
        let columns = if let (Some(sql), Some(query)) = (&table.sql, facts.queries.first()) {
            let what = format!("table `{name}`");
            let Some(columns) = self.try_run(&what, sql, query, Some(name)) else {
                return;
            };
            self.check_order(&what, sql, query, &columns, None);
            if columns.is_empty() || columns.iter().any(|(column, _)| column.trim().is_empty()) {
                let message = format!("{what} has a column without a name, or none at all");
                self.problems.push(self.source.error_for(sql, message));
            }
            columns
        } else {
            self.check_figures(name, table, facts);
            let columns = figure_layout();
            if let Ok(frame) = empty_frame(&columns) {
                self.engine.register(name, frame);
            }
            columns
        };
        self.check_formats(name, table, &columns);
        self.layouts.insert(name.to_owned(), columns);
    }

    /// Rows are ordered by columns of the result, so that ties can be seen in it.
    pub(super) fn check_order(
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
        for name in order {
            if !columns.iter().any(|(known, _)| known == name) {
                let message =
                    format!("{what} is ordered by `{name}`, which is no column of its result");
                let problem = self.source.error_at_word(sql, name, message).with_choices(
                    "its columns",
                    name,
                    columns.iter().map(|(known, _)| known.as_str()),
                );
                self.problems.push(match remedy {
                    Some(remedy) => problem.with_help(remedy),
                    None => problem,
                });
            }
        }
    }

    /// Every figure returns a number named `value`.
    fn check_figures(&mut self, name: &str, table: &TableSpec, facts: &Reads) {
        for ((what, sql), query) in table.queries(name).into_iter().zip(&facts.queries) {
            let Some(columns) = self.try_run(&what, sql, query, None) else {
                continue;
            };
            let kind = columns
                .iter()
                .find(|(column, _)| column == VALUE_COLUMN)
                .map(|(_, kind)| *kind);
            if !matches!(kind, Some(ColumnKind::Int | ColumnKind::Float)) {
                let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                let problem = self
                    .source
                    .error_for(
                        sql,
                        format!("{what} returns no number named `{VALUE_COLUMN}`"),
                    )
                    .with_help(format!("it returns: {}", names.join(", ")));
                self.problems.push(problem);
            }
        }
    }

    fn check_formats(&mut self, name: &str, table: &TableSpec, columns: &Layout) {
        for (column, format) in table.columns.iter() {
            if !columns.iter().any(|(known, _)| *known == column.value) {
                let problem = self
                    .source
                    .error_for(
                        column,
                        format!("table `{name}` has no column `{}`", column.value),
                    )
                    .with_choices(
                        "its columns",
                        &column.value,
                        columns.iter().map(|(known, _)| known.as_str()),
                    );
                self.problems.push(problem);
            }
            if let Some(digits) = &format.digits {
                self.check_digits(Some(digits.value), digits);
            }
            let is_value = !table.figures.is_empty() && column.value == VALUE_COLUMN;
            if is_value && (format.digits.is_some() || format.suffix.is_some()) {
                let message = format!("the values of table `{name}` have no format in common");
                let problem = self.source.error_for(column, message);
                self.problems
                    .push(problem.with_help("give each figure its own `digits` and `suffix`"));
            }
        }
    }

    pub(super) fn check_digits<T>(&mut self, digits: Option<u8>, place: &Spanned<T>) {
        if let Some(digits) = digits.filter(|digits| *digits > MAX_DIGITS) {
            let message =
                format!("{digits} digits are more than the {MAX_DIGITS} that a number has");
            self.problems.push(self.source.error_for(place, message));
        }
    }

    /// Runs a query over frames without rows and registers the result.
    pub(super) fn try_run(
        &mut self,
        what: &str,
        sql: &Spanned<String>,
        facts: &QueryFacts,
        register_as: Option<&str>,
    ) -> Option<Layout> {
        let answer = self.answers.remove(&sql.value);
        let outcome = answer
            .unwrap_or_else(|| self.engine.run(&sql.value))
            .and_then(|frame| layout(&frame).map(|columns| (frame, columns)));
        match outcome {
            Ok((frame, columns)) => {
                if let Some(name) = register_as {
                    self.engine.register(name, frame);
                }
                Some(columns)
            }
            Err(problem) => {
                let diagnostic = self.diagnose(what, sql, facts, &problem);
                self.problems.push(diagnostic);
                None
            }
        }
    }
}

/// How the values of an axis come in another order than their own.
const ORDER_IN_A_TABLE: &str = "an axis reads `value` alone: where another column orders it, order a table by that and read the table";
