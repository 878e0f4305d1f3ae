//! What to do about SQL that does not parse or run.

use diagnostic::{find_words, nearest};

use crate::table::Mention;

/// The keywords of one SELECT that people write.
const KEYWORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "ORDER",
    "BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "JOIN",
    "LEFT",
    "RIGHT",
    "FULL",
    "CROSS",
    "INNER",
    "OUTER",
    "USING",
    "WITH",
    "UNION",
    "ALL",
    "DISTINCT",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "BETWEEN",
    "QUALIFY",
    "OVER",
    "PARTITION",
    "CAST",
    "DESC",
];

/// What may be wrong where the parser stopped.
pub(super) fn of_syntax(sql: &str, stop: &Mention) -> Option<String> {
    let word = stop.word.as_str();
    if word == ")" {
        return Some(
            "the parentheses do not match: one is missing before, or this one is too many"
                .to_owned(),
        );
    }
    // An unknown keyword is taken for a name, and the parser stops at it or at the next word.
    let place = find_words(sql, 0, word).nth(stop.skipped)?;
    let before = sql[..place.start].split_whitespace().next_back();
    let slip = [Some(word), before].into_iter().flatten().find_map(|word| {
        let is_keyword = KEYWORDS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word));
        let is_name = word.chars().all(char::is_alphabetic) && !is_keyword;
        nearest(word, KEYWORDS.iter().copied()).filter(|keyword| is_name && is_slip(word, keyword))
    });
    Some(match slip {
        Some(keyword) => format!("did you mean `{keyword}`?"),
        None => {
            format!("before `{word}`, a comma, an operator or a closing parenthesis may be missing")
        }
    })
}

/// Whether a word is a keyword but for one letter, or two of many: short names are near to some keyword by chance.
fn is_slip(word: &str, keyword: &str) -> bool {
    let distance = strsim::damerau_levenshtein(&word.to_uppercase(), keyword);
    distance <= usize::from(word.len() > 2) + usize::from(word.len() > 4)
}

/// Whether a word stands behind the last ORDER BY and nowhere before.
pub(super) fn is_in_order_by(sql: &str, word: &str) -> bool {
    let order = sql.to_ascii_uppercase().rfind("ORDER BY");
    let place = find_words(sql, 0, word).next();
    order.is_some_and(|order| place.is_some_and(|place| place.start > order))
}

/// How many mentions of a word stand before the first that is not the name behind AS.
pub(super) fn names_before_use(sql: &str, word: &str) -> usize {
    let is_name = |start: usize| {
        let before = sql[..start].split_whitespace().next_back();
        before.is_some_and(|before| before.eq_ignore_ascii_case("AS"))
    };
    let mentions: Vec<_> = find_words(sql, 0, word).collect();
    let used = mentions.iter().position(|place| !is_name(place.start));
    used.unwrap_or(0)
}

/// A word as the SQL writes it: the engine has it in small letters.
pub(super) fn spelled<'s>(word: &str, sql: &'s str) -> Option<&'s str> {
    let words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let mut words = words.filter(|one| !one.is_empty());
    words.find(|one| one.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_keywords_are_found_at_or_before_the_place() {
        let hint = |sql: &str, word: &str| {
            let word = word.to_owned();
            of_syntax(sql, &Mention { word, skipped: 0 }).unwrap()
        };
        assert_eq!(
            hint("SELECT a FROM x WHRE a > 1", "WHRE"),
            "did you mean `WHERE`?"
        );
        assert_eq!(hint("SELECT a FORM x", "x"), "did you mean `FROM`?");
        assert_eq!(
            hint("SELECT a b FROM x", "b"),
            "before `b`, a comma, an operator or a closing parenthesis may be missing"
        );
        assert!(hint("SELECT a FROM x foo bar", "bar").starts_with("before `bar`"));
    }

    #[test]
    fn the_name_behind_as_is_no_use_of_it() {
        assert_eq!(names_before_use("SELECT a AS b FROM x WHERE b > 1", "b"), 1);
        assert_eq!(names_before_use("SELECT b FROM x", "b"), 0);
        assert_eq!(names_before_use("SELECT a AS b FROM x", "b"), 0);
    }
}
