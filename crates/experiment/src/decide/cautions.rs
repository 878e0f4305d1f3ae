//! What figures of a hypothesis must not be taken for: optima that are ends of a range, intervals of rows that repeat an
//! experiment, correlations of few rows.

use std::collections::{BTreeMap, BTreeSet};

use super::check_outcome::CheckOutcome;
use crate::format::{CheckSpec, HypothesisSpec, IntervalSpec, StatisticSpec, VALUE_COLUMN};
use crate::project::{Warning, WarningKind};
use crate::sweep::{Field, Probe, Run, value_text};
use crate::table::{
    ColumnKind, Engine, ShownTable, Table, Value, analyse, column_behind, correlations,
    picks_a_best, show_number, to_table,
};

/// Pairs from which on a correlation is shown without a warning.
const FEW_PAIRS: i64 = 10;

/// Values of an axis from which on it has an inside that an optimum can lie in.
const LEAST_SWEPT: i64 = 3;

/// The column of a check that has what was observed.
const OBSERVED_COLUMN: &str = "observed";

/// The axis of `serve` and `trace` runs over what was measured.
const EXPERIMENT: &str = "experiment";

/// What was computed, to be looked through.
pub(super) struct Cautions<'a> {
    pub(super) spec: &'a HypothesisSpec,
    pub(super) engine: &'a Engine,
    pub(super) runs: &'a [Run],
    pub(super) tables: &'a BTreeMap<String, ShownTable>,
}

