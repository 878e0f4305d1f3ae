use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diagnostic::{Diagnostic, Diagnostics, Quoted};
use roofline::MfuTables;

use crate::error::{CatalogError, RowProblem};
use crate::source_file::read_source;
use crate::table_kind::Point;
use crate::table_layout::TableLayout;

/// More than any table has reason to take.
const LIMIT_BYTES: u64 = 16 << 20;

/// How many problems are kept; the rest is counted.
const KEPT_PROBLEMS: usize = 100;

/// How many rows a message spells out before it only counts.
const SHOWN_ROWS: usize = 3;

/// A kernel takes at least a picosecond and at most a million seconds.
const LATENCY_US: RangeInclusive<f64> = 1e-6..=1e12;

const LATENCY: &str = "latency_us";
const MFU: &str = "mfu";

/// A table of measurements: `N` columns of sizes, then `latency_us` and `mfu`.
#[derive(Debug)]
pub(crate) struct MeasuredTable<const N: usize> {
    pub(crate) layout: &'static TableLayout<N>,
    pub(crate) path: PathBuf,
    /// The rows that can be used, in the order of the file.
    pub(crate) rows: Vec<MeasuredRow<N>>,
    /// The first problems of rows that cannot.
    pub(crate) problems: Vec<RowProblem>,
    /// How many there are in all.
    pub(crate) problem_count: usize,
    /// The first of these problems, and the first repeated rows, with their lines.
    shown: Vec<Diagnostic>,
    /// Rows with the sizes of an earlier one. They are not in `rows`.
    pub(crate) repeated: Vec<RepeatedRow<N>>,
}

/// A row whose sizes stood on an earlier line already.
#[derive(Debug)]
pub(crate) struct RepeatedRow<const N: usize> {
    pub(crate) line: u64,
    pub(crate) first_line: u64,
    pub(crate) sizes: [u32; N],
}

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MeasuredRow<const N: usize> {
    /// Line in the file; the header is line 1.
    pub(crate) line: u64,
    /// Sizes, in the order of [`TableLayout::axes`].
    pub(crate) sizes: [u32; N],
    /// Time of the kernel on one GPU, in microseconds.
    pub(crate) latency_us: f64,
    /// Share of some peak rate that was reached.
    pub(crate) mfu: f64,
    /// What one unit in the last digit of `latency_us` stands for, in microseconds.
    pub(crate) latency_unit_us: f64,
    /// What one unit in the last digit of `mfu` stands for.
    pub(crate) mfu_unit: f64,
}

impl<const N: usize> MeasuredTable<N> {
    /// Reads the table below `folder`. Rows that cannot be used are listed in `problems`, not an
    /// error: the check reports all of them.
    pub(crate) fn read(
        root: &Path,
        folder: &Path,
        layout: &'static TableLayout<N>,
    ) -> Result<Self, CatalogError> {
        let path = folder.join(layout.kind.file_name());
        let source = read_source(root, path.clone(), LIMIT_BYTES)?;
        let axes = layout.axes.iter().map(|axis| axis.column());
        let columns: Vec<&'static str> = axes.chain([LATENCY, MFU]).collect();
        let mut lines = source
            .text()
            .lines()
            .zip(1..)
            .map(|(text, number)| Line { number, text })
            .filter(|line| !line.text.trim().is_empty());
        let Some(header) = lines.next() else {
            return Err(empty_table(&path, &columns));
        };
        if header.cells() != columns {
            return Err(wrong_header(&path, header, &columns));
        }

        let mut table = Self {
            layout,
            path,
            rows: Vec::new(),
            problems: Vec::new(),
            problem_count: 0,
            shown: Vec::new(),
            repeated: Vec::new(),
        };
        let mut first_lines = BTreeMap::new();
        for line in lines {
            let Some(row) = table.usable_row(line) else {
                continue;
            };
            match first_lines.entry(row.sizes) {
                Entry::Vacant(entry) => {
                    entry.insert(line.number);
                    table.rows.push(row);
                }
                Entry::Occupied(entry) => table.repeat(line, *entry.get(), row.sizes),
            }
        }
        table.even_out_units();
        if table.rows.is_empty() && table.problem_count == 0 {
            return Err(empty_table(&table.path, &columns));
        }
        Ok(table)
    }

