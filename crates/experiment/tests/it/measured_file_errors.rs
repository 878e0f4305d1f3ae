//! Errors of the files of an experiment.

use insta::assert_snapshot;

use crate::measured_project::{GROUND_TRUTH, synchronous};
use crate::test_project::TestProject;

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
