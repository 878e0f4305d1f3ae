//! `rooflab list`.

use crate::test_project::{PUBLISHED, TestProject};

#[test]
fn hypotheses_are_listed_in_natural_order() {
    let project = TestProject::with_published("64,1\n");
    let (unpublished, _) = PUBLISHED.split_once("published:").unwrap();
    let other = unpublished.replace("H7", "H10").replace(
        "title: Longer contexts take longer",
        r#"title: "A \e[31mred\e[0m title""#,
    );
    project.write("hypotheses/H10-other/hypothesis.yaml", &other);
    insta::assert_snapshot!("list", project.run(&["list"]).success());
    insta::assert_snapshot!(
        "list_json",
        project.run(&["list", "--format", "json"]).success()
    );
}

#[test]
fn a_broken_file_does_not_hide_the_others() {
    let project = TestProject::with_published("64,1\n");
    project.write("hypotheses/H1-torn/hypothesis.yaml", "id: H1\ntitle: [\n");
    let answer = project.run(&["list"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.stdout.contains("Longer contexts take longer"),
        "{}",
        answer.stdout
    );
    assert!(!answer.stdout.contains("H1 "), "{}", answer.stdout);
    assert!(
        answer
            .stderr
            .contains("hypotheses/H1-torn/hypothesis.yaml:"),
        "{}",
        answer.stderr
    );
}

#[test]
fn an_empty_project_has_an_empty_list() {
    let answer = TestProject::new().run(&["list"]);
    assert_eq!((answer.code, answer.stdout.as_str()), (0, ""));
    assert_eq!(
        answer.stderr,
        "warning: there are no hypotheses (make one with `rooflab new H1 my-idea`)\n"
    );
}
