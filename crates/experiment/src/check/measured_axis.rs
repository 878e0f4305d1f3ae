//! Axes over measured benchmarks.

use std::collections::BTreeSet;
use std::sync::Arc;

use ground_truth::{Benchmark, MeasuredRun, Strategy};
use settings::Setting;

use super::measured_fields::{BENCHMARK, Fallbacks, MEASURED_SETTINGS, MeasuredAxis, is_wanted};
use super::run_checker::RunChecker;
use super::splits::{SplitPart, split_of};
use crate::format::{CaseValue, Choices, GroundTruthSpec, Scalar};
use crate::project::MeasuredBenchmark;
use crate::sweep::{Axis, AxisProblem, Filter};

impl RunChecker<'_, '_> {
    /// The measured benchmarks that a filter asks for: a value for each.
    pub(super) fn measured_axis(
        &mut self,
        name: &str,
        wanted: &GroundTruthSpec,
        own: &Fallbacks,
    ) -> Result<Axis, AxisProblem> {
        let settings = MEASURED_SETTINGS.iter().map(|setting| setting.path());
        let names = [name, BENCHMARK].into_iter().chain(settings);
        let mut fields: Vec<_> = names.map(|name| (name.to_owned(), Vec::new())).collect();
        let mut benchmarks = Vec::new();
        let runs = self.wanted_runs(wanted)?;
        let parts = self.split_parts()?;
        for run in runs {
            let is_wanted =
                |one: &Benchmark| is_wanted(wanted.strategy.as_ref(), one.strategy.name());
            if !run.benchmarks.iter().any(is_wanted) {
                continue;
            }
            let host = self.host_of(&run, own)?;
            self.measured.note_simulated(&run.experiment);
            let split = split_of(&parts, wanted.split.as_ref(), &run.experiment);
            let split: Option<Arc<str>> = split.map(Arc::from);
            let indices = 0..run.benchmarks.len();
            for index in indices.filter(|index| is_wanted(&run.benchmarks[*index])) {
                let row = [
                    Scalar::Text(run.experiment.clone()),
                    Scalar::Int(i64::try_from(index).unwrap_or(i64::MAX)),
                    Scalar::Text(host.model.clone()),
                    Scalar::Int(host.tensor_parallel.into()),
                    Scalar::Text(host.gpu.clone()),
                ];
                for ((_, values), value) in fields.iter_mut().zip(row) {
                    values.push(CaseValue::One(value));
                }
                let run = Arc::clone(&run);
                let split = split.clone();
                benchmarks.push(MeasuredBenchmark { run, index, split });
            }
        }
        if benchmarks.is_empty() {
            return Err(AxisProblem::NothingMeasured {
                folder: self.measured.called(),
            });
        }
        if self.measured_axis.is_some() {
            return Err(AxisProblem::TwoMeasuredAxes);
        }
        self.measured_axis = Some(MeasuredAxis {
            name: name.to_owned(),
            benchmarks,
        });
        Axis::of_fields(name, fields)
    }

    /// The measured runs of which some benchmark may be wanted.
    fn wanted_runs(
        &mut self,
        wanted: &GroundTruthSpec,
    ) -> Result<Vec<Arc<MeasuredRun>>, AxisProblem> {
        let strategies = Strategy::NAMES.into_iter().map(str::to_owned);
        all_known(Filter::Strategy, wanted.strategy.as_ref(), strategies)?;
        let names = self.names_in_splits(wanted)?;
        let mut runs = Vec::new();
        for name in names {
            runs.push(self.measured.load(&name)?);
        }
        let workloads = runs.iter().filter_map(|run| run.workload.clone());
        all_known(Filter::Workload, wanted.workload.as_ref(), workloads)?;
        let mut models = Vec::with_capacity(runs.len());
        for run in &runs {
            models.push(self.model_folder(run)?);
        }
        let known = models.iter().flatten().cloned();
        all_known(Filter::Model, wanted.model.as_ref(), known)?;
        let splits = runs.iter().filter_map(|run| run.tensor_parallel);
        all_known(
            Filter::TensorParallel,
            wanted.tensor_parallel.as_ref(),
            splits.map(|tensor_parallel| tensor_parallel.to_string()),
        )?;
        let is = |choices: Option<&Choices>, value: Option<String>| match (choices, value) {
            (None, _) => true,
            (Some(_), None) => false,
            (choices, Some(value)) => is_wanted(choices, &value),
        };
        let mut models = models.into_iter();
        runs.retain(|run| {
            is(wanted.model.as_ref(), models.next().flatten())
                && is(wanted.workload.as_ref(), run.workload.clone())
                && is(
                    wanted.tensor_parallel.as_ref(),
                    run.tensor_parallel.map(|count| count.to_string()),
                )
        });
        Ok(runs)
    }

