use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::error::LoadError;
use crate::measured_run::MeasuredRun;

/// Something that is wrong with the files of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The whole message, which starts with the file.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.message)
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The run loads, and is less than it seems.
    Warning,
    /// The run does not load.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Loads the experiment in a folder. It needs a report; `profile.yaml` and `exp-config.yaml` may be missing, and what
/// they would say is none then.
///
/// # Errors
///
/// The first of the errors that [`validate`] lists.
pub fn load(dir: &Path) -> Result<MeasuredRun, LoadError> {
    Err(LoadError::List {
        path: dir.to_owned(),
        source: std::io::ErrorKind::Unsupported.into(),
    })
}

/// Reads all files of an experiment and lists every problem: errors first, then warnings, each in the order of files
/// and of their content. Empty where all is well.
#[must_use]
pub fn validate(dir: &Path) -> Vec<Problem> {
    match load(dir) {
        Ok(run) => run
            .warnings
            .iter()
            .map(|warning| Problem {
                severity: Severity::Warning,
                message: warning.to_string(),
            })
            .collect(),
        Err(error) => vec![Problem {
            severity: Severity::Error,
            message: error.to_string(),
        }],
    }
}
