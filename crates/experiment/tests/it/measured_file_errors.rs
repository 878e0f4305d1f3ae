//! Errors of the files of an experiment.

use insta::assert_snapshot;

use crate::measured_project::{
    CONFIG, GROUND_TRUTH, PROFILE, SYNCHRONOUS, means, report, synchronous,
};
use crate::test_project::TestProject;

/// The error of running the one experiment with this profile and report.
#[track_caller]
fn with_files(profile: &str, report: &str) -> String {
    TestProject::measured()
        .with_experiment("chat-tp1", CONFIG, profile, report)
        .measured_chat()
        .run_error()
}

#[test]
fn a_benchmark_says_what_to_simulate() {
    assert_snapshot!(with_files("rate-type: synchronous\nmax-requests: 3\n", &synchronous()), @"
    error: run `arms`, experiment = chat-tp1: neither its report lists requests nor its profile.yaml says how long prompts and outputs are
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let no_count = PROFILE.replace("max-requests: 3\n", "");
    assert_snapshot!(with_files(&no_count, &synchronous()), @"
    error: run `arms`, experiment = chat-tp1: its report counts no requests and its profile.yaml has no `max-requests`: there is no telling how many to simulate
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let trace = report(&[
        means(SYNCHRONOUS, 1.0, 1.0, 1.0),
        means(r#"{"type_": "trace"}"#, 1.0, 1.0, 1.0),
    ]);
    assert_snapshot!(with_files(PROFILE, &trace), @"
    error: run `arms`, experiment = chat-tp1: benchmark 1: its requests came at recorded times, and the report does not list all of them
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
}

#[test]
fn more_requests_than_a_simulation_takes() {
    for count in ["4294967296", "4000000000", "100000000"] {
        let profile = PROFILE.replace("max-requests: 3", &format!("max-requests: {count}"));
        let error = with_files(&profile, &synchronous());
        assert!(error.contains("more than a simulation takes"), "{error}");
    }
}

#[test]
fn lengths_that_cannot_be() {
    let profile = PROFILE.replace(
        "output_tokens: 5",
        "output_tokens: 5\n  output_tokens_min: 9",
    );
    assert_snapshot!(with_files(&profile, &synchronous()), @"
    error: run `arms`, experiment = chat-tp1: its profile.yaml, `output_tokens`: `min` is 9, expected at most 5: where `max` is not given, that follows from `mean` and `std_dev`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
}

#[test]
fn files_that_cannot_be_read() {
    let broken = |file: &str, text: &str| {
        TestProject::measured()
            .with(&format!("{GROUND_TRUTH}/chat-tp1/{file}"), text)
            .load_error()
    };
    let whole = synchronous();
    assert_snapshot!(broken("guidellm-results.json", &whole[..whole.len() / 2]), @r#"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: `benchmarks[0].metrics.time_to_first_token_ms`: the text ends in the middle of the report: EOF while parsing a string
      --> eval/ground_truth/chat-tp1/guidellm-results.json:2:38
       |
     2 |           "time_to_first_token_ms": {"
       |                                      ^
       = help: docs/ground-truth.md says what each file holds
    "#);
    assert_snapshot!(broken("guidellm-results.json", ""), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: the text ends in the middle of the report: EOF while parsing a value
      --> eval/ground_truth/chat-tp1/guidellm-results.json:1:1
       |
     1 |
       | ^
       = help: docs/ground-truth.md says what each file holds
    ");
    assert_snapshot!(broken("guidellm-results.json", "{\"benchmarks\": []}"), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: `benchmarks` is empty, expected the benchmarks of a GuideLLM report
      --> eval/ground_truth/chat-tp1/guidellm-results.json
       = help: docs/ground-truth.md says what each file holds
    ");
    assert_snapshot!(broken("guidellm-results.json", &whole.replace("synchronous", "asynchronous")), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: `benchmarks[0].config.strategy.type_` is `asynchronous`, expected one of synchronous, concurrent, throughput, constant, poisson, trace
      --> eval/ground_truth/chat-tp1/guidellm-results.json
       = help: docs/ground-truth.md says what each file holds
    ");
    assert_snapshot!(broken("exp-config.yaml", "model: [a"), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: unclosed bracket '['
      --> eval/ground_truth/chat-tp1/exp-config.yaml:1:8
       |
     1 | model: [a
       |        ^^
       = help: close it, or put text with brackets into quotes
       = help: docs/ground-truth.md says what each file holds
    ");
    assert_snapshot!(broken("exp-config.yaml", "model: tiny\ntensor_parallelism: two\n"), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: `tensor_parallelism` is `two`, expected a whole number above 0
      --> eval/ground_truth/chat-tp1/exp-config.yaml:2:21
       |
     2 | tensor_parallelism: two
       |                     ^^^
       = help: docs/ground-truth.md says what each file holds
    ");
    assert_snapshot!(broken("profile.yaml", "data: {prompt_tokens: -1, output_tokens: 5}\n"), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: `data.prompt_tokens` is -1, expected a whole number of tokens
      --> eval/ground_truth/chat-tp1/profile.yaml:1:23
       |
     1 | data: {prompt_tokens: -1, output_tokens: 5}
       |                       ^^
       = help: docs/ground-truth.md says what each file holds
    ");
    let deep = "[".repeat(100_000);
    assert_snapshot!(broken("guidellm-results.json", &deep), @r"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: invalid type: sequence, expected an object
      --> eval/ground_truth/chat-tp1/guidellm-results.json:1:1
       |
     1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…
       | ^
       = help: docs/ground-truth.md says what each file holds
    ");
    let project = TestProject::measured();
    std::fs::remove_file(
        project
            .root()
            .join(GROUND_TRUTH)
            .join("chat-tp1/guidellm-results.json"),
    )
    .unwrap();
    assert_snapshot!(project.load_error(), @"
    error: axis `experiment` of run `arms`: eval/ground_truth/chat-tp1: no GuideLLM report (expected guidellm-results or benchmarks with one of the endings .json, .json.gz, .yaml, .yml, or one other file with such an ending)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    let splits = TestProject::measured().with(
        &format!("{GROUND_TRUTH}/splits.yaml"),
        "fit: {train: [chat-tp3], test: []}\n",
    );
    assert_snapshot!(splits.load_error(), @"
    error: axis `experiment` of run `arms`: eval/ground_truth cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: `fit.train[0]` names no folder: experiment `chat-tp3` not found (did you mean `chat-tp1`? known experiments: chat-tp1, code-tp2, sweep-tp1)
      --> eval/ground_truth/splits.yaml:1:15
       |
     1 | fit: {train: [chat-tp3], test: []}
       |               ^^^^^^^^
       = help: docs/ground-truth.md says what each file holds
    ");
}
