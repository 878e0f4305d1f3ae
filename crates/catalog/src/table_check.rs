use std::collections::{BTreeMap, BTreeSet};

use crate::bench_report::TableReport;
use crate::finding::{Finding, Severity, Tera, counted};
use crate::flops_convention::FlopsConvention;
use crate::implied_peak::{ImpliedPeak, PeakRange};
use crate::issue::{FallAt, GridHoles, InconsistentAt, Issue, RepeatedAt, RowAt};
use crate::measured_table::{MeasuredRow, MeasuredTable};
use crate::table_kind::{Axis, Point};
use crate::table_layout::{Counting, TableLayout};

/// How far the peak of a table may be from that of `gpu.yaml`, relative, before it counts as
/// another one. Data sheets round to less.
pub(crate) const PEAK_TOLERANCE: f64 = 0.01;

/// Checks one table against itself and against the peak of its GPU.
pub(crate) fn check_table<const N: usize>(
    table: &MeasuredTable<N>,
    gpu_flops_per_s: Option<f64>,
) -> TableReport {
    let layout = table.layout;
    let peaks = best_first(table, gpu_flops_per_s);
    let best = peaks.first();
    let inconsistent = best.and_then(|(peak, counting)| inconsistent_mfu(table, counting, peak));
    let implied_peaks: Vec<ImpliedPeak> = peaks.into_iter().map(|(peak, _)| peak).collect();
    let mut findings = Vec::new();
    findings.extend(unusable_rows(table));
    findings.extend(repeated_rows(table));
    findings.extend(inconsistent);
    findings.extend(biased_prediction(
        &implied_peaks,
        layout.charged,
        gpu_flops_per_s,
    ));
    findings.extend(zero_mfu(table));
    findings.extend(holes(table));
    let falling = layout.growing.iter();
    findings.extend(falling.filter_map(|column| falling_latency(table, *column)));
    TableReport {
        table: layout.kind,
        path: table.path.display().to_string(),
        rows: table.rows.len(),
        implied_peaks,
        findings,
    }
}

