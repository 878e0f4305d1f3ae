//! The look-up of an `mfu` cell.

use roofline::StepModel;
use settings::{Inputs, SetupProblem};

use super::super::batch_plan::NumberSource;
use super::super::cell_problem::CellProblem;
use super::super::run::{Lookup, Run};
use super::mfu::MfuCell;

pub(crate) fn look_up(
    run: &Run,
    lookup: Lookup,
    inputs: &Inputs,
    model: &StepModel<'_>,
    positions: &[usize],
) -> Result<MfuCell, CellProblem> {
    let at = |source: NumberSource| source.at(&run.axes, positions);
    let failed = |problem: SetupProblem| CellProblem::Setup(problem.to_string());
    // The names of a setup are looked up only where there is a measured row.
    let kernels = || {
        let setup = run
            .setup_at(positions)
            .map_err(|wrong| CellProblem::Setup(wrong.to_string()))?;
        let (shape, kernels) = inputs.measured_kernels(&setup).map_err(failed)?;
        Ok::<_, CellProblem>((shape, setup.tensor_parallel, kernels))
    };
    let (answer, kernel) = match lookup {
        Lookup::Gemm { m, k, n } => {
            let (m, k, n) = (at(m)?, at(k)?, at(n)?);
            let answer = model.gemm_mfu(m, k, n);
            let kernel = if answer.found.is_measured() {
                kernels()?.2.gemm(m, k, n)
            } else {
                None
            };
            (answer, kernel)
        }
        Lookup::Decode { batch, kv } => {
            let (batch, kv) = (at(batch)?, at(kv)?);
            let answer = model.decode_attention_mfu(batch, kv);
            let kernel = if answer.found.is_measured() {
                let (shape, tensor_parallel, kernels) = kernels()?;
                kernels.decode(shape, tensor_parallel, batch, kv)
            } else {
                None
            };
            (answer, kernel)
        }
        Lookup::Prefill { seq_len } => {
            let seq_len = at(seq_len)?;
            let answer = model.prefill_attention_mfu(seq_len);
            let kernel = if answer.found.is_measured() {
                let (shape, _, kernels) = kernels()?;
                kernels.prefill(shape, seq_len)
            } else {
                None
            };
            (answer, kernel)
        }
    };
    Ok(MfuCell { answer, kernel })
}
