//! Runs: axes, settings, batches.

use std::collections::BTreeSet;

use catalog::{Catalog, CatalogError};
use diagnostic::Reporter;
use serde_yaml::Spanned;
use settings::{Inputs, SETUP, Setting, Setup};
use step_trace::StepTrace;

use super::measured_fields::{Fallbacks, axis_with, is_measured_field};
use super::run_checker::{Names, RunChecker};
use crate::format::{
    AxisSpec, CaseValue, HypothesisSpec, OrderedMap, ProbeSpec, Scalar, SetupSpec,
};
use crate::project::{Measured, Traces};
use crate::sweep::{
    Axes, Axis, AxisProblem, Filter, Models, Probe, RAISE_MAX_CELLS, Run, SettingSource, apply,
    product_words, rows_over,
};
use crate::table::{NOT_AN_IDENTIFIER, check_identifier, is_identifier};

/// Checks all runs, and reads the models, GPUs and measured runs that they name.
pub(crate) fn check_runs(
    reporter: &mut Reporter<'_>,
    spec: &HypothesisSpec,
    max_cells: u64,
    catalog: &Catalog,
    inputs: &mut Inputs,
    measured: &mut Measured,
    traces: &Traces,
) -> Vec<Run> {
    if spec.runs.is_empty() {
        reporter.at(&spec.id, "the hypothesis has no runs");
    }
    let mut checker = RunChecker {
        reporter,
        catalog,
        shared: &spec.setup,
        max_cells,
        inputs,
        measured,
        traces,
        splits: &spec.splits,
        measured_axis: None,
    };
    checker.check_shared();
    checker.check_splits(spec);
    let runs: Vec<_> = spec
        .runs
        .iter()
        .filter_map(|(name, probe)| Some((name, checker.check(name, probe)?)))
        .collect();
    checker.check_overridden(&runs.iter().map(|(_, run)| run).collect::<Vec<_>>());
    if checker.reporter.problems().is_empty() {
        for (name, run) in &runs {
            checker.check_models(name, run);
        }
    }
    runs.into_iter().map(|(_, run)| run).collect()
}

