//! The rows of a table as a picture takes them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use plots::Axis;
use serde_yaml::Spanned;

use crate::format::{OrderedMap, Scalar, TableSpec};
use crate::table::{ColumnKind, ShownTable, Value};

/// The rows of a table that are drawn.
pub(super) struct PictureRows<'t> {
    shown: &'t ShownTable,
    spec: &'t TableSpec,
    rows: Vec<usize>,
}

impl<'t> PictureRows<'t> {
    /// The rows whose columns have the values of `only`.
    pub(crate) fn new(
        shown: &'t ShownTable,
        spec: &'t TableSpec,
        only: &OrderedMap<Scalar>,
    ) -> Self {
        let is_drawn = |row: &usize| {
            only.iter().all(|(column, wanted)| {
                let found = shown.table.column(&column.value);
                found.is_some_and(|column| is_value(column.values.at(*row), wanted))
            })
        };
        Self {
            shown,
            spec,
            rows: (0..shown.table.rows()).filter(is_drawn).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether any row of the table has this value, drawn or not.
    pub(crate) fn has(&self, column: &str, wanted: &Scalar) -> bool {
        let Some(column) = self.shown.table.column(column) else {
            return false;
        };
        (0..self.shown.table.rows()).any(|row| is_value(column.values.at(row), wanted))
    }

    /// The different values of a column in all rows of the table, as a file states them.
    pub(crate) fn known(&self, column: &str) -> Vec<String> {
        let Some(column) = self.shown.table.column(column) else {
            return Vec::new();
        };
        let mut seen = BTreeSet::new();
        (0..self.shown.table.rows())
            .map(|row| column.values.at(row))
            .filter(|value| *value != Value::Null)
            .map(|value| value.to_string())
            .filter(|text| seen.insert(text.clone()))
            .collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.rows.iter().copied()
    }

    /// The title of the table.
    pub(crate) fn title(&self) -> &str {
        &self.spec.title
    }

    fn kind(&self, column: &str) -> Option<ColumnKind> {
        let column = self.shown.table.column(column)?;
        Some(column.values.kind())
    }

    /// Whether a column names categories rather than places along an axis.
    pub(crate) fn is_of_words(&self, column: &str) -> bool {
        match self.kind(column) {
            Some(ColumnKind::Text | ColumnKind::Bool) => true,
            Some(ColumnKind::Int | ColumnKind::Float) | None => false,
        }
    }

    pub(crate) fn number(&self, column: &str, row: usize) -> Option<f64> {
        self.shown.table.column(column)?.values.at(row).as_f64()
    }

    /// A number with the digits of its column, where a chart writes it beside its mark.
    pub(crate) fn shown_number(&self, column: &str, row: usize) -> Option<f64> {
        let number = self.number(column, row)?;
        let digits = self.shown.digits.get(column);
        Some(digits.map_or(number, |digits| {
            let unit = 10_f64.powi(i32::from(*digits));
            (number * unit).round() / unit
        }))
    }

    /// A value as the findings show it.
    pub(crate) fn text(&self, column: &str, row: usize) -> String {
        self.shown.show(column, row)
    }

    /// Stated words, or those of the column: its heading, else its name.
    pub(crate) fn label(&self, stated: Option<&str>, column: &Spanned<String>) -> String {
        let heading = || {
            let format = self.spec.columns.get(&column.value)?;
            format.label.clone()
        };
        stated
            .map(str::to_owned)
            .or_else(heading)
            .unwrap_or_else(|| column.value.replace('_', " "))
    }

    /// The different values of a column in the order in which they come, each with its rows.
    fn groups(&self, column: &str) -> Vec<(String, Vec<usize>)> {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for row in self.iter() {
            let name = self.text(column, row);
            let place = *places.entry(name).or_insert_with_key(|name| {
                groups.push((name.clone(), Vec::new()));
                groups.len() - 1
            });
            if let Some((_, members)) = groups.get_mut(place) {
                members.push(row);
            }
        }
        groups
    }

    /// The different values of a column in the order in which they come.
    pub(crate) fn distinct(&self, column: &str) -> Vec<String> {
        let groups = self.groups(column).into_iter();
        groups.map(|(name, _)| name).collect()
    }
}

/// Whether a value of a table is what the file asks for.
fn is_value(value: Value<'_>, wanted: &Scalar) -> bool {
    match (value, wanted) {
        (Value::Text(text), Scalar::Text(wanted)) => text == wanted,
        (Value::Bool(truth), Scalar::Bool(wanted)) => truth == *wanted,
        (Value::Int(number), Scalar::Int(wanted)) => number == *wanted,
        (Value::Int(_) | Value::Float(_), Scalar::Int(_) | Scalar::Float(_)) => {
            // What a file states is what a query returns, to the last bit or not at all.
            value.as_f64().map(f64::to_bits) == wanted.as_f64().map(f64::to_bits)
        }
        (Value::Null | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Bool(_), _) => {
            false
        }
    }
}

/// The different values of a column: numbers by size, words as they come.
pub(super) fn in_order(rows: &PictureRows<'_>, column: &str, falling: bool) -> Vec<String> {
    let groups = rows.groups(column);
    let mut numbers: Vec<(f64, &String)> = groups
        .iter()
        .filter_map(|(name, members)| {
            let mut values = members.iter().filter_map(|row| rows.number(column, *row));
            Some((values.next()?, name))
        })
        .collect();
    if numbers.len() < groups.len() {
        return groups.into_iter().map(|(name, _)| name).collect();
    }
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    if falling {
        numbers.reverse();
    }
    numbers.into_iter().map(|(_, name)| name.clone()).collect()
}

/// A series of a picture: its name, its rows and the column that is drawn.
type DrawnSeries<'s> = (String, Vec<usize>, &'s Spanned<String>);

/// One series for each value of the splitting column and each drawn column.
pub(super) fn pairs<'s>(
    rows: &PictureRows<'_>,
    split: Option<&Spanned<String>>,
    columns: &'s [Spanned<String>],
) -> Vec<DrawnSeries<'s>> {
    let groups: Vec<(Option<String>, Vec<usize>)> = match split {
        None => vec![(None, rows.iter().collect())],
        Some(split) => named_groups(rows, split)
            .into_iter()
            .map(|(name, members)| (Some(name), members))
            .collect(),
    };
    let mut series = Vec::new();
    for (group, members) in &groups {
        for column in columns {
            let label = rows.label(None, column);
            let name = match (group, columns.len()) {
                (None, _) => label,
                (Some(group), 1) => group.clone(),
                (Some(group), _) => format!("{group}, {label}"),
            };
            series.push((name, members.clone(), column));
        }
    }
    series
}

