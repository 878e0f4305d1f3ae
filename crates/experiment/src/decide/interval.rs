//! The bootstrap interval of a check, as findings show it.

use bootstrap::{Bounds, Interval, InvalidResampling, NoInterval, Resampling, Sample, interval};
use serde::Serialize;

use crate::format::{CheckSpec, IntervalSpec, StatisticSpec};
use crate::table::{Engine, EngineProblem, Table, Value, show_number};

/// How far what a check observed is to be trusted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckInterval {
    /// What it is an interval of, in words.
    pub of: String,
    /// How the resamples were drawn, in words.
    pub drawn: String,
    /// The share of samples whose interval is to hold the true value.
    pub level: f64,
    /// Both intervals as the findings show them beside what was observed, or why there is none.
    pub shown: String,
    /// The BCa interval, or that by percentiles where there is none, with the unit: as a sentence has it.
    pub range: String,
    /// The numbers; none where the rows say nothing of it.
    pub values: Option<Interval>,
}

/// What sentences have in place of an interval where there is none.
const NO_INTERVAL: &str = "no interval";

/// The largest relative difference of two ways to compute the same mean.
const SAME_NUMBER: f64 = 1e-9;

/// An interval that the file must not ask for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntervalProblem {
    #[error(transparent)]
    Rows(#[from] EngineProblem),
    #[error(transparent)]
    Resampling(#[from] InvalidResampling),
    #[error(transparent)]
    Draws(NoInterval),
}

/// Rows of which there is no interval.
#[derive(Debug, thiserror::Error)]
enum Unavailable {
    #[error("column `{column}`, row {row} is NULL")]
    Null { column: String, row: usize },
    #[error(transparent)]
    Bootstrap(NoInterval),
}

impl CheckInterval {
    /// Draws the interval that a check asks for. `observed` is what it observed, where that is a number.
    ///
    /// # Errors
    ///
    /// Rows that cannot be read, and more draws than anybody waits for. Rows that say nothing are none: an interval
    /// decides nothing, and rows may be missing where a precondition fails.
    pub(crate) fn of(
        check: &CheckSpec,
        spec: &IntervalSpec,
        observed: Option<f64>,
        engine: &Engine,
    ) -> Result<Self, IntervalProblem> {
        let resampling = Resampling::new(spec.resampling())?;
        let names: Vec<&str> = spec
            .of
            .columns()
            .into_iter()
            .map(|column| column.value.as_str())
            .collect();
        let table = engine.columns(&spec.table.value, &names)?;
        let computed = sample(&spec.of, &table)
            .and_then(|sample| interval(&sample, &resampling).map_err(Unavailable::Bootstrap));
        let of = statistic_words(spec);
        let drawn = drawn_words(&resampling);
        let level = resampling.level();
        match computed {
            Ok(values) => Ok(Self {
                of: match values.undefined {
                    0 => of,
                    undefined => {
                        format!("{of}, which {undefined} resamples have not")
                    }
                },
                drawn,
                level,
                shown: shown(check, &values, observed),
                range: format!(
                    "{}{}",
                    range(check, values.bca.unwrap_or(values.percentile)),
                    check.suffix.as_deref().unwrap_or("")
                ),
                values: Some(values),
            }),
            Err(Unavailable::Bootstrap(problem @ NoInterval::TooManyDraws { .. })) => {
                Err(IntervalProblem::Draws(problem))
            }
            Err(problem) => Ok(Self {
                of,
                drawn,
                level,
                shown: format!("none: {problem}"),
                range: NO_INTERVAL.to_owned(),
                values: None,
            }),
        }
    }
}

/// The rows of a statistic.
fn sample(of: &StatisticSpec, table: &Table) -> Result<Sample, Unavailable> {
    match of {
        StatisticSpec::Mean(column) => numbers(table, &column.value).map(Sample::Mean),
        StatisticSpec::Difference(columns) => {
            let [before, after] = columns;
            pairs(table, &before.value, &after.value).map(Sample::Difference)
        }
        StatisticSpec::Correlation(columns) => {
            let [x, y] = columns;
            pairs(table, &x.value, &y.value).map(Sample::Correlation)
        }
        StatisticSpec::DifferenceOfGroups(groups) => {
            let [first, second] = &groups.groups;
            let group = |word: &str| {
                let rows = (0..table.rows())
                    .filter(|row| table.value(&groups.by.value, *row) == Value::Text(word));
                rows.map(|row| number(table, &groups.column.value, row))
                    .collect::<Result<Vec<f64>, _>>()
            };
            Ok(Sample::DifferenceOfGroups([
                group(&first.value)?,
                group(&second.value)?,
            ]))
        }
    }
}

fn pairs(table: &Table, first: &str, second: &str) -> Result<Vec<[f64; 2]>, Unavailable> {
    (0..table.rows())
        .map(|row| Ok([number(table, first, row)?, number(table, second, row)?]))
        .collect()
}

fn numbers(table: &Table, column: &str) -> Result<Vec<f64>, Unavailable> {
    (0..table.rows())
        .map(|row| number(table, column, row))
        .collect()
}

fn number(table: &Table, column: &str, row: usize) -> Result<f64, Unavailable> {
    table
        .value(column, row)
        .as_f64()
        .ok_or_else(|| Unavailable::Null {
            column: column.to_owned(),
            row: row + 1,
        })
}

/// Both intervals with the digits of the check.
fn shown(check: &CheckSpec, values: &Interval, observed: Option<f64>) -> String {
    let rows: Vec<String> = values.rows.iter().map(usize::to_string).collect();
    let rows = rows.join(" and ");
    let percentile = range(check, values.percentile);
    let intervals = match values.bca {
        Some(bca) => format!(
            "BCa {}, percentile {percentile} (n = {rows})",
            range(check, bca)
        ),
        None => format!("percentile {percentile}, no BCa (n = {rows})"),
    };
    let is_observed = observed.is_some_and(|observed| {
        let larger = observed.abs().max(values.estimate.abs());
        (observed - values.estimate).abs() <= SAME_NUMBER * larger
    });
    if is_observed {
        intervals
    } else {
        let estimate = show_number(Value::Float(values.estimate), check.digits);
        format!("of {estimate}: {intervals}")
    }
}

fn range(check: &CheckSpec, bounds: Bounds) -> String {
    let end = |value: f64| show_number(Value::Float(value), check.digits);
    format!("{} to {}", end(bounds.low), end(bounds.high))
}

/// The statistic of the rows.
fn statistic_words(spec: &IntervalSpec) -> String {
    let table = &spec.table.value;
    match &spec.of {
        StatisticSpec::Mean(column) => {
            format!("mean of `{}` over the rows of `{table}`", column.value)
        }
        StatisticSpec::Difference(columns) => {
            let [before, after] = columns;
            format!(
                "mean of `{}` less `{}` in each row of `{table}`, which are drawn as pairs",
                before.value, after.value
            )
        }
        StatisticSpec::Correlation(columns) => {
            let [x, y] = columns;
            format!(
                "correlation of `{}` and `{}` over the rows of `{table}`, which are drawn as pairs",
                x.value, y.value
            )
        }
        StatisticSpec::DifferenceOfGroups(groups) => {
            let [first, second] = &groups.groups;
            format!(
                "mean of `{}` over the rows of `{table}` with the `{by}` {} less that over those with {}, each group drawn from on its own",
                groups.column.value,
                first.value,
                second.value,
                by = groups.by.value
            )
        }
    }
}

/// How the rows are drawn.
fn drawn_words(resampling: &Resampling) -> String {
    let block = match resampling.block() {
        1 => String::new(),
        rows => format!(" of blocks of {rows} rows that follow one another"),
    };
    format!(
        "{}, {} resamples{block}, seed {}",
        level_words(resampling.level()),
        show_number(Value::Int(i64::from(resampling.resamples())), None),
        resampling.seed()
    )
}

/// A level as a percentage.
pub(crate) fn level_words(level: f64) -> String {
    format!("{}%", show_number(Value::Float(level * 100.0), None))
}
