//! `rooflab lock`, and what the other commands say of locked criteria.

use std::fs;

use crate::test_project::{PUBLISHED, TestProject};

const HYPOTHESIS: &str = "hypotheses/H7-longer/hypothesis.yaml";
const LOCK: &str = "hypotheses/H7-longer/criteria.lock";
const FINDINGS: &str = "hypotheses/H7-longer/FINDINGS.md";
const REASON: &str = "Shorter contexts are \"not\" the point: see | H7.";

fn project() -> TestProject {
    TestProject::with_published("64,3875\n4096,4379\n")
}

/// A project whose hypothesis was locked and run.
fn locked_project() -> TestProject {
    let project = project();
    project.run(&["lock", "H7"]).success();
    project.run(&["run"]).success();
    project
}

/// Changes what is swept, and nothing that is published.
fn change_runs(project: &TestProject) {
    project.edit(HYPOTHESIS, "[64, 4096, 8192]", "[64, 4096, 8193]");
}

/// The value of the first `key: value` line of the lock file, without quotes.
fn of_lock(project: &TestProject, key: &str) -> String {
    let text = project.read(LOCK);
    let value = text
        .lines()
        .find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(key))
        .unwrap();
    value.trim_matches([' ', ':', '"']).to_owned()
}

/// A file in which everything is older: the day of its locks and of its reader's clock cannot be the same by chance.
fn age(project: &TestProject) -> String {
    let today = of_lock(project, "date");
    let text = project.read(LOCK);
    project.write(LOCK, &text.replace(&today, "2026-03-02"));
    today
}

#[test]
fn the_first_lock_needs_no_reason() {
    let project = project();
    let answer = project.run(&["lock", "H7"]).success();
    let short = of_lock(&project, "criteria")[..12].to_owned();
    assert_eq!(
        answer,
        format!("locked H7 as {short} in {LOCK}\nnext: rooflab run H7\n")
    );
    let text = project.read(LOCK);
    assert_eq!(text.lines().count(), 11, "{text}");
    assert!(!text.contains("because:"), "{text}");
    assert_eq!(of_lock(&project, "date").len(), "2026-03-02".len());
    for section in [
        "statement",
        "refuted_if",
        "setup",
        "runs",
        "tables",
        "checks",
    ] {
        assert_eq!(of_lock(&project, section).len(), 64, "{section}");
    }
}

#[test]
fn unchanged_criteria_are_not_locked_twice() {
    let project = project();
    project.run(&["lock", "H7"]).success();
    age(&project);
    let before = project.files(".");
    let unchanged = "H7 is unchanged since its lock of 2026-03-02\n";
    assert_eq!(project.run(&["lock", "H7"]).success(), unchanged);
    assert_eq!(
        project
            .run(&["lock", "--all", "--because", REASON])
            .success(),
        unchanged
    );
    assert_eq!(project.files("."), before);
    // Nor does a change of what is shown make another lock.
    project.edit(
        HYPOTHESIS,
        "title: Step times",
        "title: \"Times of a step\" # shorter",
    );
    project.edit(
        HYPOTHESIS,
        "statement: A decode",
        "statement: >\n  A\n  decode",
    );
    assert_eq!(project.run(&["lock", "H7"]).success(), unchanged);
}

#[test]
fn changed_criteria_need_a_reason() {
    let project = project();
    project.run(&["lock", "H7"]).success();
    age(&project);
    change_runs(&project);
    project.edit(HYPOTHESIS, "refuted_if: It does not.", "refuted_if: Never.");
    let before = project.files(".");
    assert_eq!(
        project.run(&["lock", "H7"]).rejected(),
        "error: H7: the criteria changed since they were locked on 2026-03-02 (refuted_if, runs): a new lock says why, \
         with --because \"...\"\n"
    );
    for blank in ["", " \n"] {
        assert_eq!(
            project.run(&["lock", "H7", "--because", blank]).rejected(),
            "error: the reason says nothing: a lock is for readers who ask why the criteria changed\n"
        );
    }
    for (reason, shown) in [("a\u{1b}[31m", "\\u{1b}"), ("a \u{202e}b", "\\u{202e}")] {
        assert_eq!(
            project.run(&["lock", "H7", "--because", reason]).rejected(),
            format!("error: the reason has the control character `{shown}`\n")
        );
    }
    assert_eq!(project.files("."), before);
    let first = project.read(LOCK);
    project.run(&["lock", "H7", "--because", REASON]).success();
    let text = project.read(LOCK);
    assert!(text.starts_with(&first), "locks are appended:\n{text}");
    assert!(
        text.ends_with("    because: \"Shorter contexts are \\\"not\\\" the point: see | H7.\"\n"),
        "{text}"
    );
    assert_eq!(text.matches("- date:").count(), 2);
}

