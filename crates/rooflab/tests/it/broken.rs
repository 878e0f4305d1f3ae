//! One broken thing does not stop the rest.

use std::fs;

use crate::test_project::{Answer, PUBLISHED, TestProject};

/// A hypothesis that is in order, one that cannot be read, and one that has nothing to compare.
fn project() -> TestProject {
    let project = TestProject::with_published("64,8041\n");
    let broken = PUBLISHED.replace("id: H7", "id: H8");
    let (broken, _) = broken.split_once("published:").unwrap();
    let misspelt = broken.replace("gpu: h100", "gpu: h10");
    project.write("hypotheses/H8-misspelt/hypothesis.yaml", &misspelt);
    let empty = broken
        .replace("id: H8", "id: H9")
        .replace("ORDER BY kv_len", "WHERE kv_len < 0 ORDER BY kv_len");
    project.write("hypotheses/H9-empty/hypothesis.yaml", &empty);
    project
}

#[track_caller]
fn names_what_failed(answer: &Answer) {
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    for part in [
        "gpu `h10`",
        "hypotheses/H8-misspelt/hypothesis.yaml",
        "`holds` is NULL",
        "hypotheses/H9-empty/hypothesis.yaml",
        "warning: not computed: H8-misspelt, H9\n",
    ] {
        assert!(answer.stderr.contains(part), "{part}: {}", answer.stderr);
    }
}

#[test]
fn the_other_hypotheses_are_computed_and_what_failed_is_named() {
    let project = project();
    let ran = project.run(&["run"]);
    names_what_failed(&ran);
    assert!(ran.stdout.contains("H7"), "{}", ran.stdout);
    let findings = "hypotheses/H7-longer/FINDINGS.md";
    assert!(project.read(findings).contains("CONFIRMED"));
    assert!(!project.path().join("hypotheses/README.md").exists());

    for command in ["check", "audit"] {
        let answer = project.run(&[command]);
        names_what_failed(&answer);
        assert!(answer.stdout.contains("H7"), "{command}: {}", answer.stdout);
    }

    let reported = project.run(&["report", "--html", "site"]);
    names_what_failed(&reported);
    let said = "warning: the site lacks what could not be computed\n";
    assert!(reported.stderr.ends_with(said), "{}", reported.stderr);
    let page = project.read("site/hypotheses/H7-longer/index.html");
    assert!(page.contains("Longer contexts take longer"));
    assert!(!project.path().join("site/hypotheses/H9-empty").exists());
}

#[test]
fn where_nothing_can_be_read_nothing_is_done() {
    let project = project();
    let error = project.run(&["run", "H8"]).rejected();
    assert!(error.contains("gpu `h10`"), "{error}");
    assert!(!error.contains("not computed"), "{error}");
}

#[test]
fn all_slips_of_a_file_are_said_at_once() {
    let project = TestProject::new();
    let text = PUBLISHED
        .replace("refuted_if:", "refuted_iff:")
        .replace(
            "  - id: grows\n    role: acceptance",
            "  - id: grows\n    role: aceptance",
        )
        .replace("MIN(step_us) AS observed", "MIN(step_uss) AS observed")
        .split_once("published:")
        .unwrap()
        .0
        .to_owned();
    project.write("hypotheses/H7-longer/hypothesis.yaml", &text);
    let error = project.run(&["run", "H7"]).rejected();
    for (message, line) in [
        ("unknown key `refuted_iff`", 7),
        ("unknown choice `aceptance`", 23),
        ("unknown column `step_uss`", 25),
    ] {
        assert!(error.contains(message), "{message}: {error}");
        assert!(
            error.contains(&format!("hypotheses/H7-longer/hypothesis.yaml:{line}:")),
            "{line}: {error}"
        );
    }
    assert!(error.contains("did you mean `refuted_if`?"), "{error}");
}

#[test]
fn an_experiment_without_a_gpu_is_a_warning_and_a_note_on_its_page() {
    const SWEEP: &str = "guidellm-0.8.1-sweep";
    let project = TestProject::with_published("64,8041\n").with_sweeps(&[SWEEP]);
    let config = project
        .path()
        .join("sweeps")
        .join(SWEEP)
        .join("exp-config.yaml");
    let text = fs::read_to_string(&config).unwrap();
    let kept = text.lines().filter(|line| !line.starts_with("gpu:"));
    let kept: Vec<&str> = kept.collect();
    assert!(kept.len() < text.lines().count());
    fs::write(&config, kept.join("\n")).unwrap();
    project.add_folder(&project.path().join("sweeps"), "eval/ground_truth");

    let valid = project.run(&["ground-truth", "validate", "sweeps"]);
    assert_eq!((valid.code, valid.stderr.as_str()), (0, ""));
    assert!(
        valid
            .stdout
            .contains("exp-config.yaml: does not say which GPU was measured"),
        "{}",
        valid.stdout
    );

    let reported = project.run(&["report", "--html", "site"]);
    assert_eq!(reported.code, 0, "{}", reported.stderr);
    let question =
        format!("{SWEEP}: which GPU was it measured on? add `gpu: NAME` to exp-config.yaml");
    assert!(reported.stderr.contains(&question), "{}", reported.stderr);
    assert!(!reported.stderr.contains("--gpu"), "{}", reported.stderr);
    let page = project.read(&format!("site/ground-truth/{SWEEP}/index.html"));
    assert!(page.contains("Not simulated: "), "{page}");
    assert!(
        page.contains("synchronous") && !page.contains("--gpu"),
        "{page}"
    );

    // The command that has the option advises it.
    let simulated = project.run(&["simulate", "--ground-truth", &format!("sweeps/{SWEEP}")]);
    assert!(
        simulated.stderr.contains("add --gpu NAME, or `gpu: NAME`"),
        "{}",
        simulated.stderr
    );
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    project.write(
        "sweeps/guidellm-0.8.1-sweep/exp-config.yaml",
        "model: \"a\\e[31mred\\e]0;title\\a\\u202e\"\ngpu: h100\n",
    );
    let line = format!(
        "{{\"model\":\"llama-2-7b-hf\",\"gpu\":\"h100\",\"tensor_parallel\":1,\"preset\":\"feb27\",\"prefill\":[{{\"\\u001b[2J\\u202e{}\":1}}]}}",
        "x".repeat(70_000)
    );
    let mut step = project.command(&["step", "--jsonl"]);
    let step = project.answer(step.write_stdin(line));
    let simulated = project.run(&["simulate", "--ground-truth", "sweeps"]);
    for answer in [step, simulated] {
        assert_eq!(answer.code, 2, "{}", answer.stderr);
        let said = answer.stderr + &answer.stdout;
        assert!(said.contains("\\u{1b}["), "{said}");
        let raw = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!said.contains(raw), "{said:?}");
        assert!(said.len() < 4096, "{} bytes", said.len());
    }
}
