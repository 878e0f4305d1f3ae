//! `rooflab run --data`.

use std::fs;
use std::path::Path;

use crate::test_project::TestProject;

const HYPOTHESIS: &str = "\
id: H8
title: Steps take time
family: measurement
type: ground-truth
date: 2026-03-01
statement: A measured step takes longer than 10 us.
refuted_if: One does not.
setup: {model: llama-2-7b-hf, gpu: h100, assumptions: {preset: feb27}}
data:
  step_trace:
    what: Steps of a server.
    columns: {step_id: id, prefill_tokens: prefill, decode_tokens: decode, duration_us: took}
runs:
  steps:
    trace: {data: step_trace}
tables:
  times:
    title: Times
    sql: SELECT step_id, duration_us FROM steps
checks:
  - id: at-hand
    role: precondition
    claim: A trace is at hand.
    sql: SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM steps
  - id: long
    role: primary
    claim: Every step takes more than 10 us.
    sql: SELECT MIN(duration_us) > 10 AS holds, MIN(duration_us) AS observed FROM steps
    suffix: \" us at least\"
";

const STEPS: &str = "id,prefill,decode,took\n1,0,4,12.5\n2,100,0,40\n";

/// A project with a hypothesis on data, one without, and a trace.
fn project() -> TestProject {
    let project = TestProject::with_published("64,1\n");
    project.write("hypotheses/H8-steps/hypothesis.yaml", HYPOTHESIS);
    project.write("steps.csv", STEPS);
    project
}

#[test]
fn a_named_trace_decides_and_writes_nothing() {
    let project = project();
    let before = project.files("hypotheses");
    let text = project
        .run(&["run", "H8", "--data", "step_trace=steps.csv"])
        .success();
    assert!(text.contains("CONFIRMED"), "{text}");
    assert!(text.contains("- (give --out DIR)"), "{text}");
    // No file has the checks, so that they are printed.
    assert!(text.contains("12.5 us at least"), "{text}");
    assert!(project.files("hypotheses") == before);
    project.write("steps.csv", &STEPS.replace("12.5", "9"));
    let text = project
        .run(&["run", "H8", "--data", "step_trace=steps.csv"])
        .success();
    assert!(text.contains("REFUTED"), "{text}");
}

#[test]
fn without_it_the_findings_wait() {
    let project = project();
    let text = project.run(&["run", "H8"]).success();
    assert!(text.contains("INCONCLUSIVE"), "{text}");
    let findings = project.read("hypotheses/H8-steps/FINDINGS.md");
    assert!(
        findings.contains("It is given by `rooflab run H8 --data step_trace=FILE`."),
        "{findings}"
    );
    assert_eq!(
        project.read("hypotheses/H8-steps/results/times.csv"),
        "step_id,duration_us\n"
    );
}

#[test]
fn findings_on_it_go_to_out() {
    let project = project();
    let before = project.files("hypotheses");
    project
        .run(&[
            "run",
            "H8",
            "--data",
            "step_trace=steps.csv",
            "--out",
            "try",
        ])
        .success();
    assert!(project.files("hypotheses") == before);
    assert_eq!(
        project.read("try/H8-steps/results/times.csv"),
        "step_id,duration_us\n1,12.5\n2,40.0\n"
    );
    let findings = project.read("try/H8-steps/FINDINGS.md");
    assert!(
        findings.contains("The data `step_trace` is `steps.csv`: Steps of a server."),
        "{findings}"
    );
}

#[test]
fn arguments_that_cannot_be_used() {
    let project = project();
    let rejected = |arguments: &[&str]| project.run(arguments).rejected();
    assert_eq!(
        rejected(&["run", "H8", "--data", "trace=steps.csv"]),
        "error: --data: there is no data `trace` (known data: step_trace)\n"
    );
    assert_eq!(
        rejected(&["run", "H7", "--data", "step_trace=steps.csv"]),
        "error: --data: there is no data `step_trace` (none of these hypotheses describes any)\n"
    );
    assert_eq!(
        rejected(&[
            "run",
            "H8",
            "--data",
            "step_trace=steps.csv",
            "--data",
            "step_trace=other.csv"
        ]),
        "error: --data names `step_trace` twice\n"
    );
    for malformed in ["steps.csv", "=steps.csv", "step_trace=", ""] {
        let error = rejected(&["run", "H8", "--data", malformed]);
        assert!(
            error.starts_with(&format!(
                "error: invalid value '{malformed}' for '--data <NAME=FILE>'"
            )) || malformed.is_empty(),
            "{error}"
        );
        assert!(error.contains("--data <NAME=FILE>"), "{error}");
    }
    let error = rejected(&["run", "--data", "step_trace=steps.csv"]);
    assert!(error.contains("<ID>"), "{error}");
    let error = rejected(&["run", "--all", "--data", "step_trace=steps.csv"]);
    assert!(error.contains("--all"), "{error}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let project = project();
    let rejected = |file: &str| {
        let data = format!("step_trace={file}");
        project.run(&["run", "H8", "--data", &data]).rejected()
    };
    let error = rejected("nothing.csv");
    assert!(
        error.contains("data `step_trace`: nothing.csv: cannot be read"),
        "{error}"
    );
    let error = rejected("hypotheses");
    assert!(
        error.contains("data `step_trace`: hypotheses: is not a file"),
        "{error}"
    );
    project.write("steps.csv", &STEPS.replace("12.5", "-1"));
    let error = rejected("steps.csv");
    insta::assert_snapshot!(error, @r"
    error: data `step_trace` cannot be used
      --> hypotheses/H8-steps/hypothesis.yaml:10:3
       |
    10 |   step_trace:
       |   ^^^^^^^^^^
       |
    note: column `took`, row 1: `-1`, and `duration_us` is a finite number, 0 or more
      --> steps.csv:2:7
       |
     2 | 1,0,4,-1
       |       ^^
       = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
}

#[test]
fn a_damaged_file_at_which_the_decoder_panics_is_no_bug_of_the_program() {
    let project = project();
    let damaged = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../step-trace/tests/fixtures/damaged-page-header.parquet");
    fs::copy(damaged, project.path().join("steps.parquet")).unwrap();
    let yaml = "hypotheses/H8-steps/hypothesis.yaml";
    project.edit(yaml, ", duration_us: took", "");
    let error = project
        .run(&["run", "H8", "--data", "step_trace=steps.parquet"])
        .rejected();
    assert!(
        error.contains("steps.parquet: the Parquet file is damaged: its decoder gave up"),
        "{error}"
    );
    assert!(!error.contains("internal error"), "{error}");
    assert!(!error.contains("panicked"), "{error}");
}
