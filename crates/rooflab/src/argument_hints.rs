//! What was perhaps meant by arguments that cannot be used, and what there is: the parser itself names only what is very
//! near.

use std::ffi::OsString;

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use diagnostic::nearest;

/// The error with the nearest valid name, and with all of them where the parser does not list them.
pub(crate) fn with_hints(
    mut error: Error,
    root: &Command,
    arguments: impl Iterator<Item = OsString>,
) -> Error {
    let (wrong, suggestion) = match error.kind() {
        ErrorKind::InvalidSubcommand => (
            ContextKind::InvalidSubcommand,
            ContextKind::SuggestedSubcommand,
        ),
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        // Values that are not valid the parser lists itself, with the nearest.
        _ => return error,
    };
    let Some(ContextValue::String(given)) = error.get(wrong).cloned() else {
        return error;
    };
    let is_option = suggestion == ContextKind::SuggestedArg;
    let is_suggested = error.get(suggestion).is_some();
    if is_option && (is_suggested || !given.starts_with("--")) {
        return error;
    }
    let command = command_of(root, &given, arguments);
    let names = if is_option {
        options(command)
    } else {
        commands(command)
    };
    let meant = nearest(&given, names.iter().map(String::as_str)).filter(|_| !is_suggested);
    match meant.map(str::to_owned) {
        Some(name) if is_option => {
            error.insert(suggestion, ContextValue::String(name));
            return error;
        }
        Some(name) => {
            error.insert(suggestion, ContextValue::Strings(vec![name]));
        }
        None => {}
    }
    let what = if is_option { "options" } else { "commands" };
    with_tip(error, format!("the {what} are {}", names.join(", ")))
}

fn commands(command: &Command) -> Vec<String> {
    let shown = command.get_subcommands().filter(|one| !one.is_hide_set());
    shown.map(|one| one.get_name().to_owned()).collect()
}

fn options(command: &Command) -> Vec<String> {
    let shown = command.get_arguments().filter(|one| !one.is_hide_set());
    shown
        .filter_map(|one| Some(format!("--{}", one.get_long()?)))
        .collect()
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
