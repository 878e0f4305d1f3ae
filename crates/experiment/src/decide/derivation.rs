//! From checked runs to tables and answers: sweeps and queries, each after what it reads.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, SourceText};
use rayon::prelude::*;
use serde_yaml::Spanned;
use settings::Inputs;

use super::cautions::Cautions;
use super::check_outcome::CheckOutcome;
use super::interval::{CheckInterval, IntervalProblem};
use crate::check::CheckedQueries;
use crate::format::{
    AxisSpec, CaseValue, CheckSpec, HypothesisSpec, Role, Scalar, TableSpec, VALUE_COLUMN,
};
use crate::project::{ExperimentError, Warning};
use crate::sweep::{
    AxisProblem, Kept, Progress, ProgressObserver, RAISE_MAX_CELLS, Run, RunDoubts, SweepProblem,
    sweep, warnings_of,
};
use crate::table::{
    Condition, Engine, EngineProblem, Frame, ShownTable, Table, Threshold, Value, figure_frame,
    show_apart, to_table,
};

/// What is shown where a check that decides nothing has no answer.
const NO_DATA: &str = "no data";

/// How a check may be without an answer.
const PRECONDITION: &str = "where rows can be missing, a check with the role precondition asks for them: it decides before this one";

/// How a check returns one row.
const ONE_ROW: &str = "one row comes of aggregates alone, as in MAX(x), MIN(x) or COUNT(*), or of a WHERE that leaves one";

/// How an interval takes less work.
const FEWER_DRAWS: &str =
    "ask for fewer `resamples`, for rows in time order in a `block`, or of a table with fewer rows";

/// Everything that is computed of a hypothesis.
pub(crate) struct Derivation<'h> {
    source: &'h SourceText,
    spec: &'h HypothesisSpec,
    queries: &'h CheckedQueries,
    inputs: &'h Inputs,
    max_cells: u64,
    observer: &'h dyn ProgressObserver,
    engine: Engine,
    /// The runs with all values of their axes.
    pub(crate) runs: Vec<Run>,
    pub(crate) tables: BTreeMap<String, ShownTable>,
    /// What a reader of the figures should know of the sweeps.
    pub(crate) warnings: Vec<Warning>,
    /// What their figures rest on.
    doubts: Vec<RunDoubts>,
}

/// What a check came to.
enum Answer {
    Clear(Box<CheckOutcome>),
    /// The rows that it compares are missing, which says the diagnostic.
    Missing(Diagnostic),
}

impl<'h> Derivation<'h> {
    /// Sweeps all runs and computes all tables.
    pub(crate) fn of(
        source: &'h SourceText,
        spec: &'h HypothesisSpec,
        queries: &'h CheckedQueries,
        inputs: &'h Inputs,
        max_cells: u64,
        runs: Vec<Run>,
        observer: &'h dyn ProgressObserver,
    ) -> Result<Self, ExperimentError> {
        let mut derivation = Self {
            source,
            spec,
            queries,
            inputs,
            max_cells,
            observer,
            engine: Engine::default(),
            runs,
            tables: BTreeMap::new(),
            warnings: Vec::new(),
            doubts: Vec::new(),
        };
        for stage in &queries.stages {
            // A sweep has all cores to itself; the tables of a stage share them.
            for name in stage.iter().filter(|name| spec.tables.get(name).is_none()) {
                derivation.sweep_run(name)?;
            }
            let tables: Vec<_> = stage
                .iter()
                .filter_map(|name| Some((name, spec.tables.get(name)?)))
                .collect();
            observer.notice(Progress::Tables(tables.len() as u64));
            let computed: Vec<_> = tables
                .into_par_iter()
                .map(|(name, table)| {
                    let computed = derivation.table(name, table);
                    observer.notice(Progress::Done(1));
                    (name, table, computed)
                })
                .collect();
            for (name, table, computed) in computed {
                let (frame, computed) = computed?;
                derivation.engine.register(name, frame);
                let shown = ShownTable::new(computed, table, &spec.columns);
                derivation.tables.insert(name.clone(), shown);
            }
        }
        Ok(derivation)
    }

