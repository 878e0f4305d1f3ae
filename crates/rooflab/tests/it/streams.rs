//! Standard output that fails or has no reader.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::test_project::TestProject;

const LINE: &str =
    r#"{"model":"llama-2-7b-hf","gpu":"h100","tensor_parallel":1,"preset":"feb27","decode":[64]}"#;

fn rooflab(project: &TestProject, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rooflab"));
    command.current_dir(project.path()).args(arguments);
    command.stderr(Stdio::piped());
    command
}

#[test]
fn a_reader_that_leaves_ends_a_stream_of_steps_quietly() {
    let project = TestProject::new();
    let mut child = rooflab(&project, &["step", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut answer = String::new();
    writeln!(stdin, "{LINE}").unwrap();
    // The answer comes while the stream is still open.
    stdout.read_line(&mut answer).unwrap();
    assert!(answer.contains("\"predicted\""), "{answer}");
    drop(stdout);
    // Until the pipe breaks on this side too: rooflab stopped reading.
    while writeln!(stdin, "{LINE}").is_ok() {}
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_reader_that_leaves_does_not_change_what_a_run_comes_to() {
    let project = TestProject::with_published("64,1\n");
    let mut child = rooflab(&project, &["run"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the finding drifted");
    assert!(
        project
            .path()
            .join("hypotheses/H7-longer/FINDINGS.md")
            .exists()
    );
}

#[test]
fn a_full_disk_is_an_error() {
    let project = TestProject::with_published("64,1\n");
    for arguments in [
        &["list"][..],
        &["schema"],
        &["completions", "bash"],
        &["run"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = rooflab(&project, arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            error.starts_with("error: cannot write to standard output: No space left"),
            "{arguments:?}: {error}"
        );
    }
}
