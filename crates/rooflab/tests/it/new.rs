//! `rooflab new`.

use crate::test_project::TestProject;

#[test]
fn a_new_hypothesis_runs_at_once_and_is_in_order_then() {
    let project = TestProject::new();
    assert_eq!(
        project.run(&["new", "H99", "my-idea"]).success(),
        "made hypotheses/H99-my-idea/hypothesis.yaml\n\
         made hypotheses/H99-my-idea/narrative.md.tera\n\
         next: rooflab run H99\n"
    );
    let table = project.run(&["run", "H99"]).success();
    assert!(table.contains("CONFIRMED"), "{table}");
    assert!(
        project
            .read("hypotheses/H99-my-idea/FINDINGS.md")
            .contains("H99")
    );
    project.run(&["check", "H99"]).success();
}

#[test]
fn its_date_is_a_date() {
    let project = TestProject::new();
    project.run(&["new", "H99", "my-idea"]).success();
    let text = project.read("hypotheses/H99-my-idea/hypothesis.yaml");
    let date = text
        .lines()
        .find_map(|line| line.strip_prefix("date: "))
        .unwrap();
    let shape: String = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(shape, "0000-00-00", "{date}");
    assert_ne!(date, "2026-01-31", "the day of the scaffold");
}

#[test]
fn paths_are_relative_to_where_the_user_is() {
    let project = TestProject::new();
    let mut command = project.command(&["new", "H99", "my-idea"]);
    command.current_dir(project.path().join("hypotheses"));
    assert!(
        project
            .answer(&mut command)
            .success()
            .starts_with("made H99-my-idea/hypothesis.yaml\n")
    );
    let mut command = project.command(&["run", "H99"]);
    command.current_dir(project.path().join("model_configs"));
    assert!(
        project
            .answer(&mut command)
            .success()
            .contains("[PROJECT]/hypotheses/H99-my-idea")
    );
}

#[test]
fn one_on_measured_runs_runs_at_once_and_on_others() {
    let project = TestProject::new()
        .with_own_ground_truth(&["jan30-llama2-7b-tp1-chatsweep"])
        .with_sweeps(&["guidellm-0.8.1-sweep"]);
    project
        .run(&["new", "H99", "my-idea", "--measured"])
        .success();
    project.run(&["run", "H99"]).success();
    let findings = project.read("hypotheses/H99-my-idea/FINDINGS.md");
    // With one run the predicted TPOT is 5.11 ms (docs/first-hypothesis.md) and the measured one 6.2 ms.
    assert!(findings.contains("over 1 benchmarks"), "{findings}");
    assert!(findings.contains("| 6.20 | 5.11 |"), "{findings}");
    assert!(
        findings.contains("tpot-predicted-against-measured.svg"),
        "{findings}"
    );
    project.run(&["check", "H99"]).success();

    // Other runs, with several loads each, and more of a table than the words can know.
    let others = ["--ground-truth", "sweeps"];
    let out = ["--out", "elsewhere"];
    let table = project
        .run(&[&["run", "H99"][..], &others, &out].concat())
        .success();
    assert!(table.contains("something-was-measured"), "{table}");
    let findings = project.read("elsewhere/H99-my-idea/FINDINGS.md");
    assert!(findings.contains("over 4 benchmarks"), "{findings}");

    // None that the axis takes.
    let file = "hypotheses/H99-my-idea/hypothesis.yaml";
    project.edit(file, "WHERE tpot_error_pct IS NOT NULL", "WHERE FALSE");
    let table = project.run(&["run", "H99", "--out", "none"]).success();
    assert!(table.contains("INCONCLUSIVE"), "{table}");
    let findings = project.read("none/H99-my-idea/FINDINGS.md");
    assert!(findings.contains("Nothing can be said"), "{findings}");
}
