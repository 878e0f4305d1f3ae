use std::io::{self, Read};

use memchr::memchr;

/// What stands for the content of a string that was left out: a private-use character, which no report means.
const MARK: char = '\u{e000}';

/// The mark as a JSON string.
const MARK_STRING: &[u8] = b"\"\xee\x80\x80\"";

/// JSON text without the content of its long strings.
///
/// A report is mostly prompts and answers, of which nothing is needed. This reader hands on the text of `source` as it
/// is, but for strings whose raw text is longer than [`ElidedReader::LIMIT_BYTES`]: in their place it hands on a mark,
/// which [`was_elided`] recognises. What comes out is the same JSON otherwise, and a fraction of the size. Escapes and
/// encoding of the strings that are left out are not checked.
///
/// Memory is one buffer, however long a string is.
#[derive(Debug)]
pub(crate) struct ElidedReader<R> {
    source: R,
    buffer: Box<[u8]>,
    filled: usize,
    /// The source has no more than is in the buffer.
    ended: bool,
    /// What is handed on next is `buffer[served..ready]`, then `mark`.
    served: usize,
    ready: usize,
    mark: &'static [u8],
    /// Where the text goes on behind the mark; not before `ready`.
    resume: usize,
    state: State,
    limit_bytes: usize,
}

/// What `resume` points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Text outside strings.
    Between,
    /// The opening quote of a string whose end is not in the buffer.
    AtString,
    /// The inside of a string that is left out.
    Dropping {
        /// Whether a backslash precedes that takes the meaning of the next byte.
        escaped: bool,
    },
}

/// Whether a string is what [`ElidedReader`] puts in place of a long one.
pub(crate) fn was_elided(text: &str) -> bool {
    text.chars().eq([MARK])
}

impl<R: Read> ElidedReader<R> {
    /// Raw length of the longest string that is handed on: several times that of any field that is needed.
    pub(crate) const LIMIT_BYTES: usize = 1024;

    /// Large enough for reads to cost little, small enough for the processor's cache.
    const BUFFER_BYTES: usize = 256 << 10;

    pub(crate) fn new(source: R) -> Self {
        Self::with_sizes(source, Self::LIMIT_BYTES, Self::BUFFER_BYTES)
    }

    /// A string that is handed on fits into the buffer, with its quotes: `buffer_bytes` is at least 2 above the limit.
    fn with_sizes(source: R, limit_bytes: usize, buffer_bytes: usize) -> Self {
        Self {
            source,
            buffer: vec![0; buffer_bytes.max(limit_bytes + 2)].into_boxed_slice(),
            filled: 0,
            ended: false,
            served: 0,
            ready: 0,
            mark: &[],
            resume: 0,
            state: State::Between,
            limit_bytes,
        }
    }

    /// Makes more text ready, where there is any. Everything that was ready is served.
    fn advance(&mut self) -> io::Result<()> {
        while self.served == self.ready && self.mark.is_empty() {
            if self.resume == self.filled || self.state == State::AtString {
                self.fill()?;
                if self.resume == self.filled {
                    return Ok(());
                }
            }
            match self.state {
                State::Between | State::AtString => self.scan(),
                State::Dropping { escaped } => self.drop_string(escaped),
            }
        }
        Ok(())
    }

    /// Moves what is left to the front of the buffer and reads once.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.resume..self.filled, 0);
        self.filled -= self.resume;
        (self.served, self.ready, self.resume) = (0, 0, 0);
        while !self.ended {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => {
                    self.filled += count;
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes the text from `resume` to the next long string ready.
    fn scan(&mut self) {
        self.served = self.resume;
        self.state = State::Between;
        let mut at = self.resume;
        while let Some(gap) = memchr(b'"', &self.buffer[at..self.filled]) {
            let open = at + gap;
            let inside = &self.buffer[open + 1..self.filled];
            match closing_quote(inside) {
                Some(length) if length <= self.limit_bytes => {
                    at = open + length + 2;
                    continue;
                }
                Some(length) => {
                    self.mark = MARK_STRING;
                    self.resume = open + length + 2;
                }
                None if inside.len() > self.limit_bytes => {
                    self.mark = MARK_STRING;
                    self.state = State::Dropping {
                        escaped: ends_in_escape(inside),
                    };
                    self.resume = self.filled;
                }
                // A torn file: whoever parses it says so.
                None if self.ended => break,
                None => {
                    self.state = State::AtString;
                    self.resume = open;
                }
            }
            self.ready = open;
            return;
        }
        self.ready = self.filled;
        self.resume = self.filled;
    }

    /// Moves `resume` behind the string that is left out, or to the end of the buffer.
    fn drop_string(&mut self, escaped: bool) {
        let from = self.resume + usize::from(escaped);
        let inside = &self.buffer[from..self.filled];
        if let Some(length) = closing_quote(inside) {
            self.resume = from + length + 1;
            self.state = State::Between;
        } else {
            self.state = State::Dropping {
                escaped: ends_in_escape(inside),
            };
            self.resume = self.filled;
        }
        (self.served, self.ready) = (self.resume, self.resume);
    }
}

impl<R: Read> Read for ElidedReader<R> {
    #[inline]
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.served == self.ready {
            if self.mark.is_empty() {
                self.advance()?;
            }
            if self.served == self.ready {
                return self.mark.read(out);
            }
        }
        // JSON is parsed from a reader byte by byte.
        if let [byte] = out {
            *byte = self.buffer[self.served];
            self.served += 1;
            return Ok(1);
        }
        let count = out.len().min(self.ready - self.served);
        out[..count].copy_from_slice(&self.buffer[self.served..self.served + count]);
        self.served += count;
        Ok(count)
    }
}

/// Where the string ends in whose inside `bytes` starts.
pub(crate) fn closing_quote(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr(b'"', &bytes[at..])?;
        if !ends_in_escape(&bytes[..at]) {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether the last backslash of `bytes` takes the meaning of what follows.
fn ends_in_escape(bytes: &[u8]) -> bool {
    let backslashes = bytes.iter().rev().take_while(|byte| **byte == b'\\');
    backslashes.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// Hands on at most `most` bytes at a time.
    struct Drip<'a> {
        bytes: &'a [u8],
        most: usize,
    }

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let most = out.len().min(self.most);
            self.bytes.read(&mut out[..most])
        }
    }

