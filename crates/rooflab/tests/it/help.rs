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
        ("audit", &["audit"]),
        ("diff", &["diff"]),
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
    ] {
        let arguments = [command, &["--help"]].concat();
        insta::assert_snapshot!(name, help(&arguments));
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
