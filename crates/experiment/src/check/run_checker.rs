//! What the checks of all runs share.

use std::collections::BTreeSet;

use catalog::Catalog;
use diagnostic::Reporter;
use serde_yaml::Spanned;
use settings::Inputs;

use super::measured_fields::MeasuredAxis;
use crate::format::{OrderedMap, SetupSpec};
use crate::project::{Measured, Traces};
use crate::sweep::{Axes, FieldRef};

/// Checks runs one by one and reads the models and GPUs that they name.
pub(super) struct RunChecker<'a, 's> {
    pub(super) reporter: &'a mut Reporter<'s>,
    pub(super) catalog: &'a Catalog,
    pub(super) shared: &'a SetupSpec,
    pub(super) max_cells: u64,
    pub(super) inputs: &'a mut Inputs,
    pub(super) measured: &'a mut Measured,
    pub(super) traces: &'a Traces,
    /// The parts into which the file itself divides experiments.
    pub(super) splits: &'a OrderedMap<Vec<Spanned<String>>>,
    /// The axis over measured benchmarks of the run at hand.
    pub(super) measured_axis: Option<MeasuredAxis>,
}

/// Names that a run may use, and which of them it did.
pub(super) struct Names<'r> {
    pub(super) run: &'r str,
    pub(super) axes: &'r Axes,
    pub(super) used: BTreeSet<usize>,
}

impl Names<'_> {
    pub(super) fn find(&mut self, name: &str) -> Option<FieldRef> {
        let found = self.axes.find(name)?;
        self.used.insert(found.axis);
        Some(found)
    }
}
