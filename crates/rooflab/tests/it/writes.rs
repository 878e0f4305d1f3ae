//! Where commands write, and what they leave alone.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::test_project::TestProject;

const FOLDER: &str = "hypotheses/H7-longer";
const YAML: &str = "hypotheses/H7-longer/hypothesis.yaml";
const FINDINGS: &str = "hypotheses/H7-longer/FINDINGS.md";

const WORKLOAD: [&str; 6] = [
    "simulate",
    "--model=llama-2-7b-hf",
    "--prompt-tokens=70",
    "--output-tokens=2",
    "--concurrency=1",
    "--requests=2",
];

fn project() -> TestProject {
    TestProject::with_published("64,1\n")
}

/// rooflab as a process that can be killed.
fn process(project: &TestProject, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rooflab"));
    command.current_dir(project.path()).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_temporary = |path: &PathBuf| path.display().to_string().contains("/.rooflab-");
    paths.filter(is_temporary).collect()
}

#[test]
fn inputs_are_never_written_whatever_is_said() {
    let project = project().with_own_ground_truth(&["jan30-llama2-7b-tp1-chatsweep"]);
    let before = project.files(".");
    for target in [
        YAML,
        "hypotheses/H7-longer/published/times.csv",
        "bench_data/h100/gpu.yaml",
        "bench_data/h100/gemm.csv",
        "model_configs/llama-2-7b-hf/config.json",
        "eval/ground_truth/new.csv",
        "later/../eval/new.csv",
    ] {
        for flag in ["--trace", "--requests-out"] {
            for force in [&[][..], &["--force"]] {
                let arguments = [&WORKLOAD[..], &[flag, target], force].concat();
                let error = project.run(&arguments).rejected();
                assert!(
                    error.contains(" of a rooflab project, which holds"),
                    "{error}"
                );
            }
        }
    }
    for arguments in [
        ["run", "--out", "model_configs"],
        ["run", "--out", "bench_data/new"],
        ["run", "--out", "eval"],
        ["run", "--out", "hypotheses"],
        ["report", "--html", "hypotheses/site"],
        ["export", "--out", "eval/tables/"],
    ] {
        let error = project.run(&arguments).rejected();
        assert!(
            error.contains(" of a rooflab project, which holds"),
            "{error}"
        );
    }
    let error = project.run(&["man", "hypotheses/man"]).rejected();
    assert!(error.contains("lies in `hypotheses`"), "{error}");
    assert!(before == project.files("."));
}

#[test]
fn files_of_others_are_replaced_by_name_only() {
    let project = project();
    for (file, arguments) in [
        ("notes", [&WORKLOAD[..], &["--trace=notes"]].concat()),
        ("notes", [&WORKLOAD[..], &["--requests-out=notes"]].concat()),
        ("notes.csv", vec!["export", "--out", "notes.csv"]),
        ("notes.parquet", vec!["export", "--out", "notes.parquet"]),
        (
            "t/H7/times.ndjson",
            vec!["export", "--out", "t/", "--format", "ndjson"],
        ),
        ("man/rooflab-run.1", vec!["man", "man"]),
        ("try/README.md", vec!["run", "--out", "try"]),
        (
            "again/H7-longer/FINDINGS.md",
            vec!["run", "H7", "--out", "again"],
        ),
        (FINDINGS, vec!["run", "H7"]),
    ] {
        project.write(file, "# H7: mine\n");
        let error = project.run(&arguments).rejected();
        assert!(
            error.contains(&format!("{file}: is there, and this command did not")),
            "{error}"
        );
        assert_eq!(project.read(file), "# H7: mine\n");
        // Once it is its own, nothing need be said.
        for force in [&["--force"][..], &[]] {
            let answer = project.run(&[&arguments[..], force].concat());
            assert!(answer.code < 2, "{}", answer.stderr);
            assert_ne!(project.read_bytes(file), b"# H7: mine\n", "{file}");
        }
        fs::remove_file(project.path().join(file)).unwrap();
    }
}

