//! Reads YAML with bounds on what a hostile file can cost, and turns errors into diagnostics.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_yaml::budget::BudgetBreach;
use serde_yaml::{Error, Options};

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::source_text::SourceText;

/// What a hostile file can cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YamlBounds {
    /// Most keys and values.
    pub nodes: usize,
    /// Deepest nesting.
    pub depth: usize,
}

/// Reads a YAML file; messages call what it holds by `noun`.
///
/// # Errors
///
/// What is wrong with it, at its place.
pub fn parse_yaml<T: DeserializeOwned>(
    source: &SourceText,
    noun: &str,
    bounds: YamlBounds,
) -> Result<T, Diagnostic> {
    read(source.text(), bounds).map_err(|error| yaml_problem(source, &error, noun, bounds))
}

/// Most slips that are mended in one file to look for further ones.
const MOST_SLIPS: usize = 20;

/// Reads a YAML file as [`parse_yaml`] does. A key or a choice that is a slip of a known one is a problem, and is then read
/// as the one that it is near to, so that all slips show at once. Without a problem there is always a value.
///
/// Places of values behind a slip on its own line are off by what the slip is longer or shorter.
#[must_use]
pub fn parse_yaml_with_slips<T: DeserializeOwned>(
    source: &SourceText,
    noun: &str,
    bounds: YamlBounds,
) -> (Option<T>, Vec<Diagnostic>) {
    let (mut mended, mut problems) = (source.clone(), Vec::new());
    loop {
        let error = match read(mended.text(), bounds) {
            Ok(value) => return (Some(value), problems),
            Err(error) => error,
        };
        // What else is wrong may come of the mending alone: the key that was meant stands there too, or another is missing.
        let is_of_names = matches!(
            error.without_snippet(),
            Error::SerdeUnknownField { .. } | Error::SerdeUnknownVariant { .. }
        );
        if !is_of_names && !problems.is_empty() {
            return (None, problems);
        }
        problems.push(yaml_problem(&mended, &error, noun, bounds));
        let next = slip(mended.text(), error.without_snippet());
        let Some((place, meant)) = next.filter(|_| problems.len() < MOST_SLIPS) else {
            return (None, problems);
        };
        let mut text = mended.text().to_owned();
        text.replace_range(place, meant);
        mended = SourceText::new(source.path().to_owned(), text);
    }
}

/// Where a key or a choice stands that nobody knows, and the known one that it is near to.
fn slip(text: &str, error: &Error) -> Option<(Range<usize>, &'static str)> {
    let (given, known) = match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => (field, expected),
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => (variant, expected),
        _no_slip => return None,
    };
    let meant = nearest(given, known.iter().copied())?;
    let place = error.location()?;
    let line = usize::try_from(place.line()).ok()?.checked_sub(1)?;
    let column = usize::try_from(place.column()).ok()?.checked_sub(1)?;
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let start = before
        + text[before..]
            .chars()
            .take(column)
            .map(char::len_utf8)
            .sum::<usize>();
    // It may stand in quotes.
    let start = start
        + text[start..]
            .find(given.as_str())
            .filter(|skipped| *skipped < 2)?;
    Some((start..start + given.len(), meant))
}

fn read<T: DeserializeOwned>(text: &str, bounds: YamlBounds) -> Result<T, Error> {
    let options: Options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_nodes: bounds.nodes,
            max_depth: bounds.depth,
            flow_nesting_limit: bounds.depth,
        },
    };
    serde_yaml::from_str_with_options(text, options)
}

/// An error of the YAML reader, at its place and in the words of someone who writes YAML.
#[must_use]
pub fn yaml_problem(
    source: &SourceText,
    error: &Error,
    noun: &str,
    bounds: YamlBounds,
) -> Diagnostic {
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
        } if matches!(variant.as_str(), "~" | "" | "null") => source
            .error_at(
                line,
                column,
                "nothing stands here, and one of the choices is expected",
            )
            .with_choices("valid choices", variant, expected.iter().copied())
            .with_help("what belongs to a key is indented by two blanks more than the key"),
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => source
            .error_at(line, column, format!("unknown choice `{variant}`"))
            .with_choices("valid choices", variant, expected.iter().copied()),
        other => {
            let message = words(other, noun, bounds);
            let step = next_step(&message);
            let problem = source.error_at(line, column, message);
            match step {
                Some(step) => problem.with_help(step),
                None => problem,
            }
        }
    }
}

/// An error of the YAML reader in its own words and without the place, for messages of one line.
#[must_use]
pub fn yaml_reason(error: &Error) -> String {
    // Without its default formatter the library gives no advice on how to call it.
    let message = error.render_with_formatter(&serde_yaml::UserMessageFormatter);
    match message.rsplit_once(" at line ") {
        Some((reason, _)) => reason.to_owned(),
        None => message,
    }
}

/// What to do about a message, where it does not say so itself.
fn next_step(message: &str) -> Option<&'static str> {
    // What cannot be seen is not what a text was meant to begin with.
    let is_sign = message.contains("unexpected character") && !message.contains("\\u{");
    let mut known = NEXT_STEPS.iter();
    known
        .find(|(parts, _)| parts.iter().any(|part| message.contains(part)))
        .map(|(_, step)| *step)
        .or_else(|| is_sign.then_some("text that begins with a sign, as in `%`, needs quotes"))
}

