//! Lines on standard error. Where that stream is closed they are lost: there is nowhere left to say so.

use std::fmt::Display;
use std::io::Write;

use catalog::CatalogError;
use diagnostic::{Diagnostics, steers};
use experiment::{ExperimentError, Outcome};
use ground_truth::LoadError;

use crate::screen::{Screen, Tone};

/// Problems of which each is said.
#[derive(Debug, thiserror::Error)]
#[error("several problems")]
pub(crate) struct Problems(pub(crate) Vec<ExperimentError>);

/// Says that something cannot be done, with all causes.
pub(crate) fn error(error: &anyhow::Error) {
    if let Some(Problems(all)) = error.downcast_ref() {
        return all.iter().for_each(experiment_error);
    }
    if let Some(known) = error.downcast_ref() {
        return experiment_error(known);
    }
    if let Some((index, problems)) = diagnostics_of(error) {
        diagnostics(problems);
        let problem = error.chain().nth(index).map(ToString::to_string);
        for context in error.chain().take(index).map(ToString::to_string) {
            // What only passes the problem on says nothing new.
            if Some(&context) != problem.as_ref() {
                labelled("note", Tone::Head, context);
            }
        }
        return;
    }
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // Many errors of libraries say their cause themselves.
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    labelled("error", Tone::Bad, &text);
}

/// The same for an error of the laboratory. Problems of input files come with their own heads and excerpts.
fn experiment_error(error: &ExperimentError) {
    match error {
        ExperimentError::Invalid(problems) => diagnostics(problems),
        ExperimentError::Catalog(problem) => match problem.diagnostics() {
            Some(problems) => diagnostics(problems),
            None => labelled("error", Tone::Bad, problem),
        },
        other => labelled("error", Tone::Bad, other),
    }
}

/// What is wrong with an input file, with its lines, where that is among the causes of an error, and at which place.
fn diagnostics_of(error: &anyhow::Error) -> Option<(usize, &Diagnostics)> {
    error.chain().enumerate().find_map(|(index, cause)| {
        let of_catalog = cause.downcast_ref().and_then(CatalogError::diagnostics);
        let of_run = || cause.downcast_ref().and_then(LoadError::diagnostics);
        Some((index, of_catalog.or_else(of_run)?))
    })
}

fn diagnostics(problems: &Diagnostics) {
    if Screen::of_standard_error().is_colored() {
        line(problems.in_color());
    } else {
        line(problems);
    }
}

/// Says what is done although it may not be what was wanted.
pub(crate) fn warning(text: impl Display) {
    labelled("warning", Tone::Doubtful, text);
}

/// Says what is missing from an outcome. How far its figures can be trusted is said by its findings.
pub(crate) fn warnings_of(outcome: &Outcome) {
    let missing = outcome.warnings.iter();
    for text in missing.filter(|warning| !warning.kind.is_of_validity()) {
        warning(format_args!("{}: {text}", outcome.id));
    }
}

/// Says how a finding drifted.
pub(crate) fn drift(text: impl Display) {
    labelled("drifted", Tone::Bad, text);
}

/// Says that rooflab itself failed.
pub(crate) fn internal_error(text: impl Display) {
    let text = format!(
        "internal: {text}\nthis is a bug in rooflab; please report it with the command that led to it"
    );
    labelled("error", Tone::Bad, text);
}

/// Says what is going on, where somebody waits.
pub(crate) fn note(text: impl Display) {
    line(text);
}

/// Most bytes of a message: names and paths of any length are in them.
const MOST_BYTES: usize = 3800;

fn labelled(label: &str, tone: Tone, text: impl Display) {
    let text = shortened(harmless(&text.to_string()));
    let label = Screen::of_standard_error().paint(tone, label);
    line(format_args!("{label}: {text}"));
}

/// Text of a message with what could steer a terminal as codes.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) && character != '\n' {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The text without its middle, where it is longer than anybody reads.
fn shortened(text: String) -> String {
    if text.len() <= MOST_BYTES {
        return text;
    }
    let head = text.floor_char_boundary(MOST_BYTES / 2);
    let tail = text.ceil_char_boundary(text.len() - MOST_BYTES / 2);
    let left_out = tail - head;
    format!(
        "{} [{left_out} bytes left out] {}",
        &text[..head],
        &text[tail..]
    )
}

fn line(text: impl Display) {
    if writeln!(std::io::stderr(), "{text}").is_err() {
        // As the module says.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_lose_their_middle() {
        assert_eq!(shortened("short".to_owned()), "short");
        let long = shortened(format!("begin{}end", "\u{e9}".repeat(100_000)));
        assert!(long.len() < 4000, "{}", long.len());
        assert!(long.starts_with("begin") && long.ends_with("end"));
        assert!(long.contains("bytes left out"));
    }

    #[test]
    fn messages_steer_no_terminal() {
        assert_eq!(
            harmless("model `a\u{1b}[31m\u{7}\u{202e}`\nnext é"),
            "model `a\\u{1b}[31m\\u{7}\\u{202e}`\nnext é"
        );
    }
}
