//! All hypotheses side by side: verdicts, reproduced values, and what the published findings get wrong.

use std::path::Path;

use outputs::{Ends, OutputRules, Replace, write_whole};
use serde::Serialize;

use super::outcome::Outcome;
use crate::decide::{Reproduction, UsedTolerance};
use crate::format::{Family, Verdict};
use crate::project::ExperimentError;
use crate::report::{Defect, markdown_table, shortened};

/// The first line of the file.
const TITLE: &str = "# Audit of the findings";

/// Most letters of why a verdict differs.
const VERDICT_REASON: usize = 480;

/// Most letters of one reason why values differ.
const VALUE_REASON: usize = 160;

/// How many reasons of values are spelled out.
const SPELLED_OUT: usize = 2;

/// The audit of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// One row for each hypothesis, in the order given.
    pub rows: Vec<AuditRow>,
}

/// What became of one hypothesis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the claim is about.
    pub family: Family,
    /// The name of its folder.
    pub folder: String,
    /// The verdict of its checks.
    pub verdict: Verdict,
    /// The verdict that was published.
    pub published_verdict: Option<Verdict>,
    /// The published verdict in the words of the publication, where they are others.
    pub published_status: Option<String>,
    /// How the two compare.
    pub agreement: Agreement,
    /// How many published values ours reproduce, and how closely.
    pub reproduction: Reproduction,
    /// The stated tolerances that some of them need.
    pub tolerances: Vec<UsedTolerance>,
    /// Why the verdict or values differ, on one line; none where nothing does.
    pub why: Option<String>,
    /// What is wrong with the published findings.
    pub defects: Vec<Defect>,
}

roofline::choice! {
    /// Whether a verdict is the one that was published.
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    "agreement" Agreement {
        /// It is.
        Agrees = "agrees",
        /// It is not.
        Differs = "differs",
        /// Nothing is decided: measurements are missing.
        Undecided = "undecided",
        /// None was published.
        First = "first",
    }
}

impl Agreement {
    fn of(verdict: Verdict, published: Option<Verdict>) -> Self {
        match published {
            None => Self::First,
            Some(published) if published == verdict => Self::Agrees,
            Some(_) if verdict == Verdict::Inconclusive => Self::Undecided,
            Some(_) => Self::Differs,
        }
    }
}

impl AuditRow {
    /// The row of an outcome.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        Self {
            id: outcome.id.clone(),
            title: outcome.title.clone(),
            family: outcome.family,
            folder: outcome.folder.clone(),
            verdict: outcome.verdict,
            published_verdict: outcome.published_verdict,
            published_status: outcome.published_status.clone(),
            agreement: Agreement::of(outcome.verdict, outcome.published_verdict),
            reproduction: outcome.comparison.reproduction,
            tolerances: outcome.comparison.tolerances.clone(),
            why: why(outcome),
            defects: outcome.defects.clone(),
        }
    }

    /// The published verdict, in the words of the publication where they are others.
    #[must_use]
    pub fn published_words(&self) -> String {
        match (self.published_verdict, &self.published_status) {
            (None, _) => "-".to_owned(),
            (Some(verdict), None) => verdict.name().to_owned(),
            (Some(_), Some(status)) => format!("\"{}\"", one_line(status)),
        }
    }

    /// The title, as a claim where it is not confirmed.
    #[must_use]
    pub fn heading(&self) -> String {
        self.verdict.titled(&one_line(&self.title))
    }

    /// How many values are within a stated tolerance, and the least and the largest of those tolerances.
    #[must_use]
    pub fn within_tolerance(&self) -> String {
        let count = self.reproduction.within_tolerance;
        let tolerances = || self.tolerances.iter().map(|used| used.tolerance);
        match (tolerances().reduce(f64::min), tolerances().reduce(f64::max)) {
            (Some(least), Some(largest)) if least < largest => {
                format!("{count} (within {least} to {largest})")
            }
            (Some(only), _) => format!("{count} (within {only})"),
            (None, _) => count.to_string(),
        }
    }
}

impl Audit {
    /// The file of the audit, in the folder of the hypotheses.
    pub const FILE: &str = "README.md";

