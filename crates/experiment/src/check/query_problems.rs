//! What is wrong with a query, at its place in the file.

use std::collections::BTreeSet;

use serde_yaml::Spanned;

use super::query_checker::QueryChecker;
use super::sql_hints;
use crate::format::QueryParts;
use crate::table::{EngineProblem, Layout, OF_LISTS, QueryFacts, QueryProblem, analyse};

impl QueryChecker<'_, '_> {
    /// Parses one query; what it reads must be there.
    pub(super) fn facts(&mut self, what: &str, sql: &Spanned<String>) -> Option<QueryFacts> {
        let facts = match analyse(&sql.value) {
            Ok(facts) => facts,
            Err(problem) => {
                self.refuse(sql, &problem, format!("{what}: {problem}"));
                return None;
            }
        };
        let (runs, tables) = (&self.spec.runs, &self.spec.tables);
        let is_known = |name: &&String| runs.get(name).is_some() || tables.get(name).is_some();
        let mut is_in_order = true;
        for name in facts.relations.iter().filter(|name| !is_known(name)) {
            is_in_order = false;
            let message = format!("{what} reads `{name}`, which is neither a run nor a table");
            let known = runs.names().chain(tables.names());
            self.reporter
                .at_word(sql, name, message)
                .choices("runs and tables", name, known);
        }
        if let Some(name) = facts.defined.iter().find(is_known) {
            let message = format!("{what} gives a WITH the name `{name}` of a run or table");
            self.reporter.at_word(sql, name, message);
            return None;
        }
        is_in_order.then_some(facts)
    }

    /// Says where an expression, or the rows that it is of, does not parse by itself.
    pub(super) fn check_parts(&mut self, what: &str, parts: &QueryParts) -> bool {
        let expression = &parts.expression;
        let alone = [
            (expression, format!("SELECT {}", expression.value)),
            (&parts.from, format!("SELECT 1 FROM {}", parts.from.value)),
        ];
        for (part, sql) in alone {
            if let Err(problem @ QueryProblem::Syntax { .. }) = analyse(&sql) {
                let message = format!("{what}: {problem}");
                // A hint reads the text that the problem speaks of.
                let placed = Spanned::new(sql, part.referenced, part.defined);
                self.refuse(&placed, &problem, message);
                return false;
            }
        }
        true
    }

    /// Says why a query is not run.
    fn refuse(&mut self, sql: &Spanned<String>, problem: &QueryProblem, message: String) {
        match problem {
            QueryProblem::Syntax {
                stop: Some(stop), ..
            } => {
                let reporter = &mut *self.reporter;
                let problem = reporter.at_occurrence(sql, &stop.word, stop.skipped, message);
                if let Some(hint) = sql_hints::of_syntax(&sql.value, stop) {
                    problem.help(hint);
                }
            }
            QueryProblem::TableFunction(word)
            | QueryProblem::Qualified(word)
            | QueryProblem::Function(word)
            | QueryProblem::Logarithm(word)
            | QueryProblem::OfNoColumn(word)
            | QueryProblem::Filter(word)
            | QueryProblem::Covariance(word)
            | QueryProblem::Over(word)
            | QueryProblem::Mape(word)
            | QueryProblem::Quantile(word)
            | QueryProblem::TooLarge(word) => {
                self.reporter.at_word(sql, word, message);
            }
            _whole_query => {
                self.reporter.at(sql, message);
            }
        }
    }

    /// Says why the engine does not run a query, with the choices where it names what is not there.
    pub(super) fn diagnose(
        &mut self,
        what: &str,
        sql: &Spanned<String>,
        facts: &QueryFacts,
        problem: &EngineProblem,
    ) {
        let message = format!("{what}: {problem}");
        match problem {
            EngineProblem::UnknownColumn(column) => {
                let bare = column.rsplit('.').next().unwrap_or(column);
                self.unknown_column(what, sql, facts, bare);
            }
            EngineProblem::UnknownRelation(name) => {
                let aliases = &facts.given.tables;
                let known = aliases.iter().chain(&facts.relations).chain(&facts.defined);
                self.reporter.at_word(sql, name, message).choices(
                    "names in the query",
                    name,
                    known.map(String::as_str),
                );
            }
            EngineProblem::Failed { word, help, .. } => {
                let word = word.as_deref();
                let spelled = word.and_then(|word| sql_hints::spelled(word, &sql.value));
                let problem = match spelled {
                    Some(word) => self.reporter.at_word(sql, word, message),
                    None => self.reporter.at(sql, message),
                };
                for help in help {
                    problem.help(help);
                }
            }
            EngineProblem::UnsupportedType { column, .. } => {
                self.reporter.at_word(sql, column, message).help(OF_LISTS);
            }
            _whole_query => {
                self.reporter.at(sql, message);
            }
        }
    }

    fn unknown_column(
        &mut self,
        what: &str,
        sql: &Spanned<String>,
        facts: &QueryFacts,
        column: &str,
    ) {
        let layouts = facts.relations.iter().map(|read| self.layouts.get(read));
        let mut known: BTreeSet<&str> = layouts.flatten().flat_map(Layout::names).collect();
        if known.contains(column) {
            let message = format!("{what}: column `{column}` cannot be used everywhere here");
            self.reporter
                .at_word(sql, column, message)
                .help("behind GROUP BY and outside of a subquery, only what was selected is left");
            return;
        }
        let skipped = sql_hints::names_before_use(&sql.value, column);
        let message = format!("{what}: unknown column `{column}`");
        // Only ORDER BY sees the names that the SELECT gives.
        let given = &facts.given.columns;
        if sql_hints::is_in_order_by(&sql.value, column) {
            known.extend(given.iter().map(String::as_str));
        }
        let reporter = &mut *self.reporter;
        let unknown = reporter.at_occurrence(sql, column, skipped, message);
        if given.contains(column) {
            unknown.help(format!(
                "`{column}` is named in a SELECT that does not see it itself: name it by WITH, or repeat what it stands for"
            ));
        } else {
            unknown.choices("known columns", column, known);
        }
    }
}
