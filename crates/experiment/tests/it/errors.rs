//! Errors of hypotheses, by the files of `tests/errors`. A case there begins with `===` and says behind `---` what is
//! changed in a project that is in order, whether it fails to load or to run, and how the error reads.
//!
//! `ROOFLAB_UPDATE_ERRORS=1 cargo test -p experiment --test it errors` writes what the errors read now, for a person to
//! compare. It fails where one reads otherwise, so that nothing passes by it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::test_project::TestProject;

/// A case of a file: what is done, `load` or `run`, and the error that is expected.
fn parts(case: &str) -> (&str, &str, &str) {
    let at = |when| Some((case.split_once(&format!("\n--- {when}\n"))?, when));
    let ((steps, error), when) = at("load").or_else(|| at("run")).unwrap();
    (steps, when, error)
}

/// The error of a project that is changed by these steps.
fn error_of(steps: &str, when: &str) -> String {
    let mut project = TestProject::new();
    let mut from = "";
    for step in steps.split("\n--- ").skip(1) {
        let (head, text) = step.split_once('\n').unwrap_or((step, ""));
        project = match head {
            "base measured" => TestProject::measured(),
            "base traced" => TestProject::traced(),
            "replace" => {
                from = text;
                project
            }
            "by" => project.edit(from, text),
            "append" => project.append(text),
            "hypothesis" => project.with_hypothesis(text),
            file => project.with(file.strip_prefix("file ").unwrap(), text),
        };
    }
    match when {
        "load" => project.load_error(),
        _ => project.run_error(),
    }
}

#[test]
fn errors_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut failures = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::read_to_string(&path).unwrap();
        let cases: Vec<&str> = file.split("\n=== ").collect();
        let read_now = cases.par_iter().map(|case| {
            let (steps, when, _) = parts(case);
            format!("{steps}\n--- {when}\n{}\n", error_of(steps, when))
        });
        let read_now: Vec<String> = read_now.collect();
        for (case, now) in cases
            .iter()
            .zip(&read_now)
            .filter(|(case, now)| case != now)
        {
            let (_, _, expected) = parts(case);
            let name = path.display();
            write!(failures, "{name}: {now}--- expected\n{expected}\n").unwrap();
        }
        if std::env::var_os("ROOFLAB_UPDATE_ERRORS").is_some() {
            fs::write(&path, read_now.join("\n=== ")).unwrap();
        }
    }
    assert!(failures.is_empty(), "these read otherwise:\n{failures}");
}
