//! What to do about SQL that does not parse or run.

use diagnostic::{find_words, nearest};

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

/// What becomes of a column that is grouped and not aggregated.
pub(super) const OF_LISTS: &str = "where rows are grouped, a column stands in GROUP BY or in an aggregate, as in MAX(x), MIN(x) or AVG(x)";

/// How words and numbers meet.
const OF_KINDS: &str = "words stand in single quotes and numbers in none; CAST(x AS DOUBLE) makes a number of a word, CAST(x AS VARCHAR) a word of a number";

/// Help with an error of the engine.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The word of the SQL that it speaks of.
    pub(super) marked: Option<String>,
    pub(super) help: Vec<String>,
}

/// What may be wrong where the parser stopped, at a mention of `word` behind `skipped` others.
pub(super) fn of_syntax(sql: &str, word: &str, skipped: usize) -> Option<String> {
    if word == ")" {
        return Some(
            "the parentheses do not match: one is missing before, or this one is too many"
                .to_owned(),
        );
    }
    // An unknown keyword is taken for a name, and the parser stops at it or at the next word.
    let place = find_words(sql, 0, word).nth(skipped)?;
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

/// What to do about an error that the engine has words for.
pub(super) fn of_engine(said: &str, sql: &str) -> Hint {
    let named = || said.split('\'').nth(1).unwrap_or_default();
    if said.starts_with("unsupported function") {
        let functions = polars::sql::keywords::all_functions();
        let mut help = Vec::new();
        if let Some(near) = nearest(named(), functions.iter().copied()) {
            help.push(format!("did you mean `{}`?", near.to_uppercase()));
        }
        help.push("functions: those of polars' SQL, such as ABS, AVG, COALESCE, COUNT, GREATEST, LEAST, MAX, MEDIAN, MIN, POW, QUANTILE_CONT, ROUND, SQRT, STDDEV, SUM".to_owned());
        return Hint {
            marked: spelled(named(), sql),
            help,
        };
    }
    let help = if said.contains("should participate in the GROUP BY") {
        OF_LISTS
    } else if said.starts_with("cannot compare") || said.starts_with("arithmetic on dtypes") {
        OF_KINDS
    } else if said.starts_with("datatype") {
        "types: DOUBLE, BIGINT, VARCHAR, BOOLEAN"
    } else if said.starts_with("subquery comparisons") {
        "a single value is named by WITH and joined by CROSS JOIN"
    } else {
        return Hint::default();
    };
    Hint {
        marked: spelled(named(), sql),
        help: vec![help.to_owned()],
    }
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
fn spelled(word: &str, sql: &str) -> Option<String> {
    let words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let mut same = words.filter(|one| !one.is_empty() && one.eq_ignore_ascii_case(word));
    same.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_keywords_are_found_at_or_before_the_place() {
        let hint = |sql: &str, word: &str| of_syntax(sql, word, 0).unwrap();
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

    #[test]
    fn functions_are_offered_as_people_write_them() {
        let hint = of_engine("unsupported function 'maxx'", "SELECT MaxX(a) FROM x");
        assert_eq!(hint.marked.as_deref(), Some("MaxX"));
        assert_eq!(hint.help[0], "did you mean `MAX`?");
        assert_eq!(of_engine("something else", "SELECT 1"), Hint::default());
    }
}
