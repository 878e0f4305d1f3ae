//! SQL over runs and tables. The only place that hands queries to polars.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};

use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, IntoColumn, IntoLazy, LazyFrame, NamedFrom, Series,
};
use polars::sql::SQLContext;
use polars_async::executor::ALLOW_RAYON_THREADS;
use rayon::prelude::*;

use super::checked_plan::PlanChecker;
use super::engine_problem::EngineProblem;
use super::layout::Layout;
use super::query::{expanded, query_tree};
use super::query_bounds::LONGEST_QUERY;
use super::query_growth::{Growth, Size, count};
use super::table::Table;
use super::{Column, ColumnKind, Values};
use crate::format::{FIGURE_COLUMN, VALUE_COLUMN};

/// Named frames that queries read. There is no way in for files: the engine is built without its readers.
#[derive(Default)]
pub(crate) struct Engine {
    frames: BTreeMap<String, DataFrame>,
}

/// Rows as the engine has them.
pub(crate) type Frame = DataFrame;

/// Stack for a query. Each level of an expression takes the engine tens of kilobytes of it where the engine is built
/// without optimisation, so that the stack of a test or of a rayon worker ends at some fifty operators in a row.
const QUERY_STACK_BYTES: usize = 128 << 20;

impl Engine {
    /// Makes a frame known to later queries.
    pub(crate) fn register(&mut self, name: &str, frame: DataFrame) {
        self.frames.insert(name.to_owned(), frame);
    }

    /// Columns of a frame that was made known.
    pub(crate) fn columns(&self, name: &str, columns: &[&str]) -> Result<Table, EngineProblem> {
        let frame = self.frames.get(name);
        let frame = frame.ok_or_else(|| EngineProblem::UnknownRelation(name.to_owned()))?;
        to_table(&frame.select(columns.iter().copied())?)
    }

    /// Runs one SELECT, on a stack of its own, unless it may come to more than there is room for.
    pub(crate) fn run(&self, sql: &str) -> Result<Frame, EngineProblem> {
        // Preparing a frame takes as long as a short query: only what may be read is.
        let mentioned = self.frames.iter().filter(|(name, _)| sql.contains(*name));
        let frames: Vec<(String, DataFrame)> = mentioned
            .map(|(name, frame)| (name.clone(), frame.clone()))
            .collect();
        let sql = expanded(sql).into_owned();
        let (answer, answered) = mpsc::sync_channel(1);
        let query = move || {
            // Sums over parts differ in their last bits with the number of parts: all work stays on this thread.
            ALLOW_RAYON_THREADS.set(false);
            let checked = check_growth(&sql, &frames);
            // Nobody waits any more for what comes too late.
            answer
                .send(checked.and_then(|()| execute(&sql, &frames)))
                .ok();
        };
        let query = std::thread::Builder::new()
            .name("query".to_owned())
            .stack_size(QUERY_STACK_BYTES)
            .spawn(query)
            .map_err(|error| EngineProblem::NoThread(error.to_string()))?;
        match answered.recv_timeout(LONGEST_QUERY) {
            Ok(frame) => frame,
            // The engine cannot be stopped: the thread ends with the process.
            Err(RecvTimeoutError::Timeout) => Err(EngineProblem::TooLong),
            // Some queries that parse and type are beyond the engine, `ORDER BY 0` for one.
            Err(RecvTimeoutError::Disconnected) => Err(match query.join() {
                Err(panic) => EngineProblem::of_panic(panic.as_ref()),
                Ok(()) => EngineProblem::TooLong,
            }),
        }
    }
}

fn execute(sql: &str, frames: &[(String, DataFrame)]) -> Result<Frame, EngineProblem> {
    // A query that fails leaves its aliases behind in its context: each has one of its own.
    let mut context = SQLContext::new();
    for (name, frame) in frames {
        context.register(name, frame.clone().lazy());
    }
    let planned = context.execute(sql)?;
    let checker = PlanChecker {
        nulls_last: !sql.to_ascii_uppercase().contains("NULLS FIRST"),
    };
    Ok(LazyFrame::from(checker.checked(&planned.logical_plan)).collect()?)
}

