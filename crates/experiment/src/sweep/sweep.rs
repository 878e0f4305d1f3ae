//! Evaluates every cell of a run, in parallel, in input order.

use polars::prelude::DataFrame;
use roofline::Batch;
use settings::Inputs;

use super::cell_problem::CellProblem;
use super::cells::{CELLS_PER_TASK, evaluate, evaluate_many};
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

/// What a sweep came to.
pub(crate) struct Swept {
    pub(crate) frame: DataFrame,
    /// What a reader of its figures should know.
    pub(crate) notes: Vec<String>,
}

/// Evaluates all cells of a run and keeps the columns of `kept`.
pub(crate) fn sweep(
    run: &Run,
    inputs: &Inputs,
    kept: &Kept,
    observer: &dyn ProgressObserver,
) -> Result<Swept, SweepProblem> {
    let models = Models::of(run, inputs)?;
    let kept = &match &run.probe {
        Probe::Serve(_) => kept.with(&[REJECTED, UNSIMULATED]),
        Probe::Step(_) | Probe::Mfu(_) | Probe::Gemm { .. } | Probe::Trace(_) => kept.clone(),
    };
    let few = CELLS_PER_TASK;
    let frame = match &run.probe {
        Probe::Step(plan) => evaluate(
            run,
            kept,
            STEP_COLUMNS,
            few,
            Batch::new,
            |batch, positions| {
                plan.fill(batch, &run.axes, positions)?;
                models.with(positions, |model| {
                    let step = model.step(batch).map_err(|_| CellProblem::EmptyBatch)?;
                    Ok(StepCell::new(model, batch, &step))
                })
            },
            observer,
        ),
        Probe::Mfu(lookup) => evaluate(
            run,
            kept,
            MFU_COLUMNS,
            few,
            || (),
            |(), positions| {
                models.with(positions, |model| {
                    look_up(run, *lookup, inputs, model, positions)
                })
            },
            observer,
        ),
        Probe::Gemm { tokens, projection } => evaluate(
            run,
            kept,
            GEMM_COLUMNS,
            few,
            || (),
            |(), positions| {
                let tokens = tokens.at(&run.axes, positions)?;
                let projections = projections(run, *projection, positions)?;
                models.with(positions, |model| {
                    let costs = projections.map(|one| model.gemm(one, tokens));
                    Ok(GemmCell::new(model, tokens, costs))
                })
            },
            observer,
        ),
        Probe::Trace(plan) => evaluate_many(
            run,
            kept,
            TRACE_COLUMNS,
            |positions| plan.experiment(positions).map_or(0, |one| one.steps.len()),
            Batch::new,
            |batch, positions, step| {
                models.with(positions, |model| {
                    measured_step(plan, model, batch, positions, step)
                })
            },
            observer,
        ),
        // A simulation takes milliseconds: each is a task of its own.
        Probe::Serve(plan) => evaluate(
            run,
            kept,
            SERVE_COLUMNS,
            1,
            || (),
            |(), positions| {
                models.with(positions, |model| {
                    simulate(run, plan, inputs, model, positions)
                })
            },
            observer,
        ),
    }
    .map_err(|(cell, problem)| SweepProblem::Cell {
        run: run.name.clone(),
        cell: run.axes.describe(cell),
        problem,
    })?;
    let notes = match &run.probe {
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
    Ok(Swept { frame, notes })
}
