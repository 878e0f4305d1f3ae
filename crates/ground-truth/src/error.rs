use std::fmt;
use std::io;
use std::path::PathBuf;

use diagnostic::{Diagnostic, Diagnostics, SourceText, yaml_place};
use serde::Serialize;

use crate::reading::YAML_BOUNDS;
use crate::source_file::FILE_ENDINGS;
use diagnostic::Quoted;

/// Why an experiment cannot be loaded. Paths are those of the caller's folder, or below the root that was opened.
///
/// `Display` is one line; [`LoadError::diagnostics`] shows the lines of the file, where it is small.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A folder cannot be listed.
    #[error("{}: cannot list the folder: {source}", path.display())]
    List {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file where the folder of an experiment is expected.
    #[error("{}: a file, expected the folder that holds it", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// No experiment or split of that name.
    #[error("{kind} {} not found ({})", Quoted(name), Choices { kind: *kind, known, nearest: nearest.as_deref() })]
    Unknown {
        /// What was looked for.
        kind: NameKind,
        /// The name that was asked for.
        name: String,
        /// The names that exist, sorted.
        known: Vec<String>,
        /// The existing name that looks most like the one asked for, where one comes close.
        nearest: Option<String>,
    },
    /// A folder has no file that can be a report.
    #[error(
        "{}: no GuideLLM report (expected guidellm-results or benchmarks with one of the endings {}, or one other file with such an \
         ending)",
        path.display(),
        FILE_ENDINGS.join(", ")
    )]
    NoReport {
        /// The folder.
        path: PathBuf,
    },
    /// A folder has several files that can be the report.
    #[error(
        "{}: {} can each be the report; call the right one `guidellm-results` with its ending, or move the others away",
        path.display(),
        candidates.join(", ")
    )]
    SeveralReports {
        /// The folder.
        path: PathBuf,
        /// The files, sorted.
        candidates: Vec<String>,
    },
    /// A folder has two files of which there can be one.
    #[error("{}: {} stand for the same; keep one of them", path.display(), files.join(" and "))]
    SameTwice {
        /// The folder.
        path: PathBuf,
        /// The files, sorted.
        files: Vec<String>,
    },
    /// A file cannot be read.
    #[error("{}{problem}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: ReadProblem,
    },
    /// A file is not valid JSON or YAML, or a value is of the wrong kind.
    #[error("{}:{line}:{column}: {}{reason}", path.display(), InField(field.as_deref()))]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
        /// The field that is read there, where one is: `benchmarks[2].requests.successful[17]`.
        field: Option<String>,
        /// What is wrong there.
        reason: String,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// Fields are missing or have values that cannot be used. All of them are listed.
    #[error("{}: {}", path.display(), JoinedFields(problems))]
    Fields {
        /// The file.
        path: PathBuf,
        /// The problems, in the order of the file.
        problems: Vec<FieldProblem>,
        /// The first of them with the lines of the file.
        diagnostics: Diagnostics,
    },
}

impl LoadError {
    /// What is wrong with the content of a file, with its lines and what to do next. `None` where no content is to blame.
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::Syntax { diagnostics, .. } | Self::Fields { diagnostics, .. } => {
                Some(diagnostics)
            }
            Self::List { .. }
            | Self::NotAFolder { .. }
            | Self::Unknown { .. }
            | Self::NoReport { .. }
            | Self::SeveralReports { .. }
            | Self::SameTwice { .. }
            | Self::Read { .. } => None,
        }
    }

    /// Fields that cannot be used, of a file whose text is at hand where it is a small one.
    pub(crate) fn fields(
        path: PathBuf,
        problems: Vec<FieldProblem>,
        source: Option<&SourceText>,
    ) -> Self {
        let shown = problems.len().min(SHOWN_FIELDS);
        let diagnostics: Diagnostics = problems[..shown]
            .iter()
            .enumerate()
            .map(|(index, problem)| {
                let message = problem.to_string();
                let shown_problem = match source {
                    Some(source) => yaml_place(source, &problem.field, &message, YAML_BOUNDS),
                    None => Diagnostic::new(path.clone(), message),
                };
                if index + 1 == shown {
                    shown_problem.with_help(NEXT_STEP)
                } else {
                    shown_problem
                }
            })
            .collect();
        Self::Fields {
            diagnostics: diagnostics.with_not_shown(problems.len() - shown),
            path,
            problems,
        }
    }
}

/// What to do about a file whose content cannot be used.
pub(crate) const NEXT_STEP: &str = "docs/ground-truth.md says what each file holds";

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A folder below the root.
    Experiment,
    /// A split of `splits.yaml`.
    Split,
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Experiment => "experiment",
            Self::Split => "split",
        })
    }
}

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadProblem {
    /// There is no such file.
    Missing,
    /// It is a folder, a device or a pipe.
    NotAFile,
    /// It is larger than any file of its kind has reason to be.
    TooLarge {
        /// The bound that applies to this kind of file.
        limit_bytes: u64,
    },
    /// It inflates to more than any report of its size has reason to.
    InflatesTooFar {
        /// The bound that applies to a file of this size.
        limit_bytes: u64,
    },
    /// It is no plain report, and has a text that is longer than any of a report.
    LongText {
        /// The bound.
        limit_bytes: usize,
    },
    /// It is not UTF-8.
    NotUtf8 {
        /// The line of the first byte that is not, from 1.
        line: u64,
    },
    /// It is called `.gz` and does not inflate.
    Gzip(io::Error),
    /// The operating system refused.
    Io(io::Error),
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str(": no such file"),
            Self::NotAFile => f.write_str(": not a regular file"),
            Self::TooLarge { limit_bytes } => {
                write!(f, ": larger than {limit_bytes} bytes")
            }
            Self::InflatesTooFar { limit_bytes } => write!(
                f,
                ": inflates to more than {limit_bytes} bytes, which no report of its size does"
            ),
            Self::LongText { limit_bytes } => {
                write!(f, ": a text in it has more than {limit_bytes} bytes")
            }
            Self::NotUtf8 { line } => write!(f, ":{line}: not UTF-8 text"),
            Self::Gzip(error) => write!(f, ": cannot be inflated: {error}"),
            Self::Io(error) => write!(f, ": cannot be read: {error}"),
        }
    }
}

/// One field of a file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Where it is: `benchmarks[2].config.strategy.rate`.
    pub field: String,
    /// What is wrong, a fragment that follows the field.
    pub reason: String,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.reason)
    }
}

struct InField<'a>(Option<&'a str>);

impl fmt::Display for InField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(field) => write!(f, "`{field}`: "),
            None => Ok(()),
        }
    }
}

/// How many fields a message spells out before it only counts.
const SHOWN_FIELDS: usize = 5;

struct JoinedFields<'a>(&'a [FieldProblem]);

impl fmt::Display for JoinedFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().take(SHOWN_FIELDS).enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        match self.0.len().saturating_sub(SHOWN_FIELDS) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

/// How many names a message spells out before it only counts.
const SHOWN_NAMES: usize = 40;

struct Choices<'a> {
    kind: NameKind,
    known: &'a [String],
    nearest: Option<&'a str>,
}

impl fmt::Display for Choices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nearest) = self.nearest {
            write!(f, "did you mean `{nearest}`? ")?;
        }
        let shown = &self.known[..self.known.len().min(SHOWN_NAMES)];
        let names = if shown.is_empty() {
            "none".to_owned()
        } else {
            shown.join(", ")
        };
        write!(f, "known {}s: {names}", self.kind)?;
        match self.known.len() - shown.len() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}