impl RunChecker<'_, '_> {
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
        check_identifier(self.reporter, "run", name);
        let before = self.reporter.problems().len();
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
            self.at_axis(spec.vary(), &measured.name, message);
        }
        let used = names.used;
        // A misspelt name is one problem, not two: that the axis it meant is not used follows from it.
        if self.reporter.problems().len() == before {
            self.check_used(name, spec.vary(), &axes, &used);
        }
        let run = Run {
            name: name.value.clone(),
            axes,
            settings,
            probe,
        };
        self.check_clashes(spec.vary(), &run);
        self.reporter.problems().is_empty().then_some(run)
    }

    /// Every axis is there for something.
    fn check_used(
        &mut self,
        run: &Spanned<String>,
        vary: &OrderedMap<AxisSpec>,
        axes: &Axes,
        used: &BTreeSet<usize>,
    ) {
        let unused = axes.iter().enumerate();
        for (_, axis) in unused.filter(|(index, _)| !used.contains(index)) {
            let message = format!(
                "axis `{}` of run `{}` is not used: nothing in the run names it",
                axis.name(),
                run.value
            );
            self.at_axis(vary, axis.name(), message);
        }
    }

    /// No axis has the name of a column that the probe computes.
    fn check_clashes(&mut self, vary: &OrderedMap<AxisSpec>, run: &Run) {
        let columns = run.probe.columns();
        let names = columns.iter().map(|column| column.name);
        for clash in names.filter(|column| run.axes.names().any(|axis| axis == *column)) {
            let message = format!(
                "`{clash}` is a column of the `{}` probe: give the axis or field another name",
                run.probe.name()
            );
            self.at_axis(vary, clash, message);
        }
    }

    /// Builds every step model of a run, so that a model without tables or a tensor parallel that does not divide
    /// the heads is found before anything runs.
    fn check_models(&mut self, name: &Spanned<String>, run: &Run) {
        if let Err(problem) = Models::of(run, self.inputs) {
            self.reporter.at(name, problem.to_string());
        }
    }

    fn check_axes(&mut self, name: &Spanned<String>, spec: &ProbeSpec) -> Option<Axes> {
        let axes = self.read_axes(name, spec)?;
        let product = product_words(&axes);
        let axes = Axes::new(axes);
        let fields: Vec<&str> = axes.iter().flat_map(Axes::names).collect();
        self.check_fields(name, spec, &fields)?;
        self.check_size(name, spec, axes.as_ref(), &product)?;
        axes
    }

    /// All axes of a run; `None` where one has problems.
    fn read_axes(&mut self, name: &Spanned<String>, spec: &ProbeSpec) -> Option<Vec<Axis>> {
        let vary = spec.vary();
        let own = Fallbacks::of(spec.setup(), vary);
        let mut axes = Vec::new();
        if let ProbeSpec::Trace(trace) = spec {
            match self.trace_axis(trace) {
                Some(Ok(experiments)) => axes.push(Some(experiments)),
                Some(Err(problem)) => {
                    self.at_wrong_axis(name, &trace.data, &problem);
                    axes.push(None);
                }
                None => {
                    self.at_unknown_data(&trace.data);
                    axes.push(None);
                }
            }
        }
        for (axis_name, axis) in vary.iter() {
            check_identifier(self.reporter, "axis", axis_name);
            let read = self.read_axis(&axis_name.value, axis, &own);
            if let Err(problem) = &read {
                self.at_wrong_axis(name, axis_name, problem);
            }
            axes.push(read.ok());
        }
        axes.into_iter().collect()
    }

    /// Every field has a name of its own that SQL takes; `None` where one stands for others: what else would be found
    /// wrong follows from that.
    fn check_fields(
        &mut self,
        name: &Spanned<String>,
        spec: &ProbeSpec,
        fields: &[&str],
    ) -> Option<()> {
        let vary = spec.vary();
        let mut seen = BTreeSet::new();
        for field in fields {
            if !seen.insert(field) {
                let mut message = format!("run `{}` has two fields named `{field}`", name.value);
                if self.measured_axis.is_some() && is_measured_field(field) {
                    message.push_str(": an axis over the ground truth has one of that name");
                }
                if let ProbeSpec::Trace(_) = spec {
                    message.push_str(": the trace has one of that name");
                }
                self.at_axis(vary, field, message);
            } else if !is_identifier(field) && vary.get(field).is_none() {
                let message = format!("field `{field}` has no usable name: {NOT_AN_IDENTIFIER}");
                self.at_axis(vary, field, message);
            }
        }
        (seen.len() == fields.len()).then_some(())
    }

    /// The cells of a run are within the limit; there are none where a trace is not at hand.
    fn check_size(
        &mut self,
        name: &Spanned<String>,
        spec: &ProbeSpec,
        axes: Option<&Axes>,
        product: &str,
    ) -> Option<()> {
        let trace = self.trace_of(spec);
        let rows = axes.and_then(|axes| match trace {
            Some(trace) => rows_over(trace, axes),
            None => Some(axes.cells()),
        });
        let rows = rows.and_then(|rows| u64::try_from(rows).ok());
        if rows.is_some_and(|rows| rows <= self.max_cells) {
            return Some(());
        }
        let (run, limit) = (&name.value, self.max_cells);
        let size = match trace.map(StepTrace::rows) {
            Some(steps) => format!("a row for each of {steps} steps in {product} cells"),
            None if product.is_empty() => "1 cell".to_owned(),
            None => format!("{product} cells"),
        };
        let message = format!("run `{run}` has {size}, over the limit of {limit}");
        self.reporter.at(name, message).help(RAISE_MAX_CELLS);
        None
    }

    /// The trace that a run goes through, where it is at hand.
    fn trace_of(&self, spec: &ProbeSpec) -> Option<&StepTrace> {
        let ProbeSpec::Trace(trace) = spec else {
            return None;
        };
        let given = self.traces.get(&trace.data.value)?.given.as_ref()?;
        Some(&given.trace)
    }

    fn at_unknown_data(&mut self, data: &Spanned<String>) {
        let known = self.traces.keys().map(String::as_str);
        let message = format!("there is no data `{}`", data.value);
        let problem = self.reporter.at(data, message);
        if self.traces.is_empty() {
            problem.help("describe it under `data` at the top of the file");
        } else {
            problem.choices("data of the file", &data.value, known);
        }
    }

    fn at_wrong_axis(
        &mut self,
        run: &Spanned<String>,
        axis: &Spanned<String>,
        problem: &AxisProblem,
    ) {
        let message = format!("axis `{}` of run `{}`: {problem}", axis.value, run.value);
        match problem {
            AxisProblem::UnknownFilter {
                filter,
                word,
                known,
            } => {
                // Of numbers no one is like another.
                let is_number = *filter == Filter::TensorParallel;
                let given = if is_number { "" } else { word.as_str() };
                let known = known.iter().map(String::as_str);
                self.reporter
                    .at_word(axis, word, message)
                    .choices(filter.values(), given, known);
            }
            AxisProblem::Measured(runs) => {
                let notes = runs.diagnostics.as_ref();
                self.reporter.at(axis, message).notes_of(notes);
            }
            _of_this_file => {
                self.reporter.at(axis, message);
            }
        }
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

    fn at_axis(&mut self, vary: &OrderedMap<AxisSpec>, field: &str, message: String) {
        if let Some(axis) = axis_with(vary, field) {
            self.reporter.at_word(axis, field, message);
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
                let problem = self.reporter.at(place, wrong.to_string());
                let choices = setting.choices();
                if !choices.is_empty() {
                    problem.choices("valid choices", &wrong.value, choices.iter().copied());
                }
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
            self.reporter.at(place, message).notes_of(diagnostics);
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
            let notes = problem.diagnostics();
            self.reporter.at(run, message).notes_of(notes);
        }
    }
}
