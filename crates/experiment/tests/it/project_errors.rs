//! Projects whose folders contradict each other, and files that are wrong many times over.

use experiment::{Hypothesis, LoadOptions};

use crate::test_project::{HYPOTHESIS, TestProject};

#[test]
fn a_folder_without_a_hypothesis_is_not_passed_over_in_silence() {
    let project = TestProject::new().with("hypotheses/H2-misnamed/hypothesis.yml", HYPOTHESIS);
    let said = project.project().passed_over().unwrap();
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "`hypotheses/H2-misnamed` is passed over: it has no hypothesis.yaml, and a folder below hypotheses is a hypothesis"
        ]
    );
    assert_eq!(project.project().hypotheses().unwrap().len(), 1);
}

#[test]
fn an_id_belongs_to_one_folder_and_others_go_on() {
    let other = HYPOTHESIS.replace("id: H1", "id: H2");
    let project = TestProject::new()
        .with("hypotheses/H1-copy/hypothesis.yaml", HYPOTHESIS)
        .with("hypotheses/H2-other/hypothesis.yaml", &other);
    let project = project.project();
    let loaded: Vec<String> = project
        .hypotheses()
        .unwrap()
        .iter()
        .map(
            |folder| match Hypothesis::load(&project, folder, &LoadOptions::default()) {
                Ok(loaded) => loaded.id().to_owned(),
                Err(error) => error.to_string(),
            },
        )
        .collect();
    let both =
        "two hypotheses have the id `H1`: `hypotheses/H1-copy` and `hypotheses/H1-longer-cache`";
    assert_eq!(loaded, [both, both, "H2"]);
    assert_eq!(project.hypothesis("H1").unwrap_err().to_string(), both);
}

#[test]
fn a_file_that_is_wrong_many_times_is_told_so_a_hundred_times() {
    let rows: String = (0..60_000)
        .map(|kv| [&kv.to_string(), ",1,x\n"].concat())
        .collect();
    let error = TestProject::new()
        .append("published: {verdict: confirmed, source: A page., tables: {times: {key: [kv, requests]}}}\n")
        .with_own("published/times.csv", ["kv,requests,step_us\n", &rows].concat())
        .load_error();
    assert_eq!(error.matches("is not a plain decimal number").count(), 100);
    assert!(error.ends_with("further problems are not shown: these 100 come first"));
}

#[test]
fn a_name_without_end_is_compared_with_nothing() {
    let name = "x".repeat(100_000);
    let error = TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            &format!("sql: SELECT {name} FROM steps"),
        )
        .load_error();
    assert!(error.contains("unknown column"), "{}", &error[..200]);
}

#[test]
fn a_failed_query_leaves_nothing_behind() {
    let error = TestProject::new()
        .edit(
            "checks:\n",
            "  wrong:
    title: Wrong
    sql: SELECT a.kv, b.bogus FROM steps a JOIN steps b ON a.kv = b.kv ORDER BY kv
checks:
",
        )
        .load_error();
    assert_eq!(error.matches("error:").count(), 1, "{error}");
    assert!(error.contains("unknown column `bogus`"), "{error}");
}

#[test]
fn a_preset_of_one_run_leaves_the_shared_settings_of_the_others() {
    let run = |name: &str, preset: &str| {
        format!(
            "  {name}:\n    step:\n      vary: {{kv: [64]}}\n{preset}      batch: {{decode: [{{kv: kv}}]}}\n"
        )
    };
    let own = "      setup: {assumptions: {preset: feb24}}\n";
    let project = TestProject::new()
        .edit(
            "{preset: feb27}",
            "{preset: feb25-base, mfu_lookup: nearest}",
        )
        .edit(
            "runs:\n",
            &["runs:\n", &run("first", own), &run("second", "")].concat(),
        )
        .edit(
            "checks:\n",
            "  others:
    title: Others
    figures:
      - {name: first, sql: SELECT MAX(step_us) AS value FROM first}
      - {name: second, sql: SELECT MAX(step_us) AS value FROM second}
checks:
",
        );
    let outcome = project.run();
    let findings = String::from_utf8(outcome.files[0].bytes.clone()).unwrap();
    assert!(
        findings.contains("`assumptions.mfu_lookup` = nearest"),
        "{findings}"
    );
    assert!(
        findings.contains("`assumptions.preset` = feb25-base (not in `first`)"),
        "{findings}"
    );
    assert!(
        findings.contains("- sets `assumptions.preset` to feb24"),
        "{findings}"
    );
}
