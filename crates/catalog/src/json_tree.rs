use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A parsed JSON document in which no object has the same key twice.
///
/// `NaN`, `Infinity` and `-Infinity` are not JSON, but Python writes them and published
/// configurations have them, so they are read as [`JsonTree::NonFinite`] and left to whoever asks
/// for the key. The content of lists is checked and dropped: no key that is read holds one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum JsonTree {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    NonFinite(String),
    Text(String),
    List,
    Object(BTreeMap<String, JsonTree>),
}

/// Where and why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonError {
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) reason: String,
}

/// Starts a string that stands for a number that JSON cannot write. A private-use character, so
/// that no configuration means it.
const NON_FINITE_MARK: char = '\u{e000}';

impl JsonTree {
    /// Parses the whole text. Nesting is bounded by `serde_json`, which refuses more than 128
    /// levels.
    pub(crate) fn parse(text: &str) -> Result<Self, JsonError> {
        serde_json::from_str(&with_marked_non_finite(text)).map_err(|error| {
            let suffix = format!(" at line {} column {}", error.line(), error.column());
            let message = error.to_string();
            JsonError {
                line: error.line() as u64,
                // An empty text has no column of its own.
                column: error.column().max(1) as u64,
                reason: message.strip_suffix(&suffix).unwrap_or(&message).to_owned(),
            }
        })
    }

    /// A fragment that says what the value is, for messages.
    pub(crate) fn description(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::NonFinite(text) => text.clone(),
            Self::Text(text) => format!("the text {}", diagnostic::Quoted(text)),
            Self::List => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }

    /// The value, where it is `true` or `false`.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Null
            | Self::Number(_)
            | Self::NonFinite(_)
            | Self::Text(_)
            | Self::List
            | Self::Object(_) => None,
        }
    }

    /// The value, where it is a whole number that fits.
    pub(crate) fn as_u32(&self) -> Option<u32> {
        match self {
            Self::Number(number) => number
                .as_u64()
                .and_then(|number| u32::try_from(number).ok()),
            Self::Null
            | Self::Bool(_)
            | Self::NonFinite(_)
            | Self::Text(_)
            | Self::List
            | Self::Object(_) => None,
        }
    }

    /// The value, where it is a text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::NonFinite(_)
            | Self::List
            | Self::Object(_) => None,
        }
    }

    /// The value, where it is an object.
    pub(crate) fn as_object(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(object) => Some(object),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::NonFinite(_)
            | Self::Text(_)
            | Self::List => None,
        }
    }
}

/// Replaces bare `NaN`, `Infinity` and `-Infinity` outside strings by marked strings.
fn with_marked_non_finite(text: &str) -> Cow<'_, str> {
    const TOKENS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    let mut marked = String::new();
    let mut copied_to = 0;
    let mut at = 0;
    let mut in_string = false;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'N' | b'-' | b'I' if !in_string => {
                if let Some(token) = TOKENS
                    .iter()
                    .find(|token| bytes[at..].starts_with(token.as_bytes()))
                {
                    marked.push_str(&text[copied_to..at]);
                    marked.push('"');
                    marked.push(NON_FINITE_MARK);
                    marked.push_str(token);
                    marked.push('"');
                    at += token.len();
                    copied_to = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if copied_to == 0 {
        return Cow::Borrowed(text);
    }
    marked.push_str(&text[copied_to..]);
    Cow::Owned(marked)
}

impl<'de> Deserialize<'de> for JsonTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = JsonTree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<JsonTree, E> {
        Ok(JsonTree::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<JsonTree, E> {
        Ok(JsonTree::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<JsonTree, E> {
        Ok(JsonTree::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<JsonTree, E> {
        Ok(serde_json::Number::from_f64(value)
            .map_or_else(|| JsonTree::NonFinite(value.to_string()), JsonTree::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<JsonTree, E> {
        Ok(match value.strip_prefix(NON_FINITE_MARK) {
            Some(token) => JsonTree::NonFinite(token.to_owned()),
            None => JsonTree::Text(value.to_owned()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<JsonTree, A::Error> {
        while elements.next_element::<JsonTree>()?.is_some() {}
        Ok(JsonTree::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<JsonTree, A::Error> {
        let mut object = BTreeMap::new();
        while let Some(key) = entries.next_key::<String>()? {
            match object.entry(key) {
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!(
                        "duplicate key {}",
                        diagnostic::Quoted(entry.key())
                    )));
                }
                Entry::Vacant(entry) => {
                    entry.insert(entries.next_value()?);
                }
            }
        }
        Ok(JsonTree::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (u64, u64, String) {
        let error = JsonTree::parse(text).unwrap_err();
        (error.line, error.column, error.reason)
    }

    #[test]
    fn refuses_torn_trailing_deep_and_duplicate_input() {
        assert_eq!(error("{\n\"a\": 1,").2, "EOF while parsing a value");
        assert_eq!(error("{\n\"a\": 1,").0, 2);
        assert_eq!(error("{} x").2, "trailing characters");
        assert_eq!(error("").2, "EOF while parsing a value");
        assert_eq!(error(&"[".repeat(1_000_000)).2, "recursion limit exceeded");
        assert_eq!(
            error(&"{\"a\":".repeat(1_000_000)).2,
            "recursion limit exceeded"
        );
        assert_eq!(error("{\"a\": 1,\n \"a\": 1}").0, 2);
        assert_eq!(error("{\"a\": 1,\n \"a\": 1}").2, "duplicate key `a`");
        assert_eq!(
            error("{\"x\": [{\"b\": 1, \"b\": 2}]}").2,
            "duplicate key `b`"
        );
        assert_eq!(error("{\"a\": 1e999}").2, "number out of range");
    }

    #[test]
    fn reads_the_numbers_that_json_cannot_write() {
        let tree = JsonTree::parse("{\"a\": NaN, \"b\": [0.0, -Infinity], \"NaN\\\"\": Infinity, \"c\": \"NaN\", \"d\": -1}").unwrap();
        let JsonTree::Object(object) = tree else {
            panic!("not an object")
        };
        assert_eq!(object["a"], JsonTree::NonFinite("NaN".into()));
        assert_eq!(object["NaN\""], JsonTree::NonFinite("Infinity".into()));
        assert_eq!(object["c"], JsonTree::Text("NaN".into()));
        assert_eq!(object["d"].description(), "-1");
    }

    #[test]
    fn does_not_make_keys_or_words_of_marked_tokens() {
        assert_eq!(error("{\"a\": NaNs}").2, "expected `,` or `}`");
        assert_eq!(error("Infinit").2, "expected value");
    }
}
