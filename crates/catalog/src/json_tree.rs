use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::ops::Range;

use diagnostic::{Diagnostic, Quoted, SourceText, json_next_step, json_reason};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::error::CatalogError;

/// What to do about a configuration, where nothing more is known.
pub(crate) const NEXT_STEP: &str = "docs/data.md lists the keys that are read; the file is the model's own config.json as published";

/// A parsed JSON document in which no object has the same key twice.
///
/// `NaN`, `Infinity` and `-Infinity` are not JSON, but Python writes them and published
/// configurations have them, so they are read as [`JsonTree::NonFinite`] and left to whoever asks
/// for the key. The content of lists is checked and dropped: no key that is read holds one.
#[derive(Debug, PartialEq)]
pub(crate) enum JsonTree {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    NonFinite(&'static str),
    Text(String),
    List,
    Object(JsonObject),
}

pub(crate) type JsonObject = BTreeMap<String, JsonTree>;

impl JsonTree {
    /// Parses the whole text. Nesting is bounded by `serde_json`, which refuses more than 128
    /// levels.
    pub(crate) fn parse(source: &SourceText) -> Result<Self, CatalogError> {
        let (json, literals) = without_non_finite(source.text());
        let mut reader = Reader {
            literals: literals.into_iter(),
            has_duplicate: false,
        };
        let mut parser = serde_json::Deserializer::from_str(&json);
        let read = reader.deserialize(&mut parser);
        read.and_then(|tree| parser.end().map(|()| tree))
            .map_err(|error| {
                let reason = json_reason(&error);
                let next_step = if reader.has_duplicate {
                    "keep one of the two"
                } else {
                    json_next_step(&reason).unwrap_or(NEXT_STEP)
                };
                // An empty text has no column of its own.
                let (line, column) = (error.line(), error.column().max(1));
                let place = place(source.text(), line, column, reader.has_duplicate);
                syntax_error(source, (line, column), place, reason, next_step)
            })
    }

    /// The object that a configuration is.
    pub(crate) fn into_object(self, source: &SourceText) -> Result<JsonObject, CatalogError> {
        let found = self.description();
        let Self::Object(object) = self else {
            let reason = format!("expected an object with the model's dimensions, found {found}");
            let place = place(source.text(), 1, 1, false);
            return Err(syntax_error(source, (1, 1), place, reason, NEXT_STEP));
        };
        Ok(object)
    }

    /// A fragment that says what the value is, for messages.
    pub(crate) fn description(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::NonFinite(text) => (*text).to_owned(),
            Self::Text(text) => format!("the text {}", Quoted(text)),
            Self::List => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }

    /// The value, where it is `true` or `false`.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _other => None,
        }
    }

    /// The value, where it is a whole number that fits.
    pub(crate) fn as_u32(&self) -> Option<u32> {
        match self {
            Self::Number(number) => u32::try_from(number.as_u64()?).ok(),
            _other => None,
        }
    }

    /// The value, where it is a text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _other => None,
        }
    }

    /// The value, where it is an object.
    pub(crate) fn as_object(&self) -> Option<&JsonObject> {
        match self {
            Self::Object(object) => Some(object),
            _other => None,
        }
    }
}

fn syntax_error(
    source: &SourceText,
    (line, column): (usize, usize),
    place: Option<Range<usize>>,
    reason: String,
    next_step: &str,
) -> CatalogError {
    let path = source.path();
    let message = format!("{}:{line}:{column}: {reason}", path.display());
    let problem = Diagnostic::new(path.to_owned(), reason)
        .with_excerpt(source.text(), place)
        .with_help(next_step);
    CatalogError::Content {
        message,
        diagnostics: problem.into(),
    }
}

/// The character that the parser stopped at; the last one where the text is too short. Behind a key, all of the key.
fn place(text: &str, line: usize, column: usize, is_key: bool) -> Option<Range<usize>> {
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines
        .by_ref()
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let text = lines.next().unwrap_or_default().trim_end();
    let at = text.floor_char_boundary((column - 1).min(text.len().saturating_sub(1)));
    let end = text.ceil_char_boundary((at + 1).min(text.len()));
    // The parser stops at the quote behind the key.
    let quote = is_key.then(|| text[..at].rfind('"')).flatten();
    Some(start + quote.unwrap_or(at)..start + end)
}

