use std::fmt;
use std::path::Path;

use diagnostic::Diagnostic;
use serde::Serialize;

use crate::error::LoadError;
use crate::measured_run::MeasuredRun;
use crate::reading::{Examined, examine};

/// Something that is wrong with the files of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The whole message, which starts with the file.
    pub message: String,
    /// The same with the lines of the file, where there are any to show.
    #[serde(skip)]
    pub shown: Option<Diagnostic>,
}

impl Problem {
    /// What is wrong, one by one.
    #[must_use]
    pub fn of_error(error: &LoadError) -> Vec<Self> {
        let LoadError::Content {
            place,
            problems,
            diagnostics,
        } = error
        else {
            return vec![Self::error(error.to_string(), None)];
        };
        let mut shown = diagnostics.iter().cloned();
        let all = problems.iter().map(|problem| format!("{place}: {problem}"));
        all.map(|message| Self::error(message, shown.next()))
            .collect()
    }

    fn error(message: String, shown: Option<Diagnostic>) -> Self {
        Self {
            severity: Severity::Error,
            message,
            shown,
        }
    }
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
/// The report is the file `guidellm-results`, else `benchmarks`, with one of the endings `.json`, `.json.gz`, `.yaml`
/// and `.yml`, else the only other file with such an ending.
///
/// # Errors
///
/// The first of the errors that [`validate`] lists.
pub fn load(dir: &Path) -> Result<MeasuredRun, LoadError> {
    load_as(dir, dir)
}

/// As [`load`], where messages and records call the folder `shown_dir`.
pub(crate) fn load_as(dir: &Path, shown_dir: &Path) -> Result<MeasuredRun, LoadError> {
    let Examined { run, errors, .. } = examine(dir, shown_dir);
    match (errors.into_iter().next(), run) {
        (None, Some(run)) => Ok(run),
        (Some(error), _) => Err(error),
        (None, None) => Err(LoadError::File {
            path: shown_dir.to_owned(),
            problem: ": no GuideLLM report".to_owned(),
        }),
    }
}

/// Reads all files of an experiment and lists every problem: errors first, then warnings, each in the order of files
/// and of their content. Empty where all is well.
#[must_use]
pub fn validate(dir: &Path) -> Vec<Problem> {
    let Examined {
        run,
        errors,
        warnings,
    } = examine(dir, dir);
    let mut problems = Vec::new();
    for error in &errors {
        problems.extend(Problem::of_error(error));
    }
    problems.extend(warnings.iter().map(|warning| Problem {
        severity: Severity::Warning,
        message: warning.to_string(),
        shown: None,
    }));
    // No measured figure depends on it, so that it is none of the warnings that figures come with.
    if run.is_some_and(|run| run.gpu.is_none()) {
        let file = dir.join("exp-config.yaml");
        problems.push(Problem {
            severity: Severity::Warning,
            message: format!(
                "{}: does not say which GPU was measured, so that nothing can be simulated beside it: add `gpu: NAME`",
                file.display()
            ),
            shown: None,
        });
    }
    problems
}
