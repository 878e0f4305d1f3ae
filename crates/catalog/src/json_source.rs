use std::ops::Range;
use std::path::Path;

use diagnostic::{Diagnostic, JsonPlace, json_place, nearest};

use crate::error::{CatalogError, FieldProblem};
use crate::json_tree::JsonError;

/// What to do about a configuration, where nothing more is known.
const NEXT_STEP: &str = "docs/data.md lists the keys that are read; the file is the model's own config.json as published";

/// How the reason begins where a key stands twice.
const DUPLICATE_KEY: &str = "duplicate key";

/// A configuration and its name, for errors that show its lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JsonSource<'t> {
    pub(crate) path: &'t Path,
    pub(crate) text: &'t str,
}

impl JsonSource<'_> {
    /// A text that is no JSON.
    pub(crate) fn syntax_error(self, error: JsonError) -> CatalogError {
        let place = self.place(&error);
        let problem = Diagnostic::new(self.path.to_owned(), error.reason.as_str())
            .with_excerpt(self.text, place)
            .with_help(next_step(&error.reason));
        CatalogError::Syntax {
            path: self.path.to_owned(),
            line: error.line,
            column: error.column,
            reason: error.reason,
            diagnostics: problem.into(),
        }
    }

    /// Fields that cannot be used.
    pub(crate) fn fields_error(self, problems: Vec<FieldProblem>) -> CatalogError {
        let last = problems.len().saturating_sub(1);
        let shown = problems.iter().enumerate().map(|(index, problem)| {
            let shown = self.field(problem);
            if index == last {
                shown.with_help(NEXT_STEP)
            } else {
                shown
            }
        });
        CatalogError::Fields {
            path: self.path.to_owned(),
            diagnostics: shown.collect(),
            problems,
        }
    }

    fn field(self, problem: &FieldProblem) -> Diagnostic {
        let shown = Diagnostic::new(self.path.to_owned(), problem.to_string());
        match json_place(self.text, &problem.field) {
            Some(JsonPlace::Value(span)) => shown.with_excerpt(self.text, Some(span)),
            Some(JsonPlace::Missing { key, keys }) => {
                let near = nearest(&key, keys.iter().map(|(name, _)| name.as_str()));
                match near.and_then(|near| keys.iter().find(|(name, _)| name == near)) {
                    Some((name, span)) => shown
                        .with_excerpt(self.text, Some(span.clone()))
                        .with_help(format!("is `{name}` meant to be `{key}`?")),
                    None => shown,
                }
            }
            None => shown,
        }
    }

    /// The character that the parser stopped at; the last one where the text is too short.
    fn place(self, error: &JsonError) -> Option<Range<usize>> {
        let line = usize::try_from(error.line).ok()?.checked_sub(1)?;
        let column = usize::try_from(error.column).ok()?.checked_sub(1)?;
        let mut lines = self.text.split_inclusive('\n');
        let start: usize = lines.by_ref().take(line).map(str::len).sum();
        let text = lines.next().unwrap_or_default().trim_end();
        let at = text.floor_char_boundary(column.min(text.len().saturating_sub(1)));
        let end = text.ceil_char_boundary((at + 1).min(text.len()));
        // The parser stops at the quote behind the key.
        let at = if error.reason.starts_with(DUPLICATE_KEY) {
            text[..at].rfind('"').unwrap_or(at)
        } else {
            at
        };
        Some(start + at..start + end)
    }
}

/// What to do about what the parser says.
fn next_step(reason: &str) -> &'static str {
    if reason.starts_with("EOF") {
        "the file ends early: download or copy it whole"
    } else if reason.starts_with(DUPLICATE_KEY) {
        "keep one of the two"
    } else if reason.starts_with("trailing comma") {
        "remove the comma in front of this"
    } else if reason.starts_with("expected `,`") {
        "a comma may be missing in front of this"
    } else if reason.starts_with("key must be") {
        "keys and texts stand in double quotes"
    } else {
        NEXT_STEP
    }
}
