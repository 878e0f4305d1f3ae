//! Runs that simulate measured benchmarks.

use std::collections::BTreeSet;

use serde_yaml::Spanned;

use super::measured_axis::MEASURED_SETTINGS;
use super::runs::{Names, RunChecker};
use crate::replay::ReplayOptions;
use crate::replay_setting::ReplaySetting;
use crate::run::{Probe, SettingSource};
use crate::serve_plan::{ReplaySource, ServePlan, WrongReplayValue};
use crate::setting::{Setting, WrongValue};
use crate::spec::{CaseValue, Scalar, ServeSpec};

impl RunChecker<'_> {
    /// Checks the settings of the simulations. `settings` are those of the step model: model, tensor parallel and GPU
    /// come from the experiment unless the run has its own.
    pub(super) fn check_serve(
        &mut self,
        name: &Spanned<String>,
        spec: &ServeSpec,
        names: &mut Names<'_>,
        settings: &mut Vec<(Setting, SettingSource)>,
    ) -> Option<Probe> {
        let Some(measured) = self.measured_axis.take() else {
            let message = format!(
                "run `{}` goes over no ground truth: it has nothing to simulate",
                name.value
            );
            let problem = self.source.error_for(name, message);
            self.problems.push(
                problem.with_help("give it an axis such as `experiment: {ground_truth: {}}`"),
            );
            return None;
        };
        let axis = names.find(&measured.name)?.axis;
        for (setting, field) in MEASURED_SETTINGS {
            if spec.setup.get(setting).is_some() {
                continue;
            }
            let field = names.find(field)?;
            settings.retain(|(known, _)| *known != setting);
            settings.push((setting, SettingSource::Varied(field)));
            let mut seen = BTreeSet::new();
            let values = names.axes.field(field).values();
            for (value, benchmark) in values.iter().zip(&measured.benchmarks) {
                if let CaseValue::One(value) = value
                    && seen.insert(value.to_string())
                {
                    let experiment = &benchmark.run.experiment;
                    self.check_measured_value(setting, value, name, experiment);
                }
            }
        }
        settings.sort_by_key(|(setting, _)| *setting);
        let mut replay = Vec::new();
        for setting in ReplaySetting::ALL {
            if let Some(value) = setting.of(spec) {
                let source = self.check_replay_setting(setting, value, names);
                replay.push((setting, source));
            }
        }
        Some(Probe::Serve(ServePlan {
            axis,
            benchmarks: measured.benchmarks.into(),
            settings: replay,
        }))
    }

    fn check_replay_setting(
        &mut self,
        setting: ReplaySetting,
        value: &Spanned<Scalar>,
        names: &mut Names<'_>,
    ) -> ReplaySource {
        let Some(field) = value.value.as_text().and_then(|word| names.find(word)) else {
            self.check_replay_value(setting, &value.value, value);
            return ReplaySource::Fixed(value.value.clone());
        };
        for candidate in names.axes.field(field).values() {
            match candidate {
                CaseValue::One(scalar) => self.check_replay_value(setting, scalar, value),
                CaseValue::Lengths(_) => {
                    let list = Scalar::Text("a list".to_owned());
                    self.push_wrong_replay_value(setting, &list, value, WrongValue("one value"));
                }
            }
        }
        ReplaySource::Varied(field)
    }

    fn check_replay_value(
        &mut self,
        setting: ReplaySetting,
        value: &Scalar,
        place: &Spanned<Scalar>,
    ) {
        if let Err(wrong) = setting.apply(&mut ReplayOptions::default(), value) {
            self.push_wrong_replay_value(setting, value, place, wrong);
        }
    }

    fn push_wrong_replay_value(
        &mut self,
        setting: ReplaySetting,
        value: &Scalar,
        place: &Spanned<Scalar>,
        wrong: WrongValue,
    ) {
        let problem = WrongReplayValue {
            setting,
            value: value.to_string(),
            wrong,
        };
        self.problems
            .push(self.source.error_for(place, problem.to_string()));
    }
}
