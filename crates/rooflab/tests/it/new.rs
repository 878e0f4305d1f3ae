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
