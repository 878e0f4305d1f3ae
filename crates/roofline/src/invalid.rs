use std::error::Error;
use std::fmt;

/// A value that a constructor of this crate refuses, with everything that is wrong with it.
///
/// Constructors collect all problems before they answer, so that a file with three mistakes is
/// corrected in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What was to be built: `"model config"`, `"hardware"`, `"mfu tables"`, `"step model"`.
    pub subject: &'static str,
    /// At least one problem, in the order of the fields.
    pub problems: Vec<Problem>,
}

/// One reason why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as it is named in the type that holds it.
    pub field: &'static str,
    /// What is wrong with it, as a lowercase fragment that says what would be right.
    pub reason: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid {}: ", self.subject)?;
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.reason)
    }
}

impl Error for Invalid {}

/// Problems found so far.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, field: &'static str, reason: impl Into<String>) {
        self.0.push(Problem {
            field,
            reason: reason.into(),
        });
    }

    /// `Ok` when nothing was found.
    pub(crate) fn into_result(self, subject: &'static str) -> Result<(), Invalid> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.into_invalid(subject))
        }
    }

    pub(crate) fn into_invalid(self, subject: &'static str) -> Invalid {
        Invalid {
            subject,
            problems: self.0,
        }
    }
}
