//! The checks of a hypothesis: what each returns, and that some decide.

use std::collections::{BTreeMap, BTreeSet};

use super::query_checker::{QueryChecker, keep};
use crate::format::Role;
use crate::sweep::Kept;
use crate::table::{ColumnKind, analyse};

/// What a check returns.
const RETURNS: &str = "a check is written SELECT MAX(x) < 2 AS holds, MAX(x) AS observed FROM ...";

/// How `holds` becomes a truth value.
const COMPARES: &str = "compare it with what it should be, as in MAX(x) < 2 AS holds";

impl QueryChecker<'_> {
    pub(super) fn check_checks(&mut self, kept: &mut BTreeMap<String, Kept>) {
        // Only what passes the analysis is run.
        let spec = self.spec;
        let queries: Vec<&str> = spec
            .checks
            .iter()
            .map(|check| check.sql.value.as_str())
            .filter(|sql| analyse(sql).is_ok_and(|facts| self.knows(&facts.relations)))
            .collect();
        self.run_beforehand(&queries);
        let mut seen = BTreeSet::new();
        for check in &self.spec.checks {
            let what = format!("check `{}`", check.id.value);
            if !seen.insert(check.id.value.as_str()) {
                let message = format!("{what} stands twice in the file");
                self.problems
                    .push(self.source.error_for(&check.id, message));
            }
            self.check_digits(check.digits, &check.id);
            if check.claim.trim().is_empty() {
                let message = format!("the claim of {what} says nothing");
                self.problems
                    .push(self.source.error_for(&check.id, message));
            }
            self.check_interval(check, kept);
            let Some(facts) = self.facts(&what, &check.sql) else {
                continue;
            };
            if !self.knows(&facts.relations) {
                continue;
            }
            keep(kept, &facts);
            let Some(columns) = self.try_run(&what, &check.sql, &facts, None) else {
                continue;
            };
            for (needed, kind) in [("holds", Some(ColumnKind::Bool)), ("observed", None)] {
                let found = columns
                    .iter()
                    .find(|(name, _)| name == needed)
                    .map(|(_, kind)| *kind);
                let message = match (found, kind) {
                    (None, _) => format!("{what} returns no column `{needed}`"),
                    (Some(found), Some(kind)) if found != kind => {
                        format!(
                            "{what}: `{needed}` is of type {}, and must be {}",
                            found.name(),
                            kind.name()
                        )
                    }
                    (Some(_), _) => continue,
                };
                let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                let problem = self
                    .source
                    .error_for(&check.sql, message)
                    .with_help(format!("it returns: {}", names.join(", ")));
                self.problems.push(match found {
                    None => problem.with_help(RETURNS),
                    Some(_) => problem.with_help(COMPARES),
                });
            }
        }
        let decides =
            |role: Role| matches!(role, Role::Acceptance | Role::Primary | Role::Refutation);
        if !self.spec.checks.iter().any(|check| decides(check.role)) {
            let problem = self
                .source
                .error_for(&self.spec.id, "no check decides the hypothesis")
                .with_help("give at least one check the role acceptance, primary or refutation");
            self.problems.push(problem);
        }
    }
}