#[test]
fn tables_of_others_beside_the_findings_are_kept() {
    let project = project();
    project.write("hypotheses/H7-longer/results/times.csv", "mine\n");
    let answer = project.run(&["run", "H7"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.stderr.contains("results/times.csv: is there, and"),
        "{}",
        answer.stderr
    );
    assert!(!project.path().join(FINDINGS).exists(), "all or nothing");
    assert_eq!(project.run(&["run", "H7", "--force"]).code, 1);
    // Results that were removed in part are a run's own all the same.
    fs::remove_file(project.path().join(FOLDER).join("results/outcome.json")).unwrap();
    project.edit(YAML, "kv_len: [64, 4096, 8192]", "kv_len: [64, 4096]");
    assert_eq!(project.run(&["run", "H7"]).code, 1);
}

#[test]
fn a_killed_report_leaves_nothing_behind_the_next_one() {
    let project = project();
    let arguments = ["report", "--html", "site", "H7"];
    let mut killed = 0;
    for _ in 0..5 {
        let mut child = process(&project, &arguments).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && leftovers(project.path()).is_empty() {
            thread::sleep(Duration::from_micros(200));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
        }
        child.wait().unwrap();
        killed += leftovers(project.path()).len();
        if killed > 0 {
            break;
        }
    }
    assert!(killed > 0, "none was killed in time");
    let check = project.run(&["check"]);
    assert!(
        check.stdout.contains("cut off: .rooflab-tmp-"),
        "{}",
        check.stdout
    );
    project.run(&arguments).success();
    assert_eq!(leftovers(project.path()), [] as [PathBuf; 0]);
    let check = project.run(&["check"]);
    assert!(!check.stdout.contains("cut off"), "{}", check.stdout);
}

#[test]
fn check_names_the_run_that_was_cut_off_and_the_next_run_mends_it() {
    let project = project();
    assert_eq!(project.run(&["run", "H7"]).code, 1);
    let folder = project.path().join(FOLDER);
    project.write(
        "hypotheses/H7-longer/.rooflab-tmp-a1B2c3/FINDINGS.md",
        "new",
    );
    project.write(
        "hypotheses/H7-longer/results/.rooflab-x",
        "of an earlier release",
    );
    let check = project.run(&["check", "H7"]);
    assert_eq!(check.code, 1);
    for said in [
        "cut off: hypotheses/H7-longer/.rooflab-tmp-a1B2c3 (a run was cut off here, so that files may be of two runs: `rooflab run H7` mends it)",
        "cut off: hypotheses/H7-longer/results/.rooflab-x (",
    ] {
        assert!(check.stdout.contains(said), "{}", check.stdout);
    }
    assert_eq!(project.run(&["run", "H7"]).code, 1);
    assert_eq!(leftovers(&folder), [] as [PathBuf; 0]);
    // Its name is none that a command gives: it may be somebody's.
    assert_eq!(leftovers(&folder.join("results")).len(), 1);
}

#[test]
fn of_two_locks_at_once_one_waits() {
    let project = project();
    project.run(&["lock", "H7"]).success();
    for round in 0..4 {
        project.edit(
            YAML,
            &format!("refuted_if: It does not{}.", "!".repeat(round)),
            &format!("refuted_if: It does not{}.", "!".repeat(round + 1)),
        );
        let reasons = ["first", "second"].map(|name| format!("{name} of {round}"));
        let children = [0, 1].map(|index: usize| {
            process(&project, &["lock", "H7", "--because", &reasons[index]])
                .spawn()
                .unwrap()
        });
        let said = children.map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        });
        let locks = project.read("hypotheses/H7-longer/criteria.lock");
        for (said, reason) in said.iter().zip(&reasons) {
            assert_eq!(
                said.starts_with("locked H7"),
                locks.contains(reason),
                "{said}\n{locks}"
            );
        }
        assert_eq!(
            said.iter()
                .filter(|said| said.starts_with("locked"))
                .count(),
            1
        );
    }
}

