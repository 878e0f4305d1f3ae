//! What the number of a check is compared with.

use std::fmt;

use serde::Serialize;

/// A comparison with fixed numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limit {
    /// How the number is compared: one of [`Limit::COMPARISONS`].
    pub comparison: &'static str,
    /// The numbers that it is compared with: two behind `between`, else one. Their unit is that of the number.
    pub values: Vec<f64>,
    /// The numbers as the file has them.
    #[serde(skip)]
    written: Vec<String>,
}

impl Limit {
    /// Every comparison that a check can state.
    pub const COMPARISONS: &[&str] = &[">", ">=", "<", "<=", "=", "<>", "between"];

    /// Reads `> 0.1` or `between 1 and 2`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_between = text
            .get(..8)
            .filter(|word| word.eq_ignore_ascii_case("between "));
        let (comparison, written) = if let Some(word) = is_between {
            let words: Vec<&str> = text[word.len()..].split_whitespace().collect();
            let [low, and, high] = words.as_slice() else {
                return None;
            };
            and.eq_ignore_ascii_case("and").then_some(())?;
            ("between", vec![*low, *high])
        } else {
            let sign = text.find(|c| !"<>=!".contains(c))?;
            let comparison = match text[..sign].trim() {
                "!=" => "<>",
                sign => Self::COMPARISONS.iter().find(|known| **known == sign)?,
            };
            (comparison, vec![text[sign..].trim()])
        };
        let values: Option<Vec<f64>> = written.iter().map(|text| number(text)).collect();
        Some(Self {
            comparison,
            values: values?,
            written: written.into_iter().map(str::to_owned).collect(),
        })
    }

    /// The comparison as SQL has it behind an expression.
    pub(super) fn sql(&self) -> String {
        match self.written.as_slice() {
            [low, high] => format!("BETWEEN {low} AND {high}"),
            others => format!("{} {}", self.comparison, others.concat()),
        }
    }
}

impl fmt::Display for Limit {
    /// In words: `more than 0.1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.written.join(" to ");
        let words = match self.comparison {
            ">" => "more than ",
            ">=" => "at least ",
            "<" => "less than ",
            "<=" => "at most ",
            "<>" => "any value but ",
            _ => "",
        };
        write!(f, "{words}{number}")
    }
}

/// A decimal number of SQL.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b"eE.+-".contains(&b));
    let number: f64 = text.parse().ok().filter(|_| is_plain)?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &[f64], &str)>) {
        let limit = Limit::parse(text);
        let found = limit.as_ref().map(|limit| {
            let values = limit.values.as_slice();
            (limit.comparison, values, limit.sql())
        });
        let expected = expected.map(|(sign, values, sql)| (sign, values, sql.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_comparison_with_a_number_is_a_limit() {
        check("> 0.1", Some((">", &[0.1], "> 0.1")));
        check(" >=-5 ", Some((">=", &[-5.0], ">= -5")));
        check("!= 1e3", Some(("<>", &[1000.0], "<> 1e3")));
        check("= 0", Some(("=", &[0.0], "= 0")));
        let both = Some(("between", &[1.0, 2.5][..], "BETWEEN 1 AND 2.5"));
        check("Between 1 AND 2.5", both);
    }

    #[test]
    fn a_limit_reads_as_words() {
        for (text, words) in [
            ("> 0.1", "more than 0.1"),
            (">= -5", "at least -5"),
            ("< 1e3", "less than 1e3"),
            ("<= 2", "at most 2"),
            ("= 30", "30"),
            ("!= 0", "any value but 0"),
            ("between 1 and 2.5", "1 to 2.5"),
        ] {
            let limit = Limit::parse(text).map(|limit| limit.to_string());
            assert_eq!(limit.as_deref(), Some(words), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            ">",
            "0.1",
            "=> 1",
            "> x",
            "> 1 OR 1 = 1",
            "> 1e999",
            "> nan",
            "> inf",
            "> .5",
            "between 1",
            "between 1 and",
            "between 1 or 2",
            "> 1, 2",
            "like 3",
        ] {
            check(text, None);
        }
    }
}
