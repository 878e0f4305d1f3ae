//! Published values: files, keys and columns that fit our tables.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{Diagnostics, SourceText};
use serde_yaml::Spanned;

use crate::format::{HypothesisSpec, OrderedMap, PublishedTableSpec, Scalar};
use crate::project::{ExperimentError, HypothesisFolder, Project, Traces};
use crate::table::{
    ColumnKind, KnownDifference, Layout, PublishedColumn, PublishedCsv, PublishedRow,
    PublishedTable, column_of_cell, has_key, normal_key, parse_number, read_csv,
};

/// The folder of published values, beside the hypothesis file.
const PUBLISHED: &str = "published";

/// Most rows that a message lists.
const LISTED_ROWS: usize = 20;

/// How a published number is written.
const NUMBERS: &str = "numbers are written as in 1234.5; a cell that was not published is empty, and units belong into the column's name";

/// The published tables with the texts that they were read from.
pub(crate) type PublishedInputs = Vec<(PublishedTable, SourceText)>;

/// Reads and checks `published/*.csv`.
pub(crate) fn check_published(
    project: &Project,
    folder: &HypothesisFolder,
    source: &SourceText,
    spec: &HypothesisSpec,
    layouts: &BTreeMap<String, Layout>,
    traces: &Traces,
    problems: &mut Diagnostics,
) -> PublishedInputs {
    let mut read = Vec::new();
    check_undeclared(project, folder, source, spec, problems);
    let Some(published) = &spec.published else {
        return read;
    };
    for (name, table) in published.tables.iter() {
        if spec.tables.get(&name.value).is_none() {
            let problem = source
                .error_for(
                    name,
                    format!(
                        "there is no table `{}` to compare with what was published",
                        name.value
                    ),
                )
                .with_choices("tables", &name.value, spec.tables.names());
            problems.push(problem);
            continue;
        }
        let Some(layout) = layouts.get(&name.value) else {
            continue;
        };
        let path = folder
            .path()
            .join(PUBLISHED)
            .join(format!("{}.csv", name.value));
        let text = match project.read_text(&path) {
            Ok(text) => text,
            Err(ExperimentError::Read {
                path,
                source: reason,
            }) => {
                let message = format!(
                    "the published values of `{}` cannot be read: {reason}",
                    name.value
                );
                let problem = source.error_for(name, message);
                problems
                    .push(problem.with_help(format!("they are expected in {}", path.display())));
                continue;
            }
            Err(other) => {
                problems.push(source.error_for(name, other.to_string()));
                continue;
            }
        };
        let csv = match read_csv(&text) {
            Ok(csv) => csv,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if table.key.is_empty() {
            let problem = source.error_for(name, format!("`key` of `{}` is empty", name.value));
            problems.push(problem.with_help("name the columns by which its rows are told apart"));
            continue;
        }
        let checker = TableChecker {
            source,
            text: &text,
            name: &name.value,
            spec: table,
            layout,
        };
        let before = problems.len();
        let mut table_read = checker.check(&csv, problems);
        if let Some(data) = &table.data {
            if let Some(known) = traces.get(&data.value) {
                table_read.waits_for = known.given.is_none().then(|| data.value.clone());
            } else {
                let message = format!("there is no data `{}`", data.value);
                let known = traces.keys().map(String::as_str);
                let problem = source.error_for(data, message);
                problems.push(problem.with_choices("data of the file", &data.value, known));
            }
        }
        if problems.len() == before {
            read.push((table_read, text));
        }
    }
    read
}

/// Published values that no table is compared with would be forgotten.
fn check_undeclared(
    project: &Project,
    folder: &HypothesisFolder,
    source: &SourceText,
    spec: &HypothesisSpec,
    problems: &mut Diagnostics,
) {
    let path = folder.path().join(PUBLISHED);
    let Ok(entries) = std::fs::read_dir(project.root().join(&path)) else {
        // Without the folder nothing was published; a table that needs it says so itself.
        return;
    };
    let mut undeclared: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            let table = name.strip_suffix(".csv");
            let declared = spec.published.as_ref().map(|published| &published.tables);
            table.is_some_and(|table| declared.is_none_or(|tables| tables.get(table).is_none()))
        })
        .collect();
    undeclared.sort();
    for name in undeclared {
        let message = format!("{} is compared with nothing", path.join(&name).display());
        let problem = source.error_for(&spec.id, message);
        problems.push(problem.with_help("name its table under `published.tables`, with its key"));
    }
}

struct TableChecker<'a> {
    source: &'a SourceText,
    text: &'a SourceText,
    name: &'a str,
    spec: &'a PublishedTableSpec,
    layout: &'a Layout,
}

