//! What a template may take: turns of loops, letters of values, time. The engine has no bounds of its own; what can grow is
//! counted by calls that are put behind the tags of loops and variables.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diagnostic::{Diagnostic, SourceText};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

/// Most turns of all loops together, and values of all ranges. Findings have a few hundred.
const MOST_TURNS: u64 = 100_000;

/// Most letters of a value that is made, and most parts of a list.
const LONGEST_VALUE: usize = 1 << 20;

/// Most bytes that come of a template. The longest findings have some hundred thousand.
const LONGEST_TEXT: usize = 16 << 20;

/// The last resort, for what is slow in each of few turns.
const LONGEST: Duration = Duration::from_secs(10);

/// The tags that findings need. Others of the engine keep text in variables or call themselves, past these bounds.
const TAGS: [&str; 12] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "break",
    "continue",
    "set",
    "set_global",
    "raw",
    "endraw",
];

/// Puts a turn behind `{% for %}`.
const TURN: &str = "budget_of_turns";

/// Looks at a variable behind `{% set %}`.
const VALUE: &str = "budget_of_value";

/// A template with calls that count, and where they stand.
pub(super) struct Counted {
    pub(super) text: String,
    /// Where each call begins in the text, its length, and the tag before it in the template.
    calls: Vec<(usize, usize, Range<usize>)>,
}

impl Counted {
    /// A template that parses, with its calls.
    ///
    /// # Errors
    ///
    /// A tag or an expression whose size cannot be counted, at its place.
    pub(super) fn of(template: &SourceText) -> Result<Self, Diagnostic> {
        let source = template.text();
        let mut counted = Self {
            text: String::with_capacity(source.len()),
            calls: Vec::new(),
        };
        let mut copied = 0;
        let mut is_raw = false;
        for part in parts(source) {
            let inner = source[part.clone()].get(2..).unwrap_or_default();
            let inner = inner.trim_start_matches('-').trim_start();
            let is_tag = source[part.clone()].starts_with("{%");
            let (tag, rest) = inner
                .split_once(|c: char| !is_letter(c))
                .unwrap_or((inner, ""));
            if is_raw {
                is_raw = !(is_tag && tag == "endraw");
                continue;
            }
            let refuse = |message: String| Err(template.error_in(part.clone(), message));
            let expression = if is_tag { rest } else { inner };
            if is_tag && !TAGS.contains(&tag) {
                let known = TAGS.join(", ");
                return refuse(format!(
                    "tag `{tag}` has no place in findings (tags: {known})"
                ));
            }
            if let Some(word) = uncounted(expression) {
                return refuse(format!(
                    "`{word}` inside of an expression has no place in findings: it makes lists of any length"
                ));
            }
            let call = match tag {
                "raw" if is_tag => {
                    is_raw = true;
                    continue;
                }
                "for" if is_tag => format!("{TURN}()"),
                "set" | "set_global" if is_tag => {
                    let name = rest.trim_start();
                    let (name, value) = name.split_at(name.find(|c| !is_letter(c)).unwrap_or(0));
                    if !value.trim_start().starts_with('=') {
                        return refuse(
                            "a variable has its value in the tag, as in {% set x = 1 %}".to_owned(),
                        );
                    }
                    format!("{VALUE}(value={name})")
                }
                _nothing_grows => continue,
            };
            counted.text.push_str(&source[copied..part.end]);
            copied = part.end;
            // What the tag trims behind itself is behind the call now.
            let trim = if source[part.clone()].ends_with("-%}") {
                "-"
            } else {
                ""
            };
            let call = format!("{{{{ {call} {trim}}}}}");
            counted.calls.push((counted.text.len(), call.len(), part));
            counted.text.push_str(&call);
        }
        counted.text.push_str(&source[copied..]);
        Ok(counted)
    }

    /// Where a place of the counted text is in the template: that of the tag, for a call.
    pub(super) fn place(&self, place: Range<usize>) -> Range<usize> {
        let mut shift = 0;
        for (start, length, tag) in &self.calls {
            if place.start < *start {
                break;
            }
            if place.start < start + length {
                return tag.clone();
            }
            shift += length;
        }
        place.start - shift..place.end.saturating_sub(shift)
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The tags and expressions of a template, with their brackets. Comments are none.
fn parts(source: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + source[at..].find('{')?;
            let end = match source.as_bytes().get(start + 1)? {
                b'{' => end_of(source, start + 2, "}}"),
                b'%' => end_of(source, start + 2, "%}"),
                b'#' => {
                    at = start + source[start..].find("#}")? + 2;
                    continue;
                }
                _text => {
                    at = start + 1;
                    continue;
                }
            };
            at = end?;
            return Some(start..at);
        }
    })
}

/// The end of the bracket that closes, outside of words in quotes.
fn end_of(source: &str, from: usize, closing: &str) -> Option<usize> {
    let mut quote = None;
    let mut letters = source[from..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match quote {
            Some(_) if letter == '\\' => {
                letters.next();
            }
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'' | '`') => quote = Some(letter),
            None if source[from + at..].starts_with(closing) => {
                return Some(from + at + closing.len());
            }
            Some(_) | None => {}
        }
    }
    None
}

