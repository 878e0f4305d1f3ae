//! The checks of a hypothesis: what each returns, and that some decide.

use std::collections::BTreeSet;

use serde_yaml::Spanned;

use super::query_checker::QueryChecker;
use crate::format::{CheckParts, CheckSpec, Limit, QueryParts, Role, check_words};
use crate::table::{ColumnKind, Layout, analyse};

/// What a check returns.
const RETURNS: &str = "a check is written SELECT MAX(x) < 2 AS holds, MAX(x) AS observed FROM ...";

/// How a check is written.
const COMPARED: &str = "as in observed: MAX(x), from: table WHERE y > 1, holds: \"< 2\"";

/// How `holds` becomes a truth value.
const COMPARES: &str = "compare it with what it should be, as in MAX(x) < 2 AS holds";

impl QueryChecker<'_, '_> {
    pub(super) fn check_checks(&mut self) {
        // Only what passes the analysis is run.
        let checks = &self.spec.checks;
        let queries: Vec<&str> = checks
            .iter()
            .map(|check| check.observed().value.as_str())
            .filter(|sql| analyse(sql).is_ok_and(|facts| self.knows(&facts.relations)))
            .collect();
        self.run_beforehand(&queries);
        let mut seen = BTreeSet::new();
        for check in checks.iter() {
            let what = format!("check `{}`", check.id.value);
            if !seen.insert(check.id.value.as_str()) {
                self.reporter
                    .at(&check.id, format!("{what} stands twice in the file"));
            }
            self.check_digits(check.digits, &check.id);
            let claim = format!("the claim of {what}");
            check_words(self.reporter, &check.id, &claim, &check.claim);
            self.check_interval(check);
            self.check_answer(&what, check);
        }
        let decides =
            |role: Role| matches!(role, Role::Acceptance | Role::Primary | Role::Refutation);
        if !checks.iter().any(|check| decides(check.role)) {
            self.reporter
                .at(&self.spec.id, "no check decides the hypothesis")
                .help("give at least one check the role acceptance, primary or refutation");
        }
    }

    /// A check observes one thing, and compares it or returns whether it holds.
    fn check_answer(&mut self, what: &str, check: &CheckSpec) {
        match &check.parts {
            CheckParts::Query => {}
            CheckParts::Compared(compared) => {
                if !self.check_parts(what, &compared.parts) {
                    return;
                }
            }
            CheckParts::NoLimit(holds) => {
                let message = format!("{what}: `{}` compares with no number", holds.value);
                let known = Limit::COMPARISONS.join(", ");
                self.reporter
                    .at(holds, message)
                    .help("`holds` is a comparison with a number, as in holds: \"> 0.1\" or holds: between 1 and 2")
                    .help(format!("comparisons: {known}"));
                return;
            }
            CheckParts::Unclear => {
                let message = format!("{what} needs `observed`, `from` and `holds`, or else `sql`");
                self.reporter.at(&check.id, message).help(COMPARED);
                return;
            }
        }
        let sql = check.observed();
        let Some(facts) = self.facts(what, sql) else {
            return;
        };
        if !self.knows(&facts.relations) {
            return;
        }
        self.keep(&facts);
        let Some(columns) = self.try_run(what, sql, &facts, None) else {
            return;
        };
        match &check.parts {
            CheckParts::Compared(compared) => self.check_number(what, &compared.parts, &columns),
            CheckParts::Query | CheckParts::NoLimit(_) | CheckParts::Unclear => {
                self.check_columns_of(what, sql, &columns);
            }
        }
    }

    /// What is observed is one number.
    fn check_number(&mut self, what: &str, parts: &QueryParts, columns: &Layout) {
        let place = &parts.expression;
        match columns.0.as_slice() {
            [(_, kind)] if kind.is_number() => {}
            [(_, kind)] => {
                let kind = kind.name();
                let message =
                    format!("{what}: `observed` is of type {kind}, and `holds` compares numbers");
                self.reporter.at(place, message);
            }
            _several => {
                let message = format!("{what}: `observed` is more than one expression");
                self.reporter.at(place, message);
            }
        }
    }

    /// A query returns whether the claim holds, and what it observed.
    fn check_columns_of(&mut self, what: &str, sql: &Spanned<String>, columns: &Layout) {
        for needed in ["holds", "observed"] {
            let (message, help) = match columns.get(needed) {
                None => (format!("{what} returns no column `{needed}`"), RETURNS),
                Some(kind) if needed == "holds" && kind != ColumnKind::Bool => {
                    let (kind, truth) = (kind.name(), ColumnKind::Bool.name());
                    let message =
                        format!("{what}: `{needed}` is of type {kind}, and must be {truth}");
                    (message, COMPARES)
                }
                Some(_) => continue,
            };
            let problem = self.reporter.at(sql, message);
            problem.help(columns.returned()).help(help);
        }
    }
}