#[test]
fn nothing_is_locked_unless_everything_can_be() {
    let project = project();
    project.run(&["lock", "H7"]).success();
    change_runs(&project);
    let other = PUBLISHED
        .split_once("published:")
        .unwrap()
        .0
        .replace("H7", "H8");
    project.write("hypotheses/H8-other/hypothesis.yaml", &other);
    let before = project.files(".");
    let refused = project.run(&["lock", "H8", "H7"]).rejected();
    assert!(
        refused.starts_with("error: H7: the criteria changed"),
        "{refused}"
    );
    assert_eq!(project.files("."), before);
    project.edit(
        "hypotheses/H8-other/hypothesis.yaml",
        "sql: SELECT kv_len",
        "sql: SELECT kv",
    );
    let refused = project
        .run(&["lock", "--all", "--because", REASON])
        .rejected();
    assert!(
        refused.contains("hypotheses/H8-other/hypothesis.yaml:"),
        "{refused}"
    );
    assert_eq!(
        project.read(LOCK).matches("- date:").count(),
        1,
        "problems are found before anything is written"
    );
    project.run(&["lock", "H7", "--because", REASON]).success();
}

#[test]
fn all_hypotheses_are_locked_at_once_on_demand_only() {
    let project = project();
    let refused = project.run(&["lock"]).rejected();
    assert!(
        refused.contains("<ID|--all>") || refused.contains("[ID]"),
        "{refused}"
    );
    assert!(
        project
            .run(&["lock", "H7", "--all"])
            .rejected()
            .contains("--all")
    );
    let other = PUBLISHED
        .split_once("published:")
        .unwrap()
        .0
        .replace("H7", "H8");
    project.write("hypotheses/H8-other/hypothesis.yaml", &other);
    let answer = project.run(&["lock", "--all"]).success();
    assert!(answer.ends_with("next: rooflab run H7 H8\n"), "{answer}");
    assert!(
        project
            .read("hypotheses/H8-other/criteria.lock")
            .contains("lock H8")
    );
}

#[test]
fn a_lock_of_a_later_day_shows_that_the_clock_is_behind() {
    let project = project();
    project.run(&["lock", "H7"]).success();
    let today = of_lock(&project, "date");
    project.edit(LOCK, &today, "9999-12-31");
    change_runs(&project);
    assert_eq!(
        project.run(&["lock", "H7", "--because", REASON]).rejected(),
        format!(
            "error: H7: the last lock is of 9999-12-31, and today is {today}: is the clock right?\n"
        )
    );
}

