//! Published values: files, keys and columns that fit our tables.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostic, Reporter, SourceText, nearest};
use serde_yaml::Spanned;

use crate::format::{HypothesisSpec, OrderedMap, PublishedTableSpec, Scalar};
use crate::project::{ExperimentError, HypothesisFolder, Project, Traces};
use crate::table::{
    ColumnKind, KnownDifference, Layout, PublishedColumn, PublishedCsv, PublishedRow,
    PublishedTable, column_of_cell, has_key, normal_key, parse_number, read_csv,
};

/// The folder of published values, beside the hypothesis file.
const PUBLISHED: &str = "published";

/// The column of a published table that says why values of a row are not reproduced.
const WHY: &str = "why";

/// Most rows that a message lists.
const LISTED_ROWS: usize = 20;

/// How a published number is written.
const NUMBERS: &str = "numbers are written as in 1234.5; a cell that was not published is empty, and units belong into the column's name";

/// The published tables with the texts that they were read from.
pub(crate) type PublishedInputs = Vec<(PublishedTable, SourceText)>;

/// Reads and checks `published/*.csv`.
pub(crate) fn check_published(
    reporter: &mut Reporter<'_>,
    project: &Project,
    folder: &HypothesisFolder,
    spec: &HypothesisSpec,
    layouts: &BTreeMap<String, Layout>,
    traces: &Traces,
) -> PublishedInputs {
    check_undeclared(reporter, project, folder, spec);
    let mut read = PublishedInputs::new();
    let declared = spec.published.iter().flat_map(|one| one.tables.iter());
    for (name, table) in declared {
        if spec.tables.get(&name.value).is_none() {
            let message = format!(
                "there is no table `{}` to compare with what was published",
                name.value
            );
            reporter.unknown(name, message, "tables", spec.tables.names());
            continue;
        }
        let Some(layout) = layouts.get(&name.value) else {
            continue;
        };
        let before = reporter.problems().len();
        let inputs = read_table(reporter, project, folder, name, table, layout);
        let waits_for = table.data.as_ref().filter(|_| inputs.is_some());
        let waits_for = waits_for.and_then(|data| missing_data(reporter, traces, data));
        if let Some((table, text)) = inputs.filter(|_| reporter.problems().len() == before) {
            read.push((PublishedTable { waits_for, ..table }, text));
        }
    }
    read
}

/// The name of data that is not at hand; data that the file does not describe is a problem.
fn missing_data(
    reporter: &mut Reporter<'_>,
    traces: &Traces,
    data: &Spanned<String>,
) -> Option<String> {
    if let Some(known) = traces.get(&data.value) {
        return known.given.is_none().then(|| data.value.clone());
    }
    let message = format!("there is no data `{}`", data.value);
    let names = traces.keys().map(String::as_str);
    reporter.unknown(data, message, "data of the file", names);
    None
}

/// A published table with the text that it was read from; `None` where it cannot be read as a table with a key.
fn read_table(
    reporter: &mut Reporter<'_>,
    project: &Project,
    folder: &HypothesisFolder,
    name: &Spanned<String>,
    spec: &PublishedTableSpec,
    layout: &Layout,
) -> Option<(PublishedTable, SourceText)> {
    let text = read_text(reporter, project, folder, name)?;
    let csv = reporter.ok(read_csv(&text))?;
    if spec.key.is_empty() {
        reporter
            .at(name, format!("`key` of `{}` is empty", name.value))
            .help("name the columns by which its rows are told apart");
        return None;
    }
    let mut checker = TableChecker {
        reporter,
        text: &text,
        name: &name.value,
        spec,
        layout,
        csv: &csv,
    };
    Some((checker.check(), text))
}

/// The text of a published table.
fn read_text(
    reporter: &mut Reporter<'_>,
    project: &Project,
    folder: &HypothesisFolder,
    name: &Spanned<String>,
) -> Option<SourceText> {
    let file = format!("{}.csv", name.value);
    match project.read_text(&folder.path().join(PUBLISHED).join(file)) {
        Ok(text) => return Some(text),
        Err(ExperimentError::Read { path, source }) => {
            let message = format!(
                "the published values of `{}` cannot be read: {source}",
                name.value
            );
            reporter
                .at(name, message)
                .help(format!("they are expected in {}", path.display()));
        }
        Err(other) => {
            reporter.at(name, other.to_string());
        }
    }
    None
}

