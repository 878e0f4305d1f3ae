//! What the checks of all queries share.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::Reporter;
use serde_yaml::Spanned;

use super::axis_values::AxisValues;
use crate::format::HypothesisSpec;
use crate::sweep::{Kept, Run};
use crate::table::{Engine, EngineProblem, Frame, Known, Layout, QueryFacts, layout};

pub(super) struct QueryChecker<'a, 's> {
    pub(super) reporter: &'a mut Reporter<'s>,
    pub(super) spec: &'a HypothesisSpec,
    pub(super) runs: &'a mut [Run],
    pub(super) engine: Engine,
    pub(super) layouts: BTreeMap<String, Layout>,
    /// Answers of queries that were run beforehand, side by side, by their SQL.
    pub(super) answers: BTreeMap<String, Result<Frame, EngineProblem>>,
    /// What each run and table has of the values of axes.
    pub(super) axis_columns: BTreeMap<String, Known<AxisValues>>,
    /// The columns of each run that some query reads.
    pub(super) kept: BTreeMap<String, Kept>,
}

impl QueryChecker<'_, '_> {
    /// Whether the columns of everything that queries read are known.
    pub(super) fn knows(&self, relations: &BTreeSet<String>) -> bool {
        relations.iter().all(|read| self.layouts.contains_key(read))
    }

    /// Notes the columns of runs that a query may read.
    pub(super) fn keep(&mut self, facts: &QueryFacts) {
        for read in &facts.relations {
            match self.kept.get_mut(read) {
                Some(all) if facts.selects_all => *all = Kept::All,
                Some(Kept::Named(names)) => names.extend(facts.words.iter().cloned()),
                Some(Kept::All) | None => {}
            }
        }
    }

    /// Runs queries side by side and keeps their answers for [`Self::try_run`].
    pub(super) fn run_beforehand(&mut self, queries: &[&str]) {
        let answers = self.engine.run_all(queries);
        let queries = queries.iter().map(|sql| (*sql).to_owned());
        self.answers = queries.zip(answers).collect();
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
                self.check_literals(what, sql, register_as);
                if let Some(name) = register_as {
                    self.engine.register(name, frame);
                }
                Some(columns)
            }
            Err(problem) => {
                self.diagnose(what, sql, facts, &problem);
                None
            }
        }
    }
}
