//! Short templates that stand in the hypothesis file itself.

use std::sync::Arc;

use diagnostic::{Diagnostic, Reporter, SourceText};
use serde_yaml::Spanned;
use tera::Context;

use super::data_context::data_context;
use super::template::{check_syntax, render};
use super::template_functions::Facts;
use crate::project::Traces;

/// Renders a text of the hypothesis file to one line of Markdown, and adds to `absent` what it names and the data do not
/// have. It has the functions of a narrative and, of its variables, `data`.
///
/// # Errors
///
/// The text does not parse or asks for something that is not there; the error shows its place in the file.
pub(super) fn render_inline(
    file: &SourceText,
    text: &Spanned<String>,
    facts: &Arc<Facts>,
    traces: &Traces,
    absent: &mut Vec<String>,
) -> Result<String, Diagnostic> {
    let mut context = Context::new();
    context.insert("data", &data_context(traces));
    let rendered = render(&template_of(file, text), &context, facts)
        .map_err(|problem| in_the_file(file, text, &problem))?;
    absent.extend(rendered.absent);
    Ok(rendered
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" "))
}

/// Checks that a text of the hypothesis file parses as a template.
pub(super) fn check_inline(reporter: &mut Reporter<'_>, text: &Spanned<String>) {
    let file = reporter.source();
    if let Err(problem) = check_syntax(&template_of(file, text)) {
        reporter.push(in_the_file(file, text, &problem));
    }
}

fn template_of(file: &SourceText, text: &Spanned<String>) -> SourceText {
    SourceText::new(file.path().to_owned(), text.value.clone())
}

/// The place of a problem in the file: YAML folds lines and takes escapes away, so it is looked for by its words.
fn in_the_file(file: &SourceText, text: &Spanned<String>, problem: &Diagnostic) -> Diagnostic {
    match problem.marked().filter(|marked| !marked.is_empty()) {
        Some(marked) => file.error_at_word(text, marked, problem.message()),
        None => file.error_for(text, problem.message()),
    }
    .with_help_of(problem)
}