impl Cautions<'_> {
    /// All of them, in the order of the file.
    pub(super) fn found(&self, checks: &[CheckOutcome]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (answer, sql, what) in self.queries() {
            warnings.extend(self.few_pairs(&sql, &what));
            warnings.extend(self.best_at_the_edge(answer, &sql, &what));
        }
        let intervals = self.spec.checks.iter().zip(checks);
        for (check, outcome) in intervals {
            if let Some(interval) = &check.interval {
                warnings.extend(self.repeats(check, interval));
                warnings.extend(few_rows(check, interval, outcome));
            }
        }
        warnings
    }

    /// The SQL of all tables, figures and checks: the column that is the answer, none for a table; and what it is called.
    fn queries(&self) -> Vec<(Answer<'_>, String, String)> {
        let mut queries = Vec::new();
        for (name, table) in self.spec.tables.iter() {
            match &table.sql {
                Some(sql) => queries.push((
                    Answer::Table(&name.value),
                    sql.value.clone(),
                    format!("table `{}`", name.value),
                )),
                None => queries.extend(
                    table
                        .queries(&name.value)
                        .into_iter()
                        .map(|(what, sql)| (Answer::One(VALUE_COLUMN), sql.value.clone(), what)),
                ),
            }
        }
        queries.extend(self.spec.checks.iter().map(|check| {
            let what = format!("check `{}`", check.id.value);
            (Answer::One(OBSERVED_COLUMN), check.sql.value.clone(), what)
        }));
        queries
    }

    /// A table, figure or check that picks the best of a range, where that is an end of the range.
    fn best_at_the_edge(&self, answer: Answer<'_>, sql: &str, what: &str) -> Vec<Warning> {
        let Ok(facts) = analyse(sql) else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        for source in &facts.relations {
            let swept = self.swept_axes(source);
            if swept.is_empty() || !picks_a_best(sql, &swept) {
                continue;
            }
            for axis in swept {
                let Some(range) = self.range(source, axis) else {
                    continue;
                };
                let cells = self.cells_at(answer, sql, axis, &range);
                if cells == 0 || self.is_whole(answer, &range) {
                    continue;
                }
                let [low, high] =
                    [range.low, range.high].map(|end| show_number(Value::Float(end), None));
                let rows = if cells == 1 { "row" } else { "rows" };
                let text = format!(
                    "{what}: the best `{axis}` is an end of the range that was searched, {low} to {high}, in {cells} {rows}: a better one may lie outside"
                );
                warnings.push(Warning::of_cells(WarningKind::EdgeOfRange, cells, text));
            }
        }
        warnings
    }

    /// The axes of numbers that the rows of a table or run are swept over.
    fn swept_axes(&self, source: &str) -> BTreeSet<&str> {
        self.runs_behind(source)
            .into_iter()
            .flat_map(|run| {
                let measured = run.probe.measured_axis();
                run.axes
                    .fields()
                    .filter(move |(at, _)| Some(at.axis) != measured)
            })
            .filter(|(_, field)| {
                matches!(field.kind(), ColumnKind::Int | ColumnKind::Float)
                    && field.values().len() > 2
            })
            .map(|(_, field)| field.name())
            .collect()
    }

    /// The runs that a table is computed from, or the run itself.
    fn runs_behind(&self, source: &str) -> Vec<&Run> {
        let mut seen = BTreeSet::new();
        let mut open = vec![source.to_owned()];
        let mut runs = Vec::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(run) = self.runs.iter().find(|run| run.name == name) {
                runs.push(run);
            } else if let Some(table) = self.spec.tables.get(&name) {
                let facts = table.sql.as_ref().and_then(|sql| analyse(&sql.value).ok());
                open.extend(facts.into_iter().flat_map(|facts| facts.relations));
            }
        }
        runs
    }

    /// The ends of a column of a table or run; none where it has no such column, or too few values.
    fn range(&self, source: &str, axis: &str) -> Option<Range> {
        let sql = format!(
            "SELECT CAST(MIN({axis}) AS DOUBLE) AS low, CAST(MAX({axis}) AS DOUBLE) AS high, COUNT(DISTINCT {axis}) AS swept, COUNT(*) AS all_rows FROM {source}"
        );
        let answer = to_table(&self.engine.run(&sql).ok()?).ok()?;
        let swept = answer.value("swept", 0).as_i64()?;
        (swept >= LEAST_SWEPT).then_some(Range {
            low: answer.value("low", 0).as_f64()?,
            high: answer.value("high", 0).as_f64()?,
            rows: answer.value("all_rows", 0).as_i64()?,
        })
    }

    /// How many rows of an answer have an end of the range.
    fn cells_at(&self, answer: Answer<'_>, sql: &str, axis: &str, range: &Range) -> usize {
        let at_end = |value: Value<'_>| value.as_f64().is_some_and(|value| range.ends_at(value));
        let count = |table: &Table, column: &str| match table.column(column) {
            Some(column) => {
                let rows = 0..table.rows();
                rows.filter(|row| at_end(column.values.at(*row))).count()
            }
            None => 0,
        };
        match answer {
            Answer::Table(name) => {
                let shown = self.tables.get(name);
                shown.map_or(0, |shown| count(&shown.table, axis))
            }
            Answer::One(column) if column_behind(sql, column).as_deref() == Some(axis) => {
                let frame = self.engine.run(sql);
                let table = frame.and_then(|frame| to_table(&frame));
                table.map_or(0, |table| count(&table, column))
            }
            Answer::One(_) => 0,
        }
    }

    /// Whether a table has all rows of what it reads, and picks none.
    fn is_whole(&self, answer: Answer<'_>, range: &Range) -> bool {
        let Answer::Table(name) = answer else {
            return false;
        };
        let rows = self.tables.get(name).map_or(0, |shown| shown.table.rows());
        i64::try_from(rows).is_ok_and(|rows| rows >= range.rows)
    }

    /// Correlations of few pairs of numbers in a query.
    fn few_pairs(&self, sql: &str, what: &str) -> Option<Warning> {
        let mut cells = 0;
        let mut least = FEW_PAIRS;
        for (query, columns) in correlations(sql) {
            let frame = self.engine.run(&query);
            let Ok(table) = frame.and_then(|frame| to_table(&frame)) else {
                continue;
            };
            for [correlation, pairs] in &columns {
                for row in 0..table.rows() {
                    let pairs = table.value(pairs, row).as_i64().unwrap_or(FEW_PAIRS);
                    if table.value(correlation, row) != Value::Null && pairs < FEW_PAIRS {
                        cells += 1;
                        least = least.min(pairs);
                    }
                }
            }
        }
        (cells > 0).then(|| {
            let values = if cells == 1 { "correlation is" } else { "correlations are" };
            let text = format!(
                "{what}: {cells} {values} of fewer than {FEW_PAIRS} pairs of numbers, the least of {least}"
            );
            Warning::of_cells(WarningKind::FewRows, cells, text)
        })
    }

    /// An interval whose rows are more than the experiments they are from. Rows in blocks are drawn as what they are.
    fn repeats(&self, check: &CheckSpec, interval: &IntervalSpec) -> Option<Warning> {
        if interval.block.is_some() {
            return None;
        }
        let source = &interval.table.value;
        let names: BTreeSet<String> = self
            .runs_behind(source)
            .into_iter()
            .filter(|run| matches!(run.probe, Probe::Serve(_) | Probe::Trace(_)))
            .filter_map(|run| Some(run.axes.field(run.axes.find(EXPERIMENT)?)))
            .flat_map(Field::values)
            .map(value_text)
            .collect();
        if names.is_empty() {
            return None;
        }
        let count = |sql: &str| {
            let table = to_table(&self.engine.run(sql).ok()?).ok()?;
            usize::try_from(table.value(VALUE_COLUMN, 0).as_i64()?).ok()
        };
        let rows = count(&format!("SELECT COUNT(*) AS {VALUE_COLUMN} FROM {source}"))?;
        let experiments = count(&format!(
            "SELECT COUNT(DISTINCT {EXPERIMENT}) AS {VALUE_COLUMN} FROM {source}"
        ));
        let experiments = experiments.unwrap_or(names.len());
        (rows > experiments).then(|| {
            let text = format!(
                "the interval of check `{}` takes the {rows} rows of `{source}` for independent, which come from {experiments} experiment{}: it is too narrow",
                check.id.value,
                if experiments == 1 { "" } else { "s" }
            );
            Warning::of_cells(WarningKind::RepeatedExperiments, rows, text)
        })
    }
}

/// An interval of a correlation of few rows.
fn few_rows(check: &CheckSpec, interval: &IntervalSpec, outcome: &CheckOutcome) -> Option<Warning> {
    if !matches!(interval.of, StatisticSpec::Correlation(_)) {
        return None;
    }
    let values = outcome.interval.as_ref()?.values.as_ref()?;
    let rows: usize = values.rows.iter().sum();
    i64::try_from(rows).is_ok_and(|rows| rows < FEW_PAIRS).then(|| {
        let text = format!(
            "the interval of check `{}` is of a correlation of {rows} rows, fewer than {FEW_PAIRS}",
            check.id.value
        );
        Warning::of_cells(WarningKind::FewRows, rows, text)
    })
}

/// What a query answers.
#[derive(Clone, Copy)]
enum Answer<'q> {
    /// A table of this name.
    Table(&'q str),
    /// One number in this column.
    One(&'static str),
}

/// The ends of a swept column.
struct Range {
    low: f64,
    high: f64,
    /// Rows of what has the column.
    rows: i64,
}

impl Range {
    /// Whether a value is an end, to the last bit: it is one of those that were swept.
    fn ends_at(&self, value: f64) -> bool {
        value.total_cmp(&self.low).is_eq() || value.total_cmp(&self.high).is_eq()
    }
}
