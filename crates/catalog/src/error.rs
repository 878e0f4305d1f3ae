use std::fmt;
use std::io;
use std::path::PathBuf;

use diagnostic::Diagnostics;

use diagnostic::Quoted;

/// Why something could not be taken from the catalog. Paths are relative to the catalog's root.
///
/// `Display` is one line; [`CatalogError::diagnostics`] shows the lines of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// No folder of that name.
    #[error("{kind} {} not found ({})", Quoted(name), Choices { kind: *kind, known, nearest: nearest.as_deref() })]
    Unknown {
        /// What was looked for.
        kind: EntryKind,
        /// The name that was asked for.
        name: String,
        /// The names that exist, sorted.
        known: Vec<String>,
        /// The existing name that looks most like the one asked for, where one comes close.
        nearest: Option<String>,
    },
    /// The name is not a plain folder name.
    #[error("{} is no name of a {kind}: expected the plain name of a folder in {}", Quoted(name), kind.folder())]
    BadName {
        /// What was looked for.
        kind: EntryKind,
        /// The name that was asked for.
        name: String,
    },
    /// Two folders of `bench_data` differ in upper and lower case only.
    #[error("gpu {} is ambiguous: bench_data has the folders {}", Quoted(name), folders.join(", "))]
    AmbiguousGpu {
        /// The name that was asked for.
        name: String,
        /// The folders that it fits, sorted.
        folders: Vec<String>,
    },
    /// A folder of the catalog cannot be listed.
    #[error("{}: cannot list the folder: {source}", path.display())]
    List {
        /// The folder, with the root in front, because a wrong root is the likeliest reason.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file cannot be read as text.
    #[error("{}{problem}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: ReadProblem,
    },
    /// A file is not valid JSON or YAML, or has keys it must not have.
    #[error("{}:{line}:{column}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
        /// What is wrong there.
        reason: String,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// Fields of a file are missing or have values that cannot be used. All of them are listed.
    #[error("{}: {}", path.display(), JoinedFields(problems))]
    Fields {
        /// The file.
        path: PathBuf,
        /// One entry for each field, in a fixed order.
        problems: Vec<FieldProblem>,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// The model is a mixture of experts, which predictions do not cover yet.
    #[error(
        "{}: model `{model}` is a mixture of experts ({experts} experts{}); predictions cover dense models only, until the model covers mixture of experts",
        path.display(),
        PerToken(*experts_per_token)
    )]
    MixtureOfExperts {
        /// The model's `config.json`.
        path: PathBuf,
        /// The name of the model.
        model: String,
        /// Routed experts of a layer.
        experts: u32,
        /// Experts that one token passes through, where the file says so.
        experts_per_token: Option<u32>,
    },
    /// A table does not start with the columns it must have.
    #[error("{}:{line}: expected the columns `{expected}`, found {}", path.display(), Quoted(found))]
    Header {
        /// The table.
        path: PathBuf,
        /// Line of the header, from 1.
        line: u64,
        /// The header the table must have.
        expected: String,
        /// The header it has.
        found: String,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// A table has nothing below its header, or no header.
    #[error("{}: the table is empty; expected the columns `{expected}` and at least one row", path.display())]
    EmptyTable {
        /// The table.
        path: PathBuf,
        /// The header the table must have.
        expected: String,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// Rows of a table cannot be used.
    #[error("{}", JoinedRows { path, problems, count: *count })]
    Rows {
        /// The table.
        path: PathBuf,
        /// The first problems, in the order of the file.
        problems: Vec<RowProblem>,
        /// How many there are in all.
        count: usize,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// The GPU has no (complete set of) MFU tables.
    #[error(
        "gpu `{gpu}` has no MFU tables yet: {} {} missing (gpus with tables: {})",
        missing.join(", "),
        if missing.len() == 1 { "is" } else { "are" },
        ListOrNone(gpus_with_tables)
    )]
    NoTables {
        /// The name of the GPU.
        gpu: String,
        /// The files that are not there.
        missing: Vec<String>,
        /// The GPUs that have all three tables, sorted.
        gpus_with_tables: Vec<String>,
    },
    /// The tables were read, and the roofline model refuses them.
    #[error("{}: {source}", path.display())]
    Refused {
        /// The folder of the tables.
        path: PathBuf,
        /// What the model says.
        source: roofline::Invalid,
    },
}

