//! The reference of all commands as Markdown, from the declarations that parse them.

use std::fmt::{self, Write};

use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};

const HEAD: &str = "\
# Commands

Written by `rooflab schema commands`; do not edit. `rooflab check` fails where this page is stale. On the terminal every command says
the same with `--help`.
";

/// Every command below `program` with its arguments and examples, in the order of declaration.
pub(crate) fn commands_markdown(mut program: Command) -> Result<String, fmt::Error> {
    program.build();
    let mut page = String::from(HEAD);
    write_command(&mut page, &program, &mut Vec::new())?;
    Ok(page)
}

/// A command, and those below it. `names` are those of the commands above.
fn write_command<'c>(
    page: &mut String,
    command: &'c Command,
    names: &mut Vec<&'c str>,
) -> fmt::Result {
    names.push(command.get_name());
    let full_name = names.join(" ");
    writeln!(page, "\n## `{full_name}`\n")?;
    let about = command.get_long_about().or_else(|| command.get_about());
    writeln!(page, "{}\n", text(about).trim_end())?;
    let usage = command.clone().render_usage().to_string();
    let usage: Vec<&str> = usage
        .trim_start_matches("Usage: ")
        .lines()
        .map(str::trim)
        .collect();
    writeln!(page, "```text\n{}\n```", usage.join("\n"))?;
    write_arguments(page, command, names.len() == 1)?;
    if let Some(examples) = command.get_after_help() {
        writeln!(page, "\n```text\n{}\n```", text(Some(examples)).trim_end())?;
    }
    for below in command.get_subcommands() {
        if below.get_name() != "help" {
            write_command(page, below, names)?;
        }
    }
    names.pop();
    Ok(())
}

/// A table of the arguments, without those that every command has: they are shown once, with the program itself.
fn write_arguments(page: &mut String, command: &Command, is_program: bool) -> fmt::Result {
    let arguments: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter(|argument| is_program || !is_everywhere(argument))
        .collect();
    if arguments.is_empty() {
        return Ok(());
    }
    writeln!(page, "\n| Argument | Meaning |\n| --- | --- |")?;
    for argument in arguments {
        let short = argument
            .get_short()
            .filter(|_| argument.get_long().is_some());
        let short = short.map_or_else(String::new, |letter| format!("-{letter}, "));
        writeln!(
            page,
            "| `{}` | {} |",
            in_cell(&format!("{short}{argument}")),
            in_cell(&meaning(argument))
        )?;
    }
    Ok(())
}

fn is_everywhere(argument: &Arg) -> bool {
    argument.is_global_set() || matches!(argument.get_id().as_str(), "help" | "version")
}

/// The help of an argument, the values that it takes and its default, in sentences.
fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut parts = vec![sentence(&text(help))];
    // A flag takes true and false inside, which nobody types.
    if argument.get_action().takes_values() {
        let values = argument.get_possible_values();
        let values: Vec<String> = values.iter().map(value).collect();
        if !values.is_empty() {
            parts.push(format!("One of {}.", values.join(", ")));
        }
        let defaults: Vec<String> = argument
            .get_default_values()
            .iter()
            .map(|default| format!("`{}`", default.to_string_lossy()))
            .collect();
        if !defaults.is_empty() {
            parts.push(format!("Default: {}.", defaults.join(", ")));
        }
    }
    if let Some(aliases) = argument.get_visible_aliases() {
        for alias in aliases {
            parts.push(format!("Also `--{alias}`."));
        }
    }
    parts.join(" ")
}

fn value(value: &PossibleValue) -> String {
    match value.get_help() {
        Some(help) => format!("`{}` ({})", value.get_name(), text(Some(help))),
        None => format!("`{}`", value.get_name()),
    }
}

fn text(styled: Option<&StyledStr>) -> String {
    styled.map_or_else(String::new, StyledStr::to_string)
}

/// Help whose paragraphs all end with a full stop, as in a cell they follow each other on one line.
fn sentence(help: &str) -> String {
    let paragraphs: Vec<String> = help
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| {
            if paragraph.ends_with(['.', '!', '?', ':']) {
                paragraph.to_owned()
            } else {
                format!("{paragraph}.")
            }
        })
        .collect();
    paragraphs.join(" ")
}

/// Text that stays within a cell of a table.
fn in_cell(text: &str) -> String {
    text.replace('|', "\\|")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paragraph_is_a_sentence() {
        let help = "A folder\n\nNeeds the IDs. It is made\n";
        assert_eq!(sentence(help), "A folder. Needs the IDs. It is made.");
        assert_eq!(sentence("Is it?"), "Is it?");
        assert_eq!(sentence(""), "");
    }
}
