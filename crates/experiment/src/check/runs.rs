//! Runs: axes, settings, batches.

use std::collections::BTreeSet;

use catalog::{Catalog, CatalogError};
use diagnostic::{Diagnostics, SourceText};
use serde_yaml::Spanned;
use settings::{Inputs, SETUP, Setting, Setup};
use step_trace::StepTrace;

use super::measured_fields::{Fallbacks, is_measured_field};
use super::run_checker::{Names, RunChecker};
use crate::format::{
    AxisSpec, CaseValue, HypothesisSpec, OrderedMap, ProbeSpec, Scalar, SetupSpec,
};
use crate::project::{Measured, Traces};
use crate::sweep::{
    Axes, Axis, AxisProblem, Filter, Models, Probe, RAISE_MAX_CELLS, Run, SettingSource, apply,
    product_words, rows_over,
};
use crate::table::{NOT_AN_IDENTIFIER, is_identifier};

/// What runs read that stands in other files.
pub(crate) struct Surroundings<'a> {
    /// Where models and GPUs are.
    pub(crate) catalog: &'a Catalog,
    /// The models and GPUs that were read.
    pub(crate) inputs: &'a mut Inputs,
    pub(crate) measured: &'a mut Measured,
    pub(crate) traces: &'a Traces,
}

