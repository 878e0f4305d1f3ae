//! What the checks of all queries share.

use std::collections::BTreeMap;

use diagnostic::{Diagnostics, SourceText};

use crate::format::{FIGURE_COLUMN, HypothesisSpec, VALUE_COLUMN};
use crate::sweep::{Kept, Run};
use crate::table::{ColumnKind, Engine, EngineProblem, Frame, Layout, QueryFacts};

/// The columns of a table of figures.
pub(super) fn figure_layout() -> Layout {
    vec![
        (FIGURE_COLUMN.to_owned(), ColumnKind::Text),
        (VALUE_COLUMN.to_owned(), ColumnKind::Float),
    ]
}

pub(super) struct QueryChecker<'a> {
    pub(super) source: &'a SourceText,
    pub(super) spec: &'a HypothesisSpec,
    pub(super) runs: &'a mut [Run],
    pub(super) engine: Engine,
    pub(super) layouts: BTreeMap<String, Layout>,
    /// Answers of queries that were run beforehand, side by side, by their SQL.
    pub(super) answers: BTreeMap<String, Result<Frame, EngineProblem>>,
    pub(super) problems: &'a mut Diagnostics,
}

/// What messages call the values of an axis.
pub(super) fn axis_words(axis: &str, run: &str) -> String {
    format!("axis `{axis}` of run `{run}`")
}

/// Notes the columns of runs that a query may read.
pub(super) fn keep(kept: &mut BTreeMap<String, Kept>, facts: &QueryFacts) {
    for read in &facts.relations {
        match kept.get_mut(read) {
            Some(all) if facts.selects_all => *all = Kept::All,
            Some(Kept::Named(names)) => names.extend(facts.words.iter().cloned()),
            Some(Kept::All) | None => {}
        }
    }
}
