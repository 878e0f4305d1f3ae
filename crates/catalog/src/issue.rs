use std::fmt;

use crate::error::RowProblem;
use crate::flops_convention::FlopsConvention;
use crate::table_kind::{Axis, Point, TableKind};

/// Something about the tables of a GPU that their user should know.
///
/// Issues of one kind in one table are one value: `count` says how many there are, `examples` holds
/// the first, at most [`Issue::KEPT_EXAMPLES`].
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Issue {
    /// The GPU has none of the tables: nothing was measured.
    NoTables {
        /// The files, relative to the catalog's root.
        files: Vec<String>,
    },
    /// The GPU has some of the tables, which is of no use.
    SomeTablesMissing {
        /// The files that are not there, relative to the catalog's root.
        files: Vec<String>,
    },
    /// A file cannot be read at all.
    Unreadable {
        /// The error, which names the file.
        reason: String,
    },
    /// Rows are torn or hold values that are no measurements.
    UnusableRows {
        /// How many problems there are; a row may have several.
        count: usize,
        /// The first of them.
        examples: Vec<RowProblem>,
    },
    /// Rows have the sizes of earlier rows.
    RepeatedRows {
        /// How many rows.
        count: usize,
        /// The first of them.
        examples: Vec<RepeatedAt>,
    },
    /// The roofline model refuses the tables for a reason that no other issue covers.
    Refused {
        /// What it says.
        reason: String,
    },
    /// The MFU of rows is not their FLOPs over their latency and the peak that fits the other rows.
    InconsistentMfu {
        /// The middle of the peaks that fit most rows, in FLOP/s.
        peak_flops_per_s: f64,
        /// How many rows it does not fit.
        count: usize,
        /// The first of them.
        examples: Vec<InconsistentAt>,
    },
    /// The MFU of rows is 0, at the precision of the table. Lookups fall back to other rows there.
    ZeroMfu {
        /// How many rows.
        count: usize,
        /// The first of them.
        examples: Vec<RowAt>,
    },
    /// Combinations of the sizes that occur were not measured. Interpolation between decode rows
    /// takes their MFU for 0.
    Holes {
        /// Combinations in all.
        cells: usize,
        /// Combinations without a row.
        count: usize,
        /// Where they are, one entry for each grid of the table that has any.
        grids: Vec<GridHoles>,
    },
    /// The latency falls from one measured size to the next larger one.
    FallingLatency {
        /// The axis along which the size grows.
        axis: Axis,
        /// Pairs of neighbouring rows that were compared.
        steps: usize,
        /// Pairs with falling latency.
        count: usize,
        /// The pairs with the largest relative falls, the largest first.
        examples: Vec<FallAt>,
    },
    /// The model charges other FLOPs for a row, or divides them by another peak, than its MFU was
    /// computed with: predicted kernel times differ from the measured ones by a factor.
    BiasedPrediction {
        /// How the model counts FLOPs.
        convention: FlopsConvention,
        /// The peak that the rows imply if FLOPs are counted like that, in FLOP/s.
        implied_flops_per_s: f64,
        /// The peak of `gpu.yaml`, in FLOP/s.
        gpu_flops_per_s: f64,
        /// Predicted over measured kernel time, with the default factors.
        ratio: f64,
    },
    /// The tables of the GPU do not refer to one peak.
    DifferentPeaks {
        /// The peak that each table's rows imply.
        tables: Vec<TablePeak>,
    },
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowAt {
    /// Its line in the file.
    pub line: u64,
    /// Its sizes.
    pub at: Point,
}

/// A row that is there twice.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RepeatedAt {
    /// Its line in the file.
    pub line: u64,
    /// The line that had the same sizes first.
    pub first_line: u64,
    /// The sizes.
    pub at: Point,
}

/// A row whose MFU does not follow from its latency.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct InconsistentAt {
    /// Its line in the file.
    pub line: u64,
    /// Its sizes.
    pub at: Point,
    /// The MFU that the file has.
    pub mfu: f64,
    /// The MFU that follows from the latency and the peak of the other rows.
    pub expected_mfu: f64,
}

