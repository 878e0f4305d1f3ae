use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, Diagnostics, nearest};
use roofline::{AttentionShape, DecodeRow, GemmRow, MfuTables, PrefillRow};

use crate::error::{CatalogError, RowProblem, SHOWN_ROWS};
use crate::source_file::SourceFile;
use crate::table_kind::{Axis, Point, TableKind};
use diagnostic::Quoted;

/// More than any table has reason to take.
const LIMIT_BYTES: u64 = 16 << 20;

/// How many problems are kept; the rest is counted.
const KEPT_PROBLEMS: usize = 100;

/// A kernel takes at least a picosecond and at most a million seconds.
const LATENCY_US: RangeInclusive<f64> = 1e-6..=1e12;

const LATENCY: &str = "latency_us";
const MFU: &str = "mfu";

/// A table of measurements: `N` columns of sizes, then `latency_us` and `mfu`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MeasuredTable<const N: usize> {
    pub(crate) kind: TableKind,
    pub(crate) path: PathBuf,
    pub(crate) axes: [Axis; N],
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
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// Sizes, in the order of [`MeasuredTable::axes`].
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

pub(crate) type GemmTable = MeasuredTable<3>;
pub(crate) type PrefillTable = MeasuredTable<4>;
pub(crate) type DecodeTable = MeasuredTable<6>;

impl GemmTable {
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, CatalogError> {
        Self::read_columns(root, folder, TableKind::Gemm, [Axis::K, Axis::N, Axis::M])
    }

    pub(crate) fn model_rows(&self) -> Vec<GemmRow> {
        let row = |row: &MeasuredRow<3>| {
            let [k, n, m] = row.sizes;
            GemmRow {
                m,
                k,
                n,
                mfu: row.mfu,
            }
        };
        self.rows.iter().map(row).collect()
    }
}

impl PrefillTable {
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, CatalogError> {
        let axes = [Axis::Heads, Axis::KvHeads, Axis::HeadDim, Axis::SeqLen];
        Self::read_columns(root, folder, TableKind::AttentionPrefill, axes)
    }

    pub(crate) fn model_rows(&self) -> Vec<PrefillRow> {
        let row = |row: &MeasuredRow<4>| {
            let [heads, kv_heads, head_dim, seq_len] = row.sizes;
            PrefillRow {
                shape: AttentionShape {
                    heads,
                    kv_heads,
                    head_dim,
                },
                seq_len,
                mfu: row.mfu,
            }
        };
        self.rows.iter().map(row).collect()
    }
}

impl DecodeTable {
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, CatalogError> {
        let axes = [
            Axis::Heads,
            Axis::KvHeads,
            Axis::HeadDim,
            Axis::TensorParallel,
            Axis::BatchSize,
            Axis::KvLen,
        ];
        Self::read_columns(root, folder, TableKind::AttentionDecode, axes)
    }

    pub(crate) fn model_rows(&self) -> Vec<DecodeRow> {
        let row = |row: &MeasuredRow<6>| {
            let [
                heads,
                kv_heads,
                head_dim,
                tensor_parallel,
                batch_size,
                kv_len,
            ] = row.sizes;
            DecodeRow {
                shape: AttentionShape {
                    heads,
                    kv_heads,
                    head_dim,
                },
                tensor_parallel,
                batch_size,
                kv_len,
                mfu: row.mfu,
            }
        };
        self.rows.iter().map(row).collect()
    }
}