    /// The audit of these outcomes.
    pub fn of<'o>(outcomes: impl IntoIterator<Item = &'o Outcome>) -> Self {
        Self {
            rows: outcomes.into_iter().map(AuditRow::of).collect(),
        }
    }

    /// How many verdicts agree, differ and are the first, and how many values are reproduced, in one line.
    #[must_use]
    pub fn totals(&self) -> String {
        let are = |count| format!("{count} {}", plural(count, "is", "are"));
        let count = |agreement| {
            let rows = self.rows.iter();
            rows.filter(|row| row.agreement == agreement).count()
        };
        let (agree, differ, undecided, first) = (
            count(Agreement::Agrees),
            count(Agreement::Differs),
            count(Agreement::Undecided),
            count(Agreement::First),
        );
        let values = self.reproduction();
        let waiting = match values.needs_data {
            0 => String::new(),
            1 => "; 1 more needs data that is not at hand".to_owned(),
            waiting => format!("; {waiting} more need data that is not at hand"),
        };
        let hypotheses = self.rows.len();
        format!(
            "{hypotheses} {}: {agree} of {} published verdicts {}, {differ} {}, {undecided} {} undecided here; \
             {first} {} no published verdict. \
             Of {} published values {} equal to the published digits, {} within a stated tolerance, {} different{waiting}.",
            plural(hypotheses, "hypothesis", "hypotheses"),
            agree + differ + undecided,
            plural(agree, "is reached again", "are reached again"),
            plural(differ, "is not", "are not"),
            plural(undecided, "is", "are"),
            plural(first, "has", "have"),
            values.compared(),
            are(values.equal),
            are(values.within_tolerance),
            are(values.different),
        )
    }

    /// How many published values all hypotheses together reproduce, and how closely.
    #[must_use]
    pub fn reproduction(&self) -> Reproduction {
        let mut all = Reproduction::default();
        for row in &self.rows {
            all += row.reproduction;
        }
        all
    }

    /// The rows with something wrong in their published findings.
    pub fn with_defects(&self) -> impl Iterator<Item = &AuditRow> {
        self.rows.iter().filter(|row| !row.defects.is_empty())
    }

    /// The audit as Markdown, with links from the folder of the hypotheses.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            vec![
                format!("[{}]({})", row.id, findings_link(row)),
                row.heading(),
                row.family.name().to_owned(),
                row.verdict.name().to_owned(),
                row.published_words(),
                match row.agreement {
                    Agreement::Differs => format!("**{}**", row.agreement.name()),
                    Agreement::Agrees | Agreement::Undecided | Agreement::First => {
                        row.agreement.name().to_owned()
                    }
                },
                row.reproduction.equal.to_string(),
                row.within_tolerance(),
                row.reproduction.different.to_string(),
                row.reproduction.needs_data.to_string(),
                row.why
                    .as_deref()
                    .map_or_else(String::new, |why| relinked(why, &row.folder)),
            ]
        });
        let headings = [
            "Id",
            "Hypothesis",
            "Family",
            "Verdict",
            "Published",
            "Agreement",
            "Values equal",
            "Within tolerance",
            "Different",
            "Needs data",
            "Why they differ",
        ];
        let table = markdown_table(&headings, rows);
        let totals = self.totals();
        let mut text = format!(
            "{TITLE}\n\nEvery hypothesis, computed anew and set beside what was published. Written by `rooflab run`; \
             `rooflab audit` prints the same, and `rooflab check` fails where this file is stale.\n\n{totals}\n\n{table}"
        );
        let mut with_defects = self.with_defects().peekable();
        if with_defects.peek().is_some() {
            text.push_str("\n## What the published findings get wrong\n\nEvery number here is computed in the run or printed in what was published.\n");
        }
        for row in with_defects {
            let link = findings_link(row);
            let title = row.heading();
            text.push_str(&["\n### [", &row.id, "](", &link, "): ", &title, "\n\n"].concat());
            for defect in &row.defects {
                let what = relinked(&defect.what, &row.folder);
                text.push_str(&["- `", &defect.id, "`: ", &what, "\n"].concat());
            }
        }
        text
    }

    /// Makes sure that no other file stands where the audit is to be written.
    ///
    /// # Errors
    ///
    /// One does, and may not be replaced.
    pub fn claim(folder: &Path, replace: Replace) -> Result<(), ExperimentError> {
        let path = folder.join(Self::FILE);
        let is_audit = |ends: &Ends| ends.first_line() == TITLE.as_bytes();
        Ok(OutputRules::new(None, replace).refuse_others(&path, is_audit)?)
    }

    /// Writes the audit into the folder of the hypotheses, whole or not at all.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), ExperimentError> {
        let path = folder.join(Self::FILE);
        write_whole(&path, self.to_markdown().as_bytes())
            .map_err(|source| ExperimentError::Write { path, source })
    }
}