    fn sweep_run(&mut self, name: &str) -> Result<(), ExperimentError> {
        let specs = self.spec.runs.iter();
        let Some((place, probe)) = specs.into_iter().find(|(run, _)| run.value == name) else {
            return Ok(());
        };
        let Some(index) = self.runs.iter().position(|run| run.name == name) else {
            return Ok(());
        };
        for (axis, values) in probe.vary().iter() {
            if let AxisSpec::Sql(sql) = values {
                let resolved = self.axis_values(sql).and_then(|values| {
                    let axes = &mut self.runs[index].axes;
                    axes.resolve(&axis.value, &values, self.max_cells)?;
                    let rows = self.runs[index].rows();
                    let rows = rows.and_then(|rows| u64::try_from(rows).ok());
                    let limit = self.max_cells;
                    match rows {
                        Some(rows) if rows <= limit => Ok(()),
                        Some(_) | None => Err(AxisProblem::TooManyRows { limit }),
                    }
                });
                resolved.map_err(|problem| {
                    let message = format!("axis `{}` of run `{name}`: {problem}", axis.value);
                    let diagnostic = self.source.error_for(sql, message);
                    if matches!(
                        problem,
                        AxisProblem::TooManyCells { .. } | AxisProblem::TooManyRows { .. }
                    ) {
                        diagnostic.with_help(RAISE_MAX_CELLS)
                    } else {
                        diagnostic
                    }
                })?;
            }
        }
        let run = &self.runs[index];
        let kept = self.queries.kept.get(name).unwrap_or(&Kept::All);
        let swept = sweep(run, self.inputs, kept, self.observer).map_err(|problem| {
            let diagnostic = self.source.error_for(place, problem.to_string());
            match &problem {
                SweepProblem::Setting { wrong, .. } if !wrong.setting.choices().is_empty() => {
                    let choices = wrong.setting.choices().iter().copied();
                    diagnostic.with_choices("valid choices", &wrong.value, choices)
                }
                SweepProblem::Setting { .. }
                | SweepProblem::Cell { .. }
                | SweepProblem::Setup { .. }
                | SweepProblem::Frame { .. } => diagnostic,
            }
        })?;
        self.engine.register(name, swept.frame);
        self.warnings.extend(swept.warnings);
        self.doubts.push(swept.doubts);
        Ok(())
    }

    /// The rows of an axis' query.
    fn axis_values(&self, sql: &Spanned<String>) -> Result<Vec<CaseValue>, AxisProblem> {
        let answer = self
            .engine
            .run(&sql.value)
            .and_then(|frame| to_table(&frame))
            .map_err(|problem| AxisProblem::Query(problem.to_string()))?;
        let column = answer.column(VALUE_COLUMN);
        let Some(column) = column.filter(|_| answer.rows() > 0) else {
            return Err(AxisProblem::NoRows);
        };
        (0..answer.rows())
            .map(|row| {
                let value = Scalar::of(column.values.at(row));
                value.ok_or(AxisProblem::NullValue { row: row + 1 })
            })
            .map(|value| value.map(CaseValue::One))
            .collect()
    }

    /// One table, as the engine has it and as it is shown.
    fn table(&self, name: &str, spec: &TableSpec) -> Result<(Frame, Table), ExperimentError> {
        match &spec.sql {
            Some(sql) => {
                let failed = |problem: &EngineProblem| {
                    self.source
                        .error_for(sql, format!("table `{name}`: {problem}"))
                };
                let frame = self
                    .engine
                    .run(&sql.value)
                    .map_err(|problem| failed(&problem))?;
                let table = to_table(&frame).map_err(|problem| failed(&problem))?;
                let order = self.queries.ordered_by.get(name);
                if let Some(row) = order.and_then(|columns| table.first_tie(columns)) {
                    let message = format!(
                        "table `{name}`: rows {row} and {} tie in all columns of ORDER BY, which leaves their order open",
                        row + 1
                    );
                    return Err(self
                        .source
                        .error_for(sql, message)
                        .with_help("order by another column too")
                        .into());
                }
                Ok((frame, table))
            }
            None => self.figures(name, spec),
        }
    }

    /// A table of single figures, each by its own query.
    fn figures(&self, name: &str, spec: &TableSpec) -> Result<(Frame, Table), ExperimentError> {
        let mut values = Vec::with_capacity(spec.figures.len());
        let queries = spec.queries(name);
        let texts: Vec<&str> = queries.iter().map(|(_, sql)| sql.value.as_str()).collect();
        for ((what, sql), answer) in queries.into_iter().zip(self.engine.run_all(&texts)) {
            let failed = |reason: String| self.source.error_for(sql, format!("{what}: {reason}"));
            let answer = answer
                .and_then(|frame| to_table(&frame))
                .map_err(|problem| failed(problem.to_string()))?;
            if answer.rows() != 1 {
                return Err(failed(format!(
                    "its SQL returns {} rows, and a figure is one number",
                    answer.rows()
                ))
                .into());
            }
            let value = answer.value(VALUE_COLUMN, 0).as_f64().ok_or_else(|| {
                failed("its value is NULL: the rows it reads are missing".to_owned())
            })?;
            values.push(value);
        }
        let names: Vec<&str> = spec
            .figures
            .iter()
            .map(|figure| figure.name.value.as_str())
            .collect();
        let failed = |problem: EngineProblem| {
            Diagnostic::new(
                self.source.path().to_owned(),
                format!("table `{name}`: {problem}"),
            )
        };
        let frame = figure_frame(&names, &values).map_err(failed)?;
        let table = to_table(&frame).map_err(failed)?;
        Ok((frame, table))
    }