/// The implied peaks: those that fit more rows first, of equals those closer to the GPU's own peak.
fn best_first<const N: usize>(
    table: &MeasuredTable<N>,
    gpu_flops_per_s: Option<f64>,
) -> Vec<(ImpliedPeak, &'static Counting<N>)> {
    let mut peaks: Vec<(ImpliedPeak, &Counting<N>)> = table
        .layout
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

fn unusable_rows<const N: usize>(table: &MeasuredTable<N>) -> Option<Finding> {
    let count = table.problem_count;
    let examples = table.problems.clone();
    let shown = table.problems.iter();
    let shown = shown.map(|problem| (Some(problem.line), problem.to_string()));
    let problems = counted(count, "problem");
    let summary = format!("{problems} in rows that cannot be used");
    let issue = Issue::UnusableRows { count, examples };
    Finding::new(Severity::Error, summary, issue).with_examples(count, shown)
}

fn repeated_rows<const N: usize>(table: &MeasuredTable<N>) -> Option<Finding> {
    let count = table.repeated.len();
    let kept = table.repeated.iter().take(Issue::KEPT_EXAMPLES);
    let examples = kept.map(|row| RepeatedAt {
        line: row.line,
        first_line: row.first_line,
        at: table.point(row.sizes),
    });
    let shown = table.repeated.iter().map(|row| {
        let point = table.point(row.sizes);
        let text = format!("{point}, as on line {}", row.first_line);
        (Some(row.line), text)
    });
    let summary = format!("{} with the sizes of an earlier row", counted(count, "row"));
    let issue = Issue::RepeatedRows {
        count,
        examples: examples.collect(),
    };
    Finding::new(Severity::Error, summary, issue).with_examples(count, shown)
}

fn inconsistent_mfu<const N: usize>(
    table: &MeasuredTable<N>,
    counting: &Counting<N>,
    peak: &ImpliedPeak,
) -> Option<Finding> {
    let common = peak.common?;
    let mut inconsistent: Vec<InconsistentAt> = Vec::new();
    let mut count = 0;
    for row in &table.rows {
        let flops = (counting.flops)(row.sizes);
        if PeakRange::of_row(row, flops).overlaps(&common) {
            continue;
        }
        count += 1;
        if inconsistent.len() < Issue::KEPT_EXAMPLES {
            inconsistent.push(InconsistentAt {
                line: row.line,
                at: table.point(row.sizes),
                mfu: row.mfu,
                expected_mfu: flops / (row.latency_us * 1e-6) / common.flops_per_s(),
            });
        }
    }
    let rows = counted(count, "row");
    let tera = Tera(common.flops_per_s());
    let summary =
        format!("mfu does not follow from latency in {rows}: a peak of {tera} fits the others");
    let shown = inconsistent.iter().map(|row| {
        let (at, mfu, expected) = (&row.at, row.mfu, row.expected_mfu);
        (
            Some(row.line),
            format!("{at}: mfu {mfu}, expected {expected:.4}"),
        )
    });
    let shown: Vec<_> = shown.collect();
    let issue = Issue::InconsistentMfu {
        peak_flops_per_s: common.flops_per_s(),
        count,
        examples: inconsistent,
    };
    Finding::new(Severity::Error, summary, issue).with_examples(count, shown)
}

fn biased_prediction(
    peaks: &[ImpliedPeak],
    charged: FlopsConvention,
    gpu_flops_per_s: Option<f64>,
) -> Option<Finding> {
    let gpu_flops_per_s = gpu_flops_per_s?;
    let common = peaks
        .iter()
        .find(|peak| peak.convention == charged)?
        .common?;
    let lowest = gpu_flops_per_s * (1.0 - PEAK_TOLERANCE);
    let highest = gpu_flops_per_s * (1.0 + PEAK_TOLERANCE);
    if common.low_flops_per_s <= highest && common.high_flops_per_s >= lowest {
        return None;
    }
    let implied_flops_per_s = common.flops_per_s();
    let ratio = implied_flops_per_s / gpu_flops_per_s;
    let summary = format!(
        "predicted kernel times are {ratio:.2} times the measured ones: FLOPs as {charged} imply a peak of {}, gpu.yaml has {}",
        Tera(implied_flops_per_s),
        Tera(gpu_flops_per_s)
    );
    let issue = Issue::BiasedPrediction {
        convention: charged,
        implied_flops_per_s,
        gpu_flops_per_s,
        ratio,
    };
    Some(Finding::new(Severity::Warning, summary, issue))
}

fn zero_mfu<const N: usize>(table: &MeasuredTable<N>) -> Option<Finding> {
    let zeros = table.rows.iter().filter(|row| row.mfu == 0.0);
    let mut zeros: Vec<RowAt> = zeros
        .map(|row| RowAt {
            line: row.line,
            at: table.point(row.sizes),
        })
        .collect();
    let count = zeros.len();
    zeros.truncate(Issue::KEPT_EXAMPLES);
    let rows = counted(count, "row");
    let summary = format!("mfu is 0 in {rows}; a lookup there falls back to another row");
    let shown = zeros.iter().map(|row| (Some(row.line), row.at.to_string()));
    let shown: Vec<_> = shown.collect();
    let issue = Issue::ZeroMfu {
        count,
        examples: zeros,
    };
    Finding::new(Severity::Warning, summary, issue).with_examples(count, shown)
}

/// The sizes of a grid's first axis, which may be several columns, and of its last one.
#[derive(Default)]
struct Grid {
    leading: BTreeSet<Vec<u32>>,
    last: BTreeSet<u32>,
    rows: usize,
}

fn holes<const N: usize>(table: &MeasuredTable<N>) -> Option<Finding> {
    let mut measured = BTreeSet::new();
    let mut grids: BTreeMap<Vec<u32>, Grid> = BTreeMap::new();
    for row in &table.rows {
        let (shared, own) = row.sizes.split_at(table.layout.grid_sizes);
        let (last, leading) = own.split_last()?;
        let grid = grids.entry(shared.to_vec()).or_default();
        grid.leading.insert(leading.to_vec());
        grid.last.insert(*last);
        grid.rows += 1;
        measured.insert(row.sizes.to_vec());
    }
    let all = grids.iter();
    let (all_cells, found): (Vec<usize>, Vec<Option<GridHoles>>) = all
        .map(|(shared, grid)| holes_of(table.layout, shared, grid, &measured))
        .unzip();
    let grids: Vec<GridHoles> = found.into_iter().flatten().collect();
    let sum = |counts: &mut dyn Iterator<Item = usize>| counts.fold(0, usize::saturating_add);
    let cells = sum(&mut all_cells.into_iter());
    let count = sum(&mut grids.iter().map(|grid| grid.count));
    let in_grids = counted(grids.len(), "grid");
    let summary = format!("combinations of sizes without a row: {count} of {cells}, in {in_grids}");
    let shown: Vec<_> = grids.iter().map(|grid| (None, grid.to_string())).collect();
    let instances = grids.len();
    let issue = Issue::Holes {
        cells,
        count,
        grids,
    };
    Finding::new(Severity::Warning, summary, issue).with_examples(instances, shown)
}

/// How many cells a grid has, and what it lacks.
fn holes_of<const N: usize>(
    layout: &TableLayout<N>,
    shared: &[u32],
    grid: &Grid,
    measured: &BTreeSet<Vec<u32>>,
) -> (usize, Option<GridHoles>) {
    let cells = grid.leading.len().saturating_mul(grid.last.len());
    if cells == grid.rows {
        return (cells, None);
    }
    let (shared_axes, own_axes) = layout.axes.split_at(layout.grid_sizes);
    let point =
        |axes: &[Axis], sizes: &[u32]| Point::new(axes.iter().copied().zip(sizes.iter().copied()));
    // Stops at the examples it keeps: a sparse table spans more cells than can be visited.
    let missing = grid
        .leading
        .iter()
        .flat_map(|leading| {
            grid.last
                .iter()
                .map(move |last| [leading, &[*last][..]].concat())
        })
        .filter(|own| !measured.contains(&[shared, own].concat()))
        .take(Issue::KEPT_EXAMPLES)
        .map(|own| point(own_axes, &own));
    let holes = GridHoles {
        grid: point(shared_axes, shared),
        cells,
        count: cells - grid.rows,
        examples: missing.collect(),
    };
    (cells, Some(holes))
}

/// Rows that differ in nothing but `column`, each compared with the next larger one.
fn falling_latency<const N: usize>(table: &MeasuredTable<N>, column: usize) -> Option<Finding> {
    let axis = *table.layout.axes.get(column)?;
    let others = |row: &MeasuredRow<N>| {
        let mut sizes = row.sizes;
        sizes[column] = 0;
        sizes
    };
    let mut rows: Vec<&MeasuredRow<N>> = table.rows.iter().collect();
    rows.sort_by_key(|row| (others(row), row.sizes[column]));
    let mut steps = 0;
    let mut falls = Vec::new();
    for pair in rows.windows(2) {
        let (smaller, larger) = (pair[0], pair[1]);
        if others(smaller) != others(larger) {
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
    let largest = 100.0 * falls.first()?.relative_fall();
    falls.truncate(Issue::KEPT_EXAMPLES);
    let summary = format!(
        "latency falls where {axis} grows in {count} of {steps} steps, by up to {largest:.1}%"
    );
    let shown = falls.iter().map(|fall| {
        let text = format!(
            "{}: {} us, but {} us at {axis} {} (line {})",
            fall.at, fall.latency_us, fall.smaller_latency_us, fall.smaller_size, fall.smaller_line
        );
        (Some(fall.line), text)
    });
    let shown: Vec<_> = shown.collect();
    let issue = Issue::FallingLatency {
        axis,
        steps,
        count,
        examples: falls,
    };
    Finding::new(Severity::Warning, summary, issue).with_examples(count, shown)
}
