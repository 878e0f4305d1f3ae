//! Runs that go through measured steps.

use serde_yaml::Spanned;

use super::measured_fields::MEASURED_SETTINGS;
use super::run_checker::{Names, RunChecker};
use crate::format::{CaseValue, Scalar, Setting, TraceSpec};
use crate::sweep::{Axis, AxisProblem, Probe, SettingSource, TracePlan};
use crate::table::ColumnKind;

/// The axis over the experiments of a trace.
const EXPERIMENT: &str = "experiment";

impl RunChecker<'_, '_> {
    /// The experiments of the trace of a run, with model and tensor parallel where the trace maps them.
    pub(super) fn trace_axis(&self, spec: &TraceSpec) -> Option<Result<Axis, AxisProblem>> {
        let data = self.traces.get(&spec.data.value)?;
        let [model, tensor_parallel] = setting_fields(data.maps_model, data.maps_tensor_parallel);
        let Some(given) = &data.given else {
            let kinds = [
                (Some(EXPERIMENT), ColumnKind::Text),
                (model, ColumnKind::Text),
                (tensor_parallel, ColumnKind::Int),
            ];
            let kinds: Vec<(&str, ColumnKind)> = kinds
                .into_iter()
                .filter_map(|(field, kind)| Some((field?, kind)))
                .collect();
            return Some(Ok(Axis::empty(EXPERIMENT, &kinds)));
        };
        let text = |word: &str| CaseValue::One(Scalar::Text(word.to_owned()));
        let experiments = &given.trace.experiments;
        let names = experiments.iter().map(|one| text(&one.name)).collect();
        // A trace that maps model or tensor parallel has it of every experiment.
        let models = experiments
            .iter()
            .map(|one| one.model.as_deref().map(text))
            .collect::<Option<Vec<_>>>();
        let degrees = experiments
            .iter()
            .map(|one| Some(CaseValue::One(Scalar::Int(one.tensor_parallel?.into()))))
            .collect::<Option<Vec<_>>>();
        let fields = [
            (Some(EXPERIMENT), Some(names)),
            (model, models),
            (tensor_parallel, degrees),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(field, values)| Some((field?.to_owned(), values?)))
            .collect();
        Some(Axis::of_fields(EXPERIMENT, fields))
    }

    /// Checks a run over a trace. `settings` are those of the step model: model and tensor parallel come from the trace
    /// where it maps them and the run has none of its own.
    pub(super) fn check_trace(
        &mut self,
        name: &Spanned<String>,
        spec: &TraceSpec,
        names: &mut Names<'_>,
        settings: &mut Vec<(Setting, SettingSource)>,
    ) -> Option<Probe> {
        let data = self.traces.get(&spec.data.value)?;
        let trace = data.given.as_ref().map(|given| given.trace.clone());
        let mapped = setting_fields(data.maps_model, data.maps_tensor_parallel);
        let axis = names.find(EXPERIMENT)?.axis;
        for (setting, field) in MEASURED_SETTINGS {
            if spec.setup.get(setting).is_some() || !mapped.contains(&Some(field)) {
                continue;
            }
            let field = names.find(field)?;
            settings.retain(|(known, _)| *known != setting);
            settings.push((setting, SettingSource::Varied(field)));
            let values = names.axes.field(field).values().to_vec();
            for (value, experiment) in values
                .iter()
                .zip(trace.iter().flat_map(|one| &one.experiments))
            {
                if let CaseValue::One(value) = value {
                    self.check_measured_value(setting, value, name, &experiment.name);
                }
            }
        }
        settings.sort_by_key(|(setting, _)| *setting);
        Some(Probe::Trace(TracePlan { axis, trace }))
    }
}

/// The fields by which a trace sets up its runs.
fn setting_fields(model: bool, tensor_parallel: bool) -> [Option<&'static str>; 2] {
    let field = |wanted| {
        MEASURED_SETTINGS
            .into_iter()
            .find(|(setting, _)| *setting == wanted)
            .map(|(_, field)| field)
    };
    [
        field(Setting::Model).filter(|_| model),
        field(Setting::TensorParallel).filter(|_| tensor_parallel),
    ]
}
