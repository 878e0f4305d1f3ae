use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use roofline::{AttentionShape, DecodeRow, GemmRow, MfuTables, PrefillRow};

use crate::error::{CatalogError, RowProblem};
use crate::quoted::Quoted;
use crate::source_file::SourceFile;
use crate::table_kind::{Axis, Point, TableKind};

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
            .map(|(text, line)| (line, cells_of(text)))
            .filter(|(_, cells)| cells.as_slice() != [""]);
        let Some((line, header)) = lines.next() else {
            return Err(CatalogError::EmptyTable {
                path: file.path,
                expected,
            });
        };
        if header != columns {
            return Err(CatalogError::Header {
                path: file.path,
                line,
                expected,
                found: header.join(","),
            });
        }

        let mut table = Self {
            kind,
            path: file.path.clone(),
            axes,
            rows: Vec::new(),
            problems: Vec::new(),
            problem_count: 0,
            repeated: Vec::new(),
        };
        let mut first_lines = BTreeMap::new();
        for (line, cells) in lines {
            let Some(row) = table.usable_row(line, &cells) else {
                continue;
            };
            match first_lines.entry(row.sizes) {
                Entry::Vacant(entry) => {
                    entry.insert(line);
                    table.rows.push(row);
                }
                Entry::Occupied(entry) => table.repeated.push(RepeatedRow {
                    line,
                    first_line: *entry.get(),
                    sizes: row.sizes,
                }),
            }
        }
        table.even_out_units();
        if table.rows.is_empty() && table.problem_count == 0 {
            return Err(CatalogError::EmptyTable {
                path: table.path,
                expected,
            });
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
            let reason = format!(
                "has the sizes of line {} again ({})",
                row.first_line,
                self.point(row.sizes)
            );
            self.problems.push(RowProblem {
                line: row.line,
                column: None,
                reason,
            });
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(CatalogError::Rows {
            path: self.path,
            problems: self.problems,
            count,
        })
    }

    /// Sizes with their names.
    pub(crate) fn point(&self, sizes: [u32; N]) -> Point {
        Point::new(self.axes.into_iter().zip(sizes))
    }

    /// The row in `cells`; `None` after a report.
    fn usable_row(&mut self, line: u64, cells: &[&str]) -> Option<MeasuredRow<N>> {
        if cells.len() != N + 2 {
            let reason = format!("has {} columns, expected {}", cells.len(), N + 2);
            self.report(line, None, reason);
            return None;
        }
        let mut sizes = [0; N];
        let mut is_usable = true;
        for ((size, axis), text) in sizes.iter_mut().zip(self.axes).zip(cells.iter().copied()) {
            match size_of(text) {
                Ok(value) => *size = value,
                Err(error) => {
                    self.report(line, Some(axis.column()), error.to_string());
                    is_usable = false;
                }
            }
        }
        let (latency_text, mfu_text) = (cells[N], cells[N + 1]);
        let latency_us = latency_us(latency_text)
            .map_err(|error| self.report(line, Some(LATENCY), error.to_string()))
            .ok();
        let mfu = share_of_peak(mfu_text)
            .map_err(|error| self.report(line, Some(MFU), error.to_string()))
            .ok();
        let (Some(latency_us), Some(mfu), true) = (latency_us, mfu, is_usable) else {
            return None;
        };
        Some(MeasuredRow {
            line,
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

    fn report(&mut self, line: u64, column: Option<&'static str>, reason: String) {
        self.problem_count += 1;
        if self.problems.len() < KEPT_PROBLEMS {
            self.problems.push(RowProblem {
                line,
                column,
                reason,
            });
        }
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

/// The cells of a line. Tables hold names and numbers only, so there is nothing to quote: a row is
/// always one line, whatever a torn file holds.
fn cells_of(line: &str) -> Vec<&str> {
    line.split(',').map(str::trim).collect()
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
