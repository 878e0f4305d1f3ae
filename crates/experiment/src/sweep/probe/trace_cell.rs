//! The recorded step of a `trace` cell.

use roofline::{Batch, StepModel};

use super::super::cell_problem::CellProblem;
use super::super::run::Run;
use super::super::trace_plan::{TracePlan, fill, step_tokens};
use super::trace::TraceCell;
use crate::project::{Warning, WarningKind};

/// Which rows of a trace are in no figure.
pub(crate) fn rows_left_out(run: &Run, plan: &TracePlan) -> Vec<Warning> {
    let left_out = plan.trace.as_ref().map_or(0, |trace| trace.left_out);
    if left_out == 0 {
        return Vec::new();
    }
    let what = format!(
        "run `{}`: rows of the trace that its mapping leaves out: {left_out}",
        run.name
    );
    vec![Warning::of_cells(WarningKind::LeftOut, left_out, what)]
}

pub(crate) fn measured_step(
    plan: &TracePlan,
    model: &StepModel<'_>,
    batch: &mut Batch,
    positions: &[usize],
    step: usize,
) -> Result<TraceCell, CellProblem> {
    let (Some(trace), Some(measured)) = (
        &plan.trace,
        plan.experiment(positions)
            .and_then(|experiment| experiment.steps.get(step)),
    ) else {
        return Err(CellProblem::EmptyBatch);
    };
    let is_known = fill(batch, measured).map_err(|problem| CellProblem::Step {
        row: measured.row,
        problem,
    })?;
    Ok(TraceCell {
        measured: *measured,
        workload: trace.workload(measured).map(str::to_owned),
        analytical: model.analytical_times(&step_tokens(measured)),
        predicted: if is_known {
            model.step(batch).ok()
        } else {
            None
        },
    })
}
