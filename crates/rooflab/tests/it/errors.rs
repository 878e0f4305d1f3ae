//! Input that cannot be used: exit code 2, nothing on standard output, and words that help.

use std::fs;

use tempfile::tempdir;

use crate::test_project::{Answer, PUBLISHED, TestProject, command_in};

#[test]
fn outside_of_a_project_every_command_that_needs_one_says_so() {
    let folder = tempdir().unwrap();
    for arguments in [
        &["list"][..],
        &["run"],
        &["check"],
        &["new", "H1", "idea"],
        &["step", "--model", "llama-2-7b-hf", "--decode", "64"],
        &["step", "--jsonl"],
        &["bench-data", "check"],
    ] {
        let error = Answer::of(&mut command_in(folder.path(), arguments), folder.path()).rejected();
        assert_eq!(
            error,
            "error: no rooflab project found at or above `[PROJECT]`: a project has the folders hypotheses, \
             model_configs, bench_data (change into one, or name it with --root)\n",
            "{arguments:?}"
        );
    }
}

#[test]
fn a_root_is_taken_as_it_is() {
    let project = TestProject::with_published("64,1\n");
    let elsewhere = tempdir().unwrap();
    let root = project.path().to_str().unwrap();
    let listed = project.answer(&mut command_in(elsewhere.path(), &["list", "--root", root]));
    assert!(listed.success().contains("H7"));
    let below = format!("{root}/hypotheses");
    let error = project.answer(&mut command_in(
        elsewhere.path(),
        &["--root", &below, "list"],
    ));
    assert!(
        error.rejected().contains("is no rooflab project: it lacks"),
        "folders above a root do not count"
    );
}

#[test]
fn a_project_without_hypotheses_has_nothing_to_run() {
    let project = TestProject::new();
    for command in ["run", "check"] {
        assert_eq!(
            project.run(&[command]).rejected(),
            "error: there are no hypotheses in [PROJECT]/hypotheses (make one with `rooflab new H1 my-idea`)\n"
        );
    }
}

#[test]
fn every_unknown_id_is_named_with_the_nearest() {
    let project = TestProject::with_published("64,1\n");
    for command in ["run", "check"] {
        assert_eq!(
            project.run(&[command, "H8", "H7", "banana"]).rejected(),
            "error: hypothesis `H8` not found (did you mean `H7`? known hypotheses: H7)\n\
             error: hypothesis `banana` not found (known hypotheses: H7)\n"
        );
    }
}

#[test]
fn a_broken_file_is_shown_with_its_line_and_nothing_runs() {
    let project = TestProject::with_published("64,1\n");
    let broken = PUBLISHED
        .replace("H7", "H8")
        .replace("kv_len: [64, 4096, 8192]", "kv_length: [64, 4096, 8192]");
    project.write("hypotheses/H8-broken/hypothesis.yaml", &broken);
    project.write(
        "hypotheses/H8-broken/published/times.csv",
        "kv_len,step_us\n64,1\n",
    );
    project.write("hypotheses/H9-torn/hypothesis.yaml", "id: H9\ntitle: [\n");
    let answer = project.run(&["run"]);
    let error = answer.rejected();
    assert!(error.starts_with("error: "), "{error}");
    assert!(!error.contains("error: error"), "{error}");
    for place in [
        "hypotheses/H8-broken/hypothesis.yaml:16:",
        "hypotheses/H9-torn/hypothesis.yaml:",
        "kv_length",
    ] {
        assert!(error.contains(place), "{place} in {error}");
    }
    assert!(
        !project
            .path()
            .join("hypotheses/H7-longer/FINDINGS.md")
            .exists()
    );
    assert_eq!(project.run(&["check"]).rejected(), error);
    assert_eq!(
        project.run(&["run", "H7"]).code,
        1,
        "others can still be run alone"
    );
}

#[test]
fn a_failure_while_running_leaves_the_other_hypotheses() {
    let project = TestProject::with_published("64,1\n");
    // NULL shows only once there are rows.
    let failing = PUBLISHED
        .replace("H7", "H6")
        .replace("FROM times\n", "FROM times WHERE kv_len < 0\n");
    project.write("hypotheses/H6-failing/hypothesis.yaml", &failing);
    project.write(
        "hypotheses/H6-failing/published/times.csv",
        "kv_len,step_us\n64,1\n",
    );
    let answer = project.run(&["run"]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    assert!(answer.stderr.contains("check `grows`"), "{}", answer.stderr);
    assert!(
        answer
            .stderr
            .contains("hypotheses/H6-failing/hypothesis.yaml:")
    );
    assert!(answer.stdout.contains("H7"), "{}", answer.stdout);
    assert!(
        project
            .path()
            .join("hypotheses/H7-longer/FINDINGS.md")
            .exists()
    );
    assert!(
        !project
            .path()
            .join("hypotheses/H6-failing/FINDINGS.md")
            .exists()
    );
}

#[test]
fn too_many_cells_are_refused_before_anything_runs() {
    let project = TestProject::with_published("64,1\n");
    let error = project.run(&["run", "--max-cells", "2"]).rejected();
    assert!(error.contains("3 cells"), "{error}");
    assert!(
        error.contains("hypotheses/H7-longer/hypothesis.yaml:"),
        "{error}"
    );
}

#[test]
fn a_target_that_cannot_be_a_folder_is_refused_before_anything_runs() {
    let project = TestProject::with_published("64,1\n");
    project.write("taken", "a file\n");
    let error = project.run(&["run", "--out", "taken"]).rejected();
    assert_eq!(
        error,
        "error: cannot make the folder `taken/H7-longer`: Not a directory (os error 20)\n"
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let project = TestProject::with_published("64,1\n");
    let folder = project.path().join("hypotheses/H7-longer");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let is_enforced = fs::write(folder.join("probe"), "").is_err();
    let answer = project.run(&["run"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if !is_enforced {
        eprintln!("skipped: this user may write to read-only folders");
        return;
    }
    assert_eq!(answer.code, 2);
    assert!(
        answer
            .stderr
            .contains("cannot write `[PROJECT]/hypotheses/H7-longer/FINDINGS.md`"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_folder_in_the_place_of_the_findings_is_named() {
    let project = TestProject::with_published("64,1\n");
    fs::create_dir_all(project.path().join("hypotheses/H7-longer/FINDINGS.md/x")).unwrap();
    let answer = project.run(&["run"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer
            .stderr
            .starts_with("error: cannot write `[PROJECT]/hypotheses/H7-longer/FINDINGS.md`: "),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_hypothesis_that_cannot_be_begun() {
    let project = TestProject::with_published("64,1\n");
    for (arguments, expected) in [
        (["new", "h1", "idea"], "`h1` cannot be an id"),
        (["new", "H1", "My Idea"], "`My Idea` cannot be a slug"),
        (
            ["new", "H7", "idea"],
            "the id `H7` is taken by hypotheses/H7-longer",
        ),
        (["new", "H1/..", "idea"], "`H1/..` cannot be an id"),
    ] {
        let error = project.run(&arguments).rejected();
        assert!(error.starts_with("error: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}