#[test]
fn criteria_that_changed_after_the_lock_are_drift() {
    let project = locked_project();
    age(&project);
    project.run(&["run"]).success();
    let table = project.run(&["check", "H7"]).success();
    assert!(
        table.contains("H7  CONFIRMED    2/2       0          0  yes     in order"),
        "{table}"
    );
    change_runs(&project);
    let drifted = "H7: the criteria changed after they were locked on 2026-03-02: runs (say why with `rooflab lock \
                   --because`)";
    let run = project.run(&["run"]);
    assert_eq!((run.code, run.stderr), (1, format!("drifted: {drifted}\n")));
    let check = project.run(&["check", "H7"]);
    assert_eq!(check.code, 1);
    assert!(
        check.stdout.contains(&format!("\ndrifted: {drifted}\n")),
        "{}",
        check.stdout
    );
    assert!(
        check
            .stdout
            .contains("H7  CONFIRMED    2/2       0          0  changed  1 drifted\n"),
        "the files are those of the last run: {}",
        check.stdout
    );
    let json = project.run(&["check", "H7", "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(line["locked"], "changed");
    assert_eq!(line["drift"].as_array().unwrap().len(), 1);
    let listed = project.run(&["list"]).success();
    assert!(listed.contains("CONFIRMED  changed"), "{listed}");

    project.run(&["lock", "H7", "--because", REASON]).success();
    project.run(&["run"]).success();
    let table = project.run(&["check", "H7"]).success();
    assert!(
        table.contains("2/2       0          0  yes     in order"),
        "{table}"
    );
}

#[test]
fn a_lock_that_is_gone_is_drift_until_a_reason_stands_in_its_place() {
    let project = locked_project();
    let short = of_lock(&project, "criteria")[..12].to_owned();
    let whole = project.read(LOCK);
    fs::remove_file(project.path().join(LOCK)).unwrap();
    change_runs(&project);
    let drifted = format!(
        "H7: the results were written under the lock {short}, which is not in criteria.lock (restore the file, or say why \
         with `rooflab lock --because`)"
    );
    // The second time the results on disk are those that the first run wrote without the lock.
    for _ in 0..2 {
        let check = project.run(&["check", "H7"]);
        assert_eq!(check.code, 1);
        assert!(
            check.stdout.contains(&format!("\ndrifted: {drifted}\n")),
            "{}",
            check.stdout
        );
        assert!(
            check
                .stdout
                .contains("2/2       0          0  lost    1 drifted"),
            "{}",
            check.stdout
        );
        assert!(
            check.stdout.ends_with("; 0 of 1 locked\n"),
            "{}",
            check.stdout
        );
        let listed = project.run(&["list"]).success();
        assert!(listed.contains("CONFIRMED  lost"), "{listed}");
        assert_eq!(
            project.run(&["lock", "H7"]).rejected(),
            format!(
                "error: H7: its results were written under the lock {short}, which is not in criteria.lock: restore the \
                 file, or say why with --because \"...\"\n"
            )
        );
        let run = project.run(&["run"]);
        assert_eq!((run.code, run.stderr), (1, format!("drifted: {drifted}\n")));
    }
    assert!(project.read(FINDINGS).contains("and that lock is gone.**"));
    project.run(&["lock", "H7", "--because", REASON]).success();
    project.run(&["run"]).success();
    let table = project.run(&["check", "H7"]).success();
    assert!(table.ends_with("all in order; 1 of 1 locked\n"), "{table}");
    // The file that was there first is no more the one that the results were written under.
    project.write(LOCK, &whole);
    assert_eq!(project.run(&["check", "H7"]).code, 1);
}

#[test]
fn an_unlocked_hypothesis_has_not_drifted() {
    let project = project();
    project.run(&["run"]).success();
    let table = project.run(&["check", "H7"]).success();
    assert!(
        table.contains("2/2       0          0  no      in order"),
        "{table}"
    );
    assert!(project.read(FINDINGS).contains("\nCriteria: not locked.\n"));
}

#[test]
fn a_lock_makes_the_findings_stale_that_do_not_say_so() {
    let project = project();
    project.run(&["run"]).success();
    project.run(&["lock", "H7", "--because", REASON]).success();
    let check = project.run(&["check", "H7"]);
    assert_eq!(check.code, 1);
    assert!(
        check.stdout.contains(&format!("stale: {FINDINGS}")),
        "{}",
        check.stdout
    );
    project.run(&["run", "H7"]).success();
    project.run(&["check", "H7"]).success();
    let inputs = project.read("hypotheses/H7-longer/results/inputs.sha256");
    assert!(inputs.contains(&format!("  {LOCK}\n")), "{inputs}");
}

#[test]
fn a_broken_lock_file_is_rejected_by_every_command() {
    let project = locked_project();
    let whole = project.read(LOCK);
    project.write(LOCK, &whole[..whole.len() / 2]);
    let before = project.files(".");
    for command in [
        &["run"][..],
        &["check"],
        &["list"],
        &["lock", "H7"],
        &["lock", "--all", "--because", REASON],
    ] {
        let answer = project.run(command);
        assert_eq!(answer.code, 2, "{command:?}");
        assert!(
            answer.stderr.contains(&format!("{LOCK}:")),
            "{}",
            answer.stderr
        );
    }
    assert_eq!(project.files("."), before);
}

#[test]
fn a_new_hypothesis_has_no_lock() {
    let project = TestProject::new();
    project.run(&["new", "H99", "my-idea"]).success();
    let names: Vec<_> = project
        .files("hypotheses")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert!(
        names.iter().all(|path| !path.ends_with("criteria.lock")),
        "{names:?}"
    );
    assert!(
        project
            .run(&["lock", "H99"])
            .success()
            .starts_with("locked H99 as ")
    );
}

#[test]
fn a_first_lock_with_the_results_at_hand_says_so() {
    let project = TestProject::with_published("64,3875\n4096,4379\n");
    project.run(&["run", "H7"]);
    let problem = project.run(&["lock", "H7"]).rejected();
    assert_eq!(
        problem,
        "error: H7: its results are there already, so that whoever locks may know the numbers: a first lock says so, \
         with --because \"...\"\n"
    );
    assert!(
        !project
            .path()
            .join("hypotheses/H7-longer/criteria.lock")
            .exists()
    );
    project.run(&["lock", "H7", "--because", REASON]).success();
}
