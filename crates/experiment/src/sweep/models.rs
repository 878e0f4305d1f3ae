//! The step models of a run.

use roofline::StepModel;
use settings::Inputs;

use super::axes::Axis;
use super::cell_problem::CellProblem;
use super::doubts::Gpus;
use super::run::Run;
use super::sweep_problem::SweepProblem;

/// Combinations of setting axes up to which the step models are kept; they take under a kilobyte each.
const KEPT_MODELS: usize = 65_536;

/// The step models of a run: one for each combination of the axes that settings depend on.
pub(crate) struct Models<'t> {
    run: &'t Run,
    inputs: &'t Inputs,
    /// Every model, or none where there are too many to keep: then each cell builds its own.
    by_combination: Vec<(StepModel<'t>, Gpus)>,
    axes: Vec<usize>,
    lens: Vec<usize>,
}

impl<'t> Models<'t> {
    /// Builds the models of all combinations.
    ///
    /// # Errors
    ///
    /// The first combination that makes no model, with its cell in words.
    pub(crate) fn of(run: &'t Run, inputs: &'t Inputs) -> Result<Self, SweepProblem> {
        let axes = run.setting_axes();
        let all_lens: Vec<usize> = run.axes.iter().map(Axis::len).collect();
        let lens: Vec<usize> = axes.iter().map(|axis| all_lens[*axis]).collect();
        let combinations: usize = lens.iter().product();
        let mut models = Self {
            run,
            inputs,
            by_combination: Vec::new(),
            axes,
            lens,
        };
        let mut positions = vec![0; all_lens.len()];
        for combination in 0..combinations {
            let mut rest = combination;
            for (axis, len) in models.axes.iter().zip(&models.lens).rev() {
                positions[*axis] = rest % len;
                rest /= len;
            }
            let model = models.build(&positions)?;
            if combinations <= KEPT_MODELS {
                models.by_combination.push(model);
            }
        }
        Ok(models)
    }

    /// The model of a combination, and its GPUs.
    fn build(&self, positions: &[usize]) -> Result<(StepModel<'t>, Gpus), SweepProblem> {
        let run = self.run.name.clone();
        let cell = || self.run.axes.describe_positions(positions, &self.axes);
        match self.run.setup_at(positions) {
            Ok(setup) => {
                let model = self.inputs.step_model(&setup);
                let built = model.and_then(|model| {
                    let gpus = Gpus::of(&self.inputs.host(&setup, &model)?);
                    Ok((model, gpus))
                });
                built.map_err(|problem| SweepProblem::Setup {
                    run,
                    cell: cell(),
                    problem: Box::new(problem),
                })
            }
            Err(wrong) => Err(SweepProblem::Setting {
                run,
                cell: cell(),
                wrong,
            }),
        }
    }

    /// Hands the model and the GPUs of a cell to `compute`.
    pub(super) fn with<R>(
        &self,
        positions: &[usize],
        compute: impl FnOnce(&StepModel<'t>, Gpus) -> Result<R, CellProblem>,
    ) -> Result<R, CellProblem> {
        let index = self
            .axes
            .iter()
            .zip(&self.lens)
            .fold(0, |index, (axis, len)| index * len + positions[*axis]);
        if let Some((model, gpus)) = self.by_combination.get(index) {
            compute(model, *gpus)
        } else {
            let (model, gpus) = self
                .build(positions)
                .map_err(|problem| CellProblem::Setup(problem.to_string()))?;
            compute(&model, gpus)
        }
    }
}
