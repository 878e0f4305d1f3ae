//! What is wrong with a template, at its place, with what could have been meant. The only place that reads the words of
//! the engine's errors.

use std::ops::Range;

use diagnostic::{Diagnostic, SourceText};
use tera::ErrorKind;

use super::template_functions::{Choices, FUNCTIONS};

/// The filter of our own, and those of the engine that findings have a use for.
const FILTERS: &[&str] = &[
    "fixed", "default", "first", "join", "last", "length", "lower", "replace", "trim", "upper",
];

/// What to do about brackets that do not match.
const BRACKETS: &str = "what is opened with {{ is closed with }}, and {% with %}";

/// What to do about a message that has these words; the first that fits.
const HELP: [(&str, &str); 6] = [
    (
        "unknown template",
        "a narrative stands alone: it includes no other file",
    ),
    (
        "unknown tag",
        "tags: if, elif, else, endif, for, endfor, set, raw, endraw",
    ),
    (
        "unexpected end of input",
        "something above is still open: a {% if %}, a {% for %}, a {{ or a quote",
    ),
    ("but expected }}", BRACKETS),
    ("but expected %}", BRACKETS),
    (
        "but expected ,",
        "arguments stand in (...) with commas between, and their words in closed quotes",
    ),
];

/// The engine's error as ours; `missed` is what a function was asked for that is not there, and `place` says where in the
/// template a place is that the engine names.
pub(super) fn diagnose(
    template: &SourceText,
    error: &tera::Error,
    missed: Option<&Choices>,
    place: impl Fn(Range<usize>) -> Range<usize>,
) -> Diagnostic {
    let (problem, choices) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let (message, choices) = apart(&plain(report.message()));
            let place = place(report.span().range.clone());
            (template.error_in(place, message), choices)
        }
        other => {
            let text = other.to_string();
            // Names that are not registered come as finished reports, one after the other.
            let first = text.strip_prefix("error: ").unwrap_or(&text);
            let (message, place) = first.split_once('\n').unwrap_or((first, ""));
            let place = place.lines().next().unwrap_or("").rsplit(':');
            let mut numbers = place.map_while(|number| number.trim().parse().ok());
            let column = numbers.next().unwrap_or(1);
            let line = numbers.next().unwrap_or(0);
            let (message, choices) = apart(&plain(message));
            (template.error_at(line, column, message), choices)
        }
    };
    match missed.or(choices.as_ref()) {
        Some(Choices { what, given, known }) => {
            problem.with_choices(what, given, known.iter().map(String::as_str))
        }
        None => with_help(problem),
    }
}

/// A message without the names that the engine puts behind it, and these.
fn apart(message: &str) -> (String, Option<Choices>) {
    for (kind, what) in [("variables", "variables here"), ("fields", "its fields")] {
        if let Some((message, choices)) = message.split_once(&format!(". Available {kind}: ")) {
            let choices = Choices {
                what: what.to_owned(),
                given: quoted(message).to_owned(),
                known: choices.split(", ").map(str::to_owned).collect(),
            };
            return (message.to_owned(), Some(choices));
        }
    }
    (message.to_owned(), None)
}

/// The problem with what to do about it.
fn with_help(problem: Diagnostic) -> Diagnostic {
    let text = problem.message().to_owned();
    let name = quoted(&text);
    if text.starts_with("unknown function") {
        return problem.with_choices("functions", name, FUNCTIONS.map(|(name, ..)| name));
    }
    if text.starts_with("unknown filter") {
        return problem.with_choices("filters", name, FILTERS.iter().copied());
    }
    if text.starts_with("missing keyword argument")
        || text.starts_with("invalid type for the value, expected text")
    {
        let called = problem.marked().and_then(|marked| marked.split('(').next());
        let function = FUNCTIONS
            .into_iter()
            .find(|(name, ..)| Some(*name) == called.map(str::trim));
        return match function {
            Some((name, arguments, _)) => {
                problem.with_help(format!("it is called {name}{arguments}"))
            }
            None if name == "digits" => problem.with_help("it is called fixed(digits=2)"),
            None => problem,
        };
    }
    match HELP.iter().find(|(words, _)| text.contains(words)) {
        Some((_, help)) => problem.with_help(*help),
        None => problem,
    }
}

/// The first name in backticks.
fn quoted(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

/// The engine's message in the form of ours, with types as a writer of templates knows them.
fn plain(message: &str) -> String {
    let mut rest = message.trim_end_matches('.').chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first
        .into_iter()
        .chain(rest)
        .collect::<String>()
        .replace("`&str`", "text")
        .replace("`string`", "text")
        .replace("`f64`", "a number")
        .replace("`i64`", "a number")
        .replace("`u8`", "a whole number from 0 to 255")
}
