//! What a reader of a finding should know before trusting it.

use std::fmt;

use serde::Serialize;

roofline::choice! {
    /// What a warning is about.
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    "kind of warning" WarningKind {
        /// The files of measured runs contradict each other, or lack something.
        MeasuredRuns = "measured runs",
        /// Requests or rows are in no figure.
        LeftOut = "left out",
        /// The words of the findings name rows that the data do not have.
        AbsentRows = "absent rows",
        /// A plot is not drawn.
        NotDrawn = "plot not drawn",
        /// Look-ups that the MFU tables have no measured row for.
        UnmeasuredLookups = "look-ups not measured",
        /// Batches or servers that need more memory than the GPUs have.
        Memory = "beyond memory",
        /// Several GPUs, whose communication the model leaves out.
        Communication = "no communication",
        /// A best value at the end of the range in which it was looked for.
        EdgeOfRange = "best at the edge",
        /// An interval over rows that repeat an experiment.
        RepeatedExperiments = "repeated experiments",
        /// A correlation of few rows.
        FewRows = "few rows",
    }
}

impl WarningKind {
    /// Whether it is about the validity of figures that were computed, not about files, rows or plots that are missing.
    #[must_use]
    pub fn is_of_validity(self) -> bool {
        match self {
            Self::MeasuredRuns | Self::LeftOut | Self::AbsentRows | Self::NotDrawn => false,
            Self::UnmeasuredLookups
            | Self::Memory
            | Self::Communication
            | Self::EdgeOfRange
            | Self::RepeatedExperiments
            | Self::FewRows => true,
        }
    }
}

/// What a reader of a finding should know before trusting it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// How many cells or rows it concerns, where it is about some.
    pub cells: Option<usize>,
    /// The warning in a sentence, as findings have it.
    pub what: String,
}

impl Warning {
    /// A warning about as many cells or rows.
    pub(crate) fn of_cells(kind: WarningKind, cells: usize, what: String) -> Self {
        Self {
            kind,
            cells: Some(cells),
            what,
        }
    }

    /// A warning that is about no cells.
    pub(crate) fn new(kind: WarningKind, what: String) -> Self {
        Self {
            kind,
            cells: None,
            what,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