impl<const N: usize> MeasuredTable<N> {
    /// Reads `folder/<file of kind>`. Rows that cannot be used are listed in `problems`, not an
    /// error: the check reports all of them.
    fn read_columns(
        root: &Path,
        folder: &Path,
        kind: TableKind,
        axes: [Axis; N],
    ) -> Result<Self, CatalogError> {
        let file = SourceFile::read(root, folder.join(kind.file_name()), LIMIT_BYTES)?;
        let mut columns: Vec<&'static str> = axes.iter().map(|axis| axis.column()).collect();
        columns.extend([LATENCY, MFU]);
        let expected = columns.join(",");

        let mut lines = file
            .text
            .lines()
            .zip(1..)
            .map(|(text, number)| Line { number, text })
            .filter(|line| !line.text.trim().is_empty());
        let Some(header) = lines.next() else {
            return Err(empty_table(file.path, expected));
        };
        if header.cells() != columns {
            return Err(wrong_header(file.path, header, &columns));
        }

        let mut table = Self {
            kind,
            path: file.path.clone(),
            axes,
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
            return Err(empty_table(table.path, expected));
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
            let reason = self.repeats(row.first_line, row.sizes);
            self.problems.push(RowProblem {
                line: row.line,
                column: None,
                reason,
            });
        }
        self.problems.sort_by_key(|problem| problem.line);
        self.shown.sort_by_key(Diagnostic::line);
        self.shown.truncate(SHOWN_ROWS);
        let not_shown = count - self.shown.len();
        if let Some(last) = self.shown.pop() {
            let help = format!(
                "docs/data.md says what the columns of {} are",
                self.kind.file_name()
            );
            self.shown.push(last.with_help(help));
        }
        let shown: Diagnostics = self.shown.into_iter().collect();
        Err(CatalogError::Rows {
            path: self.path,
            problems: self.problems,
            count,
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
        Point::new(self.axes.into_iter().zip(sizes))
    }

    /// The row in a line; `None` after a report.
    fn usable_row(&mut self, line: Line<'_>) -> Option<MeasuredRow<N>> {
        let cells = line.cells();
        if cells.len() != N + 2 {
            let reason = format!("has {} columns, expected {}", cells.len(), N + 2);
            self.report(line, None, reason);
            return None;
        }
        let mut sizes = [0; N];
        let mut is_usable = true;
        for (index, (size, axis)) in sizes.iter_mut().zip(self.axes).enumerate() {
            match size_of(cells[index]) {
                Ok(value) => *size = value,
                Err(error) => {
                    self.report(line, Some((index, axis.column())), error.to_string());
                    is_usable = false;
                }
            }
        }
        let (latency_text, mfu_text) = (cells[N], cells[N + 1]);
        let latency_us = latency_us(latency_text)
            .map_err(|error| self.report(line, Some((N, LATENCY)), error.to_string()))
            .ok();
        let mfu = share_of_peak(mfu_text)
            .map_err(|error| self.report(line, Some((N + 1, MFU)), error.to_string()))
            .ok();
        let (Some(latency_us), Some(mfu), true) = (latency_us, mfu, is_usable) else {
            return None;
        };
        Some(MeasuredRow {
            line: line.number,
            sizes,
            latency_us,
            mfu,
            latency_unit_us: last_digit_unit(latency_text),
            mfu_unit: last_digit_unit(mfu_text),
        })
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

fn empty_table(path: PathBuf, expected: String) -> CatalogError {
    let problem = Diagnostic::new(path.clone(), "the table is empty")
        .with_help(format!(
            "it begins with the line {expected}, and has a row for each measurement"
        ))
        .with_help("docs/data.md says what the columns are");
    CatalogError::EmptyTable {
        path,
        expected,
        diagnostics: problem.into(),
    }
}

fn wrong_header(path: PathBuf, header: Line<'_>, columns: &[&'static str]) -> CatalogError {
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
    let mut problem = header.diagnostic(&path, message, wrong);
    if let Some(given) = wrong.and_then(|index| found.get(index)) {
        let missing = columns.iter().filter(|column| !found.contains(column));
        if let Some(name) = nearest(given, missing.copied()) {
            problem = problem.with_help(format!("did you mean `{name}`?"));
        }
    }
    let problem = problem
        .with_help(format!(
            "the columns are {expected}, in this order, with commas between"
        ))
        .with_help("docs/data.md says what they are");
    CatalogError::Header {
        path,
        line: header.number,
        expected,
        found: found.join(","),
        diagnostics: problem.into(),
    }
}

/// A cell without a usable value, by what it should hold; each has the text that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum CellError<'a> {
    #[error("expected a whole number from 1 to {}, found {}", u32::MAX, Quoted(.0))]
    Size(&'a str),
    #[error(
        "expected {:e} to {:e} microseconds, found {}",
        LATENCY_US.start(),
        LATENCY_US.end(),
        Quoted(.0)
    )]
    Latency(&'a str),
    #[error("expected a share of the peak from 0 to {}, found {}", MfuTables::MAX_MFU, Quoted(.0))]
    ShareOfPeak(&'a str),
}

fn size_of(text: &str) -> Result<u32, CellError<'_>> {
    match text.parse::<u32>() {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(CellError::Size(text)),
    }
}

fn latency_us(text: &str) -> Result<f64, CellError<'_>> {
    match text.parse::<f64>() {
        Ok(value) if LATENCY_US.contains(&value) => Ok(value),
        _ => Err(CellError::Latency(text)),
    }
}

fn share_of_peak(text: &str) -> Result<f64, CellError<'_>> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=MfuTables::MAX_MFU).contains(&value) => Ok(value),
        _ => Err(CellError::ShareOfPeak(text)),
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
