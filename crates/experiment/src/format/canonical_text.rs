//! Texts of a hypothesis as they count for its criteria.

use serde::{Serialize, Serializer};
use serde_yaml::Spanned;
use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// Prose with one blank between words: where its lines break says nothing.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes prose as [`words`].
pub(super) fn serialize_words<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&words(text))
}

/// Writes a query as the list of its tokens, which blanks and comments are none of.
pub(super) fn serialize_sql<S: Serializer>(
    sql: &Spanned<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match tokens(&sql.value) {
        Some(tokens) => tokens.serialize(serializer),
        // A query that does not come apart is refused elsewhere; here it stands for itself.
        None => serializer.serialize_str(&sql.value),
    }
}

/// The same for a query that may be absent.
#[expect(
    clippy::ref_option,
    reason = "serde hands over the field as it is declared"
)]
pub(super) fn serialize_optional_sql<S: Serializer>(
    sql: &Option<Spanned<String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match sql {
        Some(sql) => serialize_sql(sql, serializer),
        None => serializer.serialize_none(),
    }
}

/// Leaves a key out of the criteria because it says how a result is shown, and nothing about the result.
pub(super) fn is_presentation<T>(_: &T) -> bool {
    true
}

fn tokens(sql: &str) -> Option<Vec<String>> {
    let dialect = GenericDialect;
    // Quotes inside quotes stay doubled: each token is written as it stands, so that no two become the same text.
    let tokens = Tokenizer::new(&dialect, sql)
        .with_unescape(false)
        .tokenize()
        .ok()?;
    let texts = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .map(Token::to_string);
    Some(texts.collect())
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        assert_eq!(tokens(sql).unwrap(), expected, "{sql}");
    }

    #[test]
    fn blanks_and_comments_are_no_tokens() {
        let expected = ["SELECT", "a", ".", "b", "+", "1.0", "AS", "x", "FROM", "a"];
        check("SELECT a.b+1.0 AS x FROM a", &expected);
        check(
            "\n SELECT a . b\n\t+ 1.0 AS x -- why\n FROM /* where */ a\n",
            &expected,
        );
    }

    #[test]
    fn a_line_break_that_ends_a_comment_counts() {
        check("a -- b\n c", &["a", "c"]);
        check("a -- b c", &["a"]);
    }

    #[test]
    fn literals_stand_as_they_are() {
        check("'a  b'", &["'a  b'"]);
        check("'a' ' b'", &["'a'", "' b'"]);
        check("'a'' '' b'", &["'a'' '' b'"]);
        check(r#""a""  b""#, &[r#""a""  b""#]);
        check("1.0 1.00 1", &["1.0", "1.00", "1"]);
    }

    #[test]
    fn a_query_that_does_not_come_apart_has_no_tokens() {
        assert_eq!(tokens("SELECT 'a"), None);
    }
}
