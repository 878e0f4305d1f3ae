//! Collects what the cells of a run compute: in parallel, in input order.

use std::ops::Range;

use rayon::prelude::*;
use roofline::StepModel;

use super::axes::{FieldRef, value_text};
use super::cell_problem::CellProblem;
use super::doubts::Gpus;
use super::frame::{ColumnBuilder, FrameBuilder};
use super::kept::Kept;
use super::models::Models;
use super::probe::ProbeColumn;
use super::progress::{Progress, ProgressObserver};
use super::run::Run;
use crate::format::CaseValue;
use crate::table::{ColumnKind, Value};

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
                .filter(|column| kept.has(column.doc.name))
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

/// Rows that are computed one after another.
pub(super) struct Task {
    cells: Range<usize>,
    /// The rows of each of the cells.
    rows: Range<usize>,
}

impl Task {
    /// The tasks of a run whose cells are a row each.
    pub(super) fn of_cells(run: &Run, cells_per_task: usize) -> Vec<Self> {
        let of_cell = |cells| Self { cells, rows: 0..1 };
        parts(run.axes.cells(), cells_per_task)
            .map(of_cell)
            .collect()
    }

    /// The tasks of a run whose cells have many rows each, `rows` of them at the positions of a cell.
    pub(super) fn of_rows(run: &Run, rows: impl Fn(&[usize]) -> usize) -> Vec<Self> {
        let mut positions = vec![0; run.axes.axis_count()];
        let mut tasks = Vec::new();
        for cell in 0..run.axes.cells() {
            run.axes.positions(cell, &mut positions);
            let of_cell = |rows| Self {
                cells: cell..cell + 1,
                rows,
            };
            tasks.extend(parts(rows(&positions), CELLS_PER_TASK).map(of_cell));
        }
        tasks
    }

    fn len(&self) -> usize {
        self.cells.len() * self.rows.len()
    }
}

fn parts(all: usize, at_once: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..all).step_by(at_once);
    starts.map(move |start| start..all.min(start + at_once))
}

/// What is evaluated, and how.
pub(super) struct Evaluation<'a> {
    pub(super) run: &'a Run,
    pub(super) models: Models<'a>,
    pub(super) kept: Kept,
    pub(super) observer: &'a dyn ProgressObserver,
}

impl Evaluation<'_> {
    /// Evaluates tasks: the rows of `row`, which gets the model of a cell with its GPUs, the positions of
    /// the cell and the row in it.
    pub(super) fn evaluate<C, S>(
        &self,
        columns: &'static [ProbeColumn<C>],
        tasks: Vec<Task>,
        scratch: impl Fn() -> S + Sync,
        row: impl Fn(&mut S, (&StepModel<'_>, Gpus), &[usize], usize) -> Result<C, CellProblem> + Sync,
    ) -> Evaluated {
        let run = self.run;
        let layout = Layout::of(run, &self.kept, columns);
        self.observer.notice(Progress::Sweep {
            run: &run.name,
            cells: tasks.iter().map(Task::len).sum::<usize>() as u64,
        });
        let parts: Vec<Evaluated> = tasks
            .into_par_iter()
            .map(|task| {
                let mut scratch = scratch();
                let mut positions = vec![0; run.axes.axis_count()];
                let mut part = layout.part();
                for cell in task.cells.clone() {
                    run.axes.positions(cell, &mut positions);
                    for index in task.rows.clone() {
                        let computed = self
                            .models
                            .with(&positions, |model, gpus| {
                                row(&mut scratch, (model, gpus), &positions, index)
                            })
                            .map_err(|problem| (cell, problem))?;
                        layout.push(&mut part, run, &positions, &computed);
                    }
                }
                self.observer.notice(Progress::Done(task.len() as u64));
                Ok(part)
            })
            .collect();
        let mut whole = layout.part();
        for part in parts {
            whole.append(part?);
        }
        Ok(whole)
    }
}

fn push_axis_value(builder: &mut ColumnBuilder, value: &CaseValue) {
    match value {
        CaseValue::One(scalar) => builder.push(scalar.as_value()),
        CaseValue::Lengths(_) => builder.push(Value::Text(&value_text(value))),
    }
}