/// What makes a list inside of an expression, and cannot be counted.
fn uncounted(expression: &str) -> Option<&'static str> {
    let mut plain = String::new();
    let mut quote = None;
    let mut letters = expression.chars();
    while let Some(letter) = letters.next() {
        match quote {
            Some(_) if letter == '\\' => {
                letters.next();
            }
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'' | '`') => quote = Some(letter),
            None => plain.push(letter),
        }
    }
    let has_for = plain.split(|c| !is_letter(c)).any(|word| word == "for");
    match (has_for, plain.contains("...")) {
        (true, _) => Some("for"),
        (false, true) => Some("..."),
        (false, false) => None,
    }
}

/// Makes the calls known, and functions and filters that make long values, with bounds.
pub(super) fn register(tera: &mut Tera) {
    let turns = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let take = move |turns: &AtomicU64, count: u64| -> TeraResult<()> {
        if turns
            .fetch_add(count, Ordering::Relaxed)
            .saturating_add(count)
            > MOST_TURNS
        {
            return refuse(format!(
                "the loops of this template take more than {MOST_TURNS} turns"
            ));
        }
        if began.elapsed() > LONGEST {
            return refuse(format!(
                "this template takes more than {} s",
                LONGEST.as_secs()
            ));
        }
        Ok(())
    };
    let of_loops = Arc::clone(&turns);
    tera.register_function(TURN, move |_: Kwargs, _: &State| -> TeraResult<Value> {
        take(&of_loops, 1).map(|()| Value::from(""))
    });
    tera.register_function(VALUE, |arguments: Kwargs, _: &State| -> TeraResult<Value> {
        let mut left = LONGEST_VALUE;
        if let Some(value) = arguments.get::<Value>("value")? {
            spend(&value, &mut left)?;
        }
        Ok(Value::from(""))
    });
    tera.register_function(
        "range",
        move |arguments: Kwargs, _: &State| -> TeraResult<Value> {
            let start = arguments.get::<i64>("start")?.unwrap_or(0);
            let end = arguments.must_get::<i64>("end")?;
            let step = arguments.get::<i64>("step_by")?.unwrap_or(1);
            let step = usize::try_from(step).ok().filter(|step| *step > 0);
            let step = step
                .ok_or_else(|| Error::message("`step_by` of `range` is a whole number above 0"))?;
            let count = end.abs_diff(start.min(end)) / step as u64;
            take(&turns, count)?;
            Ok(Value::from(
                (start..end).step_by(step).collect::<Vec<i64>>(),
            ))
        },
    );
    tera.register_filter(
        "replace",
        |text: &str, arguments: Kwargs, _: &State| -> TeraResult<Value> {
            let from = arguments.must_get::<&str>("from")?;
            let to = arguments.must_get::<&str>("to")?;
            let longest = text.len() + text.matches(from).count().saturating_mul(to.len());
            check_length(longest)?;
            Ok(Value::from(text.replace(from, to)))
        },
    );
    tera.register_filter(
        "join",
        |list: &[Value], arguments: Kwargs, _: &State| -> TeraResult<Value> {
            let between = arguments.get::<&str>("sep")?.unwrap_or("");
            let mut left = LONGEST_VALUE;
            list.iter().try_for_each(|value| spend(value, &mut left))?;
            check_length(list.len().saturating_mul(between.len()))?;
            let words: Vec<String> = list.iter().map(ToString::to_string).collect();
            Ok(Value::from(words.join(between)))
        },
    );
    tera.register_filter(
        "indent",
        |_: &str, _: Kwargs, _: &State| -> TeraResult<Value> {
            refuse("filter `indent` has no place in findings".to_owned())
        },
    );
}

fn refuse<T>(message: String) -> TeraResult<T> {
    Err(Error::message(message))
}

fn check_length(length: usize) -> TeraResult<()> {
    if length > LONGEST_VALUE {
        return refuse(format!(
            "a value of more than {LONGEST_VALUE} letters or parts"
        ));
    }
    Ok(())
}

/// Takes the letters and parts of a value from what is left.
fn spend(value: &Value, left: &mut usize) -> TeraResult<()> {
    let own = 1 + value.as_str().map_or(0, str::len);
    match left.checked_sub(own) {
        Some(rest) => *left = rest,
        None => return check_length(LONGEST_VALUE + 1),
    }
    if let Some(parts) = value.as_array() {
        parts.iter().try_for_each(|part| spend(part, left))?;
    }
    if let Some(map) = value.as_map() {
        map.iter().try_for_each(|(_, part)| spend(part, left))?;
    }
    Ok(())
}

/// Text of a bounded length.
#[derive(Default)]
pub(super) struct BoundedText {
    bytes: Vec<u8>,
    is_full: bool,
}

impl BoundedText {
    /// The text that a template has made.
    ///
    /// # Errors
    ///
    /// It would have been too long. The engine has no words for what stops a writer.
    pub(super) fn of(self, template: &SourceText) -> Result<String, Diagnostic> {
        let problem = |message: String| Diagnostic::new(template.path().to_owned(), message);
        if self.is_full {
            return Err(problem(format!(
                "this template makes more than {LONGEST_TEXT} bytes of text"
            )));
        }
        String::from_utf8(self.bytes).map_err(|error| problem(error.to_string()))
    }
}

impl Write for BoundedText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_full |= self.bytes.len() + bytes.len() > LONGEST_TEXT;
        if self.is_full {
            return Err(io::Error::other("no room"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
