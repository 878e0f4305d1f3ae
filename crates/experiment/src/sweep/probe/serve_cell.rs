//! The simulation of a `serve` cell.

use std::collections::BTreeSet;

use replay::{Replayed, replay};
use roofline::StepModel;
use settings::Inputs;

use super::super::cell_problem::CellProblem;
use super::super::frame::FrameBuilder;
use super::super::run::Run;
use super::super::serve_plan::ServePlan;
use super::serve::{REJECTED, ServeCell, UNSIMULATED};
use crate::project::{Warning, WarningKind};

/// Which requests are in no figure: those that a simulated server refuses, and those of a benchmark that are not simulated.
pub(crate) fn left_out(run: &Run, plan: &ServePlan, frame: &FrameBuilder) -> Vec<Warning> {
    let mut notes = Vec::new();
    let rejected = frame.ints(REJECTED).iter().flatten();
    let rejected: Vec<i64> = rejected.copied().filter(|count| *count > 0).collect();
    if !rejected.is_empty() {
        let cells = rejected.len();
        let what = format!(
            "run `{}`: requests that the simulated server rejects, which are in no predicted figure: {} in {cells} of {} cells",
            run.name,
            rejected.iter().sum::<i64>(),
            run.axes.cells()
        );
        notes.push(Warning::of_cells(WarningKind::LeftOut, cells, what));
    }
    let mut positions = vec![0; run.axes.axis_count()];
    let mut seen = BTreeSet::new();
    for (cell, count) in frame.ints(UNSIMULATED).iter().enumerate() {
        run.axes.positions(cell, &mut positions);
        let Some(count) = count.filter(|count| *count > 0) else {
            continue;
        };
        if seen.insert(positions[plan.axis]) {
            let measured = plan.benchmark(&positions);
            let what = format!(
                "run `{}`, {}, benchmark {} ({}): requests that are not simulated, since they failed, were cut off or have no usable times: {count}",
                run.name,
                measured.run.experiment,
                measured.index,
                measured.benchmark().strategy
            );
            notes.push(Warning::new(WarningKind::LeftOut, what));
        }
    }
    notes
}

pub(crate) fn simulate(
    run: &Run,
    plan: &ServePlan,
    inputs: &Inputs,
    model: &StepModel<'_>,
    positions: &[usize],
    note: impl FnOnce(&Replayed),
) -> Result<ServeCell, CellProblem> {
    let failed = |problem: String| CellProblem::Simulation(problem);
    let measured = plan.benchmark(positions);
    let options = plan
        .options(&run.axes, positions)
        .map_err(|problem| failed(problem.to_string()))?;
    let setup = run
        .setup_at(positions)
        .map_err(|wrong| failed(wrong.to_string()))?;
    let host = inputs
        .host(&setup, model)
        .map_err(|problem| failed(problem.to_string()))?;
    let replayed = replay(
        &measured.run,
        measured.benchmark(),
        &host,
        &options,
        &mut (),
    )
    .map_err(|problem| {
        failed(match measured.run.benchmarks.len() {
            1 => problem.to_string(),
            _ => format!("benchmark {}: {problem}", measured.index),
        })
    })?;
    note(&replayed);
    Ok(ServeCell::new(measured, replayed))
}
