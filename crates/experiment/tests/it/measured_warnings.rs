//! What a reader is told of requests that are in no figure, and of files that contradict each other.

use insta::assert_snapshot;

use crate::measured_project::{PROFILE, Recorded, SYNCHRONOUS, report, requests, synchronous};
use crate::measured_rows::{chat, with_keys};
use crate::test_project::{TestProject, file_text, missing};

/// The warnings of an outcome, which its findings show as well.
fn warnings(project: &TestProject) -> String {
    let outcome = project.run();
    let findings = file_text(&outcome, "FINDINGS.md");
    for warning in &outcome.warnings {
        assert!(findings.contains(&warning.what), "{warning}\n{findings}");
    }
    missing(&outcome).join("\n")
}

#[test]
fn nothing_is_said_where_nothing_is_left_out() {
    assert_snapshot!(warnings(&chat(PROFILE, &synchronous())), @"");
}

#[test]
fn rejected_requests_are_counted() {
    let project = with_keys(
        chat(PROFILE, &synchronous()),
        "      server: {max_model_len: 104}\n",
    );
    assert_snapshot!(warnings(&project), @"run `arms`: requests that the simulated server rejects, which are in no predicted figure: 3 in 1 of 1 cells");
}

#[test]
fn requests_that_are_not_simulated_are_counted() {
    let recorded = |start_s: f64, first_token_s: f64| Recorded {
        start_s,
        first_token_s,
        end_s: start_s + 0.01,
        prompt_tokens: 100,
        output_tokens: 5,
    };
    // The second request has its first token before it was sent.
    let broken = [
        recorded(0.0, 0.002),
        recorded(1.0, 0.5),
        recorded(2.0, 2.002),
    ];
    let project = chat(PROFILE, &report(&[requests(SYNCHRONOUS, &broken)]));
    assert_snapshot!(warnings(&project), @"
    eval/ground_truth/chat-tp1/guidellm-results.json: `benchmarks[0].requests.successful[1]`: 1 of 3 requests excluded from all figures, this one first: first token before start
    run `arms`, chat-tp1, benchmark 0 (synchronous): requests that are not simulated, since they failed, were cut off or have no usable times: 1
    ");
}
