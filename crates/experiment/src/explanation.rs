//! How a hypothesis came to its verdict.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::decide::{CheckOutcome, VerdictRule};
use crate::format::{CheckSpec, TableSpec, Verdict};
use crate::hypothesis::Hypothesis;
use crate::lock::{LockState, Locked, Section};
use crate::report::Defect;
use crate::results::Outcome;
use crate::table::{Condition, Threshold, analyse};

/// What was claimed, what was fixed beforehand, what each check observed and what that did to the verdict.
#[derive(Debug, Serialize)]
pub struct Explanation<'e> {
    /// The id of the hypothesis.
    pub id: &'e str,
    /// Its title.
    pub title: &'e str,
    /// The claim in full.
    pub statement: &'e str,
    /// What would refute it.
    pub refuted_if: &'e str,
    /// Whether that was fixed, and when.
    pub criteria: LockedCriteria<'e>,
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// Whether that says anything: not where data is missing that the hypothesis describes, and nothing else decides.
    pub is_decided: bool,
    /// Why it is that.
    pub rule: VerdictRule,
    /// The checks that the rule speaks of; none where nothing speaks against the claim.
    pub decided_by: Vec<&'e str>,
    /// Each check, in the order of the file.
    pub checks: Vec<ExplainedCheck<'e>>,
    /// The tables that the checks read, in the order of the file.
    pub tables: Vec<ReadTable<'e>>,
    /// The verdict that was published.
    pub published_verdict: Option<Verdict>,
    /// Why the published verdict differs.
    pub verdict_differs: Option<&'e str>,
    /// What is wrong with the published findings.
    pub defects: &'e [Defect],
    /// Data that the hypothesis describes and that is not at hand.
    pub waits_for: &'e [String],
}

/// How the criteria relate to those that were locked last.
#[derive(Debug, Serialize)]
pub struct LockedCriteria<'e> {
    /// Whether they are locked.
    pub locked: Locked,
    /// The day of the last lock, as YYYY-MM-DD.
    pub date: Option<&'e str>,
    /// The reason that was given for it.
    pub because: Option<&'e str>,
    /// What changed since.
    pub changed: Vec<Section>,
}

/// A check with what it asks.
#[derive(Debug, Serialize)]
pub struct ExplainedCheck<'e> {
    /// What it came to.
    #[serde(flatten)]
    pub outcome: &'e CheckOutcome,
    /// Its query.
    pub sql: &'e str,
    /// The expression that has to be true, where it can be read off the query.
    pub condition: Option<String>,
    /// The comparisons with fixed values in it, which all have to be true.
    pub thresholds: Vec<Threshold>,
    /// The runs and tables that it reads.
    pub reads: Vec<String>,
    /// The rule that its outcome calls for; none where it has no answer.
    pub calls_for: Option<VerdictRule>,
}

/// A table that checks read.
#[derive(Debug, Serialize)]
pub struct ReadTable<'e> {
    /// Its name.
    pub name: &'e str,
    /// Its heading.
    pub title: &'e str,
    /// The query that makes it, or one for each of its figures.
    pub queries: Vec<TableQuery<'e>>,
}

/// A query of a table.
#[derive(Debug, Serialize)]
pub struct TableQuery<'e> {
    /// The name of the figure; none where the query makes the whole table.
    pub figure: Option<&'e str>,
    /// The query.
    pub sql: &'e str,
}

impl Hypothesis {
    /// Why `outcome`, which running it came to, has the verdict that it has.
    #[must_use]
    pub fn explain<'e>(&'e self, outcome: &'e Outcome) -> Explanation<'e> {
        let spec = self.spec();
        let rule = VerdictRule::of(
            outcome
                .checks
                .iter()
                .filter_map(|check| Some((check.role, check.holds?))),
        );
        let checks: Vec<ExplainedCheck<'e>> = spec
            .checks
            .iter()
            .zip(&outcome.checks)
            .map(|(spec, outcome)| explain_check(spec, outcome))
            .collect();
        let read: BTreeSet<&str> = checks
            .iter()
            .flat_map(|check| &check.reads)
            .map(String::as_str)
            .collect();
        let tables = spec.tables.iter();
        let tables = tables
            .filter(|(name, _)| read.contains(name.value.as_str()))
            .map(|(name, table)| read_table(&name.value, table))
            .collect();
        let decided_by = match rule {
            VerdictRule::NothingAgainst => Vec::new(),
            VerdictRule::UnmetPrecondition
            | VerdictRule::RefutationHolds
            | VerdictRule::PrimaryFails
            | VerdictRule::AcceptanceFails => checks
                .iter()
                .filter(|check| check.calls_for == Some(rule))
                .map(|check| check.outcome.id.as_str())
                .collect(),
        };
        Explanation {
            id: &outcome.id,
            title: &outcome.title,
            statement: &spec.statement,
            refuted_if: &spec.refuted_if,
            criteria: LockedCriteria::of(self.lock_state()),
            verdict: outcome.verdict,
            is_decided: outcome.is_decided(),
            rule,
            decided_by,
            checks,
            tables,
            published_verdict: outcome.published_verdict,
            verdict_differs: outcome.verdict_differs.as_deref(),
            defects: &outcome.defects,
            waits_for: &outcome.waits_for,
        }
    }
}

impl<'e> LockedCriteria<'e> {
    fn of(state: LockState<'e>) -> Self {
        let locked = state.locked();
        let (last, changed) = match state {
            LockState::Unlocked | LockState::Lost(_) => (None, Vec::new()),
            LockState::Unchanged(last) => (Some(last), Vec::new()),
            LockState::Changed(last, changed) => (Some(last), changed.sections),
        };
        Self {
            locked,
            date: last.map(|lock| lock.date.as_str()),
            because: last.and_then(|lock| lock.because.as_deref()),
            changed,
        }
    }
}

fn read_table<'e>(name: &'e str, table: &'e TableSpec) -> ReadTable<'e> {
    let whole = table.sql.iter().map(|sql| TableQuery {
        figure: None,
        sql: &sql.value,
    });
    let figures = table.figures.iter().map(|figure| TableQuery {
        figure: Some(&figure.name.value),
        sql: &figure.sql.value,
    });
    ReadTable {
        name,
        title: &table.title,
        queries: whole.chain(figures).collect(),
    }
}

fn explain_check<'e>(spec: &'e CheckSpec, outcome: &'e CheckOutcome) -> ExplainedCheck<'e> {
    let sql = spec.sql.value.as_str();
    let Condition { text, thresholds } = Condition::of(sql);
    ExplainedCheck {
        outcome,
        sql,
        condition: text,
        thresholds,
        // The query was analysed when the hypothesis was loaded.
        reads: analyse(sql).map_or_else(
            |_| Vec::new(),
            |facts| facts.relations.into_iter().collect(),
        ),
        calls_for: outcome
            .holds
            .map(|holds| VerdictRule::called_by(outcome.role, holds)),
    }
}
