//! Values that a finding was published with, compared with ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::reproduction::{Closeness, Reproduction, UsedTolerance};
use crate::table::{PublishedRow, PublishedTable, Table, Value, Values, normal_key, parse_number};

/// A published value that differs from ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row, by key column and value.
    pub row: Vec<(String, String)>,
    /// The column.
    pub column: String,
    /// The value as published.
    pub published: String,
    /// Our value, to every digit; `(no such row)` where we have none.
    pub ours: String,
    /// Why it differs, where that is known.
    pub why: Option<String>,
}

impl fmt::Display for Difference {
    /// The place, the published value and ours; not the reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table `{}`, ", self.table)?;
        for (key, value) in &self.row {
            write!(f, "{key} = {}, ", without_controls(value))?;
        }
        write!(
            f,
            "`{}`: published {}, ours {}",
            self.column,
            without_controls(&self.published),
            without_controls(&self.ours)
        )
    }
}

/// Words of a file without what could steer a terminal.
fn without_controls(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// What became of the published values.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Comparison {
    /// How many published values ours reproduce, and how closely.
    pub reproduction: Reproduction,
    /// The stated tolerances that some values need, in the order of the published files.
    pub tolerances: Vec<UsedTolerance>,
    /// Published values that ours differ from, in the order of the published files.
    pub differing: Vec<Difference>,
    /// Values that are declared not to be reproduced, but are.
    pub unexpectedly_reproduced: Vec<Difference>,
    /// Published values that need data which is not at hand, by what that is, in words.
    pub waiting: BTreeMap<String, usize>,
    /// Every published value beside ours, in the order of the published files.
    #[serde(skip)]
    pub all: Vec<ComparedValue>,
}

/// A published value beside ours.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedValue {
    /// Its place, and both values.
    pub value: Difference,
    /// The row of our table, from 0; none where we have no such row.
    pub row: Option<usize>,
    /// How close ours is.
    pub closeness: Closeness,
}

impl Comparison {
    /// Differences that nobody has explained.
    pub fn unexplained(&self) -> impl Iterator<Item = &Difference> {
        self.differing
            .iter()
            .filter(|difference| difference.why.is_none())
    }

    /// Adds one published table.
    ///
    /// # Errors
    ///
    /// A published row could be any of several rows of ours.
    pub(crate) fn add(
        &mut self,
        published: &PublishedTable,
        ours: &Table,
    ) -> Result<(), AmbiguousRow> {
        if let Some(data) = &published.waits_for {
            let values = published.rows.iter().flat_map(|row| &row.values);
            let values = values.flatten().count();
            self.add_waiting(&format!("the data `{data}`"), values);
            return Ok(());
        }
        let mut explained_columns = BTreeSet::new();
        let rows_by_key = index_rows(&published.key, ours);
        for row in &published.rows {
            let ours_row = only_row(published, row, &rows_by_key)?;
            for (column, value) in published.columns.iter().zip(&row.values) {
                let Some(value) = value else { continue };
                let cell = ours_row.map(|row| ours.value(&column.name, row));
                let known = published.known_of(row, &column.name);
                let difference = Difference {
                    table: published.table.clone(),
                    row: published
                        .key
                        .iter()
                        .cloned()
                        .zip(row.key.iter().cloned())
                        .collect(),
                    column: column.name.clone(),
                    published: value.clone(),
                    ours: cell.map_or_else(|| "(no such row)".to_owned(), shown),
                    why: known.map(|known| known.why.clone()),
                };
                let closeness = cell.map_or(Closeness::Different, |cell| {
                    closeness(cell, value, column.tolerance)
                });
                let needs_data = known.is_some_and(|known| known.needs_data);
                let closeness = if needs_data && !closeness.is_reproduced() {
                    Closeness::NeedsData
                } else {
                    closeness
                };
                let is_of_column = known.map(|known| known.key.is_none());
                self.count(closeness, &difference);
                if closeness.is_reproduced() {
                    // Of a whole column some values may agree by chance.
                    if is_of_column == Some(false) {
                        self.unexpectedly_reproduced.push(difference.clone());
                    }
                } else {
                    if is_of_column == Some(true) {
                        explained_columns.insert(column.name.as_str());
                    }
                    if closeness == Closeness::Different {
                        self.differing.push(difference.clone());
                    }
                }
                self.all.push(ComparedValue {
                    value: difference,
                    row: ours_row,
                    closeness,
                });
            }
        }
        self.add_agreeing_columns(published, &explained_columns);
        Ok(())
    }

    /// Counts one value that was compared.
    fn count(&mut self, closeness: Closeness, value: &Difference) {
        match closeness {
            Closeness::Equal => self.reproduction.equal += 1,
            Closeness::Different => self.reproduction.different += 1,
            Closeness::NeedsData => self.add_waiting(value.why.as_deref().unwrap_or_default(), 1),
            Closeness::Within(tolerance) => {
                self.reproduction.within_tolerance += 1;
                let known = self
                    .tolerances
                    .iter_mut()
                    .find(|known| known.table == value.table && known.column == value.column);
                match known {
                    Some(known) => known.values += 1,
                    None => self.tolerances.push(UsedTolerance {
                        table: value.table.clone(),
                        column: value.column.clone(),
                        tolerance,
                        values: 1,
                    }),
                }
            }
        }
    }

    fn add_waiting(&mut self, data: &str, values: usize) {
        *self.waiting.entry(data.to_owned()).or_default() += values;
        self.reproduction.needs_data += values;
    }