/// Checks how many rows and letters a query may come to. What does not parse is left to the engine.
fn check_growth(sql: &str, frames: &[(String, DataFrame)]) -> Result<(), EngineProblem> {
    let Some(query) = query_tree(sql) else {
        return Ok(());
    };
    let most = |sql: &str| -> Option<f64> {
        let counts = execute(sql, frames).ok()?;
        let counts = counts.column("n").ok()?.cast(&DataType::Float64).ok()?;
        counts.f64().ok()?.iter().flatten().reduce(f64::max)
    };
    let upper = sql.to_uppercase();
    let makes_text = GROWING.iter().any(|word| upper.contains(word));
    let sizes = frames
        .iter()
        .map(|(name, frame)| (name.clone(), size_of(frame, makes_text)));
    let growth = Growth {
        frames: sizes.collect(),
        most: &most,
    };
    Ok(growth.check(&query)?)
}

/// What stands in SQL that makes long text of short. Without it the letters of a frame are not counted.
const GROWING: [&str; 5] = ["||", "REPLACE", "CONCAT", "AGG", "ARRAY_TO_STRING"];

fn size_of(frame: &DataFrame, counts_letters: bool) -> Size {
    let texts = frame.columns().iter().filter(|_| counts_letters);
    let texts = texts.filter_map(|column| column.str().ok());
    let longest = texts.flat_map(|texts| texts.iter().flatten().map(str::len));
    Size {
        rows: count(frame.height()),
        longest: count(longest.max().unwrap_or(0)),
    }
}

impl Engine {
    /// Runs several SELECTs side by side. Each stays on one thread, so that the answers do not depend on how many there
    /// are.
    pub(crate) fn run_all(&self, queries: &[&str]) -> Vec<Result<Frame, EngineProblem>> {
        queries.par_iter().map(|sql| self.run(sql)).collect()
    }
}

/// A frame of these columns without rows, to check queries against.
pub(crate) fn empty_frame(layout: &Layout) -> Result<DataFrame, EngineProblem> {
    let columns: Vec<PolarsColumn> = layout
        .0
        .iter()
        .map(|(name, kind)| {
            let name = name.as_str().into();
            match kind {
                ColumnKind::Int => Series::new(name, Vec::<i64>::new()),
                ColumnKind::Float => Series::new(name, Vec::<f64>::new()),
                ColumnKind::Text => Series::new(name, Vec::<String>::new()),
                ColumnKind::Bool => Series::new(name, Vec::<bool>::new()),
            }
            .into_column()
        })
        .collect();
    Ok(DataFrame::new(0, columns)?)
}

/// A table of named numbers.
pub(crate) fn figure_frame(names: &[&str], values: &[f64]) -> Result<DataFrame, EngineProblem> {
    let columns = vec![
        Series::new(FIGURE_COLUMN.into(), names).into_column(),
        Series::new(VALUE_COLUMN.into(), values).into_column(),
    ];
    Ok(DataFrame::new(names.len(), columns)?)
}

/// Names and kinds of a frame's columns.
pub(crate) fn layout(frame: &DataFrame) -> Result<Layout, EngineProblem> {
    let columns = frame.columns().iter();
    let columns = columns.map(|column| Ok((column.name().to_string(), kind_of(column)?)));
    columns.collect::<Result<_, _>>().map(Layout)
}

fn kind_of(column: &PolarsColumn) -> Result<ColumnKind, EngineProblem> {
    match column.dtype() {
        DataType::Boolean => Ok(ColumnKind::Bool),
        DataType::String => Ok(ColumnKind::Text),
        kind if kind.is_integer() => Ok(ColumnKind::Int),
        kind if kind.is_float() => Ok(ColumnKind::Float),
        // A column of NULLs alone has no type of its own.
        DataType::Null => Ok(ColumnKind::Float),
        other => Err(EngineProblem::UnsupportedType {
            column: column.name().to_string(),
            kind: other.to_string(),
        }),
    }
}

/// Whole numbers up to here, 2^53, are exact in every reader; a sum or product that wraps around 64 bits is almost
/// surely beyond it.
const MAX_WHOLE_NUMBER: u64 = 1 << 53;