/// The text with `null` in place of each bare `NaN`, `Infinity` and `-Infinity` outside strings. For each `null` of the
/// result, what it stands for, unless it was there.
fn without_non_finite(text: &str) -> (String, Vec<Option<&'static str>>) {
    const NULL: &str = "null";
    const LITERALS: [&str; 4] = [NULL, "NaN", "-Infinity", "Infinity"];
    let bytes = text.as_bytes();
    let mut json = String::with_capacity(text.len());
    let mut literals = Vec::new();
    let (mut at, mut copied_to, mut in_string) = (0, 0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'n' | b'N' | b'-' | b'I' if !in_string => {
                let mut known = LITERALS.into_iter();
                if let Some(literal) = known.find(|known| bytes[at..].starts_with(known.as_bytes()))
                {
                    json.push_str(&text[copied_to..at]);
                    // As wide as before, where it can be: what follows keeps its column.
                    json.push_str(NULL);
                    json.extend(std::iter::repeat_n(
                        ' ',
                        literal.len().saturating_sub(NULL.len()),
                    ));
                    literals.push((literal != NULL).then_some(literal));
                    at += literal.len();
                    copied_to = at;
                    continue;
                }
            }
            _other => {}
        }
        at += 1;
    }
    json.push_str(&text[copied_to..]);
    (json, literals)
}

/// Reads a value and the values in it, in the order of the text.
struct Reader {
    /// What the next `null`s stand for.
    literals: std::vec::IntoIter<Option<&'static str>>,
    /// Whether reading ended at a key that was there already.
    has_duplicate: bool,
}

impl<'de> DeserializeSeed<'de> for &mut Reader {
    type Value = JsonTree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonTree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader {
    type Value = JsonTree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<JsonTree, E> {
        let literal = self.literals.next().flatten();
        Ok(literal.map_or(JsonTree::Null, JsonTree::NonFinite))
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
        let number = serde_json::Number::from_f64(value).map(JsonTree::Number);
        number.ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<JsonTree, E> {
        Ok(JsonTree::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<JsonTree, A::Error> {
        while elements.next_element_seed(&mut *self)?.is_some() {}
        Ok(JsonTree::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<JsonTree, A::Error> {
        let mut object = JsonObject::new();
        while let Some(key) = entries.next_key::<String>()? {
            match object.entry(key) {
                Entry::Occupied(entry) => {
                    self.has_duplicate = true;
                    let key = Quoted(entry.key());
                    return Err(A::Error::custom(format_args!("duplicate key {key}")));
                }
                Entry::Vacant(entry) => {
                    entry.insert(entries.next_value_seed(&mut *self)?);
                }
            }
        }
        Ok(JsonTree::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<JsonTree, CatalogError> {
        JsonTree::parse(&SourceText::new("x".into(), text.to_owned()))
    }

    #[test]
    fn refuses_torn_trailing_deep_and_duplicate_input() {
        for (text, expected) in [
            ("{\n\"a\": 1,", "x:2:7: EOF while parsing a value"),
            ("{} x", "x:1:4: trailing characters"),
            ("", "x:1:1: EOF while parsing a value"),
            (&"[".repeat(1_000_000), "x:1:128: recursion limit exceeded"),
            (
                &"{\"a\":".repeat(1_000_000),
                "x:1:636: recursion limit exceeded",
            ),
            ("{\"a\": 1,\n \"a\": 1}", "x:2:4: duplicate key `a`"),
            (
                "{\"x\": [{\"b\": 1, \"b\": 2}]}",
                "x:1:19: duplicate key `b`",
            ),
            ("{\"a\": 1e999}", "x:1:11: number out of range"),
            ("{\"a\": NaNs}", "x:1:11: expected `,` or `}`"),
            ("{\"a\": -Infinity, b}", "x:1:18: key must be a string"),
            ("Infinit", "x:1:1: expected value"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn reads_the_numbers_that_json_cannot_write() {
        let tree = parse("{\"a\": NaN, \"b\": [null, -Infinity], \"NaN\\\"\": Infinity, \"c\": \"NaN\", \"n\": null, \"d\": -1}").unwrap();
        let JsonTree::Object(object) = tree else {
            panic!("not an object")
        };
        assert_eq!(object["a"], JsonTree::NonFinite("NaN"));
        assert_eq!(object["NaN\""], JsonTree::NonFinite("Infinity"));
        assert_eq!(object["c"], JsonTree::Text("NaN".into()));
        assert_eq!(object["n"], JsonTree::Null);
        assert_eq!(object["d"].description(), "-1");
    }
}
