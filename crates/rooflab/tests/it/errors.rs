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
fn a_broken_file_is_shown_with_its_line_and_the_others_run() {
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
    assert_eq!(answer.code, 2);
    let error = answer.stderr;
    assert!(error.starts_with("error: "), "{error}");
    assert!(!error.contains("error: error"), "{error}");
    for place in [
        "hypotheses/H8-broken/hypothesis.yaml:16:",
        "hypotheses/H9-torn/hypothesis.yaml:",
        "kv_length",
        "not computed: H8-broken, H9-torn",
    ] {
        assert!(error.contains(place), "{place} in {error}");
    }
    let findings = project.path().join("hypotheses/H7-longer/FINDINGS.md");
    assert!(findings.exists(), "the others are run");
    let checked = project.run(&["check"]);
    assert_eq!(checked.code, 2);
    assert!(checked.stderr.contains("not computed: H8-broken, H9-torn"));
}

/// A project whose GPU table has a cell that is no number.
fn with_a_bad_cell() -> TestProject {
    let project = TestProject::with_published("64,1\n");
    let file = "bench_data/h100/gemm.csv";
    let table = fs::read_to_string(project.path().join(file)).unwrap();
    let mut lines: Vec<&str> = table.lines().collect();
    let (before, _) = lines[4].split_once(',').unwrap();
    let bad = format!("{before},abc,8,1.0,0.5");
    lines[4] = &bad;
    project.write(file, &format!("{}\n", lines.join("\n")));
    project
}

#[test]
fn a_bad_cell_is_shown_in_its_line() {
    let project = with_a_bad_cell();
    let step = ["step", "--model", "llama-2-7b-hf", "--decode", "64"];
    insta::assert_snapshot!(project.run(&step).rejected(), @"
    error: column `n`: expected a whole number from 1 to 4294967295, found `abc`
     --> bench_data/h100/gemm.csv:5:6
      |
    5 | 2048,abc,8,1.0,0.5
      |      ^^^
      |
      = help: docs/data.md says what the columns of gemm.csv are
    ");
    insta::assert_snapshot!(project.run(&["run"]).rejected(), @"
    error: gpu `h100` cannot be used
      --> hypotheses/H7-longer/hypothesis.yaml:10:8
       |
    10 |   gpu: h100
       |        ^^^^
       |
    note: column `n`: expected a whole number from 1 to 4294967295, found `abc`
      --> bench_data/h100/gemm.csv:5:6
       |
     5 | 2048,abc,8,1.0,0.5
       |      ^^^
       = help: docs/data.md says what the columns of gemm.csv are
    ");
    let in_color = project.run(&[&step[..], &["--color", "always"]].concat());
    let error = in_color.rejected();
    assert!(
        error.contains("\u{1b}[") && error.contains("abc"),
        "{error}"
    );
}

#[test]
fn a_bad_value_of_a_model_is_shown_in_its_line() {
    let project = TestProject::with_published("64,1\n");
    project.write(
        "model_configs/mine/config.json",
        "{\n  \"hidden_size\": 64,\n  \"num_hidden_layer\": 2,\n  \"num_attention_heads\": 4,\n  \"vocab_size\": 9,\n  \"torch_dtype\": \"bfloat16\"\n}\n",
    );
    let step = ["step", "--model", "mine", "--decode", "64"];
    insta::assert_snapshot!(project.run(&step).rejected(), @r#"
    error: `num_hidden_layers` is missing (also read as `num_layers` or `n_layer`)
     --> model_configs/mine/config.json:3:3
      |
    3 |   "num_hidden_layer": 2,
      |   ^^^^^^^^^^^^^^^^^^
      |
      = help: is `num_hidden_layer` meant to be `num_hidden_layers`?
      = help: docs/data.md lists the keys that are read; the file is the model's own config.json as published
    "#);
}

#[test]
fn bad_values_of_measured_runs_are_shown_in_their_lines() {
    let project = TestProject::new();
    let fixture = "guidellm-0.8.1-sweep";
    let project = project.with_sweeps(&[fixture]);
    let folder = format!("sweeps/{fixture}");
    project.write(
        &format!("{folder}/exp-config.yaml"),
        "model: llama-2-7b-hf\nmax_num_seqs: many\n",
    );
    insta::assert_snapshot!(project.run(&["ground-truth", "show", &folder]).rejected(), @"
    error: `max_num_seqs` is `many`, expected a whole number above 0
     --> sweeps/guidellm-0.8.1-sweep/exp-config.yaml:2:15
      |
    2 | max_num_seqs: many
      |               ^^^^
      |
      = help: docs/ground-truth.md says what each file holds
    ");
    let simulate = ["simulate", "--ground-truth", &folder, "--gpu", "h100"];
    assert_eq!(
        project.run(&simulate).rejected(),
        project.run(&["ground-truth", "show", &folder]).rejected()
    );
    let validated = project.run(&["ground-truth", "validate", &folder]);
    assert_eq!(validated.code, 2);
    insta::assert_snapshot!(validated.stdout, @"
    error: `max_num_seqs` is `many`, expected a whole number above 0
     --> sweeps/guidellm-0.8.1-sweep/exp-config.yaml:2:15
      |
    2 | max_num_seqs: many
      |               ^^^^
      |
      = help: docs/ground-truth.md says what each file holds
    1 experiment: 1 error, 0 warnings
    ");
    let json = project.run(&["ground-truth", "validate", &folder, "--format", "json"]);
    assert!(
        json.stdout
            .contains("exp-config.yaml: `max_num_seqs` is `many`"),
        "{}",
        json.stdout
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
        answer.stderr.starts_with(
            "error: [PROJECT]/hypotheses/H7-longer/FINDINGS.md: is a folder, expected"
        ),
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