/// The rows of each value of a splitting column: words as they come and by themselves, numbers by size and with the
/// heading that says what they are.
fn named_groups(rows: &PictureRows<'_>, split: &Spanned<String>) -> Vec<(String, Vec<usize>)> {
    let mut groups = rows.groups(&split.value);
    let Some(kind) = rows.kind(&split.value) else {
        return groups;
    };
    let heading = rows.label(None, split);
    match kind {
        ColumnKind::Text => groups,
        ColumnKind::Int | ColumnKind::Float => {
            let size = |members: &[usize]| {
                let first = members.first();
                first.and_then(|row| rows.number(&split.value, *row))
            };
            groups.sort_by(|a, b| {
                let sizes = size(&a.1).zip(size(&b.1));
                sizes.map_or(Ordering::Equal, |(a, b)| a.total_cmp(&b))
            });
            let named = groups.into_iter();
            named
                .map(|(name, members)| (format!("{heading} {name}"), members))
                .collect()
        }
        ColumnKind::Bool => {
            let named = groups.into_iter();
            named
                .map(|(name, members)| (format!("{heading}: {name}"), members))
                .collect()
        }
    }
}

/// An axis of `label (unit)`.
pub(super) fn axis_of(label: &str) -> Axis {
    let trimmed = label.trim();
    match trimmed
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
    {
        Some((words, unit)) if !words.is_empty() && !unit.contains(')') => {
            Axis::new(words).unit(unit)
        }
        Some(_) | None => Axis::new(trimmed),
    }
}
