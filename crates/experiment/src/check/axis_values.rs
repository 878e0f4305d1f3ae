//! The values of axes, and whether what one is compared with is among them.

use std::sync::Arc;

use serde_yaml::Spanned;

use super::splits::SIDES;
use crate::format::{AxisSpec, CaseValue, HypothesisSpec, OrderedMap, ProbeSpec, Scalar};
use crate::sweep::{Probe, Run, SPLIT};
use crate::table::{Known, Value};

/// The values of an axis that the file spells out.
#[derive(Debug, Clone)]
pub(crate) struct AxisValues {
    /// Name and run of the axis.
    words: Arc<str>,
    values: Arc<[Scalar]>,
}

/// How many of the nearest values a message lists.
const NEAREST: usize = 4;

impl AxisValues {
    /// What is wrong with a comparison of the axis, and the values to compare it with.
    pub(super) fn refuse(&self, literal: &Scalar) -> Option<(String, Vec<String>)> {
        let is_number = |value: &Scalar| value.as_value().as_f64().is_some();
        let is_kind = |value: &Scalar| match literal {
            Scalar::Int(_) | Scalar::Float(_) => is_number(value),
            Scalar::Text(_) => matches!(value, Scalar::Text(_)),
            Scalar::Bool(_) => false,
        };
        let is_same = |value: &Scalar| match (literal.as_value(), value.as_value()) {
            (Value::Text(a), Value::Text(b)) => a == b,
            (a, b) => a.as_f64() == b.as_f64(),
        };
        if !self.values.iter().all(is_kind) || self.values.iter().any(is_same) {
            return None;
        }
        let mut values: Vec<&Scalar> = self.values.iter().collect();
        if let Some(number) = literal.as_value().as_f64() {
            let distance = |value: &Scalar| {
                let value = value.as_value().as_f64();
                value.map_or(f64::INFINITY, |value| (value - number).abs())
            };
            values.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
            values.truncate(NEAREST);
        }
        let values = values.into_iter().map(ToString::to_string).collect();
        Some((format!("none of the values of {}", self.words), values))
    }
}

/// The columns of a run, with the values of those that are axes.
pub(super) fn axis_columns(spec: &HypothesisSpec, run: &Run) -> Known<AxisValues> {
    let columns = run.columns();
    let mut known: Known<AxisValues> = columns
        .names()
        .map(|name| (name.to_owned(), None))
        .collect();
    let probe = spec.runs.get(&run.name);
    let vary = probe.map(ProbeSpec::vary);
    for axis in run.axes.iter() {
        // What is measured, or computed, differs with the data.
        let is_spelled_out = matches!(
            vary.and_then(|vary| vary.get(axis.name())),
            Some(AxisSpec::List(_) | AxisSpec::Range(_) | AxisSpec::Cases(_))
        );
        for field in axis.fields().iter().filter(|_| is_spelled_out) {
            let values = field.values().iter().map(|value| match value {
                CaseValue::One(scalar) => Some(scalar.clone()),
                CaseValue::Lengths(_) => None,
            });
            let values: Option<Arc<[Scalar]>> = values.collect();
            let name = field.name();
            let words = format!("axis `{name}` of run `{}`", run.name).into();
            let values = values.map(|values| AxisValues { words, values });
            known.insert(name.to_owned(), values);
        }
    }
    if let Probe::Serve(_) = run.probe {
        let values: Vec<&str> = if spec.splits.is_empty() {
            SIDES.to_vec()
        } else {
            spec.splits.names().collect()
        };
        let values = values.into_iter().map(|name| Scalar::Text(name.to_owned()));
        let values = AxisValues {
            words: format!("`{SPLIT}` of run `{}`", run.name).into(),
            values: values.collect(),
        };
        known.insert(SPLIT.to_owned(), Some(values));
    }
    known
}

/// What `only` of a plot asks of columns that are axes.
pub(super) fn wrong_rows<'o>(
    columns: Option<&Known<AxisValues>>,
    only: &'o OrderedMap<Scalar>,
) -> Vec<(&'o Spanned<String>, String, Vec<String>)> {
    let wrong = only.iter().filter_map(|(column, wanted)| {
        let known = columns?.get(&column.value)?.as_ref()?;
        let (none_of, values) = known.refuse(wanted)?;
        let message = format!(
            "`only` takes the rows where `{}` is {wanted}, {none_of}",
            column.value
        );
        Some((column, message, values))
    });
    wrong.collect()
}
