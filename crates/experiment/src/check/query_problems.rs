//! What is wrong with a query, at its place in the file.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, find_words};
use serde_yaml::Spanned;

use super::query_checker::QueryChecker;
use super::sql_hints;
use crate::table::{EngineProblem, QueryFacts, QueryProblem, analyse};

impl QueryChecker<'_> {
    /// Parses one query; what it reads must be there.
    pub(super) fn facts(&mut self, what: &str, sql: &Spanned<String>) -> Option<QueryFacts> {
        let facts = match analyse(&sql.value) {
            Ok(facts) => facts,
            Err(problem) => {
                let diagnostic = match &problem {
                    QueryProblem::Syntax { message, at } => match offending_word(message) {
                        Some(word) => {
                            let skipped = at.map_or(0, |at| mentions_before(&sql.value, word, at));
                            let message = format!("{what}: {problem}");
                            let diagnostic =
                                self.source.error_at_occurrence(sql, word, skipped, message);
                            match sql_hints::of_syntax(&sql.value, word, skipped) {
                                Some(hint) => diagnostic.with_help(hint),
                                None => diagnostic,
                            }
                        }
                        None => self.source.error_for(sql, format!("{what}: {problem}")),
                    },
                    QueryProblem::TableFunction(name) | QueryProblem::Qualified(name) => self
                        .source
                        .error_at_word(sql, name, format!("{what}: {problem}")),
                    QueryProblem::Function(word) | QueryProblem::TooLarge(word) => self
                        .source
                        .error_at_word(sql, word, format!("{what}: {problem}")),
                    QueryProblem::NotOne(_)
                    | QueryProblem::NotASelect
                    | QueryProblem::TooLong(_)
                    | QueryProblem::TooDeep
                    | QueryProblem::TooManyParts
                    | QueryProblem::TooManyNamed
                    | QueryProblem::NestedGroups
                    | QueryProblem::LimitWithoutOrder => {
                        self.source.error_for(sql, format!("{what}: {problem}"))
                    }
                };
                self.problems.push(diagnostic);
                return None;
            }
        };
        let unknown: Vec<&String> = facts
            .relations
            .iter()
            .filter(|name| {
                self.spec.runs.get(name).is_none() && self.spec.tables.get(name).is_none()
            })
            .collect();
        for name in &unknown {
            let known = self.spec.runs.names().chain(self.spec.tables.names());
            let problem = self
                .source
                .error_at_word(
                    sql,
                    name,
                    format!("{what} reads `{name}`, which is neither a run nor a table"),
                )
                .with_choices("runs and tables", name, known);
            self.problems.push(problem);
        }
        let mut shadows = facts.defined.iter().filter(|name| {
            self.spec.runs.get(name).is_some() || self.spec.tables.get(name).is_some()
        });
        if let Some(name) = shadows.next() {
            let message = format!("{what} gives a WITH the name `{name}` of a run or table");
            self.problems
                .push(self.source.error_at_word(sql, name, message));
            return None;
        }
        unknown.is_empty().then_some(facts)
    }

    /// What the engine says of a query, with the choices where it names what is not there.
    pub(super) fn diagnose(
        &self,
        what: &str,
        sql: &Spanned<String>,
        facts: &QueryFacts,
        problem: &EngineProblem,
    ) -> Diagnostic {
        match problem {
            EngineProblem::UnknownColumn(column) => {
                let bare = column.rsplit('.').next().unwrap_or(column);
                let known: BTreeSet<&str> = facts
                    .relations
                    .iter()
                    .filter_map(|read| self.layouts.get(read))
                    .flatten()
                    .map(|(name, _)| name.as_str())
                    .collect();
                if known.contains(bare) {
                    let message = format!("{what}: column `{bare}` cannot be used everywhere here");
                    return self.source.error_at_word(sql, bare, message).with_help(
                        "behind GROUP BY and outside of a subquery, only what was selected is left",
                    );
                }
                let skipped = sql_hints::names_before_use(&sql.value, bare);
                let message = format!("{what}: unknown column `{bare}`");
                let unknown = self.source.error_at_occurrence(sql, bare, skipped, message);
                if facts.given.columns.contains(bare) {
                    let hint = format!(
                        "`{bare}` is named in a SELECT that does not see it itself: name it by WITH, or repeat what it stands for"
                    );
                    return unknown.with_help(hint);
                }
                // Only ORDER BY sees the names that the SELECT gives.
                let given = facts.given.columns.iter().map(String::as_str);
                let is_order = sql_hints::is_in_order_by(&sql.value, bare);
                let known: BTreeSet<&str> = known
                    .into_iter()
                    .chain(given.filter(|_| is_order))
                    .collect();
                unknown.with_choices("known columns", bare, known)
            }
            EngineProblem::UnknownRelation(name) => {
                let aliases = &facts.given.tables;
                let known = aliases.iter().chain(&facts.relations).chain(&facts.defined);
                self.source
                    .error_at_word(sql, name, format!("{what}: {problem}"))
                    .with_choices("names in the query", name, known.map(String::as_str))
            }
            EngineProblem::Failed(said) => {
                let message = format!("{what}: {problem}");
                let hint = sql_hints::of_engine(said, &sql.value);
                let diagnostic = match &hint.marked {
                    Some(word) => self.source.error_at_word(sql, word, message),
                    None => self.source.error_for(sql, message),
                };
                hint.help
                    .into_iter()
                    .fold(diagnostic, Diagnostic::with_help)
            }
            EngineProblem::UnsupportedType { column, .. } => self
                .source
                .error_at_word(sql, column, format!("{what}: {problem}"))
                .with_help(sql_hints::OF_LISTS),
            EngineProblem::NoThread(_)
            | EngineProblem::Panicked(_)
            | EngineProblem::TooLarge { .. }
            | EngineProblem::NotFinite { .. } => {
                self.source.error_for(sql, format!("{what}: {problem}"))
            }
        }
    }
}

/// The word at which the parser stopped, as in `Expected: end of statement, found: foo`.
fn offending_word(message: &str) -> Option<&str> {
    let word = message.split("found: ").nth(1)?.trim();
    (!word.is_empty() && word != "EOF").then_some(word)
}

/// How often SQL mentions a word before a one-based line and column. The file folds and indents the SQL, but has the
/// same words in the same order.
fn mentions_before(sql: &str, word: &str, (line, column): (usize, usize)) -> usize {
    let lines = sql.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let before = sql[start..]
        .chars()
        .take(column.saturating_sub(1))
        .map(char::len_utf8)
        .sum::<usize>();
    find_words(sql, 0, word)
        .take_while(|span| span.start < start + before)
        .count()
}
