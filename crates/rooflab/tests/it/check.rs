//! `rooflab check`: what is off, what to do about it, and that nothing is written.

use std::fs;

use crate::test_project::TestProject;

const FINDINGS: &str = "hypotheses/H7-longer/FINDINGS.md";
const RESULTS: &str = "hypotheses/H7-longer/results/times.csv";
const OUTCOME: &str = "hypotheses/H7-longer/results/outcome.json";
const VALUES: &str = "hypotheses/H7-longer/results/published-values.csv";
const INPUTS: &str = "hypotheses/H7-longer/results/inputs.sha256";
const AUDIT: &str = "hypotheses/README.md";

/// A project that was run and has its generated documents.
fn project_in_order() -> TestProject {
    let project = TestProject::with_published("64,3875\n4096,4379\n");
    project.run(&["run"]).success();
    let schema = project.run(&["schema"]).success();
    project.write("hypotheses/hypothesis.schema.json", &schema);
    let columns = project.run(&["schema", "columns"]).success();
    project.write("docs/columns.md", &columns);
    let keys = project.run(&["schema", "keys"]).success();
    project.write("docs/keys.md", &keys);
    let commands = project.run(&["schema", "commands"]).success();
    project.write("docs/commands.md", &commands);
    project
}

/// The lines that a check adds where something is off.
fn lines_of(project: &TestProject, arguments: &[&str]) -> Vec<String> {
    let before = project.files(".");
    let answer = project.run(arguments);
    assert_eq!(
        (answer.code, answer.stderr.as_str()),
        (1, ""),
        "{}",
        answer.stdout
    );
    assert_eq!(project.files("."), before, "a check writes nothing");
    let (_, lines) = answer.stdout.split_once("\n\n").unwrap();
    lines.lines().map(str::to_owned).collect()
}

#[test]
fn a_project_in_order() {
    let project = project_in_order();
    insta::assert_snapshot!("check", project.run(&["check"]).success());
    insta::assert_snapshot!(
        "check_json",
        project.run(&["check", "--format", "json"]).success()
    );
}

#[test]
fn an_edited_file_is_stale() {
    let project = project_in_order();
    for file in [FINDINGS, RESULTS, OUTCOME] {
        let text = project.read(file);
        project.write(file, &format!("{text}edited\n"));
        assert_eq!(
            lines_of(&project, &["check"]),
            [
                format!("stale: {file} (write it with `rooflab run H7`)"),
                "checked 1 hypothesis and 5 generated documents: 1 is off; 0 of 1 locked"
                    .to_owned(),
            ]
        );
        project.run(&["run", "H7"]).success();
        project.run(&["check"]).success();
    }
}

#[test]
fn a_file_that_is_not_there_is_missing() {
    let project = project_in_order();
    fs::remove_file(project.path().join(FINDINGS)).unwrap();
    fs::remove_dir_all(project.path().join("hypotheses/H7-longer/results")).unwrap();
    assert_eq!(
        lines_of(&project, &["check", "H7"]),
        [
            &format!("missing: {FINDINGS} (write it with `rooflab run H7`)"),
            &format!("missing: {RESULTS} (write it with `rooflab run H7`)"),
            &format!("missing: {VALUES} (write it with `rooflab run H7`)"),
            &format!("missing: {INPUTS} (write it with `rooflab run H7`)"),
            &format!("missing: {OUTCOME} (write it with `rooflab run H7`)"),
            "checked 1 hypothesis: 1 is off; 0 of 1 locked",
        ]
    );
}

#[test]
fn a_result_that_nothing_writes_is_left_over() {
    let project = project_in_order();
    project.write("hypotheses/H7-longer/results/old.csv", "x\n");
    assert_eq!(
        lines_of(&project, &["check", "H7"]),
        [
            "left over: hypotheses/H7-longer/results/old.csv (remove it)",
            "checked 1 hypothesis: 1 is off; 0 of 1 locked",
        ]
    );
}

#[test]
fn drift_and_the_files_that_say_so_are_lines_of_their_own() {
    let project = project_in_order();
    project.edit(
        "hypotheses/H7-longer/published/times.csv",
        "4096,4379",
        "4096,4380",
    );
    assert_eq!(
        lines_of(&project, &["check", "H7"]),
        [
            "drifted: H7: table `times`, kv_len = 4096, `step_us`: published 4380, ours 4379",
            &format!("stale: {FINDINGS} (write it with `rooflab run H7`)"),
            &format!("stale: {VALUES} (write it with `rooflab run H7`)"),
            &format!("stale: {INPUTS} (write it with `rooflab run H7`)"),
            &format!("stale: {OUTCOME} (write it with `rooflab run H7`)"),
            "checked 1 hypothesis: 1 is off; 0 of 1 locked",
        ]
    );
    assert_eq!(project.run(&["run"]).code, 1);
    assert_eq!(
        lines_of(&project, &["check", "H7"]).len(),
        2,
        "files are as they should be, the drift stays"
    );
    let json = project.run(&["check", "H7", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json.code, 1);
    assert_eq!(line["drift"].as_array().unwrap().len(), 1);
    assert_eq!(line["files"].as_array().unwrap().len(), 0);
}

#[test]
fn generated_documents_are_compared_unless_ids_are_given() {
    let project = project_in_order();
    project.write("hypotheses/hypothesis.schema.json", "{}\n");
    fs::remove_file(project.path().join("docs/columns.md")).unwrap();
    project.run(&["check", "H7"]).success();
    assert_eq!(
        lines_of(&project, &["check"]),
        [
            "stale: hypotheses/hypothesis.schema.json (write it with `rooflab schema > \
             hypotheses/hypothesis.schema.json`)",
            "missing: docs/columns.md (write it with `rooflab schema columns > docs/columns.md`)",
            "checked 1 hypothesis and 5 generated documents: 2 are off; 0 of 1 locked",
        ]
    );
    fs::remove_dir_all(project.path().join("docs")).unwrap();
    assert_eq!(
        lines_of(&project, &["check"]).len(),
        2,
        "a project without the folder does not keep the document"
    );
}

#[test]
fn the_audit_is_compared_unless_ids_are_given() {
    let project = project_in_order();
    let audit = project.read(AUDIT);
    for (text, state) in [
        (Some(format!("{audit}edited\n")), "stale"),
        (None, "missing"),
    ] {
        match text {
            Some(text) => project.write(AUDIT, &text),
            None => fs::remove_file(project.path().join(AUDIT)).unwrap(),
        }
        assert_eq!(
            lines_of(&project, &["check"]),
            [
                &format!("{state}: {AUDIT} (write it with `rooflab run`)"),
                "checked 1 hypothesis and 5 generated documents: 1 is off; 0 of 1 locked",
            ]
        );
        project.run(&["check", "H7"]).success();
    }
    project.run(&["run"]).success();
    project.run(&["check"]).success();
}
