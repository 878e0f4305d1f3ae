//! Reads YAML with bounds on what a hostile file can cost, and turns errors into diagnostics.

use serde::de::DeserializeOwned;
use serde_yaml::{Error, Options};

use crate::diagnostic::Diagnostic;
use crate::source_text::SourceText;

/// Most values of one file: a sweep lists thousands at most, and a range is one line.
const MAX_NODES: usize = 200_000;

/// Deepest nesting: the format itself has about ten levels.
const MAX_DEPTH: usize = 64;

pub(crate) fn parse<T: DeserializeOwned>(source: &SourceText) -> Result<T, Diagnostic> {
    let options: Options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_yaml::budget! { max_nodes: MAX_NODES, max_depth: MAX_DEPTH, flow_nesting_limit: MAX_DEPTH },
    };
    serde_yaml::from_str_with_options(source.text(), options)
        .map_err(|error| diagnose(source, &error))
}

fn diagnose(source: &SourceText, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let (line, column) = error
        .location()
        .map_or((0, 0), |at| (at.line(), at.column()));
    match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => {
            let problem = source
                .error_at(line, column, format!("unknown key `{field}`"))
                .with_choices("keys here", field, expected.iter().copied());
            if field.contains(' ') {
                problem.with_help("text with a comma needs quotes inside {...}")
            } else {
                problem
            }
        }
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => source
            .error_at(line, column, format!("unknown choice `{variant}`"))
            .with_choices("valid choices", variant, expected.iter().copied()),
        Error::SerdeMissingField { field, .. } => {
            source.error_at(line, column, format!("the key `{field}` is missing"))
        }
        other => source.error_at(line, column, without_place(&other.to_string())),
    }
}

/// The reader's messages end with the place, which the diagnostic shows itself.
fn without_place(message: &str) -> String {
    let line = message.lines().next().unwrap_or(message);
    let end = line
        .find(" at line ")
        .or_else(|| line.find(" at Line: "))
        .unwrap_or(line.len());
    let text = &line[..end];
    match text.strip_prefix("error: ") {
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    }
}
