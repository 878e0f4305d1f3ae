use std::fmt;
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, Diagnostics};

/// Why something could not be taken from the catalog. Paths are relative to the catalog's root.
///
/// `Display` is one line; [`CatalogError::diagnostics`] shows the lines of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// A name that stands for no entry of the catalog, or for several.
    #[error("{0}")]
    Name(String),
    /// A folder that cannot be listed, or a file that is no text.
    #[error("{}{reason}", path.display())]
    Unreadable {
        /// The file; or the folder with the root in front, because a wrong root is the likeliest reason.
        path: PathBuf,
        /// What is wrong with it: a fragment that follows the path, and begins with the line where there is one.
        reason: String,
    },
    /// The content of a file cannot be used.
    #[error("{message}")]
    Content {
        /// All that is wrong, each with the path.
        message: String,
        /// The same with the lines of the file.
        diagnostics: Diagnostics,
    },
    /// The model is a mixture of experts, which predictions do not cover yet.
    #[error(
        "{}: model `{model}` is a mixture of experts ({experts} experts{}); predictions cover dense models only, until the model covers mixture of experts",
        path.display(),
        experts_per_token.map_or_else(String::new, |count| format!(", {count} per token"))
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
    /// The GPU has no (complete set of) MFU tables.
    #[error(
        "gpu `{gpu}` has no MFU tables yet: {} {} missing (gpus with tables: {})",
        missing.join(", "),
        if missing.len() == 1 { "is" } else { "are" },
        list_or_none(gpus_with_tables)
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
            Self::Content { diagnostics, .. } => Some(diagnostics),
            _no_content => None,
        }
    }

    /// Fields of a file that are missing or have values that cannot be used, all of them: each is shown as `show` does, the
    /// last with what to do next.
    pub(crate) fn fields(
        path: &Path,
        problems: &[FieldProblem],
        show: impl Fn(&FieldProblem) -> Diagnostic,
        next_step: &str,
    ) -> Self {
        let mut shown: Vec<Diagnostic> = problems.iter().map(show).collect();
        if let Some(last) = shown.last_mut() {
            last.help(next_step);
        }
        let texts: Vec<String> = problems.iter().map(FieldProblem::to_string).collect();
        Self::Content {
            message: format!("{}: {}", path.display(), texts.join("; ")),
            diagnostics: shown.into_iter().collect(),
        }
    }
}

/// Names with commas between.
pub(crate) fn list_or_none(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}

/// One field of a file that cannot be used.
#[derive(Debug)]
pub(crate) struct FieldProblem {
    /// The key as the file writes it, or the preferred key where it is missing.
    pub(crate) field: String,
    /// What is wrong, a fragment that follows the key.
    pub(crate) reason: String,
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