/// What one grid of a table lacks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GridHoles {
    /// The sizes that the grid's rows share; none for a table that is one grid.
    pub grid: Point,
    /// Combinations in all.
    pub cells: usize,
    /// Combinations without a row.
    pub count: usize,
    /// The first of them.
    pub examples: Vec<Point>,
}

/// Two neighbouring rows of which the larger is faster.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FallAt {
    /// Line of the larger row.
    pub line: u64,
    /// Line of the smaller row.
    pub smaller_line: u64,
    /// Sizes of the larger row.
    pub at: Point,
    /// The smaller row's size along the axis.
    pub smaller_size: u32,
    /// Latency of the smaller row, in microseconds.
    pub smaller_latency_us: f64,
    /// Latency of the larger row, in microseconds.
    pub latency_us: f64,
}

/// The peak that a table refers to.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TablePeak {
    /// The table.
    pub table: TableKind,
    /// The peak, in FLOP/s.
    pub flops_per_s: f64,
}

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The data is usable, and less than it seems.
    Warning,
    /// The data is wrong or incomplete.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl FallAt {
    /// How much the latency falls, as a share of the smaller row's.
    #[must_use]
    pub fn relative_fall(&self) -> f64 {
        1.0 - self.latency_us / self.smaller_latency_us
    }
}

