//! What only a terminal gets to see: colour, progress, tables that fit. The terminal is that of `script`, of util-linux.

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use crate::test_project::TestProject;

/// What a terminal of so many columns shows of a command, or nothing where there is no `script` to make one.
fn on_terminal(
    project: &TestProject,
    columns: usize,
    variables: &[(&str, &str)],
    arguments: &str,
) -> Option<String> {
    let rooflab = env!("CARGO_BIN_EXE_rooflab");
    let mut command = Command::new("script");
    command
        .args([
            "-qec",
            &format!("stty rows 40 cols {columns}; {rooflab} {arguments}"),
            "/dev/null",
        ])
        .current_dir(project.path())
        .stdin(Stdio::null())
        .env("TERM", "xterm-256color");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "COLUMNS"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    match command.output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(error) => {
            eprintln!("skipped: there is no `script` to make a terminal ({error})");
            None
        }
    }
}

fn project() -> TestProject {
    TestProject::with_published("64,3875\n4096,4379\n8192,4892\n")
}

const GREEN: &str = "\u{1b}[32mCONFIRMED";

#[test]
fn colours_follow_the_conventions() {
    let project = project();
    for (variables, arguments, is_colored) in [
        (&[][..], "list", true),
        (&[("NO_COLOR", "1")], "list", false),
        (&[("CLICOLOR", "0")], "list", false),
        (&[("TERM", "dumb")], "list", false),
        (&[], "list --color never", false),
        (&[("NO_COLOR", "1")], "list --color always", true),
    ] {
        let Some(shown) = on_terminal(&project, 100, variables, arguments) else {
            return;
        };
        assert!(shown.contains("CONFIRMED"), "{shown}");
        assert_eq!(
            shown.contains(GREEN),
            is_colored,
            "{variables:?} {arguments}: {shown:?}"
        );
        assert_eq!(
            shown.contains('\u{1b}'),
            is_colored,
            "{variables:?} {arguments}: {shown:?}"
        );
    }
}

#[test]
fn without_a_terminal_colour_is_for_those_who_ask() {
    let project = project();
    assert!(!project.run(&["list"]).success().contains('\u{1b}'));
    let asked = project.run(&["list", "--color", "always"]).success();
    assert!(asked.contains(GREEN), "{asked:?}");
    let mut forced = project.command(&["list"]);
    let forced = project.answer(forced.env("CLICOLOR_FORCE", "1")).success();
    assert!(forced.contains(GREEN), "{forced:?}");
    let error = project.run(&["run", "H8", "--color", "always"]).rejected();
    assert!(
        error.starts_with("\u{1b}[1m\u{1b}[31merror\u{1b}[0m: "),
        "{error:?}"
    );
}

#[test]
fn tables_fit_the_terminal() {
    let project = project();
    let Some(shown) = on_terminal(&project, 70, &[], "list --color never") else {
        return;
    };
    assert!(shown.contains("Longer contexts take longer"), "{shown}");
    for line in shown.lines() {
        assert!(line.trim_end().chars().count() <= 70, "{line:?} in {shown}");
    }
    let wide = project.run(&["list"]).success();
    let widest = wide.lines().map(str::len).max().unwrap();
    assert!(widest > 70, "{wide}");
}

#[test]
fn no_word_is_broken_on_any_terminal() {
    let project = TestProject::with_published("64,3875\n4096,4380\n8192,4892\n")
        .with_own_ground_truth(&[
            "jan30-llama2-7b-tp1-chatsweep",
            "20260210-codellama-34b-tp2-chatsweep",
        ]);
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "times: {key: [kv_len]}",
        "times: {key: [kv_len], differences: [{row: {kv_len: 4096}, column: step_us, why: a slip of the pen}]}",
    );
    for arguments in [
        "list",
        "run H7 --out elsewhere",
        "audit H7",
        "ground-truth show",
        "simulate --ground-truth eval/ground_truth",
        "bench-data check h100",
    ] {
        let split: Vec<&str> = arguments.split(' ').collect();
        let wide = project.run(&split).success();
        let mut words: Vec<&str> = wide.split_whitespace().collect();
        words.sort_unstable();
        words.dedup();
        for columns in [60, 80, 100, 120] {
            let arguments = format!("-q --color never {arguments}");
            let Some(shown) = on_terminal(&project, columns, &[], &arguments) else {
                return;
            };
            for word in &words {
                assert!(
                    shown.contains(word),
                    "{arguments} on {columns}: {word} is missing in {shown}"
                );
            }
            for line in shown.lines() {
                let is_one_word = line.split_whitespace().count() == 1;
                assert!(
                    line.trim_end().chars().count() <= columns || is_one_word,
                    "{arguments} on {columns}: {line:?} in {shown}"
                );
            }
        }
    }
}

#[test]
fn progress_is_shown_on_a_terminal_and_gone_at_the_end() {
    let project = project();
    // Wide enough a sweep that the bar is drawn while it goes on.
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "vary: {kv_len: [64, 4096, 8192]}",
        "vary: {kv_len: [64, 4096, 8192], twin: {range: [1, 60000]}}",
    );
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "batch: {decode: [{kv: kv_len}]}",
        "batch: {decode: [{kv: kv_len}, {kv: twin}]}",
    );
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "SELECT kv_len, step_us FROM steps ORDER BY kv_len",
        "SELECT kv_len, step_us FROM steps WHERE twin = 1 ORDER BY kv_len",
    );
    let Some(shown) = on_terminal(&project, 100, &[], "run H7") else {
        return;
    };
    assert!(shown.contains("H7: "), "{shown:?}");
    assert!(shown.contains("/180,000 cells"), "{shown:?}");
    // Each line is taken back before the next, or the table, is printed.
    let (bars, table) = shown.split_at(shown.find("VERDICT").unwrap());
    for line in bars.split("\u{1b}[2K") {
        assert!(line.matches("H7: ").count() <= 1, "{line:?} in {shown:?}");
    }
    assert!(
        bars.trim_end_matches("ID  ").contains("\u{1b}[2K"),
        "{bars:?}"
    );
    assert!(!table.contains("cells"), "{table:?}");
    for (variables, arguments) in [
        (&[][..], "run H7 -q"),
        (&[], "--quiet run H7"),
        (&[("TERM", "dumb")], "run H7"),
    ] {
        let shown = on_terminal(&project, 100, variables, arguments).unwrap();
        assert!(!shown.contains("cells"), "{arguments}: {shown:?}");
    }
}

#[test]
fn progress_of_simulations_counts_requests() {
    let project = TestProject::new();
    let Some(shown) = on_terminal(
        &project,
        100,
        &[],
        "simulate --model llama-2-7b-hf --prompt-tokens 64 --output-tokens 64 --rate 20 --requests 4000",
    ) else {
        return;
    };
    assert!(shown.contains("/4,000 requests"), "{shown:?}");
}

#[test]
fn without_a_terminal_there_is_no_progress() {
    let answer = project().run(&["run"]);
    assert_eq!(answer.stderr, "");
}
