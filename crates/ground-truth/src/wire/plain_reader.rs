use std::io::{self, BufReader, Read};
use std::path::Path;

use diagnostic::{Diagnostic, SourceText, YamlBounds, shown};
use serde_json::error::Category;

use super::report::{Report, ReportText, TRAILING_BYTES};
use crate::error::{LoadError, NEXT_STEP};
use crate::refused::Refused;

/// Where and why a text is no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextProblem {
    /// From 1.
    pub(crate) line: u64,
    /// From 1.
    pub(crate) column: u64,
    /// The field that is read there, where one is, and what is wrong with it.
    pub(crate) message: String,
}

impl TextProblem {
    /// The error of the file, whose lines are in `shown`.
    pub(crate) fn into_error(self, path: &Path, shown: Diagnostic) -> LoadError {
        LoadError::Content {
            place: format!("{}:{}:{}", path.display(), self.line, self.column),
            problems: vec![self.message],
            diagnostics: shown.with_help(NEXT_STEP).into(),
        }
    }
}

/// Longest reason that is passed on: it can repeat text of the file.
const REASON_CHARS: usize = 200;

/// Longest text of a report, in raw bytes: ten times the longest prompt of any model.
const TEXT_BYTES: usize = 64 << 20;

/// Bounds of a YAML report: some hundred thousand requests, on about ten levels.
pub(crate) const REPORT_BOUNDS: YamlBounds = YamlBounds {
    nodes: 50_000_000,
    depth: 100,
};

/// How often the text of a YAML report may be repeated by its aliases; clients repeat a few small parts.
const YAML_REPEATS: usize = 4;

/// Parses a report as it is, byte by byte: slow, and every error has its place. The outer error is that of the file.
pub(crate) fn read_json_plainly(source: impl Read) -> io::Result<Result<ReportText, TextProblem>> {
    let mut source = LastBytes {
        source: BufReader::new(source),
        last: [0; 2],
        text: None,
        text_limit_bytes: TEXT_BYTES,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(&mut source);
    let error = match serde_path_to_error::deserialize::<_, Report>(&mut deserializer) {
        Ok(report) => {
            let trailing = trailing(&mut source)?;
            return Ok(Ok(ReportText { report, trailing }));
        }
        Err(error) => error,
    };
    let field = field(error.path());
    let error = error.into_inner();
    let message = without_place(&error);
    // Behind a minus sign the parser has gone one byte further.
    let not_finite = matches!(source.last, [_, b'N' | b'I'] | [b'I', b'n']);
    let reason = match error.classify() {
        Category::Io => return Err(error.into()),
        Category::Eof => format!("the text ends in the middle of the report: {message}"),
        Category::Syntax if not_finite => {
            "NaN and Infinity are no JSON numbers: expected null or a number".to_owned()
        }
        Category::Syntax | Category::Data => message,
    };
    Ok(Err(TextProblem {
        line: error.line() as u64,
        // An empty text has no column of its own.
        column: error.column().max(1) as u64,
        message: format!("{field}{}", shown(&reason, REASON_CHARS)),
    }))
}

/// Parses a report that GuideLLM wrote as YAML.
pub(crate) fn read_yaml(text: &str) -> Result<Report, serde_yaml::Error> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_nodes: REPORT_BOUNDS.nodes,
            max_events: 2 * REPORT_BOUNDS.nodes,
            max_depth: REPORT_BOUNDS.depth,
            flow_nesting_limit: REPORT_BOUNDS.depth,
            max_total_scalar_bytes: text.len().saturating_mul(YAML_REPEATS),
        },
    };
    serde_yaml::from_str_with_options(text, options)
}

