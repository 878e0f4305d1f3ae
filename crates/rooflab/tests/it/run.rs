//! `rooflab run`: files, summary and exit code.

use std::fs;

use crate::test_project::TestProject;

/// The step times that the hypothesis comes to.
const REPRODUCED: &str = "64,3875\n4096,4379\n8192,4892\n";

#[test]
fn a_finding_that_is_reproduced() {
    let project = TestProject::with_published(REPRODUCED);
    insta::assert_snapshot!("run", project.run(&["run"]).success());
    let json = project.run(&["run", "--all", "--format", "json"]).success();
    insta::assert_snapshot!("run_json", json);
    assert_eq!(
        project.read("hypotheses/H7-longer/results/times.csv"),
        format!("kv_len,step_us\n{REPRODUCED}")
    );
}

#[test]
fn json_has_the_interval_of_a_check() {
    let project = TestProject::with_published(REPRODUCED);
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "    suffix: \" us more\"\n",
        "    suffix: \" us more\"\n    interval: {table: times, of: {mean: step_us}}\n",
    );
    let json = project.run(&["run", "--format", "json"]).success();
    let line: serde_json::Value = serde_json::from_str(&json).unwrap();
    let interval = &line["checks"][0]["interval"];
    assert_eq!(interval["level"], 0.95);
    let values = &interval["values"];
    assert_eq!(values["rows"], serde_json::json!([3]));
    assert_eq!(values["estimate"], 4382.0);
    // One resample in 27 repeats the least row three times, and one the largest: more than the 2.5% of either tail.
    assert_eq!(values["percentile"]["low"], 3875.0);
    assert_eq!(values["percentile"]["high"], 4892.0);
}

#[test]
fn a_value_that_drifted_is_exit_code_1() {
    let project = TestProject::with_published("64,3875\n4096,4380\n9,1\n");
    let answer = project.run(&["run", "h7"]);
    assert_eq!(answer.code, 1);
    assert!(answer.stdout.contains("1/3"), "{}", answer.stdout);
    assert_eq!(
        answer.stderr,
        "drifted: H7: table `times`, kv_len = 4096, `step_us`: published 4380, ours 4379\n\
         drifted: H7: table `times`, kv_len = 9, `step_us`: published 1, ours (no such row)\n"
    );
    let json = project.run(&["run", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json.code, 1);
    assert_eq!(line["reproduction"]["equal"], 1);
    assert_eq!(line["differing"].as_array().unwrap().len(), 2);
    assert_eq!(line["drift"].as_array().unwrap().len(), 2);
}

#[test]
fn a_verdict_that_drifted_is_exit_code_1() {
    let project = TestProject::with_published(REPRODUCED);
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "verdict: confirmed",
        "verdict: refuted",
    );
    let answer = project.run(&["run"]);
    assert_eq!(answer.code, 1);
    assert_eq!(
        answer.stderr,
        "drifted: H7: verdict CONFIRMED was published as REFUTED (explain it in `published.verdict_differs`)\n"
    );
}

#[test]
fn a_difference_that_is_explained_is_no_drift() {
    let project = TestProject::with_published("64,3875\n4096,4380\n");
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "times: {key: [kv_len]}",
        "times: {key: [kv_len], differences: [{row: {kv_len: 4096}, column: step_us, why: a slip}]}",
    );
    let printed = project.run(&["run"]).success();
    assert!(printed.contains("1/2"), "{printed}");
    let (_, known) = printed.split_once("known differences ").unwrap();
    let (_, lines) = known.split_once('\n').unwrap();
    assert_eq!(
        lines,
        "  H7: 1 of 2 values, such as step_us: published 4380, ours 4379; hypotheses/H7-longer/FINDINGS.md\n    a slip\n"
    );
}

#[test]
fn another_folder_takes_the_files_and_the_project_stays_as_it_was() {
    let project = TestProject::with_published(REPRODUCED);
    let before = project.files("hypotheses");
    let table = project.run(&["run", "--out", "made/here"]).success();
    assert!(table.contains("made/here/H7-longer"), "{table}");
    assert_eq!(project.files("hypotheses"), before);
    project.run(&["run"]).success();
    assert_eq!(
        project.read("made/here/H7-longer/FINDINGS.md"),
        project.read("hypotheses/H7-longer/FINDINGS.md")
    );
    assert_eq!(
        project.read("made/here/H7-longer/results/times.csv"),
        project.read("hypotheses/H7-longer/results/times.csv")
    );
}

