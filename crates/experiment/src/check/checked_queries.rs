//! What is known of the queries once all are in order.

use std::collections::BTreeMap;

use super::axis_values::AxisValues;
use crate::sweep::Kept;
use crate::table::{Known, Layout};

/// What is known of the queries once all are in order.
#[derive(Debug, Default)]
pub(crate) struct CheckedQueries {
    /// Runs and tables in stages, each after those it reads.
    pub(crate) stages: Vec<Vec<String>>,
    /// The columns of each table.
    pub(crate) layouts: BTreeMap<String, Layout>,
    /// What each run and table has of the values of axes.
    pub(crate) axis_columns: BTreeMap<String, Known<AxisValues>>,
    /// The columns by which a table whose rows would have no order of their own is ordered.
    pub(crate) ordered_by: BTreeMap<String, Vec<String>>,
    /// The columns of each run that some query reads.
    pub(crate) kept: BTreeMap<String, Kept>,
}
