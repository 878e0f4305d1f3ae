//! A hypothesis about a trace of steps, with the trace at hand and without.

use experiment::{Audit, LoadOptions, Outcome};
use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// Steps by the engine's clock, beside a published table of which no value can be compared without a trace.
const HYPOTHESIS: &str = "\
id: H1
title: Steps take time
family: measurement
type: ground-truth
date: 2026-01-31
statement: A step takes time.
refuted_if: It does not.
setup: {model: tiny, gpu: toy, assumptions: {preset: feb27}}
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
published:
  verdict: confirmed
  source: A page.
  tables: {times: {key: [step_id], data: steps}}
";

const TRACE: &str = "id,us,prompt,out\n1,10.5,7,0\n2,9.5,0,1\n";

fn project() -> TestProject {
    TestProject::new()
        .with_hypothesis(HYPOTHESIS)
        .with_own("published/times.csv", "step_id,duration_us\n1,10.5\n2,8\n")
}

/// What it comes to with a trace in a file of this name.
fn run_on(name: &str) -> Outcome {
    let project = project().with(&format!("elsewhere/{name}"), TRACE);
    let file = project.root().join("elsewhere").join(name);
    let options = LoadOptions {
        data: [("steps".to_owned(), file)].into(),
        ..LoadOptions::default()
    };
    let hypothesis = project
        .load_with(&options)
        .unwrap_or_else(|error| panic!("{error}"));
    hypothesis.run().unwrap_or_else(|error| panic!("{error}"))
}

/// The line under `How to reproduce`.
fn command(outcome: &Outcome) -> String {
    let findings = file_text(outcome, "FINDINGS.md");
    let (_, how) = findings
        .split_once("## How to reproduce\n\n```sh\n")
        .unwrap();
    how.lines().next().unwrap().to_owned()
}

#[test]
fn findings_name_the_command_that_computed_them() {
    assert_eq!(command(&project().run()), "rooflab run H1");
    assert_eq!(
        command(&run_on("steps.csv")),
        "rooflab run H1 --data steps=steps.csv --out DIR"
    );
    assert_eq!(
        command(&run_on("it's my `steps`.csv")),
        r"rooflab run H1 --data 'steps=it'\''s my `steps`.csv' --out DIR"
    );
    let beside = project()
        .edit(
            "what: Steps of a server.",
            "what: Steps of a server.\n    file: steps.csv",
        )
        .with_own("steps.csv", TRACE);
    assert_eq!(
        command(&beside.run()),
        "rooflab run H1",
        "the hypothesis names the file"
    );
}

#[test]
fn published_values_that_need_data_are_counted() {
    let without = project().run();
    let row = &Audit::of([&without]).rows[0];
    assert_eq!(
        row.reproduction.to_string(),
        "0 of 0 equal, 0 within tolerance, 0 different; 2 need data"
    );
    let with = run_on("steps.csv");
    let row = &Audit::of([&with]).rows[0];
    assert_eq!(
        row.reproduction.to_string(),
        "1 of 2 equal, 0 within tolerance, 1 different"
    );
    let audit = Audit::of([&without, &with]);
    assert_snapshot!(audit.totals(), @"2 hypotheses: 1 of 2 published verdicts is reached again, 0 are not, 1 is undecided here; 0 have no published verdict. Of 2 published values 1 is equal to the published digits, 0 are within a stated tolerance, 1 is different; 2 more need data that is not at hand.");
    let markdown = audit.to_markdown();
    assert!(
        markdown.contains("| undecided | 0 | 0 | 0 | 2 | Needs the data"),
        "{markdown}"
    );
    assert!(
        markdown.contains("| agrees | 1 | 0 | 1 | 0 | "),
        "{markdown}"
    );
    let outcome: serde_json::Value =
        serde_json::from_str(&file_text(&without, "results/outcome.json")).unwrap();
    assert_eq!(outcome["reproduction"]["needs_data"], 2);
}