/// What a message has in it, and what to do about it; the first that fits.
const NEXT_STEPS: [(&[&str], &str); 9] = [
    (
        &["a mapping of keys to values is expected here"],
        "a mapping is written {key: value}, or one key a line, indented by two blanks",
    ),
    (
        &["a list is expected here"],
        "a list is written [a, b], or one item a line, each behind `- `",
    ),
    (
        &["found a tab", "tab character", "tabs disallowed"],
        "indent with blanks: YAML takes no tabs",
    ),
    (
        &["':'", "mapping values are not allowed"],
        "text with `: ` in it needs quotes; where it is a key, it or the key above begins in the wrong column or has no blank behind its `:`, \
         or a bracket or a quote above is still open",
    ),
    (
        &["quoted scalar"],
        "a quote above is still open, or the text behind it is not indented",
    ),
    (
        &["block scalar"],
        "text that begins with `>` or `|` needs quotes: YAML folds what stands behind these signs",
    ),
    (
        &["did not find expected"],
        "the keys of a mapping begin in one column, and brackets are closed: look at the lines above as well",
    ),
    (
        &["unclosed bracket"],
        "close it, or put text with brackets into quotes",
    ),
    (
        &["` is missing in this mapping"],
        "`rooflab schema keys` lists the keys with what they take; with the schema an editor completes them",
    ),
];

/// The reader's message in the words of someone who writes YAML, not of the reader's program.
fn words(error: &Error, noun: &str, bounds: YamlBounds) -> String {
    match error {
        // The place is that of a neighbour: what is missing has no place.
        Error::SerdeMissingField { field, .. } => {
            format!("the key `{field}` is missing in this mapping")
        }
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("the key `{key}` stands twice")
        }
        Error::Unexpected { expected, .. } => format!("{} is expected here", kind_words(expected)),
        Error::Eof { .. } => format!("the file holds no {noun}"),
        Error::NonFiniteFloat { value, .. } => format!("`{value}` is no finite number"),
        Error::NullIntoString { .. } => "text is expected here, and there is none".to_owned(),
        Error::InvalidScalar { ty, .. } => format!("{} is expected here", kind_words(ty)),
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        } => format!(
            "{} is expected here, not {}",
            kind_words(expected),
            kind_words(unexpected)
        ),
        Error::SerdeInvalidLength { len, expected, .. } => {
            let expected = expected
                .trim_start_matches("a tuple of size ")
                .trim_start_matches("an array of length ");
            format!("{expected} values are expected here, not {len}")
        }
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. }
        | Error::ExpectedStringKeyForExternallyTaggedEnum { .. } => {
            "one key that says what this is, with its values below it, is expected here".to_owned()
        }
        Error::ExpectedMappingEndAfterEnumVariantValue { .. } => {
            "there is one key too many here: one says what this is".to_owned()
        }
        Error::MultipleDocuments { .. } => {
            format!("the file has more than one YAML document, and a {noun} is one")
        }
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Depth { .. } => {
                format!("the file is nested more than {} levels deep", bounds.depth)
            }
            BudgetBreach::Nodes { .. } => {
                format!("the file has more than {} keys and values", bounds.nodes)
            }
            _ => format!("the file is larger than any {noun}"),
        },
        Error::AliasError { error, .. } => words(error, noun, bounds),
        other => without_place(&other.to_string()),
    }
}

/// What the reader's names of kinds stand for.
fn kind_words(kind: &str) -> &str {
    match kind {
        "sequence start" | "sequence" => "a list",
        "mapping start" | "map" => "a mapping of keys to values",
        "string scalar" | "string" => "text",
        "unit value" => "nothing",
        "floating point" => "a number",
        "u8" => "a whole number from 0 to 255",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number",
        other => other,
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

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Plot {
        kind: Kind,
        #[serde(default)]
        digits: u8,
        title: Option<String>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Line,
        Scatter,
    }

    const BOUNDS: YamlBounds = YamlBounds {
        nodes: 100,
        depth: 10,
    };

    fn parsed(text: &str) -> (Option<Vec<Plot>>, Vec<Diagnostic>) {
        let source = SourceText::new("h.yaml".into(), text.to_owned());
        parse_yaml_with_slips(&source, "plot", BOUNDS)
    }

    #[test]
    fn every_slip_is_said_at_its_own_place_and_read_as_what_was_meant() {
        let (plots, problems) =
            parsed("- {knid: line, titel: é}\n- kind: scater\n  \"digts\": 3\n- kind: line\n");
        let said = problems
            .iter()
            .map(|one| (one.line().unwrap(), one.message()));
        let said: Vec<_> = said.collect();
        assert_eq!(
            said,
            [
                (1, "unknown key `knid`"),
                (1, "unknown key `titel`"),
                (2, "unknown choice `scater`"),
                (3, "unknown key `digts`"),
            ]
        );
        let plots = plots.unwrap();
        assert_eq!(plots[0].title.as_deref(), Some("é"));
        assert_eq!((&plots[1].kind, plots[1].digits), (&Kind::Scatter, 3));
    }

    #[test]
    fn what_is_no_slip_ends_the_search() {
        let (plots, problems) = parsed("- {knid: line, colour: red}\n- {knid: line}\n");
        assert!(plots.is_none());
        let said: Vec<_> = problems.iter().map(Diagnostic::message).collect();
        assert_eq!(said, ["unknown key `knid`", "unknown key `colour`"]);
    }

    #[test]
    fn a_slip_beside_the_key_that_was_meant_is_no_value() {
        let (plots, problems) = parsed("- {kind: line, digits: 1, digts: 2}\n");
        assert!(plots.is_none());
        let said: Vec<_> = problems.iter().map(Diagnostic::message).collect();
        assert_eq!(said, ["unknown key `digts`"]);
    }
}
