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

impl FallAt {
    /// How much the latency falls, as a share of the smaller row's.
    pub(crate) fn relative_fall(&self) -> f64 {
        1.0 - self.latency_us / self.smaller_latency_us
    }
}

impl Issue {
    /// How many examples of an issue are kept.
    pub const KEPT_EXAMPLES: usize = 100;
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
        let points = self.examples.iter().take(SHOWN).map(Point::to_string);
        f.write_str(&points.collect::<Vec<_>>().join(" and "))
    }
}