    /// Adds the columns that are declared to differ, of which no value does.
    fn add_agreeing_columns(&mut self, published: &PublishedTable, differing: &BTreeSet<&str>) {
        for known in published.known.iter().filter(|known| known.key.is_none()) {
            if !differing.contains(known.column.as_str()) {
                self.unexpectedly_reproduced.push(Difference {
                    table: published.table.clone(),
                    row: Vec::new(),
                    column: known.column.clone(),
                    published: "a whole column".to_owned(),
                    ours: "the same".to_owned(),
                    why: Some(known.why.clone()),
                });
            }
        }
    }
}

/// Every digit of a value; a whole number without a point, as it would be published.
fn shown(value: Value<'_>) -> String {
    match value {
        Value::Null => "(nothing)".to_owned(),
        Value::Float(number) => number.to_string(),
        // Anything else is shown as result files hold it.
        _ => value.to_string(),
    }
}

/// Relative slack for the binary image of printed digits.
const DIGIT_SLACK: f64 = 1e-12;

/// How close our value is to what was published. A stated tolerance replaces the digits: where it is narrower than
/// they are, it is what counts.
fn closeness(ours: Value<'_>, published: &str, tolerance: Option<f64>) -> Closeness {
    let of = |is_equal| {
        if is_equal {
            Closeness::Equal
        } else {
            Closeness::Different
        }
    };
    match ours {
        Value::Null => Closeness::Different,
        Value::Text(text) => of(text == published),
        Value::Bool(truth) => of(published.parse() == Ok(truth)),
        Value::Int(_) | Value::Float(_) => {
            let (Some(ours), Some(number)) = (ours.as_f64(), parse_number(published)) else {
                return Closeness::Different;
            };
            let is_within = |allowed: f64| {
                (ours - number).abs() <= allowed + DIGIT_SLACK * number.abs().max(allowed)
            };
            match (tolerance, is_within(half_unit(published))) {
                (Some(tolerance), _) if !is_within(tolerance) => Closeness::Different,
                (Some(tolerance), false) => Closeness::Within(tolerance),
                (_, is_equal) => of(is_equal),
            }
        }
    }
}

/// Half a unit of the last digit.
fn half_unit(text: &str) -> f64 {
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX))
}

/// A key that does not tell our rows apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key {key} of table `{table}` does not tell its rows apart: rows {first} and {second} both are {row}"
)]
pub(crate) struct AmbiguousRow {
    table: String,
    key: String,
    row: String,
    first: usize,
    second: usize,
}

type RowsByKey = BTreeMap<Vec<String>, Vec<usize>>;

/// Our row for a published one, if we have one.
fn only_row(
    published: &PublishedTable,
    row: &PublishedRow,
    rows_by_key: &RowsByKey,
) -> Result<Option<usize>, AmbiguousRow> {
    let key: Vec<String> = row.key.iter().map(|text| normal_key(text)).collect();
    match rows_by_key.get(&key).map(Vec::as_slice) {
        None | Some([]) => Ok(None),
        Some([one]) => Ok(Some(*one)),
        Some([first, second, ..]) => Err(AmbiguousRow {
            table: published.table.clone(),
            key: published.key.join(", "),
            row: row.key.join(", "),
            first: first + 1,
            second: second + 1,
        }),
    }
}

/// Our rows by key.
fn index_rows(key: &[String], ours: &Table) -> RowsByKey {
    let columns: Vec<&Values> = key
        .iter()
        .filter_map(|name| ours.column(name).map(|column| &column.values))
        .collect();
    let mut rows = RowsByKey::new();
    for row in 0..ours.rows() {
        let key = columns
            .iter()
            .map(|values| normal_key(&values.at(row).to_string()))
            .collect();
        rows.entry(key).or_default().push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_say_how_exact_a_published_number_is() {
        let agrees = |ours: f64, published: &str| {
            closeness(Value::Float(ours), published, None) == Closeness::Equal
        };
        assert!(agrees(1.018_589, "1.019"));
        assert!(!agrees(1.018_489, "1.019"));
        assert!(agrees(8437.6, "8438"));
        assert!(!agrees(8437.4, "8438"));
        assert!(agrees(0.000_049, "0.0000"));
        assert!(!agrees(0.000_051, "0.0000"));
        assert!(agrees(-0.25, "-0.3"));
    }

    #[test]
    fn a_stated_tolerance_replaces_the_digits() {
        let close = |ours, published, tolerance| closeness(ours, published, Some(tolerance));
        let within = Closeness::Within(3.0);
        assert_eq!(close(Value::Int(8438), "8438", 3.0), Closeness::Equal);
        assert_eq!(close(Value::Int(8441), "8438", 3.0), within);
        assert_eq!(close(Value::Int(8442), "8438", 3.0), Closeness::Different);
        let narrow = close(Value::Float(1.000_001), "1", 0.0);
        assert_eq!(narrow, Closeness::Different);
    }

    #[test]
    fn words_agree_to_the_letter() {
        let agrees = |ours, published| closeness(ours, published, None) == Closeness::Equal;
        assert!(agrees(Value::Text("memory"), "memory"));
        assert!(!agrees(Value::Text("compute"), "memory"));
        assert!(agrees(Value::Bool(true), "true"));
        assert!(!agrees(Value::Null, "0"));
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        assert_eq!(parse_number("12.50"), Some(12.5));
        for text in ["", "-", "1e5", "NaN", "inf", "1,000", "0x10", "1.2.3"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
