//! An outcome for programs: `results/outcome.json`.

use serde::Serialize;

use super::outcome::Outcome;
use crate::decide::{CheckOutcome, Difference, Reproduction, UsedTolerance};
use crate::format::{Family, Kind, Verdict};
use crate::project::{Sha256Hex, Warning};
use crate::report::Defect;

/// What a hypothesis comes to, without paths and clocks: the same on every machine.
#[derive(Debug, Serialize)]
pub struct OutcomeSummary<'o> {
    /// The id of the hypothesis.
    pub id: &'o str,
    /// Its title.
    pub title: &'o str,
    /// What the claim is about.
    pub family: Family,
    /// Where its numbers come from.
    pub r#type: Kind,
    /// When it was stated, as YYYY-MM-DD.
    pub date: &'o str,
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// The verdict that was published.
    pub published_verdict: Option<Verdict>,
    /// The hash of the criteria that were locked last.
    pub lock: Option<&'o Sha256Hex>,
    /// The hash of the lock that earlier results record and that is gone.
    pub lost_lock: Option<&'o Sha256Hex>,
    /// Why the published verdict differs.
    pub verdict_differs: Option<&'o str>,
    /// What is wrong with the published findings.
    pub defects: &'o [Defect],
    /// How many published values ours reproduce, and how closely.
    pub reproduction: Reproduction,
    /// The stated tolerances that some of them need.
    pub tolerances: &'o [UsedTolerance],
    /// Published values that ours differ from.
    pub differing: &'o [Difference],
    /// What a reader should know before trusting the figures.
    pub warnings: &'o [Warning],
    /// Each check with its answer.
    pub checks: &'o [CheckOutcome],
}

impl Outcome {
    /// The outcome for programs.
    #[must_use]
    pub fn summary(&self) -> OutcomeSummary<'_> {
        OutcomeSummary {
            id: &self.id,
            title: &self.title,
            family: self.family,
            r#type: self.kind,
            date: &self.date,
            verdict: self.verdict,
            published_verdict: self.published_verdict,
            lock: self.lock.as_ref(),
            lost_lock: self.lost_lock.as_ref(),
            verdict_differs: self.verdict_differs.as_deref(),
            defects: &self.defects,
            reproduction: self.comparison.reproduction,
            tolerances: &self.comparison.tolerances,
            differing: &self.comparison.differing,
            warnings: &self.warnings,
            checks: &self.checks,
        }
    }
}

impl OutcomeSummary<'_> {
    /// The bytes of the file.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