/// Published values that no table is compared with would be forgotten.
fn check_undeclared(
    reporter: &mut Reporter<'_>,
    project: &Project,
    folder: &HypothesisFolder,
    spec: &HypothesisSpec,
) {
    let path = folder.path().join(PUBLISHED);
    let Ok(entries) = std::fs::read_dir(project.root().join(&path)) else {
        // Without the folder nothing was published; a table that needs it says so itself.
        return;
    };
    let declared = spec.published.as_ref().map(|published| &published.tables);
    let mut undeclared: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            let table = name.strip_suffix(".csv");
            table.is_some_and(|table| declared.is_none_or(|tables| tables.get(table).is_none()))
        })
        .collect();
    undeclared.sort();
    for name in undeclared {
        let message = format!("{} is compared with nothing", path.join(&name).display());
        reporter
            .at(&spec.id, message)
            .help("name its table under `published.tables`, with its key");
    }
}

struct TableChecker<'a, 's> {
    reporter: &'a mut Reporter<'s>,
    text: &'a SourceText,
    name: &'a str,
    spec: &'a PublishedTableSpec,
    layout: &'a Layout,
    csv: &'a PublishedCsv,
}

/// A column that has published values: its place in the file, and its name.
type ValueColumn<'a> = (usize, &'a str);

