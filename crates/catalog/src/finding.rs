use std::fmt;

use crate::issue::Issue;

/// An issue with how bad it is and a line about it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The issue in one line.
    pub summary: String,
    /// The issue in parts.
    pub issue: Issue,
    /// The first examples as text, each with its line where it has one.
    #[serde(skip)]
    pub(crate) examples: Vec<(Option<u64>, String)>,
    /// How many examples there are in all.
    #[serde(skip)]
    pub(crate) instances: usize,
}

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The data is usable, and less than it seems.
    Warning,
    /// The data is wrong or incomplete.
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

/// How many examples of a finding are printed.
const SHOWN_EXAMPLES: usize = 3;

impl Finding {
    /// A finding without examples.
    pub(crate) fn new(severity: Severity, summary: impl Into<String>, issue: Issue) -> Self {
        Self {
            severity,
            summary: summary.into(),
            issue,
            examples: Vec::new(),
            instances: 0,
        }
    }

    /// The same with the first of so many examples; `None` where there are none.
    pub(crate) fn with_examples(
        mut self,
        instances: usize,
        examples: impl IntoIterator<Item = (Option<u64>, String)>,
    ) -> Option<Self> {
        self.examples = examples.into_iter().take(SHOWN_EXAMPLES).collect();
        self.instances = instances;
        (instances > 0).then_some(self)
    }
}

/// A rate in TFLOP/s, to a tenth.
pub(crate) struct Tera(pub(crate) f64);

impl fmt::Display for Tera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} TFLOP/s", self.0 / 1e12)
    }
}

pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
