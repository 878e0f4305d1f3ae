//! Runs that simulate measured benchmarks.

use std::collections::BTreeSet;

use serde_yaml::Spanned;
use settings::Setting;

use super::measured_fields::MEASURED_SETTINGS;
use super::run_checker::{Names, RunChecker};
use crate::format::{CaseValue, ServeSpec};
use crate::sweep::{Probe, Run, ServePlan, SettingSource};

impl RunChecker<'_, '_> {
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
            self.reporter
                .at(name, message)
                .help("give it an axis such as `experiment: {ground_truth: {}}`");
            return None;
        };
        let axis = names.find(&measured.name)?.axis;
        for setting in MEASURED_SETTINGS {
            if spec.setup.get(setting).is_some() {
                continue;
            }
            let field = names.find(setting.path())?;
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
        for setting in Setting::of_simulation() {
            if let Some(value) = spec.get(setting) {
                let source = self.own_source(setting, value, names);
                replay.push((setting, source));
            }
        }
        Some(Probe::Serve(ServePlan {
            axis,
            benchmarks: measured.benchmarks.into(),
            settings: replay,
        }))
    }

    /// Refuses a shared model, GPU or tensor parallel that no run reads, since all take it from experiments, and that is
    /// not what these have: whoever wrote it believes in it. Your own measurements may be of another machine.
    pub(super) fn check_overridden(&mut self, runs: &[&Run]) {
        if !self.measured.is_own() {
            return;
        }
        for setting in MEASURED_SETTINGS {
            let name = setting.path();
            let Some(shared) = self.shared.get(setting) else {
                continue;
            };
            let sources = runs.iter().flat_map(|run| &run.settings);
            let is_read = sources
                .filter(|(known, _)| *known == setting)
                .any(|(_, source)| matches!(source, SettingSource::Shared(_)));
            let other = runs.iter().find_map(|run| {
                let Probe::Serve(plan) = &run.probe else {
                    return None;
                };
                let (_, source) = run.settings.iter().find(|(known, _)| *known == setting)?;
                let SettingSource::Varied(field) = source else {
                    return None;
                };
                let field = run.axes.field(*field);
                if field.name() != name {
                    return None;
                }
                let values = field.values().iter().zip(plan.benchmarks.iter());
                values
                    .filter_map(|(value, benchmark)| match value {
                        CaseValue::One(value) => Some((value, benchmark)),
                        CaseValue::Lengths(_) => None,
                    })
                    .find(|(value, _)| **value != shared.value)
                    .map(|(value, benchmark)| (run, value, benchmark))
            });
            let Some((run, value, benchmark)) = other.filter(|_| !is_read) else {
                continue;
            };
            let message = format!(
                "`{name}: {}` is read by no run: run `{}` takes it from its experiments, and `{}` has {value}",
                shared.value, run.name, benchmark.run.experiment
            );
            self.reporter.at(shared, message).help(format!(
                "leave it out, or put it into the `setup` of the run to simulate all its experiments with `{}`",
                shared.value
            ));
        }
    }
}
