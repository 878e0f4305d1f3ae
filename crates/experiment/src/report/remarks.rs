//! What a hypothesis says of the published findings, with the numbers of its own run.

use std::collections::BTreeSet;
use std::sync::Arc;

use diagnostic::{Diagnostic, Reporter, SourceText};
use serde::Serialize;

use super::inline::{check_inline, render_inline};
use super::shortened::sentences;
use super::template_functions::Facts;
use crate::format::{PublishedSpec, check_words};
use crate::project::Traces;

/// Most letters of the id of a defect: it is a name, and `what` has the sentence.
const LONGEST_ID: usize = 60;

/// Most sentences of a quotation.
const MOST_SENTENCES: usize = 3;

/// Something that is wrong with what was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Its name in the file.
    pub id: String,
    /// What is wrong, on one line of Markdown.
    pub what: String,
}

/// The remarks of a hypothesis, rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remarks {
    /// Why the published verdict differs.
    pub(crate) verdict_differs: Option<String>,
    /// How and why our criterion is another one than the published.
    pub(crate) criterion_differs: Option<String>,
    /// What is wrong with the published findings.
    pub(crate) defects: Vec<Defect>,
    /// What they name and the data do not have.
    pub(crate) absent: Vec<String>,
}

impl Remarks {
    /// Fills the numbers of a run into the words of the file.
    ///
    /// # Errors
    ///
    /// A text asks for something that is not there.
    pub(crate) fn render(
        file: &SourceText,
        published: &PublishedSpec,
        facts: &Arc<Facts>,
        traces: &Traces,
    ) -> Result<Self, Diagnostic> {
        let mut absent = Vec::new();
        let verdict_differs = published.verdict_differs.as_ref();
        let verdict_differs = verdict_differs
            .map(|why| render_inline(file, why, facts, traces, &mut absent))
            .transpose()?;
        let criterion_differs = published.criterion_differs.as_ref();
        let criterion_differs = criterion_differs
            .map(|how| render_inline(file, how, facts, traces, &mut absent))
            .transpose()?;
        let defects = published
            .defects
            .iter()
            .map(|defect| {
                Ok(Defect {
                    id: defect.id.value.clone(),
                    what: render_inline(file, &defect.what, facts, traces, &mut absent)?,
                })
            })
            .collect::<Result<_, Diagnostic>>()?;
        Ok(Self {
            verdict_differs,
            criterion_differs,
            defects,
            absent,
        })
    }
}

/// Checks what can be known of remarks before anything runs.
pub(crate) fn check_remarks(reporter: &mut Reporter<'_>, published: Option<&PublishedSpec>) {
    let Some(published) = published else { return };
    let templates = [&published.verdict_differs, &published.criterion_differs];
    for text in templates.into_iter().flatten() {
        check_inline(reporter, text);
    }
    for (key, quoted) in [
        ("statement", &published.statement),
        ("refuted_if", &published.refuted_if),
    ] {
        let Some(quoted) = quoted else { continue };
        let key = format!("`published.{key}`");
        check_words(reporter, quoted, &key, &quoted.value);
        let sentences = sentences(&quoted.value);
        if sentences > MOST_SENTENCES {
            let message = format!(
                "{key} has {sentences} sentences: a quotation has {MOST_SENTENCES} at most"
            );
            reporter.at(quoted, message);
        }
    }
    let mut seen = BTreeSet::new();
    for defect in &published.defects {
        let id = defect.id.value.as_str();
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(is_plain) {
            let message = format!(
                "the id `{id}` of a defect is not made of lower-case letters, digits and hyphens, {LONGEST_ID} at most"
            );
            reporter.at(&defect.id, message);
        }
        if !seen.insert(id) {
            reporter.at(
                &defect.id,
                format!("defect `{id}` stands twice in the file"),
            );
        }
        let what = format!("`what` of defect `{id}`");
        check_words(reporter, &defect.what, &what, &defect.what.value);
        check_inline(reporter, &defect.what);
    }
}
