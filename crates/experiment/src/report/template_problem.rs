//! What is wrong with a template, at its place, with what could have been meant.

use diagnostic::{Diagnostic, SourceText};
use tera::ErrorKind;

/// Parts a message from the choices behind it: the engine carries the words of its functions' errors and nothing else.
const CHOICES: char = '\u{1f}';

/// The functions of templates, as they are called.
const FUNCTIONS: &[(&str, &str)] = &[
    ("cell", "cell(table=\"...\", column=\"...\", key=value ...)"),
    ("interval", "interval(check=\"...\")"),
    ("observed", "observed(check=\"...\")"),
    (
        "published_value",
        "published_value(table=\"...\", column=\"...\", key=value ...)",
    ),
    ("show", "show(table=\"...\", column=\"...\", key=value ...)"),
];

/// The filter of our own, and those of the engine that findings have a use for.
const FILTERS: &[&str] = &[
    "fixed", "default", "first", "join", "last", "length", "lower", "replace", "trim", "upper",
];

/// The tags of the engine that findings have a use for.
const TAGS: &str = "tags: if, elif, else, endif, for, endfor, set, raw, endraw";

/// An error of a function: something is named that is not there.
pub(super) fn unknown<'c>(
    message: &str,
    what: &str,
    given: &str,
    choices: impl IntoIterator<Item = &'c str>,
) -> tera::Error {
    let mut text = format!("{message}{CHOICES}{what}{CHOICES}{given}");
    for choice in choices {
        text.push(CHOICES);
        text.push_str(choice);
    }
    tera::Error::message(text)
}

/// The engine's error as ours.
pub(super) fn diagnose(template: &SourceText, error: &tera::Error) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            with_help(report.message(), |message| {
                template.error_in(report.span().range.clone(), message)
            })
        }
        other => {
            let text = other.to_string();
            // Names that are not registered come as finished reports, one after the other.
            let first = text.strip_prefix("error: ").unwrap_or(&text);
            let (message, place) = first.split_once('\n').unwrap_or((first, ""));
            let place = place.lines().next().unwrap_or("").rsplit(':');
            let mut numbers = place.map_while(|number| number.trim().parse().ok());
            let (column, line) = (numbers.next(), numbers.next());
            with_help(message, |message| {
                template.error_at(line.unwrap_or(0), column.unwrap_or(1), message)
            })
        }
    }
}

/// The problem that `at_place` makes of the engine's message, with what to do about it.
fn with_help(message: &str, at_place: impl FnOnce(String) -> Diagnostic) -> Diagnostic {
    let mut parts = message.split(CHOICES);
    let text = plain(parts.next().unwrap_or(message));
    if let (Some(what), Some(given)) = (parts.next(), parts.next()) {
        return at_place(text).with_choices(what, given, parts);
    }
    for (kind, what) in [("variables", "variables here"), ("fields", "its fields")] {
        let behind = format!(". Available {kind}: ");
        if let Some((what_is_wrong, choices)) = text.split_once(&behind) {
            let given = quoted(what_is_wrong).unwrap_or_default().to_owned();
            return at_place(what_is_wrong.to_owned()).with_choices(
                what,
                &given,
                choices.split(", "),
            );
        }
    }
    let name = quoted(&text).unwrap_or_default().to_owned();
    let problem = at_place(text.clone());
    if text.starts_with("unknown function") {
        let names = FUNCTIONS.iter().map(|(name, _)| *name);
        problem.with_choices("functions", &name, names)
    } else if text.starts_with("unknown filter") {
        problem.with_choices("filters", &name, FILTERS.iter().copied())
    } else if text.starts_with("unknown template") {
        problem.with_help("a narrative stands alone: it includes no other file")
    } else if text.starts_with("unknown tag") {
        problem.with_help(TAGS)
    } else if text.starts_with("missing keyword argument")
        || text.starts_with("invalid type for the value, expected text")
    {
        let call = problem.marked().and_then(|marked| {
            let called = marked.split('(').next()?.trim();
            FUNCTIONS.iter().find(|(name, _)| *name == called)
        });
        match call {
            Some((_, form)) => problem.with_help(format!("it is called {form}")),
            None if name == "digits" => problem.with_help("it is called fixed(digits=2)"),
            None => problem,
        }
    } else if text == "unexpected end of input" {
        problem.with_help("something above is still open: a {% if %}, a {% for %}, a {{ or a quote")
    } else if text.contains("but expected }}") || text.contains("but expected %}") {
        problem.with_help("what is opened with {{ is closed with }}, and {% with %}")
    } else if text.contains("but expected ,") {
        problem.with_help(
            "arguments stand in (...) with commas between, and their words in closed quotes",
        )
    } else {
        problem
    }
}

/// The first name in backticks.
fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1)
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