    /// Answers the checks in the order of the file.
    ///
    /// # Errors
    ///
    /// A check without one clear answer. Where a precondition fails, a check may have none: there is nothing to decide. Neither
    /// does a control decide, which may be open.
    pub(crate) fn decide(&self) -> Result<Vec<CheckOutcome>, ExperimentError> {
        let mut outcomes = Vec::with_capacity(self.spec.checks.len());
        let mut missing = None;
        let checks = self.spec.checks.par_iter();
        self.observer.notice(Progress::Checks(checks.len() as u64));
        let answers: Vec<_> = checks.map(|check| self.answer(check)).collect();
        for (check, answer) in self.spec.checks.iter().zip(answers) {
            let outcome = match answer? {
                Answer::Clear(outcome) => *outcome,
                Answer::Missing(diagnostic) if check.role == Role::Precondition => {
                    return Err(diagnostic.into());
                }
                Answer::Missing(diagnostic) => {
                    missing.get_or_insert(diagnostic);
                    outcome_of(check, NO_DATA.to_owned(), None, None)
                }
            };
            let observed = outcome.value.as_ref().and_then(serde_json::Number::as_f64);
            let outcome = CheckOutcome {
                interval: self.interval(check, observed)?,
                ..outcome
            };
            self.observer.notice(Progress::Done(1));
            outcomes.push(outcome);
        }
        let decidable = !outcomes.iter().any(CheckOutcome::is_unmet_precondition);
        match missing {
            Some(diagnostic) if decidable => Err(diagnostic.into()),
            Some(_) | None => Ok(outcomes),
        }
    }

    /// What its figures must not be taken for, once the checks are answered.
    pub(crate) fn cautions(&self, checks: &[CheckOutcome]) -> Vec<Warning> {
        let cautions = Cautions {
            spec: self.spec,
            engine: &self.engine,
            runs: &self.runs,
            tables: &self.tables,
        };
        [warnings_of(&self.doubts), cautions.found(checks)].concat()
    }

    /// The interval beside what a check observed, where it asks for one.
    fn interval(
        &self,
        check: &CheckSpec,
        observed: Option<f64>,
    ) -> Result<Option<CheckInterval>, ExperimentError> {
        let Some(spec) = &check.interval else {
            return Ok(None);
        };
        let interval = CheckInterval::of(check, spec, observed, &self.engine);
        interval.map(Some).map_err(|problem| {
            let message = format!("the interval of check `{}`: {problem}", check.id.value);
            let diagnostic = self.source.error_for(&spec.table, message);
            match problem {
                IntervalProblem::Draws(_) => diagnostic.with_help(FEWER_DRAWS),
                IntervalProblem::Rows(_) | IntervalProblem::Resampling(_) => diagnostic,
            }
            .into()
        })
    }

    fn answer(&self, check: &CheckSpec) -> Result<Answer, ExperimentError> {
        let failed = |reason: String| {
            self.source
                .error_for(&check.sql, format!("check `{}`: {reason}", check.id.value))
        };
        let answer = self
            .engine
            .run(&check.sql.value)
            .and_then(|frame| to_table(&frame))
            .map_err(|problem| failed(problem.to_string()))?;
        let missing = |diagnostic: Diagnostic| {
            Answer::Missing(match check.role {
                Role::Precondition => diagnostic,
                Role::Acceptance | Role::Primary | Role::Refutation | Role::Control => {
                    diagnostic.with_help(PRECONDITION)
                }
            })
        };
        if answer.rows() != 1 {
            let diagnostic = failed(format!(
                "its SQL returns {} rows, and a check has one answer",
                answer.rows()
            ));
            return if answer.rows() == 0 {
                Ok(missing(diagnostic))
            } else {
                Err(diagnostic.with_help(ONE_ROW).into())
            };
        }
        let value = answer.value("observed", 0);
        let Some(holds) = answer.value("holds", 0).as_bool() else {
            // It decides nothing: what some data cannot tell stays open.
            if check.role == Role::Control && value == Value::Null {
                let outcome = outcome_of(check, NO_DATA.to_owned(), None, None);
                return Ok(Answer::Clear(Box::new(outcome)));
            }
            let reason = "`holds` is NULL: the rows it compares are missing";
            return Ok(missing(failed(reason.to_owned())));
        };
        if value == Value::Null {
            let reason = "`observed` is NULL: the rows it reads are missing";
            return Ok(missing(failed(reason.to_owned())));
        }
        // What is next to its limit is not shown as the limit.
        let condition = Condition::of(&check.sql.value);
        let limits: Vec<f64> = condition
            .thresholds
            .iter()
            .filter_map(Threshold::number)
            .collect();
        let shown = format!(
            "{}{}",
            show_apart(value, check.digits, &limits),
            check.suffix.as_deref().unwrap_or("")
        );
        let number = match value {
            Value::Int(number) => Some(number.into()),
            // Anything else is no number.
            _ => value.as_f64().and_then(serde_json::Number::from_f64),
        };
        let outcome = outcome_of(check, shown, number, Some(holds));
        Ok(Answer::Clear(Box::new(outcome)))
    }
}

fn outcome_of(
    check: &CheckSpec,
    observed: String,
    value: Option<serde_json::Number>,
    holds: Option<bool>,
) -> CheckOutcome {
    CheckOutcome {
        id: check.id.value.clone(),
        role: check.role,
        claim: check.claim.clone(),
        observed,
        value,
        limit: check.limit().cloned(),
        holds,
        interval: None,
    }
}
