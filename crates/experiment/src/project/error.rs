//! What can go wrong with a project or a hypothesis.

use std::path::PathBuf;

use diagnostic::{Diagnostic, Diagnostics};
use outputs::OutputError;
use table_file::TableFileError;

/// An error of the laboratory, always with the file or the name it concerns.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// There is no project at or above a folder.
    #[error(
        "no rooflab project found at or above `{start}`: a project has the folders {folders} (change into one, or name it with --root)",
        folders = super::layout::MARKER_FOLDERS.join(", ")
    )]
    NoProject {
        /// Where the search began, as the user gave it.
        start: PathBuf,
    },
    /// A folder that was named as the project is none.
    #[error("`{root}` is no rooflab project: it lacks {missing}")]
    NotAProject {
        /// The folder, as the user gave it.
        root: PathBuf,
        /// The folders that it lacks, with commas between.
        missing: String,
    },
    /// Two folders with the same id.
    #[error("two hypotheses have the id `{id}`: `{first}` and `{second}`")]
    SameId {
        /// The id.
        id: String,
        /// One folder.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// An id that no hypothesis of the project has.
    #[error("hypothesis `{id}` not found ({hint}known hypotheses: {known})")]
    UnknownHypothesis {
        /// The id as given.
        id: String,
        /// The ids there are, with commas between, or a word that there are none.
        known: String,
        /// `did you mean ...`, or nothing.
        hint: String,
    },
    /// A name that no table of a hypothesis has.
    #[error("hypothesis {hypothesis} has no table `{table}` ({hint}its tables: {known})")]
    UnknownTable {
        /// The id of the hypothesis.
        hypothesis: String,
        /// The name as given.
        table: String,
        /// `did you mean ...`, or nothing.
        hint: String,
        /// The names there are, with commas between, or a word that there are none.
        known: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write `{path}`: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file or folder is not to be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Input files have problems, each with its place.
    #[error("{0}")]
    Invalid(Diagnostics),
    /// A new hypothesis cannot be made.
    #[error("{0}")]
    New(String),
    /// The model, GPU or other input data has a problem.
    #[error(transparent)]
    Catalog(#[from] catalog::CatalogError),
    /// Criteria cannot be locked.
    #[error("{0}")]
    Lock(String),
    /// The criteria cannot be brought into the form that is hashed.
    #[error("the criteria cannot be hashed: {0}")]
    Criteria(#[source] serde_json::Error),
    /// A folder that was named for its results has none.
    #[error(
        "`{path}` holds no results: expected a folder with `{results}` or folders that have one, as `rooflab run` writes them",
        results = super::layout::RESULTS_FOLDER
    )]
    NoResults {
        /// The folder, as the user gave it.
        path: PathBuf,
    },
    /// Two folders of results that are to be compared belong to two hypotheses.
    #[error(
        "these are results of two hypotheses, `{before}` and `{after}`: compare folders of the same one, or folders of many"
    )]
    OtherHypothesis {
        /// The id of the first.
        before: String,
        /// The id of the second.
        after: String,
    },
    /// An outcome cannot be written as JSON.
    #[error("an outcome cannot be written as JSON: {0}")]
    Summary(serde_json::Error),
    /// A result cannot be turned into a file.
    #[error("result `{name}` cannot be written: {source}")]
    TableFile {
        /// The table.
        name: String,
        /// What the writer says.
        source: TableFileError,
    },
}

impl From<Diagnostic> for ExperimentError {
    fn from(problem: Diagnostic) -> Self {
        Self::Invalid(problem.into())
    }
}

impl From<Diagnostics> for ExperimentError {
    fn from(problems: Diagnostics) -> Self {
        Self::Invalid(problems)
    }
}
