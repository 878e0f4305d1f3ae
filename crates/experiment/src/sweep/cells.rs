//! Collects what the cells of a run compute: in parallel, in input order.

use std::ops::Range;

use rayon::prelude::*;

use super::axes::{FieldRef, value_text};
use super::cell_problem::CellProblem;
use super::frame::{ColumnBuilder, FrameBuilder};
use super::kept::Kept;
use super::probe::{CellValue, ProbeColumn};
use super::progress::{Progress, ProgressObserver};
use super::run::Run;
use crate::format::{CaseValue, Scalar};
use crate::table::ColumnKind;

/// Cells that one task evaluates where a cell takes a microsecond: enough to make scheduling free, few enough to keep both cores busy to the end.
pub(super) const CELLS_PER_TASK: usize = 4096;

/// The frame of a sweep, or the first cell that failed with its reason.
pub(crate) type Evaluated = Result<FrameBuilder, (usize, CellProblem)>;

/// The columns of a run that are kept.
struct Layout<C: 'static> {
    fields: Vec<FieldRef>,
    columns: Vec<&'static ProbeColumn<C>>,
    kinds: Vec<(String, ColumnKind)>,
}

impl<C> Layout<C> {
    fn of(run: &Run, kept: &Kept, columns: &'static [ProbeColumn<C>]) -> Self {
        Self {
            fields: run
                .axes
                .fields()
                .filter(|(_, field)| kept.has(field.name()))
                .map(|(at, _)| at)
                .collect(),
            columns: columns
                .iter()
                .filter(|column| kept.has(column.name))
                .collect(),
            kinds: run
                .columns()
                .0
                .into_iter()
                .filter(|(name, _)| kept.has(name))
                .collect(),
        }
    }

    fn part(&self) -> FrameBuilder {
        FrameBuilder::new(self.kinds.iter().cloned())
    }

    fn push(&self, part: &mut FrameBuilder, run: &Run, positions: &[usize], computed: &C) {
        let (axis_part, probe_part) = part.columns_mut().split_at_mut(self.fields.len());
        for (field, builder) in self.fields.iter().zip(axis_part) {
            push_axis_value(builder, run.axes.value(*field, positions));
        }
        for (column, builder) in self.columns.iter().zip(probe_part) {
            builder.push((column.value)(computed));
        }
    }
}

/// Evaluates a run whose cells are a row each.
pub(super) fn evaluate<C, S>(
    run: &Run,
    kept: &Kept,
    columns: &'static [ProbeColumn<C>],
    cells_per_task: usize,
    scratch: impl Fn() -> S + Sync,
    cell: impl Fn(&mut S, &[usize]) -> Result<C, CellProblem> + Sync,
    observer: &dyn ProgressObserver,
) -> Evaluated {
    let layout = Layout::of(run, kept, columns);
    let cells = run.axes.cells();
    begin(observer, run, cells);
    let tasks: Vec<Range<usize>> = (0..cells)
        .step_by(cells_per_task)
        .map(|start| start..cells.min(start + cells_per_task))
        .collect();
    let parts: Vec<Evaluated> = tasks
        .into_par_iter()
        .map(|range| {
            let mut scratch = scratch();
            let mut positions = vec![0; run.axes.axis_count()];
            let mut part = layout.part();
            let cells = range.len();
            for index in range {
                run.axes.positions(index, &mut positions);
                let computed =
                    cell(&mut scratch, &positions).map_err(|problem| (index, problem))?;
                layout.push(&mut part, run, &positions, &computed);
            }
            observer.notice(Progress::Done(cells as u64));
            Ok(part)
        })
        .collect();
    join(&layout, parts)
}

/// Evaluates a run whose cells have many rows each, `rows` of them at the positions of a cell.
pub(super) fn evaluate_many<C, S>(
    run: &Run,
    kept: &Kept,
    columns: &'static [ProbeColumn<C>],
    rows: impl Fn(&[usize]) -> usize,
    scratch: impl Fn() -> S + Sync,
    row: impl Fn(&mut S, &[usize], usize) -> Result<C, CellProblem> + Sync,
    observer: &dyn ProgressObserver,
) -> Evaluated {
    let layout = Layout::of(run, kept, columns);
    let mut tasks: Vec<(usize, Range<usize>)> = Vec::new();
    let mut positions = vec![0; run.axes.axis_count()];
    for cell in 0..run.axes.cells() {
        run.axes.positions(cell, &mut positions);
        let rows = rows(&positions);
        let starts = (0..rows).step_by(CELLS_PER_TASK);
        tasks.extend(starts.map(|start| (cell, start..rows.min(start + CELLS_PER_TASK))));
    }
    begin(
        observer,
        run,
        tasks.iter().map(|(_, rows)| rows.len()).sum(),
    );
    let parts: Vec<Evaluated> = tasks
        .into_par_iter()
        .map(|(cell, range)| {
            let mut scratch = scratch();
            let mut positions = vec![0; run.axes.axis_count()];
            run.axes.positions(cell, &mut positions);
            let mut part = layout.part();
            let cells = range.len();
            for index in range {
                let computed =
                    row(&mut scratch, &positions, index).map_err(|problem| (cell, problem))?;
                layout.push(&mut part, run, &positions, &computed);
            }
            observer.notice(Progress::Done(cells as u64));
            Ok(part)
        })
        .collect();
    join(&layout, parts)
}

fn begin(observer: &dyn ProgressObserver, run: &Run, cells: usize) {
    observer.notice(Progress::Sweep {
        run: &run.name,
        cells: cells as u64,
    });
}

fn join<C>(layout: &Layout<C>, parts: Vec<Evaluated>) -> Evaluated {
    let mut whole = layout.part();
    for part in parts {
        whole.append(part?);
    }
    Ok(whole)
}

fn push_axis_value(builder: &mut ColumnBuilder, value: &CaseValue) {
    match value {
        CaseValue::One(Scalar::Int(number)) if builder.is_float() => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "an axis that mixes whole numbers with fractions"
            )]
            builder.push(CellValue::Float(*number as f64));
        }
        CaseValue::One(Scalar::Int(number)) => builder.push(CellValue::Int(*number)),
        CaseValue::One(Scalar::Float(number)) => builder.push(CellValue::Float(*number)),
        CaseValue::One(Scalar::Bool(truth)) => builder.push(CellValue::Bool(*truth)),
        CaseValue::One(Scalar::Text(word)) => builder.push_word(word),
        CaseValue::Lengths(_) => builder.push_word(&value_text(value)),
    }
}
