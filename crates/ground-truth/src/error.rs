use std::fmt;
use std::io;
use std::path::PathBuf;

use diagnostic::Diagnostics;

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
    #[error("{message}")]
    Unknown {
        /// What was looked for, and the names that exist.
        message: String,
    },
    /// A folder lacks a file or has too many, or a file cannot be read.
    #[error("{}{problem}", path.display())]
    File {
        /// The folder or the file.
        path: PathBuf,
        /// What is wrong with it, with what stands between it and its name.
        problem: String,
    },
    /// A file is not valid JSON or YAML, or fields are missing or have values that cannot be used.
    #[error("{place}: {}", Joined(problems))]
    Content {
        /// The file, with line and column where there are any.
        place: String,
        /// What is wrong, in the order of the file.
        problems: Vec<String>,
        /// The first of the problems with the lines of the file.
        diagnostics: Diagnostics,
    },
}

impl LoadError {
    /// What is wrong with the content of a file, with its lines and what to do next. `None` where no content is to blame.
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::Content { diagnostics, .. } => Some(diagnostics),
            _of_no_content => None,
        }
    }
}

/// What to do about a file whose content cannot be used.
pub(crate) const NEXT_STEP: &str = "docs/ground-truth.md says what each file holds";

/// How many fields a message spells out before it only counts.
pub(crate) const SHOWN_FIELDS: usize = 5;

struct Joined<'a>(&'a [String]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, more) = self.0.split_at(self.0.len().min(SHOWN_FIELDS));
        f.write_str(&shown.join("; "))?;
        match more.len() {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}