/// Why the verdict and values of a hypothesis differ, the most frequent reasons first.
fn why(outcome: &Outcome) -> Option<String> {
    let mut parts = Vec::new();
    let reason = outcome.verdict_differs.as_ref();
    match Agreement::of(outcome.verdict, outcome.published_verdict) {
        Agreement::Undecided if !outcome.is_decided() => parts.push(format!(
            "Needs the data {}: `rooflab run {} --data {}=FILE`.",
            outcome.waits_for.join(", "),
            outcome.id,
            outcome.waits_for.join("=FILE --data "),
        )),
        Agreement::Differs | Agreement::Undecided => parts.push(match reason {
            Some(reason) => format!("Verdict: {}", shortened(reason, VERDICT_REASON)),
            None => "The verdict differs without an explanation.".to_owned(),
        }),
        Agreement::Agrees | Agreement::First => {}
    }
    let differing = &outcome.comparison.differing;
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for reason in differing.iter().filter_map(|value| value.why.as_deref()) {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    // Of equally frequent reasons the one that comes first in the published tables.
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let (spelled_out, others) = reasons.split_at(SPELLED_OUT.min(reasons.len()));
    for (index, (reason, count)) in spelled_out.iter().enumerate() {
        let reason = shortened(reason, VALUE_REASON);
        parts.push(if index == 0 {
            let values = plural(differing.len(), "value that differs", "values that differ");
            format!("{count} of {} {values}: {reason}", differing.len())
        } else {
            format!("{count}: {reason}")
        });
    }
    if !others.is_empty() {
        let count: usize = others.iter().map(|(_, count)| count).sum();
        let reasons = plural(others.len(), "other reason", "other reasons");
        parts.push(format!("{count} for {} {reasons}.", others.len()));
    }
    if outcome.is_decided() {
        let waiting = outcome.comparison.waiting.iter();
        parts.extend(waiting.map(|(data, count)| {
            let need = plural(*count, "needs", "need");
            format!("{count} {need} {data}.")
        }));
    }
    let unexplained = outcome.comparison.unexplained().count();
    if unexplained > 0 {
        parts.push(format!(
            "{unexplained} {} without an explanation.",
            plural(unexplained, "differs", "differ")
        ));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A link that blanks and brackets in the name of a folder cannot break.
fn findings_link(row: &AuditRow) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if row.folder.chars().all(plain) {
        format!("{}/FINDINGS.md", row.folder)
    } else {
        format!("<{}/FINDINGS.md>", row.folder.replace(['<', '>'], ""))
    }
}

/// Links of a hypothesis' own words, which are written for its folder, as seen from the folder above it.
fn relinked(words: &str, folder: &str) -> String {
    let mut parts = words.split("](");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str("](");
        let is_absolute =
            part.starts_with('/') || part.split(')').next().is_some_and(|to| to.contains("://"));
        if let Some(beside) = part.strip_prefix("../") {
            text.push_str(beside);
        } else if is_absolute {
            text.push_str(part);
        } else if part.starts_with('#') {
            text.push_str(&[folder, "/FINDINGS.md", part].concat());
        } else {
            text.push_str(&[folder, "/", part].concat());
        }
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plural<'w>(count: usize, one: &'w str, several: &'w str) -> &'w str {
    if count == 1 { one } else { several }
}

#[cfg(test)]
mod tests {
    use super::relinked;

    #[test]
    fn links_lead_to_the_same_place_from_the_folder_above() {
        for (words, seen) in [
            ("no link", "no link"),
            (
                "[H2](../H2-x/FINDINGS.md) and",
                "[H2](H2-x/FINDINGS.md) and",
            ),
            ("[t](results/t.csv)", "[t](H1-y/results/t.csv)"),
            ("[above](#checks)", "[above](H1-y/FINDINGS.md#checks)"),
            ("[a](https://b.c/d) [e](/f)", "[a](https://b.c/d) [e](/f)"),
        ] {
            assert_eq!(relinked(words, "H1-y"), seen);
        }
    }
}
