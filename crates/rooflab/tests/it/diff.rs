//! `rooflab diff`: what moved, in every format, and what the exit code says.

use std::fs;

use crate::test_project::TestProject;

/// A project that was run, and the same results in `old`.
fn project() -> TestProject {
    let project = TestProject::with_published("64,3875\n");
    project.run(&["run"]).success();
    project.run(&["run", "--out", "old"]).success();
    project
}

/// The same after a change that halves a step, turns a check and loses a row.
fn moved() -> TestProject {
    let project = project();
    let file = "hypotheses/H7-longer/hypothesis.yaml";
    project.edit(
        file,
        "SELECT kv_len, step_us FROM steps ORDER BY kv_len",
        "SELECT kv_len, CASE WHEN kv_len = 4096 THEN step_us / 2 ELSE step_us * 1.0 END AS step_us, regime FROM steps WHERE kv_len < 8192 ORDER BY kv_len",
    );
    project.edit(
        file,
        "SELECT MAX(step_us) > MIN(step_us) AS holds",
        "SELECT MAX(step_us) < MIN(step_us) AS holds",
    );
    project.edit(
        file,
        "  verdict: confirmed\n",
        "  verdict: confirmed\n  verdict_differs: A test turned it.\n",
    );
    project.run(&["run"]);
    project
}

#[test]
fn equal_results_do_not_differ() {
    let project = project();
    assert_eq!(
        project.run(&["diff", "old"]).success(),
        "compared 1 hypothesis with 1 table: nothing differs\n"
    );
    assert_eq!(
        project
            .run(&["diff", "old", "hypotheses", "--format", "json"])
            .success(),
        ""
    );
    assert_eq!(
        project
            .run(&["diff", "old/H7-longer", "--format", "csv"])
            .success(),
        "kind,hypothesis,table,row,column,before,after,change,relative_change\n"
    );
}

#[test]
fn what_moved_is_shown_in_every_format() {
    let project = moved();
    for (name, arguments) in [
        ("diff", &["diff", "old", "hypotheses"][..]),
        ("diff_json", &["diff", "old", ".", "--format", "json"]),
        (
            "diff_csv",
            &["diff", "old/H7-longer", "hypotheses", "--format", "csv"],
        ),
    ] {
        let answer = project.run(arguments);
        assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
        insta::assert_snapshot!(name, answer.stdout);
    }
    let back = project.run(&["diff", "old", "--format", "csv"]).stdout;
    assert!(
        back.starts_with("kind,hypothesis,table,row,column,before,after,change,relative_change\nverdict,H7-longer,,,,PARTIALLY CONFIRMED,CONFIRMED,,\n"),
        "with one folder the project is the older: {back}"
    );
}

#[test]
fn a_limit_says_how_many_more_there_are() {
    let project = moved();
    let text = project
        .run(&["diff", "old", "hypotheses", "--limit", "1"])
        .stdout;
    assert!(text.contains("and 1 more (--limit)"), "{text}");
    let all = project.run(&["diff", "old", "hypotheses"]).stdout;
    assert!(!all.contains("--limit"), "{all}");
}

#[test]
fn small_moves_are_no_difference_below_the_threshold() {
    let project = project();
    project.edit("old/H7-longer/results/times.csv", "4096,4379", "4096,4380");
    let moved = project.run(&["diff", "old"]);
    assert_eq!(moved.code, 1, "{}", moved.stdout);
    assert_eq!(
        project
            .run(&["diff", "old", "--threshold", "0.001"])
            .success(),
        "compared 1 hypothesis with 1 table: nothing differs (1 move below the threshold)\n"
    );
    let error = project.run(&["diff", "old", "--threshold=-1"]).rejected();
    assert!(error.contains("expected a share from 0"), "{error}");
}

#[test]
fn results_without_an_outcome_are_compared_as_far_as_they_go() {
    let project = project();
    let remove = |folder: &str| {
        fs::remove_file(project.path().join(folder).join("results/outcome.json")).unwrap();
    };
    remove("hypotheses/H7-longer");
    let answer = project.run(&["diff", "old", "hypotheses"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(answer.stdout, @"
    what only one side has
    SIDE    HYPOTHESIS  WHAT
    before  H7-longer   verdict and checks (outcome.json)

    compared 1 hypothesis with 1 table: 1 part is on one side only
    ");
    let answer = project.run(&["diff", "old", "hypotheses", "--format", "csv"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer
            .stdout
            .ends_with("\nonly-before,H7-longer,outcome.json,,,,,,\n"),
        "{}",
        answer.stdout
    );
    remove("old/H7-longer");
    let answer = project.run(&["diff", "old", "hypotheses"]);
    assert_eq!(answer.code, 0, "{}", answer.stdout);
    assert_eq!(
        answer.stderr,
        "warning: H7-longer: no results have an outcome.json, so verdict and checks are not compared\n"
    );
}

#[test]
fn two_hypotheses_are_not_compared() {
    let project = project();
    project.add_folder(&project.path().join("old/H7-longer"), "H8-other");
    let outcome = "H8-other/results/outcome.json";
    project.edit(outcome, "\"id\": \"H7\"", "\"id\": \"H8\"");
    assert_eq!(
        project
            .run(&["diff", "old/H7-longer", "H8-other"])
            .rejected(),
        "error: these are results of two hypotheses, `H7` and `H8`: compare folders of the same one, or folders of many\n"
    );
}

#[test]
fn what_cannot_be_read_is_rejected() {
    let project = project();
    let file = "old/H7-longer/results/times.csv";
    let whole = project.read(file);
    for (text, message) in [
        (
            &whole[..whole.len() - 2],
            "the file ends within its last line",
        ),
        ("kv_len,kv_len\n1,2\n", "column `kv_len` stands twice"),
        (
            "kv_len,step_us\n1\n",
            "the row has 1 values, and the header has 2",
        ),
        ("", "the table is empty"),
    ] {
        project.write(file, text);
        let error = project.run(&["diff", "old"]).rejected();
        assert!(error.contains(message) && error.contains(file), "{error}");
    }
    fs::write(project.path().join(file), b"kv_len,step_us\n64,\xff\n").unwrap();
    let error = project.run(&["diff", "old"]).rejected();
    assert!(error.contains("line 2 is not UTF-8"), "{error}");
    project.write(file, &whole);
    let outcome = "old/H7-longer/results/outcome.json";
    project.write(outcome, "{\"verdict\": \"maybe\"}\n");
    let error = project.run(&["diff", "old"]).rejected();
    assert!(
        error.contains("unknown variant `maybe`") && error.contains(outcome),
        "{error}"
    );
    let error = project.run(&["diff", "model_configs"]).rejected();
    assert!(
        error.contains("`model_configs` holds no results"),
        "{error}"
    );
    let error = project.run(&["diff", "nowhere"]).rejected();
    assert!(
        error.contains("`nowhere` is not a folder, and diff compares folders of results"),
        "{error}"
    );
    let error = project.run(&["diff", "h7", "old"]).rejected();
    assert!(
        error.contains("(the results of this hypothesis are in hypotheses/H7-longer)"),
        "{error}"
    );
}