impl TableChecker<'_> {
    fn kind_of(&self, column: &str) -> Option<ColumnKind> {
        self.layout
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, kind)| *kind)
    }

    fn our_columns(&self) -> impl Iterator<Item = &str> {
        self.layout.iter().map(|(name, _)| name.as_str())
    }

    fn check(&self, csv: &PublishedCsv, problems: &mut Diagnostics) -> PublishedTable {
        let key: Vec<String> = self
            .spec
            .key
            .iter()
            .map(|column| column.value.clone())
            .collect();
        self.check_key(csv, problems);
        self.check_header(csv, problems);
        for column in &csv.header {
            if self.kind_of(column).is_none() {
                let problem = self
                    .text
                    .error_at(
                        1,
                        csv.place_of(column),
                        format!(
                            "column `{column}` is not a column of our table `{}`",
                            self.name
                        ),
                    )
                    .with_choices("its columns", column, self.our_columns());
                problems.push(problem);
            }
        }
        let values: Vec<(usize, String)> = csv
            .header
            .iter()
            .enumerate()
            .filter(|(_, name)| !key.contains(name))
            .map(|(index, name)| (index, name.clone()))
            .collect();
        for (column, tolerance) in self.spec.tolerance.iter() {
            if !values.iter().any(|(_, name)| *name == column.value) {
                let problem = self
                    .source
                    .error_for(
                        column,
                        format!("tolerance for `{}`, which was not published", column.value),
                    )
                    .with_choices(
                        "published columns",
                        &column.value,
                        values.iter().map(|(_, name)| name.as_str()),
                    );
                problems.push(problem);
            }
            if !(tolerance.is_finite() && *tolerance >= 0.0) {
                let message = format!(
                    "the tolerance of `{}` must be a number from 0",
                    column.value
                );
                problems.push(self.source.error_for(column, message));
            }
        }
        let rows = self.rows(csv, &key, &values, problems);
        let known = self.known(&key, &values, &rows, problems);
        let columns = values
            .into_iter()
            .map(|(_, name)| {
                let tolerance = self.spec.tolerance.get(&name).copied();
                PublishedColumn { name, tolerance }
            })
            .collect();
        PublishedTable {
            table: self.name.to_owned(),
            waits_for: None,
            key,
            columns,
            rows,
            known,
        }
    }

    /// Every column stands once, and there is something to compare.
    fn check_header(&self, csv: &PublishedCsv, problems: &mut Diagnostics) {
        let mut seen = BTreeSet::new();
        for column in &csv.header {
            if !seen.insert(column) {
                let message = format!("column `{column}` stands twice");
                problems.push(self.text.error_at(1, csv.place_of(column), message));
            }
        }
        let is_key = |column: &String| self.spec.key.iter().any(|key| key.value == *column);
        if csv.records.is_empty() || csv.header.iter().all(is_key) {
            let message = format!("nothing was published for `{}` here", self.name);
            let problem = self.text.error_at(1, 1, message);
            problems.push(problem.with_help(
                "a published table has a header, rows, and a column beside those of its key",
            ));
        }
    }

    fn check_key(&self, csv: &PublishedCsv, problems: &mut Diagnostics) {
        let mut seen = BTreeSet::new();
        for column in &self.spec.key {
            if !seen.insert(column.value.as_str()) {
                let message = format!("key `{}` stands twice", column.value);
                problems.push(self.source.error_for(column, message));
            }
            if self.kind_of(&column.value).is_none() {
                let problem = self
                    .source
                    .error_for(
                        column,
                        format!(
                            "key `{}` is not a column of table `{}`",
                            column.value, self.name
                        ),
                    )
                    .with_choices("its columns", &column.value, self.our_columns());
                problems.push(problem);
            } else if !csv.header.contains(&column.value) {
                let problem = self
                    .source
                    .error_for(
                        column,
                        format!(
                            "key `{}` is not a column of {}",
                            column.value,
                            self.text.path().display()
                        ),
                    )
                    .with_choices(
                        "its columns",
                        &column.value,
                        csv.header.iter().map(String::as_str),
                    );
                problems.push(problem);
            }
        }
    }

    fn rows(
        &self,
        csv: &PublishedCsv,
        key: &[String],
        values: &[(usize, String)],
        problems: &mut Diagnostics,
    ) -> Vec<PublishedRow> {
        let key_indices: Vec<usize> = key
            .iter()
            .filter_map(|name| csv.header.iter().position(|column| column == name))
            .collect();
        let mut first_line: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        let mut rows = Vec::with_capacity(csv.records.len());
        for (line, record) in &csv.records {
            if problems.is_full() {
                break;
            }
            let row_key: Vec<String> = key_indices
                .iter()
                .map(|index| record[*index].clone())
                .collect();
            if let Some(index) = key_indices.iter().find(|index| record[**index].is_empty()) {
                let message = format!("the key `{}` is empty", csv.header[*index]);
                problems.push(self.text.error_at(*line, 1, message));
            }
            let normal: Vec<String> = row_key.iter().map(|text| normal_key(text)).collect();
            if let Some(first) = first_line.insert(normal, *line) {
                let message = format!(
                    "row {} was published on line {first} already",
                    row_key.join(", ")
                );
                problems.push(self.text.error_at(*line, 1, message));
            }
            let mut row_values = Vec::with_capacity(values.len());
            for (index, name) in values {
                let text = &record[*index];
                let is_number = matches!(
                    self.kind_of(name),
                    Some(ColumnKind::Int | ColumnKind::Float)
                );
                if is_number && !text.is_empty() && parse_number(text).is_none() {
                    let message =
                        format!("`{text}` in column `{name}` is not a plain decimal number");
                    let row = usize::try_from(*line).ok().and_then(|line| {
                        let index = line.checked_sub(1)?;
                        self.text.text().lines().nth(index)
                    });
                    let column = row.map_or(1, |row| column_of_cell(row, *index));
                    let problem = self.text.error_at(*line, column, message);
                    problems.push(problem.with_help(NUMBERS));
                }
                row_values.push((!text.is_empty()).then(|| text.clone()));
            }
            if !values.is_empty() && row_values.iter().all(Option::is_none) {
                let message = format!("row {} publishes no value", row_key.join(", "));
                problems.push(self.text.error_at(*line, 1, message));
            }
            rows.push(PublishedRow {
                key: row_key,
                values: row_values,
            });
        }
        rows
    }

    fn known(
        &self,
        key: &[String],
        values: &[(usize, String)],
        rows: &[PublishedRow],
        problems: &mut Diagnostics,
    ) -> Vec<KnownDifference> {
        let mut known: Vec<KnownDifference> = Vec::new();
        for difference in &self.spec.differences {
            let entry = &difference.value;
            if entry.why.trim().is_empty() {
                let message = "a difference needs a reason in `why`";
                problems.push(self.source.error_for(difference, message));
            }
            let row_key = match &entry.row {
                None => None,
                Some(row) => match self.row_key(key, row, difference, problems) {
                    Some(row_key) => Some(row_key),
                    None => continue,
                },
            };
            let Some(column) = values.iter().position(|(_, name)| *name == entry.column) else {
                let problem = self
                    .source
                    .error_for(
                        difference,
                        format!("difference in `{}`, which was not published", entry.column),
                    )
                    .with_choices(
                        "published columns",
                        &entry.column,
                        values.iter().map(|(_, name)| name.as_str()),
                    );
                problems.push(problem);
                continue;
            };
            let is_published = |row_key: &Vec<String>| {
                rows.iter()
                    .any(|row| has_key(row, row_key) && row.values[column].is_some())
            };
            if let Some(row_key) = row_key.as_ref().filter(|row_key| !is_published(row_key)) {
                let row: Vec<String> = key
                    .iter()
                    .zip(row_key)
                    .map(|(column, value)| format!("{column} = {value}"))
                    .collect();
                let message = format!(
                    "no value was published for `{}` in the row {}",
                    entry.column,
                    row.join(", ")
                );
                let published = rows
                    .iter()
                    .filter(|row| row.values[column].is_some())
                    .map(|row| row.key.join(", "));
                let published: Vec<String> = published.take(LISTED_ROWS).collect();
                let problem = self.source.error_for(difference, message);
                problems.push(problem.with_help(format!(
                    "rows with a value, by {}: {}",
                    key.join(", "),
                    published.join("; ")
                )));
            }
            if known
                .iter()
                .any(|other| other.key == row_key && other.column == entry.column)
            {
                let message = format!(
                    "the difference in `{}` of {} stands twice",
                    entry.column,
                    if row_key.is_some() {
                        "this row"
                    } else {
                        "every row"
                    }
                );
                problems.push(self.source.error_for(difference, message));
            }
            known.push(KnownDifference {
                key: row_key,
                column: entry.column.clone(),
                why: entry.why.clone(),
            });
        }
        known
    }

    /// The key of the row that a difference names; `None` where it does not name one.
    fn row_key<T>(
        &self,
        key: &[String],
        row: &OrderedMap<Spanned<Scalar>>,
        place: &Spanned<T>,
        problems: &mut Diagnostics,
    ) -> Option<Vec<String>> {
        for (column, _) in row.iter() {
            if !key.contains(&column.value) {
                let message = format!("`{}` is no key of this table", column.value);
                let problem = self.source.error_for(column, message);
                problems.push(problem.with_choices(
                    "its key",
                    &column.value,
                    key.iter().map(String::as_str),
                ));
            }
        }
        let mut row_key = Vec::new();
        for column in key {
            match row.get(column) {
                Some(value) => row_key.push(normal_key(&value.value.to_string())),
                None => problems.push(self.missing_key(place, column)),
            }
        }
        (row_key.len() == key.len()).then_some(row_key)
    }

    fn missing_key<T>(&self, place: &Spanned<T>, column: &str) -> diagnostic::Diagnostic {
        self.source.error_for(
            place,
            format!("the row of a difference needs the key column `{column}`"),
        )
    }
}
