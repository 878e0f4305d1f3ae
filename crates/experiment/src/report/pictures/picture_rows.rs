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
            only.iter()
                .all(|(column, wanted)| is_value(shown.table.value(&column.value, *row), wanted))
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
        let table = &self.shown.table;
        (0..table.rows()).any(|row| is_value(table.value(column, row), wanted))
    }

    /// The different values of a column in all rows of the table, as a file states them.
    pub(crate) fn known(&self, column: &str) -> Vec<String> {
        let table = &self.shown.table;
        let mut seen = BTreeSet::new();
        (0..table.rows())
            .map(|row| table.value(column, row))
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
        self.kind(column).is_some_and(|kind| !kind.is_number())
    }

    pub(crate) fn number(&self, column: &str, row: usize) -> Option<f64> {
        self.shown.table.value(column, row).as_f64()
    }

    /// A number with the digits of its column, where a chart writes it beside its mark.
    pub(crate) fn shown_number(&self, column: &str, row: usize) -> Option<f64> {
        let number = self.number(column, row)?;
        let digits = self.shown.digits(column);
        Some(digits.map_or(number, |digits| {
            let unit = 10_f64.powi(i32::from(digits));
            (number * unit).round() / unit
        }))
    }

    /// A value as the findings show it.
    pub(crate) fn text(&self, column: &str, row: usize) -> String {
        self.shown.show(column, row)
    }

    /// The words of a column in a legend.
    pub(crate) fn heading(&self, column: &Spanned<String>) -> String {
        self.shown.heading(&column.value).to_owned()
    }

    /// Words along an axis: stated, or those of the column with its unit.
    pub(crate) fn label(&self, stated: Option<&str>, column: &Spanned<String>) -> String {
        let words = stated.unwrap_or_else(|| self.shown.axis(&column.value));
        words.to_owned()
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
    match (value, wanted.as_value()) {
        (Value::Int(number), Value::Int(wanted)) => number == wanted,
        // What a file states is what a query returns, to the last bit or not at all.
        (value, wanted) => match (value.as_f64(), wanted.as_f64()) {
            (Some(number), Some(wanted)) => number.to_bits() == wanted.to_bits(),
            _ => value != Value::Null && value == wanted,
        },
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
            let label = rows.heading(column);
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
    if kind == ColumnKind::Text {
        return groups;
    }
    let between = if kind.is_number() { " " } else { ": " };
    if kind.is_number() {
        let size = |members: &[usize]| {
            let first = members.first();
            first.and_then(|row| rows.number(&split.value, *row))
        };
        groups.sort_by(|a, b| {
            let sizes = size(&a.1).zip(size(&b.1));
            sizes.map_or(Ordering::Equal, |(a, b)| a.total_cmp(&b))
        });
    }
    let heading = rows.heading(split);
    for (name, _) in &mut groups {
        *name = format!("{heading}{between}{name}");
    }
    groups
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
