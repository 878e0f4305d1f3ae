use std::path::{Path, PathBuf};

use roofline::{AttentionShape, DecodeRow, GemmRow, PrefillRow};

use crate::error::{CatalogError, RowProblem};
use crate::quoted::Quoted;
use crate::source_file::SourceFile;
use crate::table_kind::{Axis, TableKind};

/// More than any table has reason to take.
const LIMIT_BYTES: u64 = 16 << 20;

/// How many problems are kept; the rest is counted.
const KEPT_PROBLEMS: usize = 100;

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
    /// One unit in the last printed digit of `latency_us`, in microseconds.
    pub(crate) latency_unit_us: f64,
    /// One unit in the last printed digit of `mfu`.
    pub(crate) mfu_unit: f64,
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
            latency_unit_us: 1.0,
            mfu_unit: 1.0,
        };
        for (line, cells) in lines {
            table.add(line, &cells);
        }
        if table.rows.is_empty() && table.problem_count == 0 {
            return Err(CatalogError::EmptyTable {
                path: table.path,
                expected,
            });
        }
        Ok(table)
    }

    /// The table, if every row can be used.
    pub(crate) fn without_problems(self) -> Result<Self, CatalogError> {
        if self.problem_count == 0 {
            return Ok(self);
        }
        Err(CatalogError::Rows {
            path: self.path,
            problems: self.problems,
            count: self.problem_count,
        })
    }

    fn add(&mut self, line: u64, cells: &[&str]) {
        if cells.len() != N + 2 {
            let reason = format!("has {} columns, expected {}", cells.len(), N + 2);
            self.report(line, None, reason);
            return;
        }
        let mut sizes = [0; N];
        let mut is_usable = true;
        for ((size, axis), text) in sizes.iter_mut().zip(self.axes).zip(cells.iter().copied()) {
            match size_of(text) {
                Ok(value) => *size = value,
                Err(reason) => {
                    self.report(line, Some(axis.column()), reason);
                    is_usable = false;
                }
            }
        }
        let latency_us = measurement(cells[N], "a positive number of microseconds", |value| {
            value > 0.0
        });
        let mfu = measurement(cells[N + 1], "a share from 0 to 1", |value| {
            (0.0..=1.0).contains(&value)
        });
        match (latency_us, mfu) {
            (Ok(latency_us), Ok(mfu)) if is_usable => {
                self.latency_unit_us = self.latency_unit_us.min(last_digit_unit(cells[N]));
                self.mfu_unit = self.mfu_unit.min(last_digit_unit(cells[N + 1]));
                self.rows.push(MeasuredRow {
                    line,
                    sizes,
                    latency_us,
                    mfu,
                });
            }
            (latency_us, mfu) => {
                if let Err(reason) = latency_us {
                    self.report(line, Some(LATENCY), reason);
                }
                if let Err(reason) = mfu {
                    self.report(line, Some(MFU), reason);
                }
            }
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

/// The cells of a line. Tables hold names and numbers only, so there is nothing to quote: a row is
/// always one line, whatever a torn file holds.
fn cells_of(line: &str) -> Vec<&str> {
    line.split(',').map(str::trim).collect()
}

fn size_of(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(format!(
            "expected a whole number from 1 to {}, found {}",
            u32::MAX,
            Quoted(text)
        )),
    }
}

fn measurement(text: &str, expected: &str, is_valid: impl Fn(f64) -> bool) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && is_valid(value) => Ok(value),
        _ => Err(format!("expected {expected}, found {}", Quoted(text))),
    }
}

/// The value of one unit in the last digit of a printed number: 0.001 for `0.520`, 1e-5 for
/// `1.25e-3`.
///
/// A printed number may have lost trailing zeros, so the unit of a column is the smallest of its
/// rows.
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
