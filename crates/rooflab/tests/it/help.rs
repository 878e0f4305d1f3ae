//! The help of every command, as a user reads it.

use std::path::Path;

use crate::test_project::{Answer, command_in};

fn help(arguments: &[&str]) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Answer::of(&mut command_in(here, arguments), here).success()
}

#[test]
fn help_of_every_command() {
    for (name, command) in [
        ("rooflab", &[][..]),
        ("list", &["list"]),
        ("run", &["run"]),
        ("check", &["check"]),
        ("explain", &["explain"]),
        ("audit", &["audit"]),
        ("diff", &["diff"]),
        ("export", &["export"]),
        ("report", &["report"]),
        ("new", &["new"]),
        ("lock", &["lock"]),
        ("step", &["step"]),
        ("simulate", &["simulate"]),
        ("ground_truth", &["ground-truth"]),
        ("ground_truth_show", &["ground-truth", "show"]),
        ("ground_truth_validate", &["ground-truth", "validate"]),
        ("bench_data", &["bench-data"]),
        ("bench_data_check", &["bench-data", "check"]),
        ("schema", &["schema"]),
        ("completions", &["completions"]),
        ("man", &["man"]),
    ] {
        let arguments = [command, &["--help"]].concat();
        insta::assert_snapshot!(name, help(&arguments));
    }
}

/// The names of the commands that a help lists, without `help` itself.
fn commands_in(help: &str) -> Vec<String> {
    let below = help.split("Commands:\n").nth(1).unwrap_or("");
    let lines = below.lines().take_while(|line| line.starts_with("  "));
    lines
        // Lines of a description that goes on are indented further.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Every command by the words that call it, `rooflab` itself being none.
pub(crate) fn all_commands() -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    let mut next = 0;
    while let Some(command) = all.get(next).cloned() {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = help(&[arguments.as_slice(), &["--help"]].concat());
        all.extend(
            commands_in(&help)
                .into_iter()
                .map(|name| [command.as_slice(), &[name]].concat()),
        );
        next += 1;
    }
    all
}

#[test]
fn every_help_has_examples_that_call_the_command() {
    let all = all_commands();
    assert!(all.len() > 15, "{all:?}");
    for command in all {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = help(&[arguments.as_slice(), &["--help"]].concat());
        let examples = help.split("Example").nth(1).unwrap_or("");
        let call = format!("rooflab {}", arguments.join(" "));
        assert!(examples.contains(call.trim()), "{call}:\n{help}");
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(
        help(&["--version"]),
        format!("rooflab {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn without_a_command_the_help_is_an_error() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let answer = Answer::of(&mut command_in(here, &[]), here).rejected();
    assert!(answer.contains("Usage: rooflab"), "{answer}");
}
