//! Why a query is refused before it runs. The only place that reads the parser's words.

use diagnostic::find_words;

use super::query_bounds::{MAX_DEPTH, MAX_NAMED, MAX_PARTS, MAX_TOKENS};

/// A mention of a word in SQL. The file folds and indents the SQL, but has the same words in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) word: String,
    /// How often the word stands before.
    pub(crate) skipped: usize,
}

/// Why a query is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueryProblem {
    #[error("SQL does not parse: {message}")]
    Syntax {
        message: String,
        /// Where the parser stopped.
        stop: Option<Mention>,
    },
    #[error("SQL must be one SELECT, not {0} statements")]
    NotOne(usize),
    #[error("SQL must be a SELECT: nothing else is run")]
    NotASelect,
    #[error("SQL reads only runs and tables of this file, not the function `{0}`")]
    TableFunction(String),
    #[error("SQL reads only runs and tables of this file, and `{0}` is a qualified name")]
    Qualified(String),
    #[error("SQL has {0} words and signs, over the limit of {MAX_TOKENS}")]
    TooLong(usize),
    #[error("SQL nests expressions more than {MAX_DEPTH} deep: a chain of operators counts each")]
    TooDeep,
    #[error("SQL has more than {MAX_PARTS} parts: each SELECT and each JOIN is one")]
    TooManyParts,
    #[error("SQL names more than {MAX_NAMED} tables by WITH: each may read the one before twice")]
    TooManyNamed,
    #[error(
        "a nested SELECT that groups, unites or takes distinct rows has them in no fixed order: make it a table of its own, with ORDER BY"
    )]
    NestedGroups,
    #[error("LIMIT or OFFSET without ORDER BY takes rows that nothing fixes")]
    LimitWithoutOrder,
    #[error("the SQL function `{0}` is not available: it makes text or rows of any length")]
    Function(String),
    #[error(
        "the SQL function `{0}` is not available: engines take another base, and the base first or last; write LN(x), LOG10(x), LOG2(x) or LN(x) / LN(base)"
    )]
    Logarithm(String),
    #[error(
        "`{0}` of a fixed value sees one row only, however many there are: write COUNT(*), or 2 * COUNT(*)"
    )]
    OfNoColumn(String),
    #[error("`{0}` takes no FILTER (WHERE ...): aggregates such as AVG, COUNT, MAX or MEDIAN do")]
    Filter(String),
    #[error(
        "the SQL function `{0}` is not available: the engine gives 0 for too few rows; write CORR(x, y) * STDDEV(x) * STDDEV(y)"
    )]
    Covariance(String),
    #[error("`{0}` is not available with OVER: make the value of each group a table, and join it")]
    Over(String),
    #[error(
        "`{0}` takes what was predicted and what was measured, without aggregates in them: MAPE(predicted, measured)"
    )]
    Mape(String),
    #[error("`{0}` takes an expression and a number from 0 to 1, as in QUANTILE(x, 0.9)")]
    Quantile(String),
    #[error("`{0}` is beyond 9007199254740992, where whole numbers lose digits or overflow")]
    TooLarge(String),
}

impl QueryProblem {
    /// The parser's own words, without its prefix and with the place in the SQL apart: a message shows that in the file.
    pub(super) fn of_parser(sql: &str, text: &str) -> Self {
        let text = text.strip_prefix("sql parser error: ").unwrap_or(text);
        let (message, place) = text.rsplit_once(" at Line: ").unwrap_or((text, ""));
        let place = place
            .split_once(", Column: ")
            .and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)));
        // As in `Expected: end of statement, found: foo`.
        let word = message.split("found: ").nth(1).map(str::trim);
        let stop = word.filter(|word| !word.is_empty() && *word != "EOF");
        Self::Syntax {
            message: message.to_owned(),
            stop: stop.map(|word| Mention {
                word: word.to_owned(),
                skipped: place.map_or(0, |place| mentions_before(sql, word, place)),
            }),
        }
    }
}

/// How often SQL mentions a word before a one-based line and column.
fn mentions_before(sql: &str, word: &str, (line, column): (usize, usize)) -> usize {
    let lines = sql.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let before = sql[start..]
        .chars()
        .take(column.saturating_sub(1))
        .map(char::len_utf8)
        .sum::<usize>();
    find_words(sql, 0, word)
        .take_while(|span| span.start < start + before)
        .count()
}