impl Issue {
    /// How many examples of an issue are kept.
    pub const KEPT_EXAMPLES: usize = 100;

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::SomeTablesMissing { .. }
            | Self::Unreadable { .. }
            | Self::UnusableRows { .. }
            | Self::RepeatedRows { .. }
            | Self::Refused { .. }
            | Self::InconsistentMfu { .. } => Severity::Error,
            Self::NoTables { .. }
            | Self::ZeroMfu { .. }
            | Self::Holes { .. }
            | Self::FallingLatency { .. }
            | Self::BiasedPrediction { .. }
            | Self::DifferentPeaks { .. } => Severity::Warning,
        }
    }

    /// The examples as text, each with its line where it has one; empty where the issue has none.
    #[must_use]
    pub fn example_lines(&self) -> Vec<(Option<u64>, String)> {
        match self {
            Self::UnusableRows { examples, .. } => {
                let line = |problem: &RowProblem| (Some(problem.line), problem.to_string());
                examples.iter().map(line).collect()
            }
            Self::RepeatedRows { examples, .. } => {
                let line = |row: &RepeatedAt| {
                    (
                        Some(row.line),
                        format!("{}, as on line {}", row.at, row.first_line),
                    )
                };
                examples.iter().map(line).collect()
            }
            Self::InconsistentMfu { examples, .. } => {
                let line = |row: &InconsistentAt| {
                    let text = format!(
                        "{}: mfu {}, expected {:.4}",
                        row.at, row.mfu, row.expected_mfu
                    );
                    (Some(row.line), text)
                };
                examples.iter().map(line).collect()
            }
            Self::ZeroMfu { examples, .. } => examples
                .iter()
                .map(|row| (Some(row.line), row.at.to_string()))
                .collect(),
            Self::Holes { grids, .. } => {
                grids.iter().map(|grid| (None, grid.to_string())).collect()
            }
            Self::FallingLatency { axis, examples, .. } => {
                let line = |fall: &FallAt| {
                    let text = format!(
                        "{}: {} us, but {} us at {axis} {} (line {})",
                        fall.at,
                        fall.latency_us,
                        fall.smaller_latency_us,
                        fall.smaller_size,
                        fall.smaller_line
                    );
                    (Some(fall.line), text)
                };
                examples.iter().map(line).collect()
            }
            Self::NoTables { .. }
            | Self::SomeTablesMissing { .. }
            | Self::Unreadable { .. }
            | Self::Refused { .. }
            | Self::BiasedPrediction { .. }
            | Self::DifferentPeaks { .. } => Vec::new(),
        }
    }

    /// How many instances there are, of which `example_lines` shows some.
    #[must_use]
    pub fn instances(&self) -> usize {
        match self {
            Self::UnusableRows { count, .. }
            | Self::RepeatedRows { count, .. }
            | Self::InconsistentMfu { count, .. }
            | Self::ZeroMfu { count, .. }
            | Self::FallingLatency { count, .. } => *count,
            Self::Holes { grids, .. } => grids.len(),
            Self::NoTables { .. }
            | Self::SomeTablesMissing { .. }
            | Self::Unreadable { .. }
            | Self::Refused { .. }
            | Self::BiasedPrediction { .. }
            | Self::DifferentPeaks { .. } => 1,
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTables { files } => {
                write!(
                    f,
                    "no MFU tables, so predictions are refused ({} do not exist)",
                    files.join(", ")
                )
            }
            Self::SomeTablesMissing { files } => write!(
                f,
                "{} {} missing; a prediction needs all three tables",
                files.join(", "),
                if files.len() == 1 { "is" } else { "are" }
            ),
            Self::Unreadable { reason } | Self::Refused { reason } => f.write_str(reason),
            Self::UnusableRows { count, .. } => write!(
                f,
                "{} in rows that cannot be used",
                counted(*count, "problem")
            ),
            Self::RepeatedRows { count, .. } => write!(
                f,
                "{} with the sizes of an earlier row",
                counted(*count, "row")
            ),
            Self::InconsistentMfu {
                peak_flops_per_s,
                count,
                ..
            } => write!(
                f,
                "mfu does not follow from latency in {}: a peak of {} fits the others",
                counted(*count, "row"),
                Tera(*peak_flops_per_s)
            ),
            Self::ZeroMfu { count, .. } => {
                write!(
                    f,
                    "mfu is 0 in {}; a lookup there falls back to another row",
                    counted(*count, "row")
                )
            }
            Self::Holes {
                cells,
                count,
                grids,
            } => write!(
                f,
                "combinations of sizes without a row: {count} of {cells}, in {}",
                counted(grids.len(), "grid")
            ),
            Self::FallingLatency {
                axis,
                steps,
                count,
                examples,
            } => {
                write!(
                    f,
                    "latency falls where {axis} grows in {count} of {steps} steps"
                )?;
                match examples.first() {
                    Some(largest) => {
                        write!(f, ", by up to {:.1}%", 100.0 * largest.relative_fall())
                    }
                    None => Ok(()),
                }
            }
            Self::BiasedPrediction {
                convention,
                implied_flops_per_s,
                gpu_flops_per_s,
                ratio,
            } => write!(
                f,
                "predicted kernel times are {ratio:.2} times the measured ones: FLOPs as {convention} imply a peak of {}, \
                 gpu.yaml has {}",
                Tera(*implied_flops_per_s),
                Tera(*gpu_flops_per_s)
            ),
            Self::DifferentPeaks { tables } => {
                f.write_str("the tables do not refer to one peak: ")?;
                for (index, peak) in tables.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{} {}", peak.table, Tera(peak.flops_per_s))?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for GridHoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Combinations that are spelled out for one grid.
        const SHOWN: usize = 2;
        let grid = self.grid.to_string();
        if grid.is_empty() {
            f.write_str("such as ")?;
        } else {
            write!(f, "{grid}: {} of {}, such as ", self.count, self.cells)?;
        }
        for (index, point) in self.examples.iter().take(SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { " and " };
            write!(f, "{separator}{point}")?;
        }
        Ok(())
    }
}

/// A rate in TFLOP/s, to a tenth.
pub(crate) struct Tera(pub(crate) f64);

impl fmt::Display for Tera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} TFLOP/s", self.0 / 1e12)
    }
}

pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("{count} {noun}")
    } else {
        format!("{count} {noun}s")
    }
}