impl CatalogError {
    /// What is wrong with the content of a file, with its lines and what to do next. `None` where no content is to blame.
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::Syntax { diagnostics, .. }
            | Self::Fields { diagnostics, .. }
            | Self::Header { diagnostics, .. }
            | Self::EmptyTable { diagnostics, .. }
            | Self::Rows { diagnostics, .. } => Some(diagnostics),
            Self::Unknown { .. }
            | Self::BadName { .. }
            | Self::AmbiguousGpu { .. }
            | Self::List { .. }
            | Self::Read { .. }
            | Self::MixtureOfExperts { .. }
            | Self::NoTables { .. }
            | Self::Refused { .. } => None,
        }
    }
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder of `model_configs`.
    Model,
    /// A folder of `bench_data`.
    Gpu,
}

impl EntryKind {
    /// The folder below the root that holds entries of this kind.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Model => "model_configs",
            Self::Gpu => "bench_data",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Model => "model",
            Self::Gpu => "gpu",
        })
    }
}

/// Why a file could not be read as text.
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
    /// It is not UTF-8.
    NotUtf8 {
        /// The line of the first byte that is not, from 1.
        line: u64,
    },
    /// The operating system refused.
    Io(io::Error),
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str(": no such file"),
            Self::NotAFile => f.write_str(": not a regular file"),
            Self::TooLarge { limit_bytes } => write!(f, ": larger than {limit_bytes} bytes"),
            Self::NotUtf8 { line } => write!(f, ":{line}: not UTF-8 text"),
            Self::Io(error) => write!(f, ": cannot be read: {error}"),
        }
    }
}

/// One field of a file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The key as the file writes it, or the preferred key where it is missing.
    pub field: String,
    /// What is wrong, a fragment that follows the key.
    pub reason: String,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.reason)
    }
}

/// One row of a table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowProblem {
    /// Line in the file, from 1; the header is line 1.
    pub line: u64,
    /// The column, where one column is to blame.
    pub column: Option<&'static str>,
    /// What is wrong, a fragment.
    pub reason: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "column `{column}`: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

struct Choices<'a> {
    kind: EntryKind,
    known: &'a [String],
    nearest: Option<&'a str>,
}

impl fmt::Display for Choices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nearest) = self.nearest {
            write!(f, "did you mean `{nearest}`? ")?;
        }
        write!(f, "known {}s: {}", self.kind, ListOrNone(self.known))
    }
}

struct ListOrNone<'a>(&'a [String]);

impl fmt::Display for ListOrNone<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            f.write_str("none")
        } else {
            f.write_str(&self.0.join(", "))
        }
    }
}

struct JoinedFields<'a>(&'a [FieldProblem]);

impl fmt::Display for JoinedFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

/// How many rows a message spells out before it only counts.
pub(crate) const SHOWN_ROWS: usize = 3;

struct JoinedRows<'a> {
    path: &'a std::path::Path,
    problems: &'a [RowProblem],
    count: usize,
}

impl fmt::Display for JoinedRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.problems[..self.problems.len().min(SHOWN_ROWS)];
        for (index, problem) in shown.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(
                f,
                "{separator}{}:{}: {problem}",
                self.path.display(),
                problem.line
            )?;
        }
        match self.count - shown.len() {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

struct PerToken(Option<u32>);

impl fmt::Display for PerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(count) => write!(f, ", {count} per token"),
            None => Ok(()),
        }
    }
}
