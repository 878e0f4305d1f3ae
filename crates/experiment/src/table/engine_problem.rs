//! Why a query that parses does not run. The only place that reads the engine's words.

use std::any::Any;

use diagnostic::nearest;
use polars::prelude::PolarsError;
use polars::sql::keywords::all_functions;

use super::calculation::IN_ROW;
use super::query_bounds::LONGEST_QUERY;
use super::query_functions::OWN_FUNCTIONS;
use super::query_growth::TooMuch;

/// Why a query that parses does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineProblem {
    #[error("unknown column `{0}`")]
    UnknownColumn(String),
    #[error("there is no run, table or alias `{0}` in the query")]
    UnknownRelation(String),
    #[error("no thread for the query can be started: {0}")]
    NoThread(String),
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
    #[error("the query takes more than {} s", LONGEST_QUERY.as_secs())]
    TooLong,
    #[error("SQL does not run: {said}")]
    Failed {
        said: String,
        /// The word of the SQL that it speaks of, in small letters.
        word: Option<String>,
        help: Vec<String>,
    },
    /// A calculation has no result that is right, in the words that name its row.
    #[error("{0}")]
    Calculation(String),
    #[error("SQL is beyond the engine, which gave up on it: {0}")]
    Panicked(String),
    #[error(
        "column `{column}` is of type {kind}, and tables hold numbers, words and truth values only"
    )]
    UnsupportedType { column: String, kind: String },
    #[error(
        "column `{column}`, row {row} is a whole number beyond 2^53 or overflowed: multiply by 1.0 before it grows"
    )]
    TooLarge { column: String, row: usize },
    #[error(
        "column `{column}`, row {row} is {value}: guard what divides by nothing or has too few rows with CASE"
    )]
    NotFinite {
        column: String,
        row: usize,
        value: f64,
    },
}

impl From<PolarsError> for EngineProblem {
    fn from(error: PolarsError) -> Self {
        match root(&error) {
            PolarsError::ColumnNotFound(name) | PolarsError::SchemaFieldNotFound(name) => {
                Self::UnknownColumn(column_name(name))
            }
            other => Self::of_message(first_line(&other.to_string())),
        }
    }
}

impl EngineProblem {
    /// Of what the engine only says in words, names that are not there are told apart from the rest.
    fn of_message(said: String) -> Self {
        if let Some(row) = said.strip_prefix(IN_ROW) {
            return Self::Calculation(row.to_owned());
        }
        let named = || said.split('\'').nth(1).map(str::to_owned);
        if let Some(column) = named().filter(|_| said.starts_with("no column named")) {
            return Self::UnknownColumn(column);
        }
        if let Some(name) = named().filter(|_| said.starts_with("no table or struct column named"))
        {
            return Self::UnknownRelation(name);
        }
        let help = if said.contains("should participate in the GROUP BY") {
            Some(OF_LISTS)
        } else {
            let known = HELP.iter().find(|(start, _)| said.starts_with(start));
            known.map(|(_, help)| *help)
        };
        let near = help
            .filter(|help| *help == FUNCTIONS)
            .and_then(|_| {
                let own = OWN_FUNCTIONS.iter();
                nearest(&named()?, all_functions().iter().chain(own).copied())
            })
            .map(|near| format!("did you mean `{}`?", near.to_uppercase()));
        Self::Failed {
            word: help.and_then(|_| named()),
            help: near.into_iter().chain(help.map(str::to_owned)).collect(),
            said,
        }
    }

    /// What a query that panicked says.
    pub(super) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .and_then(|text| text.lines().next());
        Self::Panicked(words.unwrap_or("it does not say why").to_owned())
    }
}

/// What becomes of a column that is grouped and not aggregated.
pub(crate) const OF_LISTS: &str = "where rows are grouped, a column stands in GROUP BY or in an aggregate, as in MAX(x), MIN(x) or AVG(x)";

/// How words and numbers meet.
const OF_KINDS: &str = "words stand in single quotes and numbers in none; CAST(x AS DOUBLE) makes a number of a word, CAST(x AS VARCHAR) a word of a number";

/// The functions that people write.
const FUNCTIONS: &str = "functions: those of polars' SQL, such as ABS, AVG, COALESCE, COUNT, GREATEST, LEAST, MAPE, MAX, MEDIAN, MIN, POW, QUANTILE, ROUND, SQRT, STDDEV, SUM";

/// What is to be done about a message that begins with these words.
const HELP: [(&str, &str); 5] = [
    ("unsupported function", FUNCTIONS),
    ("cannot compare", OF_KINDS),
    ("arithmetic on dtypes", OF_KINDS),
    ("datatype", "types: DOUBLE, BIGINT, VARCHAR, BOOLEAN"),
    (
        "subquery comparisons",
        "a single value is named by WITH and joined by CROSS JOIN",
    ),
];

/// The error below the layers that say in which expression it arose.
fn root(error: &PolarsError) -> &PolarsError {
    match error {
        PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => root(error),
        other => other,
    }
}

/// The name in messages such as `"step_uss" not found` or `unable to find column "step_uss"; valid columns: ...`.
fn column_name(message: &str) -> String {
    let quoted = message.split(['"', '\'']).nth(1);
    let bare = message
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .find(|word| !word.is_empty());
    quoted.or(bare).unwrap_or(message).to_owned()
}

/// Messages of the engine can carry a whole query plan behind their first line, or a whole syntax tree in it.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or(message);
    let tree = line
        .strip_prefix("expression ")
        .and_then(|rest| rest.split_once([' ', '(', '{']))
        .filter(|_| line.contains("is not currently supported") || line.len() > MAX_MESSAGE_CHARS);
    match tree {
        Some((kind, _)) => format!("an expression of the kind {kind} is not supported"),
        // What stands behind are the engine's own names of expressions.
        None if line.starts_with("arithmetic on dtypes") => {
            line.split(" (lhs").next().unwrap_or(line).to_owned()
        }
        None => line.chars().take(MAX_MESSAGE_CHARS).collect(),
    }
}

/// Longest message of the engine that is passed on.
const MAX_MESSAGE_CHARS: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_offered_as_people_write_them() {
        let problem = EngineProblem::of_message("unsupported function 'maxx'".to_owned());
        let EngineProblem::Failed { word, help, .. } = problem else {
            panic!("{problem}");
        };
        assert_eq!(word.as_deref(), Some("maxx"));
        assert_eq!(help[0], "did you mean `MAX`?");
    }
}
