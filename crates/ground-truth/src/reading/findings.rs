use std::path::{Path, PathBuf};

use diagnostic::SourceText;

use crate::error::{FieldProblem, LoadError};
use crate::warning::{Warning, WarningKind};

/// What is found wrong with one file, in the order in which it is.
#[derive(Debug)]
pub(crate) struct Findings {
    file: PathBuf,
    /// The text of a small file.
    source: Option<SourceText>,
    problems: Vec<FieldProblem>,
    warnings: Vec<Warning>,
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
        Self {
            file: source.path().to_owned(),
            source: Some(source),
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// A field that makes the file unusable; `reason` follows its name.
    pub(crate) fn problem(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.into(),
            reason: reason.into(),
        });
    }

    pub(crate) fn warn(&mut self, place: impl Into<String>, kind: WarningKind) {
        self.warnings.push(Warning {
            file: self.file.clone(),
            place: Some(place.into()),
            kind,
        });
    }

    pub(crate) fn warn_of_file(&mut self, kind: WarningKind) {
        self.warnings.push(Warning {
            file: self.file.clone(),
            place: None,
            kind,
        });
    }

    /// Takes over what was found in a part that nothing depends on: its problems are warnings, for what they are of is left
    /// out.
    pub(crate) fn add_optional(&mut self, part: Self) {
        for FieldProblem { field, reason } in part.problems {
            self.warn(field, WarningKind::NotTaken { reason });
        }
        self.warnings.extend(part.warnings);
    }

    /// An empty list for a part of the same file.
    pub(crate) fn of_part(&self) -> Self {
        Self::new(&self.file)
    }

    /// All problems as one error, if there are any, and the warnings.
    pub(crate) fn into_parts(self) -> (Option<LoadError>, Vec<Warning>) {
        let error = (!self.problems.is_empty())
            .then(|| LoadError::fields(self.file, self.problems, self.source.as_ref()));
        (error, self.warnings)
    }
}
