//! Evaluates every cell of a run, in parallel, in input order.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, PolarsError};
use roofline::{Batch, Projection, StepModel};

use crate::axes::{Axis, value_text};
use crate::batch_plan::CellProblem;
use crate::cells::{CELLS_PER_TASK, evaluate, evaluate_many};
use crate::frame::FrameBuilder;
use crate::inputs::{Inputs, SetupProblem};
use crate::probe::{
    GEMM_COLUMNS, GemmCell, MFU_COLUMNS, MfuCell, REJECTED, SERVE_COLUMNS, STEP_COLUMNS, ServeCell,
    StepCell, TRACE_COLUMNS, TraceCell, UNSIMULATED,
};
use crate::progress::ProgressObserver;
use crate::replay::replay;
use crate::run::{ALL_PROJECTIONS, Lookup, Probe, ProjectionSource, Run};
use crate::serve_plan::ServePlan;
use crate::setting::{Setting, WrongValue};
use crate::spec::Scalar;
use crate::trace_plan::{TracePlan, fill, step_tokens};

/// Which columns of a run are worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Some SQL selects everything.
    All,
    /// Names that stand anywhere in the SQL.
    Named(BTreeSet<String>),
}

impl Kept {
    /// These and others.
    fn with(&self, more: &[&str]) -> Self {
        match self {
            Self::All => Self::All,
            Self::Named(names) => {
                let more = more.iter().map(|name| (*name).to_owned());
                Self::Named(names.iter().cloned().chain(more).collect())
            }
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(name),
        }
    }
}

/// What stops a sweep.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SweepProblem {
    #[error("run `{run}`, {cell}: {problem}")]
    Cell {
        run: String,
        cell: String,
        problem: CellProblem,
    },
    #[error("run `{run}`, {cell}: {problem}")]
    Setup {
        run: String,
        cell: String,
        problem: Box<SetupProblem>,
    },
    #[error("run `{run}`, {cell}: `{}` cannot be `{value}`: it takes {}", setting.path(), wrong.0)]
    Setting {
        run: String,
        cell: String,
        setting: Setting,
        value: Scalar,
        wrong: WrongValue,
    },
    #[error("run `{run}`: {source}")]
    Frame { run: String, source: PolarsError },
}

/// Combinations of setting axes up to which the step models are kept; they take under a kilobyte each.
const KEPT_MODELS: usize = 65_536;

/// The step models of a run: one for each combination of the axes that settings depend on.
pub(crate) struct Models<'t> {
    run: &'t Run,
    inputs: &'t Inputs,
    /// Every model, or none where there are too many to keep: then each cell builds its own.
    by_combination: Vec<StepModel<'t>>,
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

    fn build(&self, positions: &[usize]) -> Result<StepModel<'t>, SweepProblem> {
        let run = self.run.name.clone();
        let cell = || self.run.axes.describe_positions(positions, &self.axes);
        match self.run.setup_at(positions) {
            Ok(setup) => self
                .inputs
                .step_model(&setup)
                .map_err(|problem| SweepProblem::Setup {
                    run,
                    cell: cell(),
                    problem: Box::new(problem),
                }),
            Err((setting, value, wrong)) => Err(SweepProblem::Setting {
                run,
                cell: cell(),
                setting,
                value,
                wrong,
            }),
        }
    }

    /// Hands the model of a cell to `compute`.
    fn with<R>(
        &self,
        positions: &[usize],
        compute: impl FnOnce(&StepModel<'t>) -> Result<R, CellProblem>,
    ) -> Result<R, CellProblem> {
        let index = self
            .axes
            .iter()
            .zip(&self.lens)
            .fold(0, |index, (axis, len)| index * len + positions[*axis]);
        if let Some(model) = self.by_combination.get(index) {
            compute(model)
        } else {
            let model = self
                .build(positions)
                .map_err(|problem| CellProblem::Setup(problem.to_string()))?;
            compute(&model)
        }
    }
}

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

/// Which requests are in no figure: those that a simulated server refuses, and those of a benchmark that are not simulated.
fn left_out(run: &Run, plan: &ServePlan, frame: &FrameBuilder) -> Vec<String> {
    let mut notes = Vec::new();
    let rejected = frame.ints(REJECTED).iter().flatten();
    let rejected: Vec<i64> = rejected.copied().filter(|count| *count > 0).collect();
    if !rejected.is_empty() {
        notes.push(format!(
            "run `{}`: requests that the simulated server rejects, which are in no predicted figure: {} in {} of {} cells",
            run.name,
            rejected.iter().sum::<i64>(),
            rejected.len(),
            run.axes.cells()
        ));
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
            notes.push(format!(
                "run `{}`, {}, benchmark {} ({}): requests that are not simulated, since they failed, were cut off or have no usable times: {count}",
                run.name,
                measured.run.experiment,
                measured.index,
                measured.benchmark().strategy
            ));
        }
    }
    notes
}

/// Which rows of a trace are in no figure.
fn rows_left_out(run: &Run, plan: &TracePlan) -> Vec<String> {
    let left_out = plan.trace.as_ref().map_or(0, |trace| trace.left_out);
    if left_out == 0 {
        return Vec::new();
    }
    vec![format!(
        "run `{}`: rows of the trace that its mapping leaves out: {left_out}",
        run.name
    )]
}

fn measured_step(
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

fn simulate(
    run: &Run,
    plan: &ServePlan,
    inputs: &Inputs,
    model: &StepModel<'_>,
    positions: &[usize],
) -> Result<ServeCell, CellProblem> {
    let failed = |problem: String| CellProblem::Simulation(problem);
    let measured = plan.benchmark(positions);
    let options = plan
        .options(&run.axes, positions)
        .map_err(|problem| failed(problem.to_string()))?;
    let setup = run
        .setup_at(positions)
        .map_err(|(setting, _, wrong)| failed(format!("`{}` takes {}", setting.path(), wrong.0)))?;
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
    Ok(ServeCell::new(measured, replayed))
}

fn look_up(
    run: &Run,
    lookup: Lookup,
    inputs: &Inputs,
    model: &StepModel<'_>,
    positions: &[usize],
) -> Result<MfuCell, CellProblem> {
    let at = |source: crate::batch_plan::NumberSource| source.at(&run.axes, positions);
    let failed = |problem: SetupProblem| CellProblem::Setup(problem.to_string());
    // The names of a setup are looked up only where there is a measured row.
    let kernels = || {
        let setup = run.setup_at(positions).map_err(|(setting, _, wrong)| {
            CellProblem::Setup(format!("`{}` takes {}", setting.path(), wrong.0))
        })?;
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

/// The projections of a cell: the one that is named, or all of a layer.
///
/// # Errors
///
/// A word from a query that names none; those of the file were checked.
fn projections(
    run: &Run,
    source: ProjectionSource,
    positions: &[usize],
) -> Result<impl Iterator<Item = Projection>, CellProblem> {
    let named = match source {
        ProjectionSource::All => None,
        ProjectionSource::One(projection) => Some(projection),
        ProjectionSource::Varied(field) => {
            let word = value_text(run.axes.value(field, positions));
            if word == ALL_PROJECTIONS {
                None
            } else {
                Some(word.parse().map_err(|_| CellProblem::Projection(word))?)
            }
        }
    };
    let all = Projection::ALL.iter().copied();
    Ok(all.filter(move |one| match named {
        Some(projection) => *one == projection,
        None => *one != Projection::LmHead,
    }))
}
