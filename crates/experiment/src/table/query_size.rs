//! Whether a query is small enough to be looked at.

use sqlparser::tokenizer::Token;

use super::query_bounds::{MAX_PARTS, MAX_TOKENS};
use super::query_problem::QueryProblem;

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
