//! What was perhaps meant by arguments that cannot be used, and what there is: the parser itself names only what is very
//! near.

use std::ffi::OsString;

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use diagnostic::nearest;

/// The error with the nearest valid name, and with all of them where the parser does not list them.
pub(crate) fn with_hints(
    error: Error,
    root: &Command,
    arguments: impl Iterator<Item = OsString>,
) -> Error {
    match error.kind() {
        ErrorKind::InvalidSubcommand => with_commands(error, root, arguments),
        ErrorKind::UnknownArgument => with_options(error, root, arguments),
        // Values that are not valid the parser lists itself, with the nearest.
        _ => error,
    }
}

fn with_commands(
    mut error: Error,
    root: &Command,
    arguments: impl Iterator<Item = OsString>,
) -> Error {
    let Some(given) = text(&error, ContextKind::InvalidSubcommand) else {
        return error;
    };
    let command = command_of(root, &given, arguments);
    let names: Vec<&str> = command
        .get_subcommands()
        .filter(|one| !one.is_hide_set())
        .map(Command::get_name)
        .collect();
    if error.get(ContextKind::SuggestedSubcommand).is_none()
        && let Some(name) = nearest(&given, names.iter().copied())
    {
        let suggested = ContextValue::Strings(vec![name.to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, suggested);
    }
    let list = format!("the commands are {}", names.join(", "));
    with_tip(error, list)
}

fn with_options(
    mut error: Error,
    root: &Command,
    arguments: impl Iterator<Item = OsString>,
) -> Error {
    let Some(given) = text(&error, ContextKind::InvalidArg) else {
        return error;
    };
    if !given.starts_with("--") || error.get(ContextKind::SuggestedArg).is_some() {
        return error;
    }
    let command = command_of(root, &given, arguments);
    let names: Vec<String> = command
        .get_arguments()
        .filter(|one| !one.is_hide_set())
        .filter_map(|one| Some(format!("--{}", one.get_long()?)))
        .collect();
    if let Some(name) = nearest(&given, names.iter().map(String::as_str)) {
        let suggested = ContextValue::String(name.to_owned());
        error.insert(ContextKind::SuggestedArg, suggested);
        return error;
    }
    let list = format!("the options are {}", names.join(", "));
    with_tip(error, list)
}

fn with_tip(mut error: Error, tip: String) -> Error {
    let mut tips = match error.remove(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) => tips,
        Some(_) | None => Vec::new(),
    };
    tips.push(StyledStr::from(tip));
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    error
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(_) | None => None,
    }
}

/// The command that the arguments in front of the wrong one name.
fn command_of<'c>(
    root: &'c Command,
    wrong: &str,
    arguments: impl Iterator<Item = OsString>,
) -> &'c Command {
    let mut command = root;
    for argument in arguments.skip(1) {
        let Some(word) = argument.to_str() else {
            continue;
        };
        if word.split('=').next() == Some(wrong) {
            break;
        }
        if let Some(below) = command.find_subcommand(word) {
            command = below;
        }
    }
    command
}