#[test]
fn the_audit_is_written_where_all_hypotheses_run() {
    let project = TestProject::with_published(REPRODUCED);
    let audit = project.path().join("hypotheses/README.md");
    project.run(&["run", "H7"]).success();
    assert!(!audit.exists(), "one hypothesis is not all");
    project.run(&["run", "--out", "elsewhere"]).success();
    assert!(!audit.exists(), "the project stays as it was");
    project.run(&["run", "--all"]).success();
    assert_eq!(
        project.read("elsewhere/README.md"),
        project.read("hypotheses/README.md")
    );
    project.run(&["list"]).success();
}

#[test]
fn an_audit_without_all_hypotheses_is_not_written() {
    let project = TestProject::with_published(REPRODUCED);
    let failing = project
        .read("hypotheses/H7-longer/hypothesis.yaml")
        .replace("id: H7", "id: H8")
        .replace(
            "SELECT kv_len, step_us FROM",
            "SELECT kv_len, step_us / (kv_len - 64.0) AS step_us FROM",
        );
    let failing = failing.split("published:").next().unwrap();
    project.write("hypotheses/H8-failing/hypothesis.yaml", failing);
    project.write("hypotheses/README.md", "# Audit of the findings\nas it was");
    let answer = project.run(&["run"]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    assert!(
        answer
            .stderr
            .contains("warning: hypotheses/README.md is not written: it needs every hypothesis"),
        "{}",
        answer.stderr
    );
    assert_eq!(
        project.read("hypotheses/README.md"),
        "# Audit of the findings\nas it was"
    );
    let check = project.run(&["check"]);
    assert_eq!(check.code, 2, "{}", check.stdout);
    assert!(
        check
            .stderr
            .contains("hypotheses/README.md is not compared"),
        "{}",
        check.stderr
    );
}

#[test]
fn a_hypothesis_named_twice_runs_once() {
    let project = TestProject::with_published(REPRODUCED);
    let table = project
        .run(&["run", "H7", "h7", "H7-longer", "--format", "json"])
        .success();
    assert_eq!(table.lines().count(), 1, "{table}");
}

#[test]
fn results_of_tables_that_are_no_more_are_named_and_kept() {
    let project = TestProject::with_published(REPRODUCED);
    project.write("hypotheses/H7-longer/results/old.csv", "x\n1\n");
    let answer = project.run(&["run"]);
    assert_eq!(answer.code, 0);
    assert_eq!(
        answer.stderr,
        "warning: hypotheses/H7-longer/results/old.csv is left over: no table or plot writes it (remove it)\n"
    );
    assert!(
        project
            .path()
            .join("hypotheses/H7-longer/results/old.csv")
            .exists()
    );
}

#[test]
fn a_sum_of_many_terms_does_not_exhaust_the_stack() {
    let with_terms = |terms: usize| {
        let project = TestProject::with_published(REPRODUCED);
        let sum = format!(
            "SELECT kv_len, step_us{} AS step_us FROM",
            " + 0".repeat(terms)
        );
        project.edit(
            "hypotheses/H7-longer/hypothesis.yaml",
            "SELECT kv_len, step_us FROM",
            &sum,
        );
        project
    };
    let long = with_terms(90);
    long.run(&["list"]).success();
    long.run(&["run"]).success();
    long.run(&["check", "H7"]).success();
    for terms in [500, 100_000] {
        let error = with_terms(terms).run(&["run"]).rejected();
        assert!(
            error.contains("SQL n") || error.contains("SQL has"),
            "{error}"
        );
    }
}

#[test]
fn nothing_but_the_files_is_left_behind() {
    let project = TestProject::with_published(REPRODUCED);
    project.run(&["run"]).success();
    let mut names: Vec<String> = project
        .files("hypotheses")
        .into_iter()
        .map(|(path, _)| {
            let path = path.strip_prefix(project.path()).unwrap();
            path.display().to_string()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "hypotheses/H7-longer/FINDINGS.md",
            "hypotheses/H7-longer/hypothesis.yaml",
            "hypotheses/H7-longer/published/times.csv",
            "hypotheses/H7-longer/results/inputs.sha256",
            "hypotheses/H7-longer/results/outcome.json",
            "hypotheses/H7-longer/results/published-values.csv",
            "hypotheses/H7-longer/results/times.csv",
            "hypotheses/README.md",
        ]
    );
    let length = fs::metadata(project.path().join(&names[0])).unwrap().len();
    assert!(length > 500, "{length}");
}
