//! What is put on disk, and what is found stale there.

use std::fs;
use std::path::{Path, PathBuf};

use experiment::{ExperimentError, Staleness};

use crate::test_project::{FOLDER, TestProject};

/// Names of everything in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn findings_and_results_are_written() {
    let project = TestProject::new();
    let outcome = project.run();
    let folder = project.own_folder();
    let written = outcome.write(&folder).unwrap();
    let expected = [
        "FINDINGS.md",
        "results/times.csv",
        "results/inputs.sha256",
        "results/outcome.json",
    ]
    .map(|path| folder.join(path));
    assert_eq!(written, expected);
    assert_eq!(
        names(&folder),
        ["FINDINGS.md", "hypothesis.yaml", "results"]
    );
    assert_eq!(
        names(&folder.join("results")),
        ["inputs.sha256", "outcome.json", "times.csv"]
    );
    let csv = fs::read_to_string(folder.join("results/times.csv")).unwrap();
    assert!(
        csv.starts_with("kv,requests,step_us,step_us_exact\n64,1,43,"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 5);
    assert_eq!(outcome.stale_files(&folder).unwrap(), []);
}

#[test]
fn results_can_be_put_elsewhere() {
    let project = TestProject::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("deep/below");
    project.run().write(&folder).unwrap();
    assert_eq!(names(&folder), ["FINDINGS.md", "results"]);
    assert_eq!(names(&project.own_folder()), ["hypothesis.yaml"]);
}

#[test]
fn stale_files_are_told_apart() {
    let project = TestProject::new();
    let outcome = project.run();
    let folder = project.own_folder();
    let stale = || outcome.stale_files(&folder).unwrap();
    let path = PathBuf::from;
    assert_eq!(
        stale(),
        [
            (path("FINDINGS.md"), Staleness::Missing),
            (path("results/times.csv"), Staleness::Missing),
            (path("results/inputs.sha256"), Staleness::Missing),
            (path("results/outcome.json"), Staleness::Missing),
        ]
    );
    outcome.write(&folder).unwrap();
    fs::write(folder.join("results/times.csv"), "kv\n1\n").unwrap();
    fs::write(folder.join("results/zebra.csv"), "").unwrap();
    fs::write(folder.join("results/ape.csv"), "").unwrap();
    assert_eq!(
        stale(),
        [
            (path("results/times.csv"), Staleness::Differs),
            (path("results/ape.csv"), Staleness::Leftover),
            (path("results/zebra.csv"), Staleness::Leftover),
        ]
    );
    outcome.write(&folder).unwrap();
    assert_eq!(stale().len(), 2, "a leftover is not deleted");
}

#[test]
fn other_line_ends_are_stale() {
    let project = TestProject::new();
    let outcome = project.run();
    let folder = project.own_folder();
    outcome.write(&folder).unwrap();
    let findings = fs::read_to_string(folder.join("FINDINGS.md")).unwrap();
    fs::write(folder.join("FINDINGS.md"), findings.replace('\n', "\r\n")).unwrap();
    let expected = [(PathBuf::from("FINDINGS.md"), Staleness::Differs)];
    assert_eq!(outcome.stale_files(&folder).unwrap(), expected);
}

#[test]
fn a_file_that_cannot_be_replaced_stays() {
    let project = TestProject::new();
    let outcome = project.run();
    let folder = project.own_folder();
    fs::create_dir_all(folder.join("results/times.csv/inside")).unwrap();
    let error = outcome.write(&folder).unwrap_err();
    assert!(matches!(error, ExperimentError::Output(_)));
    let expected = format!(
        "{}: is a folder, expected the name of a file",
        folder.join("results/times.csv").display()
    );
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(!folder.join("FINDINGS.md").exists());
    assert_eq!(
        names(&folder.join("results")),
        ["times.csv"],
        "no temporary file stays"
    );
    assert_eq!(names(&folder.join("results/times.csv")), ["inside"]);
    let error = outcome.stale_files(&folder).unwrap_err();
    assert!(matches!(error, ExperimentError::Read { .. }), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let project = TestProject::new().with_own("results", "a file, not a folder");
    let outcome = project.run();
    let folder = project.own_folder();
    let error = outcome.write(&folder).unwrap_err().to_string();
    assert!(error.contains("results/outcome.json"), "{error}");
    assert_eq!(names(&folder), ["hypothesis.yaml", "results"]);
    let kept = fs::read_to_string(folder.join("results")).unwrap();
    assert_eq!(kept, "a file, not a folder");

    let inside_a_file = project.root().join(FOLDER).join("hypothesis.yaml/deep");
    let before = fs::read(project.root().join(FOLDER).join("hypothesis.yaml")).unwrap();
    let error = outcome.write(&inside_a_file).unwrap_err().to_string();
    assert!(error.starts_with("cannot write `"), "{error}");
    let after = fs::read(project.root().join(FOLDER).join("hypothesis.yaml")).unwrap();
    assert_eq!(before, after);
}

#[cfg(unix)]
#[test]
fn results_are_for_everybody_who_may_read_the_folder() {
    use std::os::unix::fs::PermissionsExt;
    let project = TestProject::new();
    let written = project.run().write(&project.own_folder()).unwrap();
    for path in written {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{}", path.display());
    }
}
