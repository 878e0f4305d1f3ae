//! `criteria.lock`: what is refused, and what findings say of it.

use experiment::{Drift, Hypothesis, LoadOptions, LockPlan, Locked, Project};
use insta::assert_snapshot;

use crate::real_hypotheses::{named_folders, repository};
use crate::test_project::{TestProject, file_text};

const LOCK: &str = "criteria.lock";

/// Locks the hypothesis of a project as on a day.
#[track_caller]
fn lock(project: &TestProject, today: &str, because: Option<&str>) {
    match project.load().unwrap().plan_lock(today, because).unwrap() {
        LockPlan::New(new) => new.write(&project.project()).unwrap(),
        LockPlan::Unchanged { locked_on } => panic!("nothing changed since {locked_on}"),
    }
}

/// A project with one lock.
fn locked() -> TestProject {
    let project = TestProject::new();
    lock(&project, "2026-02-01", None);
    project
}

/// A project with a second lock that has a reason.
fn locked_twice() -> TestProject {
    let project = locked().edit("kv: [64, 128]", "kv: [64, 128, 256]");
    lock(
        &project,
        "2026-02-03",
        Some("Longer contexts | belong\n to the claim."),
    );
    project
}

fn lock_text(project: &TestProject) -> String {
    std::fs::read_to_string(project.own_folder().join(LOCK)).unwrap()
}

/// The error of a project whose lock file has a part replaced, which stands in it at least once.
#[track_caller]
fn refused(project: TestProject, from: &str, to: &str) -> String {
    let text = lock_text(&project);
    assert!(text.contains(from), "{from} in {text}");
    project
        .with_own(LOCK, text.replacen(from, to, 1))
        .load_error()
}

/// The paragraph of the findings that speaks of the criteria.
fn sentence(findings: &str) -> String {
    let (_, rest) = findings
        .split_once("this verdict is the first.\n\n")
        .unwrap();
    rest.split_once("\n\n").unwrap().0.to_owned()
}

/// The lock of criteria of which every section has the same hash.
fn made_up(date: &str, digit: &str, combined: &str) -> String {
    let hash = digit.repeat(64);
    let sections = [
        "statement",
        "refuted_if",
        "setup",
        "runs",
        "tables",
        "checks",
    ]
    .map(|section| format!("{section}: \"{hash}\""));
    format!(
        "locks:\n  - date: {date}\n    criteria: \"{combined}\"\n    sections: {{{}}}\n",
        sections.join(", ")
    )
}

#[test]
fn every_hypothesis_of_the_repository_is_locked_as_it_is() {
    let project = Project::at(&repository()).unwrap();
    for folder in named_folders() {
        let hypothesis = Hypothesis::load(&project, &folder, &LoadOptions::default())
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            hypothesis.lock_state().locked(),
            Locked::Yes,
            "{}",
            folder.name()
        );
    }
}

