use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, Diagnostics, SourceText, yaml_place};

use crate::bounds::YAML_BOUNDS;
use crate::error::{LoadError, NEXT_STEP, SHOWN_FIELDS};
use crate::tree::Tree;
use crate::warning::Warning;

/// What is found wrong with one file, in the order in which it is.
#[derive(Debug)]
pub(crate) struct Findings {
    file: PathBuf,
    /// The text of a small file.
    source: Option<SourceText>,
    problems: Vec<FieldProblem>,
    warnings: Vec<Warning>,
}

/// One field of a file that cannot be used.
#[derive(Debug)]
struct FieldProblem {
    field: String,
    /// What is wrong, a fragment that follows the field.
    reason: String,
}

impl Findings {
    pub(crate) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            source: None,
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Of a file whose text is at hand.
    pub(crate) fn of_text(source: SourceText) -> Self {
        let findings = Self::new(source.path());
        Self {
            source: Some(source),
            ..findings
        }
    }

    /// A field that makes the file unusable; `reason` follows its name.
    pub(crate) fn problem(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.into(),
            reason: reason.into(),
        });
    }

    /// How many problems there are.
    pub(crate) fn problems(&self) -> usize {
        self.problems.len()
    }

    /// What a value means; where it means nothing, a problem that says what was expected, and none.
    pub(crate) fn expect<T>(
        &mut self,
        field: &str,
        value: &Tree,
        expected: &str,
        read: impl FnOnce(&Tree) -> Option<T>,
    ) -> Option<T> {
        let read = read(value);
        if read.is_none() {
            self.problem(field, format!("is {value}, expected {expected}"));
        }
        read
    }

    pub(crate) fn warn(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.warnings.push(Warning {
            file: self.file.clone(),
            place: Some(place.into()),
            message: message.into(),
        });
    }

    pub(crate) fn warn_of_file(&mut self, message: String) {
        self.warnings.push(Warning {
            file: self.file.clone(),
            place: None,
            message,
        });
    }

    /// Takes over what was found in a part that nothing depends on: its problems are warnings, for what they are of is left
    /// out.
    pub(crate) fn add_optional(&mut self, part: Self) {
        for FieldProblem { field, reason } in part.problems {
            self.warn(field, format!("{reason}: not taken from the report"));
        }
        self.warnings.extend(part.warnings);
    }

    /// An empty list for a part of the same file.
    pub(crate) fn of_part(&self) -> Self {
        Self::new(&self.file)
    }

    /// All problems as one error, if there are any, and the warnings.
    pub(crate) fn into_parts(self) -> (Option<LoadError>, Vec<Warning>) {
        if self.problems.is_empty() {
            return (None, self.warnings);
        }
        let message = |problem: &FieldProblem| format!("`{}` {}", problem.field, problem.reason);
        let shown = self.problems.iter().take(SHOWN_FIELDS).map(|problem| {
            let message = message(problem);
            match &self.source {
                Some(source) => yaml_place(source, &problem.field, &message, YAML_BOUNDS),
                None => Diagnostic::new(self.file.clone(), message),
            }
        });
        let mut shown: Vec<Diagnostic> = shown.collect();
        let not_shown = self.problems.len() - shown.len();
        if let Some(last) = shown.pop() {
            shown.push(last.with_help(NEXT_STEP));
        }
        let diagnostics: Diagnostics = shown.into_iter().collect();
        let error = LoadError::Content {
            place: self.file.display().to_string(),
            problems: self.problems.iter().map(message).collect(),
            diagnostics: diagnostics.with_not_shown(not_shown),
        };
        (Some(error), self.warnings)
    }
}