/// Checks all runs, and reads the models, GPUs and measured runs that they name.
pub(crate) fn check_runs(
    source: &SourceText,
    spec: &HypothesisSpec,
    max_cells: u64,
    surroundings: Surroundings<'_>,
    problems: &mut Diagnostics,
) -> Vec<Run> {
    if spec.runs.is_empty() {
        problems.push(source.error_for(&spec.id, "the hypothesis has no runs"));
    }
    let Surroundings {
        catalog,
        inputs,
        measured,
        traces,
    } = surroundings;
    let mut checker = RunChecker {
        source,
        catalog,
        shared: &spec.setup,
        max_cells,
        inputs,
        measured,
        traces,
        measured_axis: None,
        problems,
    };
    checker.check_shared();
    let runs: Vec<_> = spec
        .runs
        .iter()
        .filter_map(|(name, probe)| Some((name, checker.check(name, probe)?)))
        .collect();
    checker.check_overridden(&runs.iter().map(|(_, run)| run).collect::<Vec<_>>());
    if checker.problems.is_empty() {
        for (name, run) in &runs {
            checker.check_models(name, run);
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

impl RunChecker<'_> {
    /// Checks the settings that all runs share.
    fn check_shared(&mut self) {
        for setting in Setting::below(SETUP) {
            if let Some(value) = self.shared.get(setting) {
                self.check_value(setting, &CaseValue::One(value.value.clone()), value);
            }
        }
    }

    /// Checks one run; `None` where it has problems.
    fn check(&mut self, name: &Spanned<String>, spec: &ProbeSpec) -> Option<Run> {
        if !is_identifier(&name.value) {
            self.problems.push(
                self.source
                    .error_for(name, format!("run `{}` has no usable name", name.value))
                    .with_help(NOT_AN_IDENTIFIER),
            );
        }
        let before = self.problems.len();
        self.measured_axis = None;
        let axes = self.check_axes(name, spec)?;
        let mut names = Names {
            run: &name.value,
            axes: &axes,
            used: BTreeSet::new(),
        };
        let mut settings = self.check_settings(spec.setup(), &mut names);
        let probe = match spec {
            ProbeSpec::Step(step) => self
                .check_batch(name, &step.batch, &mut names)
                .map(Probe::Step),
            ProbeSpec::Mfu(mfu) => self.check_lookup(&mfu.lookup, &mut names).map(Probe::Mfu),
            ProbeSpec::Gemm(gemm) => self.check_gemm(gemm, &mut names),
            ProbeSpec::Serve(serve) => self.check_serve(name, serve, &mut names, &mut settings),
            ProbeSpec::Trace(trace) => self.check_trace(name, trace, &mut names, &mut settings),
        }?;
        if let Some(measured) = self.measured_axis.take() {
            let message = format!(
                "axis `{}` of run `{}` goes over the ground truth, which only the probe `serve` does",
                measured.name, name.value
            );
            self.push_at_axis(spec.vary(), &measured.name, message);
        }
        let used = names.used;
        // A misspelt name is one problem, not two: that the axis it meant is not used follows from it.
        let in_order = self.problems.len() == before;
        for (index, axis) in axes.iter().enumerate() {
            if in_order && !used.contains(&index) {
                self.push_at_axis(
                    spec.vary(),
                    axis.name(),
                    format!(
                        "axis `{}` of run `{}` is not used: nothing in the run names it",
                        axis.name(),
                        name.value
                    ),
                );
            }
        }
        let run = Run {
            name: name.value.clone(),
            axes,
            settings,
            probe,
        };
        let clashes: Vec<&str> = run
            .probe
            .columns()
            .iter()
            .map(|column| column.name)
            .filter(|column| run.axes.names().any(|axis| axis == *column))
            .collect();
        for clash in &clashes {
            self.push_at_axis(
                spec.vary(),
                clash,
                format!(
                    "`{clash}` is a column of the `{}` probe: give the axis or field another name",
                    run.probe.name()
                ),
            );
        }
        self.problems.is_empty().then_some(run)
    }

    /// Builds every step model of a run, so that a model without tables or a tensor parallel that does not divide
    /// the heads is found before anything runs.
    fn check_models(&mut self, name: &Spanned<String>, run: &Run) {
        if let Err(problem) = Models::of(run, self.inputs) {
            self.problems
                .push(self.source.error_for(name, problem.to_string()));
        }
    }

    fn check_axes(&mut self, name: &Spanned<String>, spec: &ProbeSpec) -> Option<Axes> {
        let vary = spec.vary();
        let own = Fallbacks::of(spec.setup(), vary);
        let mut axes = Vec::new();
        if let ProbeSpec::Trace(trace) = spec {
            match self.trace_axis(trace) {
                Some(Ok(experiments)) => axes.push(experiments),
                Some(Err(problem)) => self.push_axis_problem(name, &trace.data, &problem),
                None => self.push_unknown_data(&trace.data),
            }
        }
        for (axis_name, axis) in vary.iter() {
            if !is_identifier(&axis_name.value) {
                self.problems.push(
                    self.source
                        .error_for(
                            axis_name,
                            format!("axis `{}` has no usable name", axis_name.value),
                        )
                        .with_help(NOT_AN_IDENTIFIER),
                );
            }
            match self.read_axis(&axis_name.value, axis, &own) {
                Ok(read) => axes.push(read),
                Err(problem) => self.push_axis_problem(name, axis_name, &problem),
            }
        }
        let wanted = vary.len() + usize::from(matches!(spec, ProbeSpec::Trace(_)));
        if axes.len() < wanted {
            return None;
        }
        let product = product_words(&axes);
        let axes = Axes::new(axes);
        let mut seen = BTreeSet::new();
        for field in axes.iter().flat_map(Axes::names) {
            if !seen.insert(field) {
                let mut message = format!("run `{}` has two fields named `{field}`", name.value);
                if self.measured_axis.is_some() && is_measured_field(field) {
                    message.push_str(": an axis over the ground truth has one of that name");
                }
                if let ProbeSpec::Trace(_) = spec {
                    message.push_str(": the trace has one of that name");
                }
                self.push_at_axis(vary, field, message);
            } else if !is_identifier(field) && vary.get(field).is_none() {
                self.push_at_axis(
                    vary,
                    field,
                    format!("field `{field}` has no usable name: {NOT_AN_IDENTIFIER}"),
                );
            }
        }
        // What else is wrong follows from fields that stand for others.
        if seen.len() < axes.iter().flat_map(Axes::names).count() {
            return None;
        }
        // Where a trace is not at hand there are no cells.
        let trace = self.trace_of(spec);
        let rows = axes.as_ref().and_then(|axes| match trace {
            Some(trace) => rows_over(trace, axes),
            None => Some(axes.cells()),
        });
        let rows = rows.and_then(|rows| u64::try_from(rows).ok());
        if rows.is_none_or(|rows| rows > self.max_cells) {
            let product = match (trace, product.as_str()) {
                (Some(trace), product) => {
                    let steps = trace.steps();
                    format!("a row for each of {steps} steps in {product} cells")
                }
                (None, "") => "1 cell".to_owned(),
                (None, product) => format!("{product} cells"),
            };
            let problem = self
                .source
                .error_for(
                    name,
                    format!(
                        "run `{}` has {product}, over the limit of {}",
                        name.value, self.max_cells
                    ),
                )
                .with_help(RAISE_MAX_CELLS);
            self.problems.push(problem);
            return None;
        }
        axes
    }

    /// The trace that a run goes through, where it is at hand.
    fn trace_of(&self, spec: &ProbeSpec) -> Option<&StepTrace> {
        match spec {
            ProbeSpec::Trace(trace) => {
                let given = self.traces.get(&trace.data.value)?.given.as_ref()?;
                Some(&given.trace)
            }
            ProbeSpec::Step(_) | ProbeSpec::Mfu(_) | ProbeSpec::Gemm(_) | ProbeSpec::Serve(_) => {
                None
            }
        }
    }

    fn push_unknown_data(&mut self, data: &Spanned<String>) {
        let message = format!("there is no data `{}`", data.value);
        let known = self.traces.keys().map(String::as_str);
        let problem = self.source.error_for(data, message);
        self.problems.push(if self.traces.is_empty() {
            problem.with_help("describe it under `data` at the top of the file")
        } else {
            problem.with_choices("data of the file", &data.value, known)
        });
    }

    fn push_axis_problem(
        &mut self,
        run: &Spanned<String>,
        axis: &Spanned<String>,
        problem: &AxisProblem,
    ) {
        let message = format!("axis `{}` of run `{}`: {problem}", axis.value, run.value);
        let diagnostic = match problem {
            AxisProblem::UnknownFilter {
                filter,
                word,
                known,
            } => {
                let known = known.iter().map(String::as_str);
                // Of numbers no one is like another.
                let given = if *filter == Filter::TensorParallel {
                    ""
                } else {
                    word.as_str()
                };
                let diagnostic = self.source.error_at_word(axis, word, message);
                diagnostic.with_choices(filter.values(), given, known)
            }
            AxisProblem::Measured(runs) => self
                .source
                .error_for(axis, message)
                .with_notes_of(runs.diagnostics.as_ref()),
            _ => self.source.error_for(axis, message),
        };
        self.problems.push(diagnostic);
    }

    /// Reads one axis.
    fn read_axis(
        &mut self,
        name: &str,
        spec: &AxisSpec,
        own: &Fallbacks,
    ) -> Result<Axis, AxisProblem> {
        match spec {
            AxisSpec::List(values) => {
                let values = values
                    .iter()
                    .map(|value| CaseValue::One(value.value.clone()))
                    .collect();
                Axis::of_values(name, values)
            }
            AxisSpec::Range(ends) => Axis::of_range(name, ends, self.max_cells),
            AxisSpec::Cases(cases) => Axis::of_cases(name, cases),
            AxisSpec::Sql(_) => Ok(Axis::pending(name)),
            AxisSpec::GroundTruth(wanted) => self.measured_axis(name, wanted, own),
        }
    }

    fn push_at_axis(&mut self, vary: &OrderedMap<AxisSpec>, name: &str, message: String) {
        let place = vary.iter().find(|(axis, spec)| {
            axis.value == name
                || matches!(spec, AxisSpec::Cases(cases) if cases.iter().any(|(_, case)| case.get(name).is_some()))
        });
        if let Some((axis, _)) = place {
            self.problems
                .push(self.source.error_at_word(axis, name, message));
        }
    }

    fn check_settings(
        &mut self,
        own: &SetupSpec,
        names: &mut Names<'_>,
    ) -> Vec<(Setting, SettingSource)> {
        let mut settings = Vec::new();
        for setting in Setting::below(SETUP) {
            let source = match (own.get(setting), self.shared.get(setting)) {
                (Some(value), _) => self.own_source(setting, value, names),
                (None, Some(value)) => SettingSource::Shared(CaseValue::One(value.value.clone())),
                (None, None) => continue,
            };
            settings.push((setting, source));
        }
        settings
    }

    /// Where a run takes the value of a setting from that it states: the axis of that name, else the word itself.
    pub(super) fn own_source(
        &mut self,
        setting: Setting,
        value: &Spanned<Scalar>,
        names: &mut Names<'_>,
    ) -> SettingSource {
        let word = value.value.as_value().as_text();
        let Some(field) = word.and_then(|word| names.find(word)) else {
            let own = CaseValue::One(value.value.clone());
            self.check_value(setting, &own, value);
            return SettingSource::Own(own);
        };
        for candidate in names.axes.field(field).values() {
            self.check_value(setting, candidate, value);
        }
        SettingSource::Varied(field)
    }

    /// Checks that a setting takes a value, and reads the model or GPU that it names.
    fn check_value(&mut self, setting: Setting, value: &CaseValue, place: &Spanned<Scalar>) {
        let loaded = match (apply(&mut Setup::default(), setting, value), value) {
            (Err(wrong), _) => {
                let problem = self.source.error_for(place, wrong.to_string());
                let choices = setting.choices();
                self.problems.push(if choices.is_empty() {
                    problem
                } else {
                    problem.with_choices("valid choices", &wrong.value, choices.iter().copied())
                });
                return;
            }
            (Ok(()), CaseValue::One(value)) => self.load_named(setting, value),
            (Ok(()), CaseValue::Lengths(_)) => Ok(()),
        };
        if let Err(problem) = loaded {
            let diagnostics = problem.diagnostics();
            let message = match (diagnostics, value) {
                (Some(_), CaseValue::One(Scalar::Text(name))) => {
                    format!("{} `{name}` cannot be used", setting.path())
                }
                (Some(_) | None, _) => problem.to_string(),
            };
            let shown = self.source.error_for(place, message);
            self.problems.push(shown.with_notes_of(diagnostics));
        }
    }

    /// Reads the model or GPU that a setting names; other settings name none.
    fn load_named(&mut self, setting: Setting, value: &Scalar) -> Result<(), CatalogError> {
        match value.as_value().as_text() {
            Some(name) if setting == Setting::MODEL => self.inputs.load_model(self.catalog, name),
            Some(name) if setting == Setting::GPU => self.inputs.load_gpu(self.catalog, name),
            Some(_) | None => Ok(()),
        }
    }

    /// Reads the model or GPU that an experiment names.
    pub(super) fn check_measured_value(
        &mut self,
        setting: Setting,
        value: &Scalar,
        run: &Spanned<String>,
        experiment: &str,
    ) {
        if let Err(problem) = self.load_named(setting, value) {
            let message = format!("run `{}`, experiment `{experiment}`: {problem}", run.value);
            let shown = self.source.error_for(run, message);
            self.problems
                .push(shown.with_notes_of(problem.diagnostics()));
        }
    }
}
