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

/// A hypothesis about a trace, beside the one of [`PUBLISHED`].
const TRACED: &str = "\
id: H8
title: Steps take time
family: measurement
type: ground-truth
date: 2026-03-01
statement: A step takes time.
refuted_if: It does not.
setup: {model: llama-2-7b-hf, gpu: h100, assumptions: {preset: feb25-base}}
data:
  steps:
    what: Steps of a server.
    columns: {step_id: id, duration_us: us, prefill_tokens: prompt, decode_tokens: out}
runs:
  measured: {trace: {data: steps}}
tables:
  times: {title: Step times, sql: \"SELECT step_id, duration_us FROM measured ORDER BY step_id\"}
checks:
  - {id: at-hand, role: precondition, claim: There are steps., sql: \"SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM times\"}
  - {id: takes-time, role: acceptance, claim: They take time., sql: \"SELECT MIN(duration_us) > 0 AS holds, MIN(duration_us) AS observed FROM times\"}
published: {verdict: confirmed, source: A page., tables: {times: {key: [step_id], data: steps}}}
";

#[test]
fn single_hypotheses_are_audited_on_data_of_ones_own() {
    let project = project();
    project.write("hypotheses/H8-steps/hypothesis.yaml", TRACED);
    let table = "step_id,duration_us\n1,10.5\n";
    project.write("hypotheses/H8-steps/published/times.csv", table);
    project.write("steps.csv", "id,us,prompt,out\n1,10.5,7,0\n");
    let before = project.files(".");
    let text = project.run(&["audit", "H8"]).success();
    insta::assert_snapshot!("audit_without_data", text);
    let text = project
        .run(&["audit", "H8", "--data", "steps=steps.csv"])
        .success();
    insta::assert_snapshot!("audit_with_data", text);
    let json = project.run(&["audit", "H8", "--format", "json"]).success();
    let row: serde_json::Value = serde_json::from_str(&json).unwrap();
    let reproduction = &row["reproduction"];
    let of = |count: &str| reproduction[count].as_u64();
    assert_eq!((of("equal"), of("needs_data")), (Some(0), Some(1)));
    let json = project.run(&["audit", "--format", "json"]).success();
    assert_eq!(json.lines().count(), 2, "without ids there are all");
    assert_eq!(project.files("."), before);
}

#[test]
fn data_that_is_not_read_is_rejected() {
    let project = project();
    project.write("steps.csv", "id,us,prompt,out\n1,10.5,7,0\n");
    for (arguments, message) in [
        (
            &["audit", "--data", "steps=steps.csv"][..],
            "required arguments were not provided",
        ),
        (
            &["audit", "--ground-truth", "."],
            "required arguments were not provided",
        ),
        (&["audit", "H7", "--data", "steps"], "expected NAME=FILE"),
        (
            &["audit", "H7", "--data", "steps=steps.csv"],
            "error: --data: there is no data `steps` (none of these hypotheses describes any)",
        ),
        (
            &["audit", "H7", "--data", "a=steps.csv", "--data", "a=b.csv"],
            "error: --data names `a` twice",
        ),
        (
            &["audit", "H7", "--ground-truth", "."],
            "error: --ground-truth changes nothing for H7: no run of it simulates measured runs",
        ),
        (&["audit", "H9"], "hypothesis `H9` not found"),
        (&["run", "--all", "--data", "a=b"], "cannot be used with"),
    ] {
        let error = project.run(arguments).rejected();
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
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
