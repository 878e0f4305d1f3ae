//! How large a query may be: what the parser, the engine and the analysis have to walk is bounded before they do.

use sqlparser::tokenizer::Token;

use super::query_problem::QueryProblem;

/// Most words and signs of one query. Real ones have hundreds; deep trees end on the stack of whoever walks them.
pub(super) const MAX_TOKENS: usize = 5_000;

/// Deepest nesting of expressions that the engine's own recursion is trusted with.
pub(super) const MAX_DEPTH: usize = 100;

/// Most parts of a query that are nested, named by WITH, united or joined: the engine's time grows with their square.
pub(super) const MAX_PARTS: usize = 64;

/// Most common table expressions of a query: each that reads the one before twice doubles the engine's work.
pub(super) const MAX_NAMED: usize = 12;

/// Whole numbers up to here are exact as 64-bit floating point numbers. Arithmetic on 64-bit whole numbers wraps without
/// a word; the engine refuses results beyond this, which catches most of what wrapped.
const MAX_WHOLE_NUMBER: f64 = 9_007_199_254_740_992.0;

/// Refuses queries that are too large.
pub(super) fn check_size(tokens: &[Token]) -> Result<(), QueryProblem> {
    let said = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .count();
    if said > MAX_TOKENS {
        return Err(QueryProblem::TooLong(said));
    }
    let is_part = |token: &Token| match token {
        Token::Word(word) => ["SELECT", "JOIN"].contains(&word.value.to_uppercase().as_str()),
        _ => false,
    };
    if tokens.iter().filter(|token| is_part(token)).count() > MAX_PARTS {
        return Err(QueryProblem::TooManyParts);
    }
    let too_large = tokens.iter().find_map(|token| match token {
        Token::Number(text, _) => {
            let number: f64 = text.parse().ok()?;
            (number > MAX_WHOLE_NUMBER && !text.contains(['.', 'e', 'E'])).then(|| text.clone())
        }
        _ => None,
    });
    too_large.map_or(Ok(()), |text| Err(QueryProblem::TooLarge(text)))
}
