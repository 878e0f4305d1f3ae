use std::collections::{BTreeMap, BTreeSet};

use crate::bench_report::{Finding, TableReport};
use crate::flops_convention::FlopsConvention;
use crate::implied_peak::{ImpliedPeak, PeakRange};
use crate::issue::{FallAt, GridHoles, InconsistentAt, Issue, RepeatedAt, RowAt};
use crate::measured_table::{MeasuredRow, MeasuredTable};
use crate::table_kind::Point;

/// A way to count the FLOPs of a row, from its sizes.
pub(crate) struct Counting<const N: usize> {
    pub(crate) convention: FlopsConvention,
    pub(crate) flops: fn([u32; N]) -> f64,
}

/// What a check has to know about a table beyond its columns.
pub(crate) struct TableLayout<const N: usize> {
    /// Ways to count FLOPs, the likeliest first.
    pub(crate) countings: Vec<Counting<N>>,
    /// The way the roofline model counts them.
    pub(crate) charged: FlopsConvention,
    /// Rows that share their first so many sizes form a grid. Its last axis is the last size; the
    /// sizes between are the other.
    pub(crate) grid_sizes: usize,
    /// Columns along which the work of a row grows.
    pub(crate) growing: Vec<usize>,
}

/// How far the peak of a table may be from that of `gpu.yaml`, relative, before it counts as
/// another one. Data sheets round to less.
pub(crate) const PEAK_TOLERANCE: f64 = 0.01;

/// Checks one table against itself and against the peak of its GPU.
pub(crate) fn check_table<const N: usize>(
    table: &MeasuredTable<N>,
    layout: &TableLayout<N>,
    gpu_flops_per_s: Option<f64>,
) -> TableReport {
    let peaks = best_first(table, layout, gpu_flops_per_s);
    let mut issues = Vec::new();
    if table.problem_count > 0 {
        issues.push(Issue::UnusableRows {
            count: table.problem_count,
            examples: table.problems.clone(),
        });
    }
    issues.extend(repeated_rows(table));
    if let Some((peak, counting)) = peaks.first() {
        issues.extend(inconsistent_mfu(table, counting, peak));
    }
    let implied_peaks: Vec<ImpliedPeak> = peaks.into_iter().map(|(peak, _)| peak).collect();
    issues.extend(biased_prediction(
        &implied_peaks,
        layout.charged,
        gpu_flops_per_s,
    ));
    issues.extend(zero_mfu(table));
    issues.extend(holes(table, layout.grid_sizes));
    issues.extend(
        layout
            .growing
            .iter()
            .filter_map(|column| falling_latency(table, *column)),
    );
    TableReport {
        table: table.kind,
        path: table.path.display().to_string(),
        rows: table.rows.len(),
        implied_peaks,
        findings: issues.into_iter().map(Finding::from).collect(),
    }
}

/// The implied peaks: those that fit more rows first, of equals those closer to the GPU's own peak.
fn best_first<'a, const N: usize>(
    table: &MeasuredTable<N>,
    layout: &'a TableLayout<N>,
    gpu_flops_per_s: Option<f64>,
) -> Vec<(ImpliedPeak, &'a Counting<N>)> {
    let mut peaks: Vec<(ImpliedPeak, &Counting<N>)> = layout
        .countings
        .iter()
        .map(|counting| {
            let peak = ImpliedPeak::of_rows(counting.convention, &table.rows, counting.flops);
            (peak, counting)
        })
        .collect();
    let distance = |peak: &ImpliedPeak| match (peak.common, gpu_flops_per_s) {
        (Some(common), Some(gpu)) => (common.flops_per_s() / gpu).ln().abs(),
        _ => 0.0,
    };
    let fitting = |peak: &ImpliedPeak| peak.common.map_or(0, |common| common.rows);
    peaks.sort_by(|(a, _), (b, _)| {
        let more_rows = fitting(b).cmp(&fitting(a));
        more_rows.then_with(|| distance(a).total_cmp(&distance(b)))
    });
    peaks
}

fn repeated_rows<const N: usize>(table: &MeasuredTable<N>) -> Option<Issue> {
    let examples = table
        .repeated
        .iter()
        .take(Issue::KEPT_EXAMPLES)
        .map(|row| RepeatedAt {
            line: row.line,
            first_line: row.first_line,
            at: table.point(row.sizes),
        });
    (!table.repeated.is_empty()).then(|| Issue::RepeatedRows {
        count: table.repeated.len(),
        examples: examples.collect(),
    })
}

fn inconsistent_mfu<const N: usize>(
    table: &MeasuredTable<N>,
    counting: &Counting<N>,
    peak: &ImpliedPeak,
) -> Option<Issue> {
    let common = peak.common?;
    let mut count = 0;
    let mut examples = Vec::new();
    for row in &table.rows {
        let flops = (counting.flops)(row.sizes);
        if PeakRange::of_row(row, flops).overlaps(&common) {
            continue;
        }
        count += 1;
        if examples.len() < Issue::KEPT_EXAMPLES {
            examples.push(InconsistentAt {
                line: row.line,
                at: table.point(row.sizes),
                mfu: row.mfu,
                expected_mfu: flops / (row.latency_us * 1e-6) / common.flops_per_s(),
            });
        }
    }
    (count > 0).then_some(Issue::InconsistentMfu {
        peak_flops_per_s: common.flops_per_s(),
        count,
        examples,
    })
}