    /// The table, if every row can be used and none is there twice.
    pub(crate) fn without_problems(mut self) -> Result<Self, CatalogError> {
        let count = self.problem_count + self.repeated.len();
        if count == 0 {
            return Ok(self);
        }
        for row in self.repeated.iter().take(KEPT_PROBLEMS) {
            self.problems.push(RowProblem {
                line: row.line,
                column: None,
                reason: self.repeats(row.first_line, row.sizes),
            });
        }
        self.problems.sort_by_key(|problem| problem.line);
        let path = self.path.display();
        let shown = self.problems.iter().take(SHOWN_ROWS);
        let mut texts: Vec<String> = shown
            .map(|problem| format!("{path}:{}: {problem}", problem.line))
            .collect();
        if count > texts.len() {
            texts.push(format!("and {} more", count - texts.len()));
        }
        self.shown.sort_by_key(Diagnostic::line);
        self.shown.truncate(SHOWN_ROWS);
        let not_shown = count - self.shown.len();
        if let Some(last) = self.shown.last_mut() {
            let file = self.layout.kind.file_name();
            last.help(format!("docs/data.md says what the columns of {file} are"));
        }
        let shown: Diagnostics = self.shown.into_iter().collect();
        Err(CatalogError::Content {
            message: texts.join("; "),
            diagnostics: shown.with_not_shown(not_shown),
        })
    }

    /// What is wrong with a row that is there already.
    fn repeats(&self, first_line: u64, sizes: [u32; N]) -> String {
        let point = self.point(sizes);
        format!("has the sizes of line {first_line} again ({point})")
    }

    fn repeat(&mut self, line: Line<'_>, first_line: u64, sizes: [u32; N]) {
        if self.repeated.len() < SHOWN_ROWS {
            let message = format!("the row {}", self.repeats(first_line, sizes));
            let problem = line.diagnostic(&self.path, message, None);
            self.shown
                .push(problem.with_help("each point is measured once: remove one of the two rows"));
        }
        self.repeated.push(RepeatedRow {
            line: line.number,
            first_line,
            sizes,
        });
    }

    /// Sizes with their names.
    pub(crate) fn point(&self, sizes: [u32; N]) -> Point {
        Point::new(self.layout.axes.into_iter().zip(sizes))
    }

    /// The row in a line; `None` after a report.
    fn usable_row(&mut self, line: Line<'_>) -> Option<MeasuredRow<N>> {
        let cells = line.cells();
        if cells.len() != N + 2 {
            let reason = format!("has {} columns, expected {}", cells.len(), N + 2);
            self.report(line, None, reason);
            return None;
        }
        let before = self.problem_count;
        let mut sizes = [0; N];
        for (index, (size, axis)) in sizes.iter_mut().zip(self.layout.axes).enumerate() {
            let column = (index, axis.column());
            let expected = format!("a whole number from 1 to {}", u32::MAX);
            let value = self.cell(line, column, cells[index], |size| *size > 0, &expected);
            *size = value.unwrap_or(0);
        }
        let (latency_text, mfu_text) = (cells[N], cells[N + 1]);
        let (least, most) = (LATENCY_US.start(), LATENCY_US.end());
        let expected = format!("{least:e} to {most:e} microseconds");
        let is_time = |value: &f64| LATENCY_US.contains(value);
        let latency_us = self.cell(line, (N, LATENCY), latency_text, is_time, &expected);
        let expected = format!("a share of the peak from 0 to {}", MfuTables::MAX_MFU);
        let is_share = |value: &f64| (0.0..=MfuTables::MAX_MFU).contains(value);
        let mfu = self.cell(line, (N + 1, MFU), mfu_text, is_share, &expected);
        let (Some(latency_us), Some(mfu)) = (latency_us, mfu) else {
            return None;
        };
        if self.problem_count > before {
            return None;
        }
        Some(MeasuredRow {
            line: line.number,
            sizes,
            latency_us,
            mfu,
            latency_unit_us: last_digit_unit(latency_text),
            mfu_unit: last_digit_unit(mfu_text),
        })
    }