    /// The experiments of the ground truth that the filter's names and parts of splits leave, in the order of their
    /// names.
    fn names_in_splits(&mut self, wanted: &GroundTruthSpec) -> Result<Vec<String>, AxisProblem> {
        if wanted.split.is_some() && self.splits.is_empty() {
            self.measured.note_split();
        }
        let folder = self.measured.called();
        let experiments = self.measured.open()?.experiments().to_vec();
        if experiments.is_empty() {
            return Err(AxisProblem::NoExperiments { folder });
        }
        all_known(
            Filter::Experiment,
            wanted.experiment.as_ref(),
            experiments.iter().cloned(),
        )?;
        let parts = self.split_parts()?;
        let known = parts.iter().map(SplitPart::called);
        all_known(Filter::SplitPart, wanted.split.as_ref(), known)?;
        let in_parts: Option<BTreeSet<&String>> = wanted.split.as_ref().map(|wanted| {
            parts
                .iter()
                .filter(|part| is_wanted(Some(wanted), &part.called()))
                .flat_map(|part| &part.experiments)
                .collect()
        });
        Ok(experiments
            .iter()
            .filter(|name| is_wanted(wanted.experiment.as_ref(), name))
            .filter(|name| in_parts.as_ref().is_none_or(|parts| parts.contains(name)))
            .cloned()
            .collect())
    }

    /// The folder below `model_configs` of the model that a measured run names.
    fn model_folder(&self, run: &MeasuredRun) -> Result<Option<String>, AxisProblem> {
        let folder = |model| self.catalog.model_folder(model);
        let found = run.model.as_deref().map(folder).transpose();
        found.map_err(|error| AxisProblem::Models(error.to_string()))
    }

    /// What a measured run ran on, as its files or else the hypothesis say.
    fn host_of(&self, run: &MeasuredRun, own: &Fallbacks) -> Result<MeasuredHost, AxisProblem> {
        let lacks = |setting| AxisProblem::NotStated {
            experiment: run.experiment.clone(),
            setting,
        };
        let shared_gpu = || {
            let gpu = self.shared.get(Setting::GPU)?;
            gpu.value.as_value().as_text().map(str::to_owned)
        };
        let model = self.model_folder(run)?;
        let gpu = run.gpu.clone().or_else(|| own.gpu.clone());
        Ok(MeasuredHost {
            model: model
                .or_else(|| own.model.clone())
                .ok_or_else(|| lacks(Setting::MODEL))?,
            tensor_parallel: run
                .tensor_parallel
                .or(own.tensor_parallel)
                .ok_or_else(|| lacks(Setting::TENSOR_PARALLEL))?,
            gpu: gpu.or_else(shared_gpu).ok_or_else(|| lacks(Setting::GPU))?,
        })
    }
}

struct MeasuredHost {
    model: String,
    tensor_parallel: u32,
    gpu: String,
}

/// Every choice is a value that there is.
fn all_known(
    filter: Filter,
    choices: Option<&Choices>,
    known: impl Iterator<Item = String>,
) -> Result<(), AxisProblem> {
    let Some(choices) = choices else {
        return Ok(());
    };
    let known: BTreeSet<String> = known.collect();
    match choices.words().find(|word| !known.contains(word)) {
        None => Ok(()),
        Some(word) => Err(AxisProblem::UnknownFilter {
            filter,
            word,
            known: known.into_iter().collect(),
        }),
    }
}
