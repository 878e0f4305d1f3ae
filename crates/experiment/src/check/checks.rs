//! The checks of a hypothesis: what each returns, and that some decide.

use std::collections::BTreeSet;

use super::query_checker::QueryChecker;
use crate::format::{CheckSpec, Role, check_words};
use crate::table::{ColumnKind, analyse};

/// What a check returns.
const RETURNS: &str = "a check is written SELECT MAX(x) < 2 AS holds, MAX(x) AS observed FROM ...";

/// How `holds` becomes a truth value.
const COMPARES: &str = "compare it with what it should be, as in MAX(x) < 2 AS holds";

impl QueryChecker<'_, '_> {
    pub(super) fn check_checks(&mut self) {
        // Only what passes the analysis is run.
        let checks = &self.spec.checks;
        let queries: Vec<&str> = checks
            .iter()
            .map(|check| check.sql.value.as_str())
            .filter(|sql| analyse(sql).is_ok_and(|facts| self.knows(&facts.relations)))
            .collect();
        self.run_beforehand(&queries);
        let mut seen = BTreeSet::new();
        for check in checks {
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

    /// A check returns whether it holds, and what it observed.
    fn check_answer(&mut self, what: &str, check: &CheckSpec) {
        let sql = &check.sql;
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