    /// The value of a cell; `None` after a report.
    fn cell<T: FromStr>(
        &mut self,
        line: Line<'_>,
        column: (usize, &'static str),
        text: &str,
        is_usable: impl Fn(&T) -> bool,
        expected: &str,
    ) -> Option<T> {
        let value = text.parse().ok().filter(is_usable);
        if value.is_none() {
            let reason = format!("expected {expected}, found {}", Quoted(text));
            self.report(line, Some(column), reason);
        }
        value
    }

    /// Trailing zeros are often not printed, so a row with few digits may be as exact as the
    /// others: its unit is at most the one that half of the rows have.
    fn even_out_units(&mut self) {
        let latency_unit_us = median(self.rows.iter().map(|row| row.latency_unit_us));
        let mfu_unit = median(self.rows.iter().map(|row| row.mfu_unit));
        for row in &mut self.rows {
            row.latency_unit_us =
                latency_unit_us.map_or(row.latency_unit_us, |unit| unit.min(row.latency_unit_us));
            row.mfu_unit = mfu_unit.map_or(row.mfu_unit, |unit| unit.min(row.mfu_unit));
        }
    }

    /// Notes what is wrong with a line, or with the cell of a column, which goes by its place and its name.
    fn report(&mut self, line: Line<'_>, column: Option<(usize, &'static str)>, reason: String) {
        self.problem_count += 1;
        if self.problems.len() >= KEPT_PROBLEMS {
            return;
        }
        let problem = RowProblem {
            line: line.number,
            column: column.map(|(_, name)| name),
            reason,
        };
        if self.problems.len() < SHOWN_ROWS {
            let message = match column {
                Some(_) => problem.to_string(),
                None => format!("the row {problem}"),
            };
            let cell = column.map(|(index, _)| index);
            let shown = line.diagnostic(&self.path, message, cell);
            self.shown.push(shown);
        }
        self.problems.push(problem);
    }
}

/// A line of a table with its number, from 1.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    number: u64,
    text: &'t str,
}

impl<'t> Line<'t> {
    /// The cells. Tables hold names and numbers only, so there is nothing to quote: a row is always one line, whatever a
    /// torn file holds.
    fn cells(self) -> Vec<&'t str> {
        self.text.split(',').map(str::trim).collect()
    }

    /// A problem of a cell, or of the whole line.
    fn diagnostic(self, path: &Path, message: String, cell: Option<usize>) -> Diagnostic {
        let whole = 0..self.text.len();
        let span = cell.map_or(whole, |cell| self.cell_span(cell));
        let number = usize::try_from(self.number).unwrap_or(usize::MAX);
        Diagnostic::new(path.to_owned(), message).with_lines(number, self.text, span)
    }

    /// The bytes of a cell.
    fn cell_span(self, cell: usize) -> Range<usize> {
        let before = self.text.split(',').take(cell);
        let start: usize = before.map(|text| text.len() + 1).sum();
        let text = self.text[start..].split(',').next().unwrap_or_default();
        let blanks = text.len() - text.trim_start().len();
        start + blanks..start + blanks + text.trim().len()
    }
}

fn empty_table(path: &Path, columns: &[&'static str]) -> CatalogError {
    let expected = columns.join(",");
    let problem = Diagnostic::new(path.to_owned(), "the table is empty")
        .with_help(format!(
            "it begins with the line {expected}, and has a row for each measurement"
        ))
        .with_help("docs/data.md says what the columns are");
    CatalogError::Content {
        message: format!(
            "{}: the table is empty; expected the columns `{expected}` and at least one row",
            path.display()
        ),
        diagnostics: problem.into(),
    }
}

fn wrong_header(path: &Path, header: Line<'_>, columns: &[&'static str]) -> CatalogError {
    let found = header.cells();
    let expected = columns.join(",");
    // The first column that is not as it should be; where some are left out at the end, the whole line.
    let wrong = (0..found.len()).find(|index| columns.get(*index) != found.get(*index));
    let message = match wrong {
        Some(index) => format!(
            "{} is not the column that is expected here",
            Quoted(found[index])
        ),
        None => "columns are missing at the end of this line".to_owned(),
    };
    let mut problem = header.diagnostic(path, message, wrong);
    if let Some(index) = wrong {
        let missing = columns.iter().filter(|column| !found.contains(column));
        problem.nearest(found[index], missing.copied());
    }
    let problem = problem
        .with_help(format!(
            "the columns are {expected}, in this order, with commas between"
        ))
        .with_help("docs/data.md says what they are");
    CatalogError::Content {
        message: format!(
            "{}:{}: expected the columns `{expected}`, found {}",
            path.display(),
            header.number,
            Quoted(&found.join(","))
        ),
        diagnostics: problem.into(),
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The value of one unit in the last digit of a printed number: 0.001 for `0.520`, 1e-5 for
/// `1.25e-3`.
fn last_digit_unit(text: &str) -> f64 {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().unwrap_or(0)),
        None => (text, 0),
    };
    let decimals = mantissa
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let decimals = i32::try_from(decimals).unwrap_or(i32::MAX);
    10_f64.powi(exponent.saturating_sub(decimals))
}