/// Copies a frame out of the engine.
///
/// # Errors
///
/// A number that is not finite: result files have no spelling for it that every reader takes.
pub(crate) fn to_table(frame: &DataFrame) -> Result<Table, EngineProblem> {
    let mut columns = Vec::with_capacity(frame.width());
    for column in frame.columns() {
        let values = match kind_of(column)? {
            ColumnKind::Int => {
                let values: Vec<Option<i64>> = column
                    .strict_cast(&DataType::Int64)?
                    .i64()?
                    .iter()
                    .collect();
                let wrong = values.iter().position(|value| {
                    value.is_some_and(|number| number.unsigned_abs() > MAX_WHOLE_NUMBER)
                });
                if let Some(row) = wrong {
                    return Err(EngineProblem::TooLarge {
                        column: column.name().to_string(),
                        row: row + 1,
                    });
                }
                Values::Int(values)
            }
            ColumnKind::Bool => Values::Bool(column.bool()?.iter().collect()),
            ColumnKind::Text => Values::Text(
                column
                    .str()?
                    .iter()
                    .map(|word| word.map(str::to_owned))
                    .collect(),
            ),
            ColumnKind::Float => {
                let values: Vec<Option<f64>> =
                    column.cast(&DataType::Float64)?.f64()?.iter().collect();
                let wrong = values.iter().enumerate().find_map(|(row, value)| {
                    value
                        .filter(|number| !number.is_finite())
                        .map(|number| (row, number))
                });
                if let Some((row, value)) = wrong {
                    return Err(EngineProblem::NotFinite {
                        column: column.name().to_string(),
                        row: row + 1,
                        value,
                    });
                }
                Values::Float(values)
            }
        };
        columns.push(Column {
            name: column.name().to_string(),
            values,
        });
    }
    Ok(Table::new(columns, frame.height()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        let mut engine = Engine::default();
        let columns = Layout(vec![
            ("a".to_owned(), ColumnKind::Int),
            ("x".to_owned(), ColumnKind::Float),
        ]);
        engine.register("t", empty_frame(&columns).unwrap());
        engine
    }

    #[test]
    fn an_unknown_column_is_named() {
        let problem = engine().run("SELECT bogus FROM t").unwrap_err();
        assert_eq!(problem.to_string(), "unknown column `bogus`");
        let problem = engine()
            .run("SELECT MAX(a + bogus) AS m FROM t WHERE x > 1")
            .unwrap_err();
        assert_eq!(problem.to_string(), "unknown column `bogus`");
    }

    #[test]
    fn an_unknown_name_behind_an_alias_is_told_apart() {
        let problem = engine()
            .run("SELECT l.a AS a, r.bogus AS b FROM t l JOIN t r ON l.a = r.a")
            .unwrap_err();
        assert_eq!(problem.to_string(), "unknown column `bogus`");
        let problem = engine().run("SELECT z.a AS a FROM t l").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "there is no run, table or alias `z` in the query"
        );
    }

    #[test]
    fn a_hundred_operators_fit_on_the_stack() {
        for operator in [" + ", " OR a = "] {
            let chain = vec!["1"; 100].join(operator);
            engine()
                .run(&format!("SELECT a = {chain} AS x FROM t"))
                .unwrap();
        }
    }

    #[test]
    fn a_type_error_shows_without_rows() {
        let problem = engine()
            .run("SELECT a || 1 - 'b' AS s FROM t")
            .map(|_| ())
            .unwrap_err();
        assert!(
            problem.to_string().starts_with("SQL does not run"),
            "{problem}"
        );
    }

    #[test]
    fn files_are_out_of_reach() {
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::fs::write(file.path(), "a\n1\n").unwrap();
        for reader in ["read_csv", "read_parquet", "read_json", "read_ipc"] {
            let sql = format!("SELECT * FROM {reader}('{}')", file.path().display());
            assert!(engine().run(&sql).is_err(), "{reader}");
        }
        let sql = format!("SELECT * FROM '{}'", file.path().display());
        assert!(engine().run(&sql).is_err());
    }

    #[test]
    fn whole_numbers_that_overflow_are_an_error() {
        let engine = Engine::default();
        let frame = engine
            .run("SELECT CAST(9000000000000000 AS BIGINT) * CAST(2 AS BIGINT) AS x")
            .unwrap();
        let problem = to_table(&frame).unwrap_err().to_string();
        assert!(
            problem.starts_with("column `x`, row 1 is a whole number beyond 2^53"),
            "{problem}"
        );
    }

    #[test]
    fn what_is_not_finite_is_an_error_that_names_its_row() {
        let engine = Engine::default();
        let problem = engine.run("SELECT 0.0 / 0.0 AS x").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "column `x`, row 1: 0 is divided by 0: leave such rows out with WHERE or CASE"
        );
    }
}