    fn elided(text: &str, limit_bytes: usize, buffer_bytes: usize, most: usize) -> String {
        let bytes = text.as_bytes();
        let mut reader = ElidedReader::with_sizes(Drip { bytes, most }, limit_bytes, buffer_bytes);
        let mut out = String::new();
        reader.read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn leaves_long_strings_out() {
        let check = |text: &str, expected: &str| {
            for buffer_bytes in [6, 7, 8, 100] {
                for most in [1, 2, 3, 100] {
                    assert_eq!(elided(text, 4, buffer_bytes, most), expected, "{text}");
                }
            }
        };
        let mark = "\"\u{e000}\"";
        check("{\"a\": [1, \"abcd\"]}", "{\"a\": [1, \"abcd\"]}");
        check(
            "[\"abcde\", \"\", \"x\"]",
            &format!("[{mark}, \"\", \"x\"]"),
        );
        // A quote that is escaped ends no string; one behind two backslashes does.
        check(r#"["ab\"cd", 1]"#, &format!("[{mark}, 1]"));
        check(r#"["abcd\\", 1]"#, &format!("[{mark}, 1]"));
        check(r#"["abcd\\\"\\", 1]"#, &format!("[{mark}, 1]"));
        check(r#"["a\"", "\\"]"#, r#"["a\"", "\\"]"#);
        // Torn files stay torn.
        check("[\"ab", "[\"ab");
        check("[\"abcdef", &format!("[{mark}"));
        check("", "");
        assert!(was_elided("\u{e000}") && !was_elided("") && !was_elided("\u{e000}x"));
    }

    /// What [`elided`] is to give, by way of the parsed value.
    fn with_marks(value: Value, limit_bytes: usize) -> Value {
        let long = |text: &str| serde_json::to_string(text).unwrap().len() - 2 > limit_bytes;
        let mark = || MARK.to_string();
        match value {
            Value::String(text) if long(&text) => Value::String(mark()),
            Value::Array(items) => items
                .into_iter()
                .map(|item| with_marks(item, limit_bytes))
                .collect(),
            Value::Object(entries) => entries
                .into_iter()
                .map(|(key, value)| {
                    let key = if long(&key) { mark() } else { key };
                    (key, with_marks(value, limit_bytes))
                })
                .collect(),
            other => other,
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[a-c\"\\\\\n\u{e9}\u{1f600}{}\\[\\],:]{0,12}", "\\\\{0,9}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(text.clone(), inner, 0..6)
                    .prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        /// Keys that are left out become one: a value of it stays, so compare those with short keys alone.
        #[test]
        fn is_the_same_value_but_for_long_strings(
            value in value(),
            pretty in any::<bool>(),
            limit_bytes in 0..14_usize,
            spare_bytes in 0..9_usize,
            most in 1..20_usize,
        ) {
            let text = if pretty {
                serde_json::to_string_pretty(&value).unwrap()
            } else {
                value.to_string()
            };
            let out = elided(&text, limit_bytes, limit_bytes + 2 + spare_bytes, most);
            let parsed: Value = serde_json::from_str(&out).unwrap();
            prop_assert_eq!(parsed, with_marks(value, limit_bytes));
        }

        #[test]
        fn is_the_text_itself_where_nothing_is_long(text in ".{0,80}", most in 1..20_usize, spare_bytes in 0..9_usize) {
            prop_assert_eq!(elided(&text, 400, 402 + spare_bytes, most), text);
        }

        /// How the text comes in pieces changes nothing, even if it is no JSON.
        #[test]
        fn does_not_depend_on_the_pieces(
            text in "[\"\\\\a{\\[, ]{0,60}",
            limit_bytes in 0..9_usize,
            spare_bytes in 0..9_usize,
            most in 1..20_usize,
        ) {
            let whole = elided(&text, limit_bytes, 1000, 1000);
            prop_assert_eq!(elided(&text, limit_bytes, limit_bytes + 2 + spare_bytes, most), whole);
        }
    }
}
