//! The fields of an axis over measured benchmarks.

use serde_yaml::Spanned;
use settings::Setting;

use crate::format::{AxisSpec, Choices, OrderedMap, SetupSpec};
use crate::project::MeasuredBenchmark;

/// The field of an axis over measured benchmarks that numbers the benchmarks of a run.
pub(super) const BENCHMARK: &str = "benchmark";

/// The settings by which a measured run sets up its simulation, each from the field of its name.
pub(super) const MEASURED_SETTINGS: [Setting; 3] =
    [Setting::MODEL, Setting::TENSOR_PARALLEL, Setting::GPU];

/// Whether an axis over measured benchmarks has a field of that name, beside the one that is named after it.
pub(super) fn is_measured_field(name: &str) -> bool {
    name == BENCHMARK
        || MEASURED_SETTINGS
            .iter()
            .any(|setting| setting.path() == name)
}

/// Whether a value is one of the choices, where there are any.
pub(super) fn is_wanted(choices: Option<&Choices>, value: &str) -> bool {
    choices.is_none_or(|choices| choices.words().any(|word| word == value))
}

/// The benchmarks of an axis, in the order of its values.
#[derive(Debug, Clone)]
pub(super) struct MeasuredAxis {
    pub(super) name: String,
    pub(super) benchmarks: Vec<MeasuredBenchmark>,
}

/// What a run's own setup says of model, GPU and tensor parallel, for experiments that do not.
#[derive(Debug, Default)]
pub(super) struct Fallbacks {
    pub(super) model: Option<String>,
    pub(super) gpu: Option<String>,
    pub(super) tensor_parallel: Option<u32>,
}

impl Fallbacks {
    /// Reads the setup of a run; what an axis gives is no value yet.
    pub(super) fn of(own: &SetupSpec, vary: &OrderedMap<AxisSpec>) -> Self {
        let word = |setting| {
            let value = own.get(setting)?.value.as_value().as_text()?;
            axis_with(vary, value).is_none().then(|| value.to_owned())
        };
        Self {
            model: word(Setting::MODEL),
            gpu: word(Setting::GPU),
            tensor_parallel: own
                .get(Setting::TENSOR_PARALLEL)
                .and_then(|value| value.value.as_value().as_u32()),
        }
    }
}

/// The axis that has a field of this name: its own, or one of its cases.
pub(super) fn axis_with<'s>(
    vary: &'s OrderedMap<AxisSpec>,
    field: &str,
) -> Option<&'s Spanned<String>> {
    let has_field = |spec: &AxisSpec| match spec {
        AxisSpec::Cases(cases) => cases.iter().any(|(_, case)| case.get(field).is_some()),
        _of_one_field => false,
    };
    let mut axes = vary.iter();
    axes.find(|(axis, spec)| axis.value == field || has_field(spec))
        .map(|(axis, _)| axis)
}