/// A text that is no YAML.
pub(crate) fn yaml_error(
    source: &SourceText,
    error: &serde_yaml::Error,
    bounds: YamlBounds,
) -> LoadError {
    let (line, column) = error
        .location()
        .map_or((1, 1), |at| (at.line(), at.column()));
    let message = if is_over_budget(error) {
        "larger, nested deeper or repeated more often than any file of this kind".to_owned()
    } else {
        let message = error.render_with_formatter(&serde_yaml::UserMessageFormatter);
        let reason = message.rsplit_once(" at line ");
        shown(
            reason.map_or(message.as_str(), |(reason, _)| reason),
            REASON_CHARS,
        )
    };
    let problem = TextProblem {
        line,
        column,
        message,
    };
    let shown = diagnostic::yaml_problem(source, error, "description of a run", bounds);
    problem.into_error(source.path(), shown)
}

fn is_over_budget(error: &serde_yaml::Error) -> bool {
    match error.without_snippet() {
        serde_yaml::Error::Budget { .. } => true,
        serde_yaml::Error::AliasError { error, .. } => is_over_budget(error),
        _ => false,
    }
}

/// The path of a field, up to the last one that is known, as a message begins with it.
fn field(path: &serde_path_to_error::Path) -> String {
    match path.to_string().trim_end_matches(['?', '.']) {
        "" => String::new(),
        known => format!("`{}`: ", shown(known, REASON_CHARS)),
    }
}

fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&suffix) {
        Some(reason) => reason.to_owned(),
        None => message,
    }
}

/// The start of what follows, where anything but white space does.
fn trailing(source: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut start = Vec::new();
    let mut piece = [0; TRAILING_BYTES];
    while start.len() < TRAILING_BYTES {
        let count = source.read(&mut piece)?;
        if count == 0 {
            break;
        }
        start.extend_from_slice(&piece[..count]);
        if start.trim_ascii_start().is_empty() {
            start.clear();
        }
    }
    let text = start.trim_ascii_start();
    let text = &text[..text.len().min(TRAILING_BYTES)];
    Ok((!text.is_empty()).then(|| text.to_vec()))
}

/// Remembers the last bytes that were read, and refuses texts without end, of which a parser may need all at once.
struct LastBytes<R> {
    source: R,
    last: [u8; 2],
    /// The text that is read.
    text: Option<Text>,
    text_limit_bytes: usize,
}

/// A text of which a part was read.
#[derive(Debug, Clone, Copy, Default)]
struct Text {
    bytes: usize,
    /// Whether the next byte belongs to a backslash.
    escaped: bool,
}

impl Text {
    /// The text with one more byte; none behind its closing quote.
    fn with(self, byte: u8) -> Option<Self> {
        let ends = byte == b'"' && !self.escaped;
        (!ends).then_some(Self {
            bytes: self.bytes + 1,
            escaped: byte == b'\\' && !self.escaped,
        })
    }
}

impl<R: Read> Read for LastBytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        for byte in &buffer[..count] {
            self.last = [self.last[1], *byte];
            self.text = match self.text {
                Some(text) => text.with(*byte),
                None => (*byte == b'"').then(Text::default),
            };
            let limit_bytes = self.text_limit_bytes;
            if self.text.is_some_and(|text| text.bytes > limit_bytes) {
                return Err(Refused::error(format!(
                    "a text in it has more than {limit_bytes} bytes"
                )));
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_texts_beyond_the_bound() {
        let read = |text: &str| {
            let mut source = LastBytes {
                source: text.as_bytes(),
                last: [0; 2],
                text: None,
                text_limit_bytes: 4,
            };
            io::copy(&mut source, &mut io::sink())
        };
        for fine in [r#"["abcd", "\"\\", 12345678]"#, r#""""#, r#""abc"#] {
            assert!(read(fine).is_ok(), "{fine}");
        }
        for long in [r#"["abcde"]"#, r#"["", "\"\\ab"]"#, r#""abcde"#] {
            let error = read(long).unwrap_err();
            assert_eq!(error.to_string(), "a text in it has more than 4 bytes");
        }
    }
}
