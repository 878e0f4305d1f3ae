//! The audit of a few small hypotheses, and the outcome that programs read.

use experiment::{Audit, Outcome};
use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// What a hypothesis comes to with these lines under `published`.
fn published(lines: &str, csv: &str) -> Outcome {
    let head = "published:\n  source: A page.\n";
    let project = TestProject::new().append(&format!("{head}{lines}"));
    let project = if csv.is_empty() {
        project
    } else {
        project.with_own("published/times.csv", csv)
    };
    project.run()
}

fn agreeing() -> Outcome {
    published(
        "  verdict: confirmed\n  tables: {times: {key: [kv, requests]}}\n",
        "kv,requests,step_us\n64,1,43\n",
    )
}

/// Three values of which none agrees, two of them for one reason.
fn differing() -> Outcome {
    published(
        "  verdict: refuted
  verdict_differs: The step takes {{ observed(check=\"takes-time\") }} us, see [its table](results/times.csv) | or so.
  defects:
    - {id: a-slip, what: \"It says {{ published_value(table=\\\"times\\\", column=\\\"step_us\\\", kv=64, requests=1) }}, see [the other](../H2-x/FINDINGS.md).\"}
  tables:
    times:
      key: [kv, requests]
      differences:
        - {row: {kv: 64, requests: 1}, column: step_us, why: A slip. It is gone.}
        - {row: {kv: 64, requests: 2}, column: step_us, why: Rounding.}
        - {row: {kv: 128, requests: 1}, column: step_us, why: Rounding.}
",
        "kv,requests,step_us\n64,1,1\n64,2,2\n128,1,3\n128,2,4\n",
    )
}

#[test]
fn the_audit_as_markdown() {
    let outcomes = [agreeing(), differing(), TestProject::new().run()];
    let audit = Audit::of(&outcomes);
    assert_snapshot!(audit.to_markdown(), @r#"
    # Audit of the findings

    Every hypothesis, computed anew and set beside what was published. Written by `rooflab run`; `rooflab audit` prints the same, and `rooflab check` fails where this file is stale.

    3 hypotheses: 1 of 2 published verdicts is reached again, 1 is not, 0 are undecided here; 1 has no published verdict. Of 5 published values 1 is equal to the published digits, 0 are within a stated tolerance, 4 are different.

    | Id | Hypothesis | Family | Verdict | Published | Agreement | Values equal | Within tolerance | Different | Needs data | Why they differ |
    | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
    | [H1](H1-longer-cache/FINDINGS.md) | A longer cache takes longer | structural-model | CONFIRMED | CONFIRMED | agrees | 1 | 0 | 0 | 0 |  |
    | [H1](H1-longer-cache/FINDINGS.md) | A longer cache takes longer | structural-model | CONFIRMED | REFUTED | **differs** | 0 | 0 | 4 | 0 | Verdict: The step takes 43 us, see [its table](H1-longer-cache/results/times.csv) \| or so. 2 of 4 values that differ: Rounding. 1: A slip. It is gone. 1 differs without an explanation. |
    | [H1](H1-longer-cache/FINDINGS.md) | A longer cache takes longer | structural-model | CONFIRMED | - | first | 0 | 0 | 0 | 0 |  |

    ## What the published findings get wrong

    Every number here is computed in the run or printed in what was published.

    ### [H1](H1-longer-cache/FINDINGS.md): A longer cache takes longer

    - `a-slip`: It says 1, see [the other](H2-x/FINDINGS.md).
    "#);
}

#[test]
fn an_audit_without_defects_has_no_section_of_them() {
    let outcome = agreeing();
    let markdown = Audit::of([&outcome]).to_markdown();
    assert!(!markdown.contains("## "), "{markdown}");
}

#[test]
fn the_audit_replaces_the_file_that_was_there() {
    let project = TestProject::new();
    let audit = Audit::of([&project.run()]);
    let folder = project.project().hypotheses_folder();
    for _ in 0..2 {
        audit.write(&folder).unwrap();
        let written = std::fs::read_to_string(folder.join("README.md")).unwrap();
        assert_eq!(written, audit.to_markdown());
    }
    let known = project.project().hypotheses().unwrap();
    assert_eq!(known.len(), 1, "the audit is no hypothesis");
}

#[test]
fn the_outcome_for_programs() {
    assert_snapshot!(file_text(&differing(), "results/outcome.json"), @r#"
    {
      "id": "H1",
      "title": "A longer cache takes longer",
      "family": "structural-model",
      "type": "deterministic",
      "date": "2026-01-31",
      "verdict": "confirmed",
      "published_verdict": "refuted",
      "lock": null,
      "lost_lock": null,
      "verdict_differs": "The step takes 43 us, see [its table](results/times.csv) | or so.",
      "defects": [
        {
          "id": "a-slip",
          "what": "It says 1, see [the other](../H2-x/FINDINGS.md)."
        }
      ],
      "reproduction": {
        "equal": 0,
        "within_tolerance": 0,
        "different": 4,
        "needs_data": 0
      },
      "tolerances": [],
      "differing": [
        {
          "table": "times",
          "row": [
            [
              "kv",
              "64"
            ],
            [
              "requests",
              "1"
            ]
          ],
          "column": "step_us",
          "published": "1",
          "ours": "43",
          "why": "A slip. It is gone."
        },
        {
          "table": "times",
          "row": [
            [
              "kv",
              "64"
            ],
            [
              "requests",
              "2"
            ]
          ],
          "column": "step_us",
          "published": "2",
          "ours": "71",
          "why": "Rounding."
        },
        {
          "table": "times",
          "row": [
            [
              "kv",
              "128"
            ],
            [
              "requests",
              "1"
            ]
          ],
          "column": "step_us",
          "published": "3",
          "ours": "71",
          "why": "Rounding."
        },
        {
          "table": "times",
          "row": [
            [
              "kv",
              "128"
            ],
            [
              "requests",
              "2"
            ]
          ],
          "column": "step_us",
          "published": "4",
          "ours": "117",
          "why": null
        }
      ],
      "warnings": [
        {
          "kind": "unmeasured-lookups",
          "cells": 4,
          "what": "4 of 4 cells of the run `steps` use MFU look-ups that were not measured (of another shape in 4, clamped to the end of the table in 4)"
        }
      ],
      "checks": [
        {
          "id": "takes-time",
          "role": "acceptance",
          "claim": "Every step takes a microsecond or more.",
          "observed": "43",
          "value": 43,
          "holds": true,
          "interval": null
        }
      ]
    }
    "#);
}
