use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::field_path::{behind_index, behind_key};
use crate::nearest::nearest;
use crate::source_text::SourceText;

/// Deeper values are not looked for.
const MOST_DEPTH: usize = 200;

/// An error at the value of a field such as `config.rates[2]` of a text that is known to be JSON, or at the text as a whole
/// where it is not there. A key that is missing is perhaps a misspelt one: then that is marked and named.
#[must_use]
pub fn json_place(source: &SourceText, field: &str, message: &str) -> Diagnostic {
    let shown = Diagnostic::new(source.path().to_owned(), message);
    match find(source.text(), field) {
        Some(Place::Value(span)) => shown.with_excerpt(source.text(), Some(span)),
        Some(Place::Missing { key, keys }) => {
            let near = nearest(key, keys.iter().map(|(name, _)| *name));
            match near.and_then(|near| keys.iter().find(|(name, _)| *name == near)) {
                Some((name, span)) => shown
                    .with_excerpt(source.text(), Some(span.clone()))
                    .with_help(format!("is `{name}` meant to be `{key}`?")),
                None => shown,
            }
        }
        None => shown,
    }
}

/// Where a field of a JSON text is.
#[derive(Debug, PartialEq, Eq)]
enum Place<'t> {
    /// The bytes of its value; of an object or a list, the bracket that opens it.
    Value(Range<usize>),
    /// The field is missing in an object that is there, which has these keys, each with its bytes.
    Missing {
        /// The key that is not there, with all that follows it in the path.
        key: &'t str,
        /// The keys that are there, in the order of the text.
        keys: Vec<(&'t str, Range<usize>)>,
    },
}

/// The place of a field; `None` where a part of the path is not what the path takes it for.
fn find<'t>(text: &'t str, field: &'t str) -> Option<Place<'t>> {
    Scanner { text, at: 0 }.find(field, 0)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn find(&mut self, path: &'t str, depth: usize) -> Option<Place<'t>> {
        if depth > MOST_DEPTH {
            return None;
        }
        self.skip_blanks();
        let start = self.at;
        if path.is_empty() {
            let end = match self.peek()? {
                b'{' | b'[' => start + 1,
                _ => {
                    self.skip_value()?;
                    self.at
                }
            };
            return Some(Place::Value(start..end));
        }
        match self.peek()? {
            b'{' => self.find_key(path, depth),
            b'[' => {
                let (index, rest) = behind_index(path)?;
                self.at += 1;
                for _ in 0..index {
                    self.skip_value()?;
                    self.skip_blanks();
                    if self.peek()? != b',' {
                        return None;
                    }
                    self.at += 1;
                }
                self.find(rest, depth + 1)
            }
            _ => None,
        }
    }

    fn find_key(&mut self, path: &'t str, depth: usize) -> Option<Place<'t>> {
        let mut keys = Vec::new();
        self.at += 1;
        loop {
            self.skip_blanks();
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let start = self.at;
                    self.skip_string()?;
                    let span = start..self.at;
                    // Keys with escapes are no key that anybody looks for.
                    let key = &self.text[start + 1..self.at - 1];
                    self.skip_blanks();
                    if self.peek()? != b':' {
                        return None;
                    }
                    self.at += 1;
                    if let Some(rest) = behind_key(path, key) {
                        return self.find(rest, depth + 1);
                    }
                    keys.push((key, span));
                    self.skip_value()?;
                }
                _ => return None,
            }
        }
        Some(Place::Missing { key: path, keys })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes behind the quote that ends the string.
    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    /// Goes behind the value, however deep it is.
    fn skip_value(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            self.skip_blanks();
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open = open.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                _ => {
                    while self.peek().is_some_and(|byte| {
                        !byte.is_ascii_whitespace() && !b",:{}[]\"".contains(&byte)
                    }) {
                        self.at += 1;
                    }
                }
            }
            if open == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = r#"{"a": {"b.c": [1, {"d": "x\"}"}, null]}, "e" : NaN, "f": {}, "g": []}"#;

    fn value(field: &str) -> Option<&'static str> {
        match find(TEXT, field)? {
            Place::Value(span) => Some(&TEXT[span]),
            Place::Missing { .. } => None,
        }
    }

    #[test]
    fn values_are_found_by_their_path() {
        assert_eq!(value("a.b.c[0]"), Some("1"));
        assert_eq!(value("a.b.c[1].d"), Some(r#""x\"}""#));
        assert_eq!(value("a.b.c[2]"), Some("null"));
        assert_eq!(value("a"), Some("{"));
        assert_eq!(value("a.b.c"), Some("["));
        assert_eq!(value("e"), Some("NaN"));
        assert_eq!(value("a.b.c[3]"), None);
        assert_eq!(value("g[0]"), None);
        assert_eq!(value("e.x"), None);
        assert_eq!(find("", "a"), None);
    }

    #[test]
    fn keys_beside_a_missing_one_are_named() {
        let Some(Place::Missing { key, keys }) = find(TEXT, "ee.x") else {
            panic!("found")
        };
        assert_eq!(key, "ee.x");
        let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["a", "e", "f", "g"]);
        assert_eq!(&TEXT[keys[1].1.clone()], "\"e\"");
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[\\[\\]{}\":,\\\\ aé1-]{0,60}", field in "[a\\[\\].01]{0,8}") {
            if let Some(Place::Value(span)) = find(&text, &field) {
                prop_assert!(text.get(span).is_some());
            }
        }
    }
}