fn biased_prediction(
    peaks: &[ImpliedPeak],
    charged: FlopsConvention,
    gpu_flops_per_s: Option<f64>,
) -> Option<Issue> {
    let gpu_flops_per_s = gpu_flops_per_s?;
    let common = peaks
        .iter()
        .find(|peak| peak.convention == charged)?
        .common?;
    let lowest = gpu_flops_per_s * (1.0 - PEAK_TOLERANCE);
    let highest = gpu_flops_per_s * (1.0 + PEAK_TOLERANCE);
    let agrees = common.low_flops_per_s <= highest && common.high_flops_per_s >= lowest;
    (!agrees).then(|| Issue::BiasedPrediction {
        convention: charged,
        implied_flops_per_s: common.flops_per_s(),
        gpu_flops_per_s,
        ratio: common.flops_per_s() / gpu_flops_per_s,
    })
}

fn zero_mfu<const N: usize>(table: &MeasuredTable<N>) -> Option<Issue> {
    let zeros = || table.rows.iter().filter(|row| row.mfu == 0.0);
    let count = zeros().count();
    (count > 0).then(|| Issue::ZeroMfu {
        count,
        examples: zeros()
            .take(Issue::KEPT_EXAMPLES)
            .map(|row| RowAt {
                line: row.line,
                at: table.point(row.sizes),
            })
            .collect(),
    })
}

/// The sizes of a grid's first axis, which may be several columns, and of its last one.
#[derive(Default)]
struct Grid {
    leading: BTreeSet<Vec<u32>>,
    last: BTreeSet<u32>,
    rows: usize,
}

fn holes<const N: usize>(table: &MeasuredTable<N>, grid_sizes: usize) -> Option<Issue> {
    let mut measured = BTreeSet::new();
    let mut grids: BTreeMap<Vec<u32>, Grid> = BTreeMap::new();
    for row in &table.rows {
        let (shared, own) = row.sizes.split_at(grid_sizes);
        let (last, leading) = own.split_last()?;
        let grid = grids.entry(shared.to_vec()).or_default();
        grid.leading.insert(leading.to_vec());
        grid.last.insert(*last);
        grid.rows += 1;
        measured.insert(row.sizes);
    }
    let named = |columns: std::ops::Range<usize>, sizes: &[u32]| {
        Point::new(
            table.axes[columns]
                .iter()
                .copied()
                .zip(sizes.iter().copied()),
        )
    };
    let mut found = Vec::new();
    let mut all_cells: usize = 0;
    for (shared, grid) in &grids {
        let cells = grid.leading.len().saturating_mul(grid.last.len());
        all_cells = all_cells.saturating_add(cells);
        if cells == grid.rows {
            continue;
        }
        // Stops at the examples it keeps: a sparse table spans more cells than can be visited.
        let missing = grid
            .leading
            .iter()
            .flat_map(|leading| grid.last.iter().map(move |last| (leading, *last)))
            .filter(|(leading, last)| {
                let sizes: Vec<u32> = shared
                    .iter()
                    .chain(*leading)
                    .copied()
                    .chain([*last])
                    .collect();
                <[u32; N]>::try_from(sizes).is_ok_and(|sizes| !measured.contains(&sizes))
            })
            .take(Issue::KEPT_EXAMPLES)
            .map(|(leading, last)| {
                let own: Vec<u32> = leading.iter().copied().chain([last]).collect();
                named(grid_sizes..N, &own)
            });
        found.push(GridHoles {
            grid: named(0..grid_sizes, shared),
            cells,
            count: cells - grid.rows,
            examples: missing.collect(),
        });
    }
    (!found.is_empty()).then(|| Issue::Holes {
        cells: all_cells,
        count: found
            .iter()
            .fold(0, |sum: usize, grid| sum.saturating_add(grid.count)),
        grids: found,
    })
}

/// Rows that differ in nothing but `column`, each compared with the next larger one.
fn falling_latency<const N: usize>(table: &MeasuredTable<N>, column: usize) -> Option<Issue> {
    let axis = *table.axes.get(column)?;
    let mut rows: Vec<(Vec<u32>, &MeasuredRow<N>)> = table
        .rows
        .iter()
        .map(|row| {
            let others = row
                .sizes
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != column);
            (others.map(|(_, size)| *size).collect(), row)
        })
        .collect();
    rows.sort_by(|(a_others, a), (b_others, b)| {
        (a_others, a.sizes[column]).cmp(&(b_others, b.sizes[column]))
    });
    let mut steps = 0;
    let mut falls = Vec::new();
    for pair in rows.windows(2) {
        let [(smaller_others, smaller), (larger_others, larger)] = pair else {
            continue;
        };
        if smaller_others != larger_others {
            continue;
        }
        steps += 1;
        if larger.latency_us < smaller.latency_us {
            falls.push(FallAt {
                line: larger.line,
                smaller_line: smaller.line,
                at: table.point(larger.sizes),
                smaller_size: smaller.sizes[column],
                smaller_latency_us: smaller.latency_us,
                latency_us: larger.latency_us,
            });
        }
    }
    falls.sort_by(|a, b| {
        let larger_first = b.relative_fall().total_cmp(&a.relative_fall());
        larger_first.then(a.line.cmp(&b.line))
    });
    let count = falls.len();
    falls.truncate(Issue::KEPT_EXAMPLES);
    (count > 0).then_some(Issue::FallingLatency {
        axis,
        steps,
        count,
        examples: falls,
    })
}
