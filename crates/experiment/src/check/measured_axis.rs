//! Axes over measured benchmarks.

use std::collections::BTreeSet;
use std::sync::Arc;

use ground_truth::{MeasuredRun, Strategy};

use super::runs::RunChecker;
use crate::axes::Axis;
use crate::axis_problem::AxisProblem;
use crate::measured::MeasuredBenchmark;
use crate::setting::Setting;
use crate::spec::{CaseValue, Choices, GroundTruthSpec, Scalar};

/// The field of an axis over measured benchmarks that numbers the benchmarks of a run.
const BENCHMARK: &str = "benchmark";

/// The fields by which a measured run sets up its simulation.
pub(super) const MEASURED_SETTINGS: [(Setting, &str); 3] = [
    (Setting::Model, "model"),
    (Setting::TensorParallel, "tensor_parallel"),
    (Setting::Gpu, "gpu"),
];

/// The benchmarks of an axis, in the order of its values.
#[derive(Debug, Clone)]
pub(super) struct MeasuredAxis {
    pub(super) name: String,
    pub(super) benchmarks: Vec<MeasuredBenchmark>,
}

impl RunChecker<'_> {
    /// The measured benchmarks that a filter asks for: a value for each.
    pub(super) fn measured_axis(
        &mut self,
        name: &str,
        wanted: &GroundTruthSpec,
    ) -> Result<Axis, AxisProblem> {
        let mut experiments = Vec::new();
        let mut benchmarks = Vec::new();
        let mut positions = Vec::new();
        let (mut models, mut gpus, mut tensor_parallels) = (Vec::new(), Vec::new(), Vec::new());
        for run in self.wanted_runs(wanted)? {
            let host = self.host_of(&run)?;
            for (index, benchmark) in run.benchmarks.iter().enumerate() {
                if !is_wanted(wanted.strategy.as_ref(), benchmark.strategy.name()) {
                    continue;
                }
                let text = |word: &str| CaseValue::One(Scalar::Text(word.to_owned()));
                experiments.push(text(&run.experiment));
                positions.push(CaseValue::One(Scalar::Int(
                    i64::try_from(index).unwrap_or(i64::MAX),
                )));
                models.push(text(&host.model));
                gpus.push(text(&host.gpu));
                tensor_parallels.push(CaseValue::One(Scalar::Int(host.tensor_parallel.into())));
                benchmarks.push(MeasuredBenchmark {
                    run: Arc::clone(&run),
                    index,
                });
            }
        }
        if benchmarks.is_empty() {
            return Err(AxisProblem::NothingMeasured);
        }
        if self.measured_axis.is_some() {
            return Err(AxisProblem::TwoMeasuredAxes);
        }
        self.measured_axis = Some(MeasuredAxis {
            name: name.to_owned(),
            benchmarks,
        });
        let [model, tensor_parallel, gpu] = MEASURED_SETTINGS.map(|(_, field)| field.to_owned());
        Axis::of_fields(
            name,
            vec![
                (name.to_owned(), experiments),
                (BENCHMARK.to_owned(), positions),
                (model, models),
                (tensor_parallel, tensor_parallels),
                (gpu, gpus),
            ],
        )
    }

    /// The measured runs of which some benchmark may be wanted.
    fn wanted_runs(
        &mut self,
        wanted: &GroundTruthSpec,
    ) -> Result<Vec<Arc<MeasuredRun>>, AxisProblem> {
        let strategies = || Strategy::NAMES.into_iter().map(str::to_owned);
        all_known("strategy", wanted.strategy.as_ref(), strategies())?;
        let names = self.names_in_splits(wanted)?;
        let mut runs = Vec::new();
        for name in names {
            runs.push(
                self.measured
                    .load(&name)
                    .map_err(|error| AxisProblem::measured(&error))?,
            );
        }
        let workloads = runs.iter().filter_map(|run| run.workload.clone());
        all_known("workload", wanted.workload.as_ref(), workloads)?;
        let models = runs.iter().filter_map(|run| run.model.clone());
        all_known(
            "model",
            wanted.model.as_ref(),
            models.map(|model| folder_of(&model)),
        )?;
        let splits = runs.iter().filter_map(|run| run.tensor_parallel);
        all_known(
            "tensor_parallel",
            wanted.tensor_parallel.as_ref(),
            splits.map(|tensor_parallel| tensor_parallel.to_string()),
        )?;
        let is = |choices: Option<&Choices>, value: Option<String>| match (choices, value) {
            (None, _) => true,
            (Some(_), None) => false,
            (choices, Some(value)) => is_wanted(choices, &value),
        };
        runs.retain(|run| {
            is(wanted.workload.as_ref(), run.workload.clone())
                && is(wanted.model.as_ref(), run.model.as_deref().map(folder_of))
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
        let ground_truth = self
            .measured
            .open()
            .map_err(|error| AxisProblem::measured(&error))?;
        let experiments = ground_truth.experiments();
        all_known(
            "experiment",
            wanted.experiment.as_ref(),
            experiments.iter().cloned(),
        )?;
        let parts: Vec<(String, &[String])> = ground_truth
            .splits()
            .iter()
            .flat_map(|split| {
                [
                    (format!("{}.train", split.name), split.train.as_slice()),
                    (format!("{}.test", split.name), split.test.as_slice()),
                ]
            })
            .collect();
        let known = parts.iter().map(|(part, _)| part.clone());
        all_known("split", wanted.split.as_ref(), known)?;
        let in_parts: Option<BTreeSet<&String>> = wanted.split.as_ref().map(|wanted| {
            parts
                .iter()
                .filter(|(part, _)| is_wanted(Some(wanted), part))
                .flat_map(|(_, experiments)| experiments.iter())
                .collect()
        });
        Ok(experiments
            .iter()
            .filter(|name| is_wanted(wanted.experiment.as_ref(), name))
            .filter(|name| in_parts.as_ref().is_none_or(|parts| parts.contains(name)))
            .cloned()
            .collect())
    }

    /// What a measured run ran on. The GPU may stand in the file's setup instead.
    fn host_of(&self, run: &MeasuredRun) -> Result<MeasuredHost, AxisProblem> {
        let lacks = |what: &'static str| AxisProblem::NotStated {
            experiment: run.experiment.clone(),
            what,
        };
        let shared_gpu = self
            .shared
            .get(Setting::Gpu)
            .map(|gpu| gpu.value.to_string());
        Ok(MeasuredHost {
            model: folder_of(run.model.as_deref().ok_or_else(|| lacks("model"))?),
            tensor_parallel: run
                .tensor_parallel
                .ok_or_else(|| lacks("tensor_parallelism"))?,
            gpu: run.gpu.clone().or(shared_gpu).ok_or_else(|| lacks("gpu"))?,
        })
    }
}

struct MeasuredHost {
    model: String,
    tensor_parallel: u32,
    gpu: String,
}

/// The folder below `model_configs` of a model: the last part of a hub id, in lower case.
fn folder_of(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).to_lowercase()
}

fn is_wanted(choices: Option<&Choices>, value: &str) -> bool {
    choices.is_none_or(|choices| choices.words().any(|word| word == value))
}

/// Every choice is a value that there is.
fn all_known(
    key: &'static str,
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
            key,
            word,
            known: known.into_iter().collect::<Vec<_>>().join(", "),
        }),
    }
}