#[test]
fn what_is_no_hypothesis_is_a_warning() {
    let project = project();
    let hypotheses = project.path().join("hypotheses");
    fs::create_dir_all(hypotheses.join("site/assets")).unwrap();
    fs::create_dir_all(hypotheses.join("H8-folder/hypothesis.yaml")).unwrap();
    fs::create_dir_all(hypotheses.join("H9-pipe")).unwrap();
    symlink("nowhere", hypotheses.join("H11-link")).unwrap();
    for pipe in ["H9-pipe/hypothesis.yaml", "H10"] {
        let made = Command::new("mkfifo").arg(hypotheses.join(pipe)).status();
        assert!(made.unwrap().success());
    }
    let answer = project.run(&["list"]);
    assert_eq!(
        (answer.code, answer.stdout.contains("H7")),
        (0, true),
        "{}",
        answer.stderr
    );
    let expected = "\
warning: `hypotheses/H10` is passed over: it is neither a folder nor a regular file
warning: `hypotheses/H11-link` is passed over: it cannot be read: No such file or directory (os error 2)
warning: `hypotheses/H8-folder` is passed over: its hypothesis.yaml is no regular file
warning: `hypotheses/H9-pipe` is passed over: its hypothesis.yaml is no regular file
warning: `hypotheses/site` is passed over: it has no hypothesis.yaml, and a folder below hypotheses is a hypothesis
";
    assert_eq!(answer.stderr, expected);
    let audit = project.run(&["audit"]);
    assert_eq!((audit.code, audit.stderr.as_str()), (0, expected));
    let audit = project.run(&["audit", "H7"]);
    assert_eq!((audit.code, audit.stderr.as_str()), (0, ""));
    let unknown = project.run(&["audit", "H8"]).rejected();
    assert!(unknown.starts_with(expected), "{unknown}");
}

#[test]
fn links_are_not_written_through() {
    let project = project();
    fs::create_dir(project.path().join("elsewhere")).unwrap();
    symlink(
        "../../elsewhere",
        project.path().join(FOLDER).join("results"),
    )
    .unwrap();
    let error = project.run(&["run", "H7"]).rejected();
    assert_eq!(
        error,
        "error: [PROJECT]/hypotheses/H7-longer/results: is a link, and nothing is written through it (name what it leads to, or remove it)\n"
    );
    assert!(project.files("elsewhere").is_empty());
    fs::remove_file(project.path().join(FOLDER).join("results")).unwrap();
    project.write("mine.md", "mine");
    symlink("../../mine.md", project.path().join(FINDINGS)).unwrap();
    let error = project.run(&["run", "H7", "--force"]).rejected();
    assert!(error.contains("FINDINGS.md: is a link"), "{error}");
    assert_eq!(project.read("mine.md"), "mine");
}

#[test]
fn new_files_follow_the_umask_and_replaced_ones_keep_their_mode() {
    let project = project();
    let mode = |file: &str| {
        let facts = fs::metadata(project.path().join(file)).unwrap();
        facts.permissions().mode() & 0o777
    };
    let program = assert_cmd::cargo::cargo_bin!("rooflab");
    let script = format!(
        "umask 027; '{0}' run H7; '{0}' lock H7 --because x; '{0}' export --out x.csv",
        program.display()
    );
    let mut shell = Command::new("sh");
    shell.current_dir(project.path()).args(["-c", &script]);
    assert!(shell.output().unwrap().status.success());
    let files = [
        FINDINGS,
        "hypotheses/H7-longer/results/outcome.json",
        "hypotheses/H7-longer/criteria.lock",
        "x.csv",
    ];
    assert_eq!(files.map(mode), [0o640; 4]);
    for file in files {
        let path = project.path().join(file);
        fs::set_permissions(path, fs::Permissions::from_mode(0o664)).unwrap();
    }
    project.edit(YAML, "refuted_if: It does not.", "refuted_if: It does not!");
    project.run(&["lock", "H7", "--because", "y"]).success();
    assert_eq!(project.run(&["run", "H7"]).code, 1);
    project.run(&["export", "--out", "x.csv"]).success();
    assert_eq!(files.map(mode), [0o664; 4]);
}

#[test]
fn a_name_without_end_is_shortened() {
    let project = project();
    let name = "x".repeat(100_000);
    for arguments in [
        vec!["list", "--root", &name],
        vec!["explain", &name],
        [&WORKLOAD[..], &["--trace", &name]].concat(),
    ] {
        let error = project.run(&arguments).rejected();
        assert!(error.len() < 4096, "{}", error.len());
        assert!(error.starts_with("error: "), "{error}");
    }
}
