//! `rooflab audit`: what it prints, and that it writes nothing.

use crate::test_project::TestProject;

/// One hypothesis whose published findings are wrong in a verdict, a value and a method.
fn project() -> TestProject {
    let project = TestProject::with_published("64,3875\n4096,4380\n");
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "  verdict: confirmed\n",
        "  verdict: refuted
  verdict_differs: The longest context takes {{ observed(check=\"grows\") }}.
  defects:
    - id: no-context
      what: >
        It gives {{ published_value(table=\"times\", column=\"step_us\", kv_len=4096) }} us at KV 4096,
        where the step takes {{ show(table=\"times\", column=\"step_us\", kv_len=4096) }} us.
",
    );
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "times: {key: [kv_len]}",
        "times: {key: [kv_len], differences: [{row: {kv_len: 4096}, column: step_us, why: A slip of the pen. Nothing else.}]}",
    );
    project
}

#[test]
fn the_audit_is_printed_and_nothing_written() {
    let project = project();
    let before = project.files(".");
    let text = project.run(&["audit"]).success();
    insta::assert_snapshot!("audit", text);
    insta::assert_snapshot!(
        "audit_json",
        project.run(&["audit", "--format", "json"]).success()
    );
    assert_eq!(
        project.run(&["audit", "--jobs", "3"]).success(),
        text,
        "on any number of threads"
    );
    assert_eq!(project.files("."), before);
}

#[test]
fn a_project_that_cannot_be_read_is_rejected() {
    let project = project();
    project.edit(
        "hypotheses/H7-longer/hypothesis.yaml",
        "column=\"step_us\", kv_len=4096) }} us at",
        "column=\"step_us\" kv_len=4096) }} us at",
    );
    let error = project.run(&["audit"]).rejected();
    assert!(error.contains("hypothesis.yaml:3"), "{error}");
}