impl<'a> TableChecker<'a, '_> {
    fn check(&mut self) -> PublishedTable {
        self.check_key();
        self.check_header();
        let values: Vec<ValueColumn<'_>> = self
            .csv
            .header
            .iter()
            .map(String::as_str)
            .enumerate()
            .filter(|(_, name)| !self.is_key(name) && !self.is_why(name))
            .collect();
        self.check_tolerances(&values);
        let rows = self.rows(&values);
        let mut known = self.known(&values, &rows);
        self.read_reasons(&values, &rows, &mut known);
        PublishedTable {
            table: self.name.to_owned(),
            waits_for: None,
            key: self.key().map(str::to_owned).collect(),
            known,
            columns: values
                .into_iter()
                .map(|(_, name)| PublishedColumn {
                    name: name.to_owned(),
                    tolerance: self.spec.tolerance.get(name).copied(),
                })
                .collect(),
            rows,
        }
    }

    fn key(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.spec.key.iter().map(|column| column.value.as_str())
    }

    fn is_key(&self, column: &str) -> bool {
        self.key().any(|key| key == column)
    }

    /// Whether a column has the reasons of differences: one of this name that our table does not have.
    fn is_why(&self, column: &str) -> bool {
        column == WHY && self.layout.get(WHY).is_none()
    }

    fn check_key(&mut self) {
        let mut seen = BTreeSet::new();
        for column in &self.spec.key {
            let key = column.value.as_str();
            if !seen.insert(key) {
                self.reporter
                    .at(column, format!("key `{key}` stands twice"));
            }
            let header = &self.csv.header;
            let (of, columns): (_, Vec<&str>) = if self.layout.get(key).is_none() {
                (
                    format!("table `{}`", self.name),
                    self.layout.names().collect(),
                )
            } else if !header.contains(&column.value) {
                let path = self.text.path().display().to_string();
                (path, header.iter().map(String::as_str).collect())
            } else {
                continue;
            };
            self.reporter
                .at(column, format!("key `{key}` is not a column of {of}"))
                .choices("its columns", key, columns);
        }
    }

    /// Every column stands once and is ours, and there is something to compare.
    fn check_header(&mut self) {
        let csv = self.csv;
        let mut seen = BTreeSet::new();
        for column in csv.header.iter().filter(|column| !seen.insert(*column)) {
            self.at_cell(
                1,
                csv.place_of(column),
                format!("column `{column}` stands twice"),
            );
        }
        let is_value = |column: &String| !self.is_key(column) && !self.is_why(column);
        if csv.records.is_empty() || !csv.header.iter().any(is_value) {
            let message = format!("nothing was published for `{}` here", self.name);
            self.at_cell(1, 1, message)
                .help("a published table has a header, rows, and a column beside those of its key");
        }
        for column in &csv.header {
            if self.layout.get(column).is_none() && !self.is_why(column) {
                let message = format!(
                    "column `{column}` is not a column of our table `{}`",
                    self.name
                );
                let ours = self.layout.names();
                self.at_cell(1, csv.place_of(column), message)
                    .choices("its columns", column, ours);
            }
        }
    }

    fn at_cell(&mut self, line: u64, column: u64, message: String) -> &mut Diagnostic {
        self.reporter
            .push(self.text.error_at(line, column, message))
    }

    fn check_tolerances(&mut self, values: &[ValueColumn<'_>]) {
        for (column, tolerance) in self.spec.tolerance.iter() {
            self.position(values, &column.value, column, "tolerance for");
            if !(tolerance.is_finite() && *tolerance >= 0.0) {
                let message = format!(
                    "the tolerance of `{}` must be a number from 0",
                    column.value
                );
                self.reporter.at(column, message);
            }
        }
    }

    /// Where a column stands among the published ones; it is a problem where it does not.
    fn position<T>(
        &mut self,
        values: &[ValueColumn<'_>],
        column: &str,
        place: &Spanned<T>,
        what: &str,
    ) -> Option<usize> {
        let found = values.iter().position(|(_, name)| *name == column);
        if found.is_none() {
            let message = format!("{what} `{column}`, which was not published");
            let names = values.iter().map(|(_, name)| *name);
            self.reporter
                .at(place, message)
                .choices("published columns", column, names);
        }
        found
    }

    fn rows(&mut self, values: &[ValueColumn<'_>]) -> Vec<PublishedRow> {
        let csv = self.csv;
        let key_indices: Vec<usize> = self
            .key()
            .filter_map(|name| csv.header.iter().position(|column| column == name))
            .collect();
        let mut first_line: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        let mut rows = Vec::with_capacity(csv.records.len());
        for (line, record) in &csv.records {
            if self.reporter.problems().is_full() {
                break;
            }
            if let Some(index) = key_indices.iter().find(|index| record[**index].is_empty()) {
                let message = format!("the key `{}` is empty", csv.header[*index]);
                self.at_cell(*line, 1, message);
            }
            let key: Vec<String> = key_indices
                .iter()
                .map(|index| record[*index].clone())
                .collect();
            let row = key.join(", ");
            let normal = key.iter().map(|text| normal_key(text)).collect();
            if let Some(first) = first_line.insert(normal, *line) {
                let message = format!("row {row} was published on line {first} already");
                self.at_cell(*line, 1, message);
            }
            let values: Vec<Option<String>> = values
                .iter()
                .map(|column| self.value(*line, record, *column))
                .collect();
            if !values.is_empty() && values.iter().all(Option::is_none) {
                self.at_cell(*line, 1, format!("row {row} publishes no value"));
            }
            rows.push(PublishedRow { key, values });
        }
        rows
    }

    /// A published value, if there is one.
    fn value(
        &mut self,
        line: u64,
        record: &[String],
        (index, name): ValueColumn<'_>,
    ) -> Option<String> {
        let text = Some(&record[index]).filter(|text| !text.is_empty())?;
        let is_number = self.layout.get(name).is_some_and(ColumnKind::is_number);
        if is_number && parse_number(text).is_none() {
            let number = usize::try_from(line).ok();
            let row = number.and_then(|line| self.text.text().lines().nth(line.checked_sub(1)?));
            let column = row.map_or(1, |row| column_of_cell(row, index));
            let message = format!("`{text}` in column `{name}` is not a plain decimal number");
            self.at_cell(line, column, message).help(NUMBERS);
        }
        Some(text.clone())
    }

    fn known(&mut self, values: &[ValueColumn<'_>], rows: &[PublishedRow]) -> Vec<KnownDifference> {
        let mut known: Vec<KnownDifference> = Vec::new();
        for difference in &self.spec.differences {
            let entry = &difference.value;
            let why = match (&entry.why, &entry.needs) {
                (Some(why), None) | (None, Some(why)) => why.trim(),
                (Some(_), Some(_)) | (None, None) => "",
            };
            if why.is_empty() {
                self.reporter.at(
                    difference,
                    "a difference has a reason in `why`, or the data that it lacks in `needs`",
                );
            }
            let key = match &entry.row {
                None => None,
                Some(row) => match self.row_key(row, difference) {
                    Some(key) => Some(key),
                    None => continue,
                },
            };
            let Some(column) = self.position(values, &entry.column, difference, "difference in")
            else {
                continue;
            };
            if let Some(key) = &key {
                self.check_published_row(difference, &entry.column, key, column, rows);
            }
            let is_same =
                |other: &KnownDifference| other.key == key && other.column == entry.column;
            if known.iter().any(is_same) {
                let of = if key.is_some() {
                    "this row"
                } else {
                    "every row"
                };
                let message = format!("the difference in `{}` of {of} stands twice", entry.column);
                self.reporter.at(difference, message);
            }
            known.push(KnownDifference {
                key,
                column: entry.column.clone(),
                why: why.to_owned(),
                needs_data: entry.needs.is_some(),
            });
        }
        known
    }

    /// Adds the reasons that stand beside the values: of the columns that a reason begins with, as in `step_us: rounded`,
    /// else of all that were published in the row.
    fn read_reasons(
        &mut self,
        values: &[ValueColumn<'_>],
        rows: &[PublishedRow],
        known: &mut Vec<KnownDifference>,
    ) {
        let csv = self.csv;
        let Some(index) = csv.header.iter().position(|column| self.is_why(column)) else {
            return;
        };
        for ((line, record), row) in csv.records.iter().zip(rows) {
            let reason = record[index].as_str();
            if reason.is_empty() {
                continue;
            }
            let named = reason.split_once(": ").and_then(|(names, why)| {
                let places = names
                    .split(", ")
                    .map(|name| values.iter().position(|(_, column)| *column == name));
                Some((places.collect::<Option<Vec<usize>>>()?, why))
            });
            if named.is_none()
                && let Some(slip) = slip_of_column(reason, values)
            {
                let message = format!("`{slip}` in front of a reason is no published column");
                let columns = values.iter().map(|(_, column)| *column);
                self.at_cell(*line, 1, message)
                    .choices("published columns", slip, columns);
            }
            let published = (0..values.len()).filter(|place| row.values[*place].is_some());
            let (places, why) = named.unwrap_or_else(|| (published.collect(), reason));
            let key: Vec<String> = row.key.iter().map(|text| normal_key(text)).collect();
            for place in places {
                let column = values[place].1;
                if row.values[place].is_none() {
                    let message = format!("no value was published for `{column}` in this row");
                    self.at_cell(*line, 1, message);
                }
                let is_same = |other: &KnownDifference| {
                    other.key.as_ref() == Some(&key) && other.column == column
                };
                if known.iter().any(is_same) {
                    let message =
                        format!("the difference in `{column}` of this row has a reason already");
                    self.at_cell(*line, 1, message)
                        .help("a reason stands in the column `why` or in `differences`");
                }
                known.push(KnownDifference {
                    key: Some(key.clone()),
                    column: column.to_owned(),
                    why: why.to_owned(),
                    needs_data: false,
                });
            }
        }
    }

    /// The row of a difference has a published value.
    fn check_published_row<T>(
        &mut self,
        place: &Spanned<T>,
        column: &str,
        key: &[String],
        index: usize,
        rows: &[PublishedRow],
    ) {
        let mut published = rows.iter().filter(|row| row.values[index].is_some());
        if published.clone().any(|row| has_key(row, key)) {
            return;
        }
        let row = self.key().zip(key);
        let row: Vec<String> = row
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let message = format!(
            "no value was published for `{column}` in the row {}",
            row.join(", ")
        );
        let names: Vec<&str> = self.key().collect();
        let listed = published.by_ref().take(LISTED_ROWS);
        let listed: Vec<String> = listed.map(|row| row.key.join(", ")).collect();
        self.reporter.at(place, message).help(format!(
            "rows with a value, by {}: {}",
            names.join(", "),
            listed.join("; ")
        ));
    }

    /// The key of the row that a difference names; `None` where it does not name one.
    fn row_key<T>(
        &mut self,
        row: &OrderedMap<Spanned<Scalar>>,
        place: &Spanned<T>,
    ) -> Option<Vec<String>> {
        for (column, _) in row.iter() {
            if !self.is_key(&column.value) {
                let message = format!("`{}` is no key of this table", column.value);
                let keys = self.key();
                self.reporter.unknown(column, message, "its key", keys);
            }
        }
        let mut key = Vec::new();
        for column in self.key() {
            if let Some(value) = row.get(column) {
                key.push(normal_key(&value.value.to_string()));
            } else {
                let message = format!("the row of a difference needs the key column `{column}`");
                self.reporter.at(place, message);
            }
        }
        (key.len() == self.spec.key.len()).then_some(key)
    }
}

/// A word in front of the colon of a reason that is nearly the name of a column.
fn slip_of_column<'r>(reason: &'r str, values: &[ValueColumn<'_>]) -> Option<&'r str> {
    let (names, _) = reason.split_once(": ")?;
    let is_column = |name: &&str| values.iter().any(|(_, column)| column == name);
    let is_near = |name: &&str| nearest(name, values.iter().map(|(_, name)| *name)).is_some();
    let mut names = names.split(", ").filter(|name| !is_column(name));
    names.find(is_near)
}