#[test]
fn findings_say_whether_the_criteria_are_those_that_were_locked() {
    let of = |project: &TestProject| sentence(&file_text(&project.run(), "FINDINGS.md"));
    assert_snapshot!(of(&TestProject::new()), @"Criteria: not locked.");
    let project = locked();
    assert_snapshot!(of(&project), @"Criteria: locked on 2026-02-01 (SHA-256 `8e048187e4d8`) and unchanged since.");
    let project = project.edit("It does not.", "It is no longer.");
    assert_snapshot!(of(&project), @"**The criteria changed after they were locked on 2026-02-01 (SHA-256 `8e048187e4d8`)**: refuted_if.");
    assert_snapshot!(of(&locked_twice()), @r#"Criteria: locked 2 times, the last time on 2026-02-03 (SHA-256 `a446c2ee8d83`) and unchanged since. Reason of the last: **"Longer contexts | belong to the claim."**"#);
}

#[test]
fn findings_list_locks_with_reasons() {
    let findings = file_text(&locked_twice().run(), "FINDINGS.md");
    let (_, rest) = findings.split_once("## Locks of the criteria\n").unwrap();
    assert_snapshot!(rest.split_once("## How to reproduce").unwrap().0.trim(), @r"
    | Date | SHA-256 | Changed | Because |
    | --- | --- | --- | --- |
    | 2026-02-01 | `8e048187e4d8` | first lock | - |
    | 2026-02-03 | `a446c2ee8d83` | runs | Longer contexts \| belong to the claim. |
    ");
    let inputs = file_text(&locked_twice().run(), "results/inputs.sha256");
    assert!(inputs.contains("  hypotheses/H1-longer-cache/criteria.lock\n"));
    let findings = file_text(&locked().run(), "FINDINGS.md");
    assert!(!findings.contains("## Locks"), "one sentence says it all");
}

#[test]
fn reasons_are_shown_to_the_letter() {
    let project = locked().edit("kv: [64, 128]", "kv: [64, 128, 256]");
    lock(
        &project,
        "2026-02-03",
        Some("<img src=x onerror=y> [here](http://a.b) | `kv` *is* longer"),
    );
    let findings = file_text(&project.run(), "FINDINGS.md");
    let shown = r"\<img src=x onerror=y\> \[here\](http://a.b) | \`kv\` \*is\* longer";
    assert!(sentence(&findings).ends_with(&format!("Reason of the last: **\"{shown}\"**")));
    let cell = format!("| runs | {} |\n", shown.replace('|', r"\|"));
    assert!(findings.contains(&cell), "{cell} in {findings}");
}

#[test]
fn reasons_that_steer_the_reader_are_refused() {
    let steered = |character: &str| {
        refused(
            locked_twice(),
            "Longer contexts",
            &format!("Longer {character}contexts"),
        )
    };
    assert_snapshot!(steered("\\u202E"), @r#"
    error: `because` has the control character `\u{202e}`
      --> hypotheses/H1-longer-cache/criteria.lock:21:14
       |
    21 |     because: "Longer \u202Econtexts | belong to the claim."
       |              ^^^^^^^
    "#);
    for character in ["\\e[31m", "\\u202A", "\\u2066", "\\u2069", "\\x7F"] {
        let error = steered(character);
        assert!(
            error.contains("`because` has the control character"),
            "{error}"
        );
    }
    let project = TestProject::new();
    for reason in ["a \u{202e}b", "\u{2067}a", "a\u{7}"] {
        let error = project
            .load()
            .unwrap()
            .plan_lock("2026-02-01", Some(reason))
            .unwrap_err();
        assert!(error.to_string().contains("control character"), "{error}");
    }
}

/// The hashes that the outcome records: of the last lock, and of one that is gone.
fn recorded(project: &TestProject) -> [Option<String>; 2] {
    let text = file_text(&project.run(), "results/outcome.json");
    let outcome: serde_json::Value = serde_json::from_str(&text).unwrap();
    ["lock", "lost_lock"].map(|key| outcome[key].as_str().map(str::to_owned))
}

/// Writes what a project comes to beside its hypothesis.
fn write(project: &TestProject) {
    project.run().write(&project.own_folder()).unwrap();
}

#[test]
fn a_lock_that_is_gone_is_remembered_until_a_reason_stands_in_its_place() {
    let project = locked();
    let [hash, lost] = recorded(&project);
    assert_eq!((hash.as_deref().map(str::len), lost), (Some(64), None));
    assert!(lock_text(&project).contains(hash.as_deref().unwrap()));
    write(&project);
    let whole = lock_text(&project);
    std::fs::remove_file(project.own_folder().join(LOCK)).unwrap();
    for _ in 0..2 {
        assert_eq!(
            recorded(&project),
            [None, hash.clone()],
            "however often it is written"
        );
        let outcome = project.run();
        assert!(
            matches!(outcome.drift()[..], [Drift::LostLock(_)]),
            "{:?}",
            outcome.drift()
        );
        assert_eq!(
            sentence(&file_text(&outcome, "FINDINGS.md")),
            "**The criteria were locked (SHA-256 `8e048187e4d8`), and that lock is gone.**"
        );
        write(&project);
        assert_eq!(
            project.run().stale_files(&project.own_folder()).unwrap(),
            []
        );
    }
    let project = project.edit("kv: [64, 128]", "kv: [64, 128, 256]");
    let error = project
        .load()
        .unwrap()
        .plan_lock("2026-02-03", None)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "H1: its results were written under the lock 8e048187e4d8, which is not in criteria.lock: restore the file, or say why with --because \"...\""
    );
    // A lock without a reason, written by hand, is no new lock either.
    let by_hand = TestProject::new().edit("kv: [64, 128]", "kv: [64, 128, 256]");
    lock(&by_hand, "2026-02-03", None);
    let project = project.with_own(LOCK, lock_text(&by_hand));
    assert_eq!(project.load().unwrap().lock_state().locked(), Locked::Lost);
    lock(&project, "2026-02-03", Some("Longer contexts."));
    let [new, lost] = recorded(&project);
    assert_eq!(lost, None);
    assert_ne!(new, hash);
    assert_eq!(project.load().unwrap().lock_state().locked(), Locked::Yes);
    // So does the file itself, when it is back.
    let project = project.with_own(LOCK, whole);
    assert_eq!(
        project.load().unwrap().lock_state().locked(),
        Locked::Changed
    );
}

#[test]
fn the_newest_lock_cannot_be_taken_out_of_the_file() {
    let project = locked_twice();
    write(&project);
    let text = lock_text(&project);
    let (first, _) = text.split_once("  - date: 2026-02-03").unwrap();
    let project = project
        .with_own(LOCK, first)
        .edit("kv: [64, 128, 256]", "kv: [64, 128]");
    assert_eq!(project.load().unwrap().lock_state().locked(), Locked::Lost);
    let error = project
        .load()
        .unwrap()
        .plan_lock("2026-02-04", None)
        .unwrap_err();
    assert!(
        error.to_string().contains("which is not in criteria.lock"),
        "{error}"
    );
    lock(&project, "2026-02-04", Some("Short contexts are enough."));
    assert_eq!(project.load().unwrap().lock_state().locked(), Locked::Yes);
}

#[test]
fn an_outcome_that_cannot_be_read_records_no_lock() {
    let hash = "0".repeat(64);
    let upper = "A".repeat(64);
    for text in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "{\"lock\": 7}".to_owned(),
        format!("{{\"lock\": \"{upper}\"}}"),
        format!("{{\"lock\": \"{hash}"),
    ] {
        let project = TestProject::new().with_own("results/outcome.json", &text);
        assert_eq!(
            project.load().unwrap().lock_state().locked(),
            Locked::No,
            "{text}"
        );
    }
    let text = format!("{{\"lock\": \"{hash}\", \"later\": []}}");
    let project = TestProject::new().with_own("results/outcome.json", text);
    assert_eq!(project.load().unwrap().lock_state().locked(), Locked::Lost);
}

#[test]
fn torn_lock_files() {
    assert_snapshot!(TestProject::new().with_own(LOCK, "").load_error(), @"
    error: the file holds no lock
    --> hypotheses/H1-longer-cache/criteria.lock
    ");
    assert_snapshot!(TestProject::new().with_own(LOCK, "locks: []\n").load_error(), @"
    error: there is no lock in the file
     --> hypotheses/H1-longer-cache/criteria.lock:1:8
      |
    1 | locks: []
      |        ^
      |
      = help: a hypothesis that is not locked has no such file: remove it
    ");
    assert_snapshot!(TestProject::new().with_own(LOCK, "locks:\n").load_error(), @"
    error: there is no lock in the file
     --> hypotheses/H1-longer-cache/criteria.lock:1:6
      |
    1 | locks:
      |      ^
      |
      = help: a hypothesis that is not locked has no such file: remove it
    ");
    assert_snapshot!(TestProject::new().with_own(LOCK, "- date\n").load_error(), @"
    error: a mapping of keys to values is expected here
     --> hypotheses/H1-longer-cache/criteria.lock:1:1
      |
    1 | - date
      | ^
      |
      = help: a mapping is written {key: value}, or one key a line, indented by two blanks
    ");
    assert_snapshot!(TestProject::new().with_own(LOCK, b"locks: \xff\n").load_error(), @"cannot read `hypotheses/H1-longer-cache/criteria.lock`: byte 7 is not UTF-8");
    assert_snapshot!(TestProject::new().with_own(&format!("{LOCK}/x"), "").load_error(), @"cannot read `hypotheses/H1-longer-cache/criteria.lock`: it is not a file");
    assert_snapshot!(refused(locked(), "    sections:\n", ""), @r#"
    error: while parsing a block mapping, did not find expected key
     --> hypotheses/H1-longer-cache/criteria.lock:5:7
      |
    5 |       statement: "7ee4b27534f30b4b94c3f15e64d527bf208816a8dd4c2961ac5b86332397a32d"
      |       ^^^^^^^^^
      |
      = help: the keys of a mapping begin in one column, and brackets are closed: look at the lines above as well
    "#);
    assert_snapshot!(refused(locked(), "      tables:", "      plots:"), @r#"
    error: unknown key `plots`
      --> hypotheses/H1-longer-cache/criteria.lock:10:7
       |
    10 |       plots: "8fe56d8305e7393d43fd8fcd3a7f766da2df234c32ef2c6047bcad802132e7ee"
       |       ^^^^^
       |
       = help: keys here: statement, refuted_if, setup, runs, tables, checks
    "#);
    assert_snapshot!(refused(locked(), "      tables:", "      runs:"), @r#"
    error: the key `runs` stands twice
      --> hypotheses/H1-longer-cache/criteria.lock:10:7
       |
    10 |       runs: "8fe56d8305e7393d43fd8fcd3a7f766da2df234c32ef2c6047bcad802132e7ee"
       |       ^^^^
    "#);
    assert_snapshot!(refused(locked(), "  - date: 2026-02-01\n    criteria", "  - criteria"), @"
    error: the key `date` is missing in this mapping
     --> hypotheses/H1-longer-cache/criteria.lock:4:5
      |
    4 |     sections:
      |     ^^^^^^^^
      |
      = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
}

#[test]
fn lock_files_that_contradict_themselves() {
    assert_snapshot!(refused(locked(), "2026-02-01", "2026-02-30"), @"
    error: date `2026-02-30` is not a day of the calendar written as YYYY-MM-DD
     --> hypotheses/H1-longer-cache/criteria.lock:3:11
      |
    3 |   - date: 2026-02-30
      |           ^^^^^^^^^^
    ");
    assert_snapshot!(refused(locked_twice(), "2026-02-01", "2026-02-04"), @"
    error: a lock of 2026-02-03 stands behind one of 2026-02-04: the newest is the last
      --> hypotheses/H1-longer-cache/criteria.lock:12:11
       |
    12 |   - date: 2026-02-03
       |           ^^^^^^^^^^
    ");
    assert_snapshot!(refused(locked_twice(), "    because:", "    # because:"), @"
    error: a lock after the first needs `because`
      --> hypotheses/H1-longer-cache/criteria.lock:12:11
       |
    12 |   - date: 2026-02-03
       |           ^^^^^^^^^^
    ");
    let blank = refused(
        locked_twice(),
        "because: \"Longer",
        "because: \" \" # \"Longer",
    );
    assert_snapshot!(blank, @r#"
    error: `because` says nothing
      --> hypotheses/H1-longer-cache/criteria.lock:21:14
       |
    21 |     because: " " # "Longer contexts | belong to the claim."
       |              ^
    "#);
    let own = |text: String| TestProject::new().with_own(LOCK, text).load_error();
    assert_snapshot!(own(made_up("2026-02-01", "0", &"0".repeat(64))), @r#"
    error: `criteria` is not the hash of these sections
     --> hypotheses/H1-longer-cache/criteria.lock:3:15
      |
    3 |     criteria: "0000000000000000000000000000000000000000000000000000000000000000"
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(own(made_up("2026-02-01", "A", &"0".repeat(64))), @r#"
    error: a SHA-256 in 64 lower-case hexadecimal digits is expected here
     --> hypotheses/H1-longer-cache/criteria.lock:4:27
      |
    4 |     sections: {statement: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", refuted_if: "AAAAAAAAAAAAAAAAAAAAAAAAAA...
      |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(own(made_up("2026-02-01", "0", "0123")), @r#"
    error: a SHA-256 in 64 lower-case hexadecimal digits is expected here
     --> hypotheses/H1-longer-cache/criteria.lock:3:15
      |
    3 |     criteria: "0123"
      |               ^^^^^^
    "#);
}

#[test]
fn huge_lock_files_end_in_one_error() {
    let first_line = |bytes: Vec<u8>| {
        let error = TestProject::new().with_own(LOCK, bytes).load_error();
        error.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        first_line(vec![b'#'; (16 << 20) + 1]),
        "cannot read `hypotheses/H1-longer-cache/criteria.lock`: it has 16777217 bytes, and at most 16777216 are read"
    );
    assert_eq!(
        first_line(format!("locks: [{}]\n", "{}, ".repeat(250_000)).into_bytes()),
        "error: the key `date` is missing in this mapping"
    );
    assert_eq!(
        first_line(format!("locks: {}\n", "[".repeat(100_000)).into_bytes()),
        "error: recursion limit exceeded"
    );
    let many = format!(
        "locks:\n{}",
        made_up("2026-02-01", "0", "0")
            .replace("locks:\n", "")
            .repeat(2_000)
    );
    assert!(first_line(many.into_bytes()).starts_with("error: "));
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_no_absent_file() {
    for file in [LOCK, "narrative.md.tera", "findings.md.tera"] {
        let project = TestProject::new();
        std::os::unix::fs::symlink("/nowhere", project.own_folder().join(file)).unwrap();
        let error = project.load_error();
        let expected = format!("cannot read `hypotheses/H1-longer-cache/{file}`: ");
        assert!(error.starts_with(&expected), "{error}");
    }
}
