//! Evaluates every cell of a run, in parallel, in input order.

use polars::prelude::DataFrame;
use roofline::Batch;
use settings::Inputs;

use super::cell_problem::CellProblem;
use super::cells::{CELLS_PER_TASK, Evaluated, Evaluation, Task};
use super::doubts::{Doubts, RunDoubts};
use super::kept::Kept;
use super::models::Models;
use super::probe::{
    GEMM_COLUMNS, GemmCell, MFU_COLUMNS, REJECTED, SERVE_COLUMNS, STEP_COLUMNS, StepCell,
    TRACE_COLUMNS, UNSIMULATED, left_out, look_up, measured_step, projections, rows_left_out,
    simulate,
};
use super::progress::ProgressObserver;
use super::run::{Probe, Run};
use super::sweep_problem::SweepProblem;
use crate::project::Warning;

/// What a sweep came to.
pub(crate) struct Swept {
    pub(crate) frame: DataFrame,
    /// What a reader of its figures should know.
    pub(crate) warnings: Vec<Warning>,
    /// How many cells rest on what was not measured, or on what cannot be.
    pub(crate) doubts: RunDoubts,
}

/// Evaluates all cells of a run and keeps the columns of `kept`.
pub(crate) fn sweep(
    run: &Run,
    inputs: &Inputs,
    kept: &Kept,
    observer: &dyn ProgressObserver,
) -> Result<Swept, SweepProblem> {
    let evaluation = Evaluation {
        run,
        models: Models::of(run, inputs)?,
        kept: match &run.probe {
            Probe::Serve(_) => kept.with(&[REJECTED, UNSIMULATED]),
            // Notes of any other need no columns.
            _ => kept.clone(),
        },
        observer,
    };
    let doubts = Doubts::default();
    let frame =
        evaluated(&evaluation, inputs, &doubts).map_err(|(cell, problem)| SweepProblem::Cell {
            run: run.name.clone(),
            cell: run.axes.describe(cell),
            problem,
        })?;
    let warnings = match &run.probe {
        Probe::Serve(plan) => left_out(run, plan, &frame),
        Probe::Trace(plan) => rows_left_out(run, plan),
        Probe::Step(_) | Probe::Mfu(_) | Probe::Gemm { .. } => Vec::new(),
    };
    // A run of more rows than can be counted is refused before.
    let rows = run.rows().unwrap_or(usize::MAX);
    let frame = frame
        .into_frame(rows)
        .map_err(|source| SweepProblem::Frame {
            run: run.name.clone(),
            source,
        })?;
    Ok(Swept {
        frame,
        warnings,
        doubts: doubts.of_run(run),
    })
}

fn evaluated(evaluation: &Evaluation<'_>, inputs: &Inputs, doubts: &Doubts) -> Evaluated {
    let run = evaluation.run;
    let cells = |at_once| Task::of_cells(run, at_once);
    match &run.probe {
        Probe::Step(plan) => evaluation.evaluate(
            STEP_COLUMNS,
            cells(CELLS_PER_TASK),
            Batch::new,
            |batch, (model, gpus), positions, _| {
                plan.fill(batch, &run.axes, positions)?;
                let step = model.step(batch).map_err(|_| CellProblem::EmptyBatch)?;
                doubts.note_step(gpus, batch, step.found());
                Ok(StepCell::new(model, batch, &step))
            },
        ),
        Probe::Mfu(lookup) => evaluation.evaluate(
            MFU_COLUMNS,
            cells(CELLS_PER_TASK),
            || (),
            |(), (model, _), positions, _| look_up(run, *lookup, inputs, model, positions),
        ),
        Probe::Gemm { tokens, projection } => evaluation.evaluate(
            GEMM_COLUMNS,
            cells(CELLS_PER_TASK),
            || (),
            |(), (model, _), positions, _| {
                let tokens = tokens.at(&run.axes, positions)?;
                let projections = projections(run, *projection, positions)?;
                let costs = projections.map(|one| model.gemm(one, tokens));
                Ok(GemmCell::new(model, tokens, costs))
            },
        ),
        Probe::Trace(plan) => evaluation.evaluate(
            TRACE_COLUMNS,
            Task::of_rows(run, |positions| {
                plan.experiment(positions).map_or(0, |one| one.steps.len())
            }),
            Batch::new,
            |batch, (model, _), positions, step| measured_step(plan, model, batch, positions, step),
        ),
        // A simulation takes milliseconds: each is a task of its own.
        Probe::Serve(plan) => evaluation.evaluate(
            &SERVE_COLUMNS,
            cells(1),
            || (),
            |(), (model, gpus), positions, _| {
                simulate(run, plan, inputs, model, positions, |replayed| {
                    doubts.note_server(gpus, replayed);
                })
            },
        ),
    }
}
