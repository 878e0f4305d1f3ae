//! Lines on standard error. Where that stream is closed they are lost: there is nowhere left to say so.

use std::fmt::Display;
use std::io::Write;

use experiment::ExperimentError;

/// Says that something cannot be done, with all causes.
pub(crate) fn error(error: &anyhow::Error) {
    if let Some(known) = error.downcast_ref() {
        return experiment_error(known);
    }
    let mut text = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // Many errors of libraries say their cause themselves.
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    line(format_args!("error: {text}"));
}

/// The same for an error of the laboratory. Problems of input files come with their own heads and excerpts.
pub(crate) fn experiment_error(error: &ExperimentError) {
    match error {
        ExperimentError::Invalid(problems) => line(problems),
        other => line(format_args!("error: {other}")),
    }
}

/// Says what is done although it may not be what was wanted.
pub(crate) fn warning(text: impl Display) {
    line(format_args!("warning: {text}"));
}

/// Says how a finding drifted.
pub(crate) fn drift(text: impl Display) {
    line(format_args!("drifted: {text}"));
}

/// Says that rooflab itself failed.
pub(crate) fn internal_error(text: impl Display) {
    line(format_args!(
        "error: internal: {text}\nthis is a bug in rooflab; please report it with the command that led to it"
    ));
}

fn line(text: impl Display) {
    if writeln!(std::io::stderr(), "{text}").is_err() {
        // As the module says.
    }
}
