//! Errors with the lines of the files.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use ground_truth::GroundTruth;

use crate::experiment::{Experiment, REPORT, good, report};

fn shown(file: &str, text: &str) -> String {
    Experiment::new(&[(REPORT, &report(&[good()], "")), (file, text)]).shown()
}

#[test]
fn values_of_a_configuration_are_marked() {
    insta::assert_snapshot!(
        shown("exp-config.yaml", "model: m\nmax-num-seqs: many # as many\ngpu_memory_utilization: 1.5\n"),
        @r"
    error: `max-num-seqs` is `many`, expected a whole number above 0
     --> x/exp-config.yaml:2:15
      |
    2 | max-num-seqs: many # as many
      |               ^^^^

    error: `gpu_memory_utilization` is 1.5, expected a number above 0, at most 1
     --> x/exp-config.yaml:3:25
      |
    3 | gpu_memory_utilization: 1.5
      |                         ^^^
      |
      = help: docs/ground-truth.md says what each file holds
    "
    );
    insta::assert_snapshot!(shown("exp-config.yaml", "tp: 1\ntensor_parallelism: 2\n"), @r"
    error: `tensor_parallelism` means the same as `tp`; keep one of them
     --> x/exp-config.yaml:2:21
      |
    2 | tensor_parallelism: 2
      |                     ^
      |
      = help: docs/ground-truth.md says what each file holds
    ");
    insta::assert_snapshot!(shown("exp-config.yaml", "- 1\n"), @r"
    error: `exp-config` is a list, expected a mapping
    --> x/exp-config.yaml
     = help: docs/ground-truth.md says what each file holds
    ");
    insta::assert_snapshot!(shown("exp-config.yaml", "model: [a\n"), @r"
    error: unclosed bracket '['
     --> x/exp-config.yaml:1:8
      |
    1 | model: [a
      |        ^^
      |
      = help: close it, or put text with brackets into quotes
      = help: docs/ground-truth.md says what each file holds
    ");
}

#[test]
fn values_of_a_profile_are_marked() {
    insta::assert_snapshot!(shown("profile.yaml", "rate-type: swep\nmax-requests: -4\n"), @r"
    error: `rate_type` is `swep`, expected one of synchronous, concurrent, throughput, constant, poisson, async, sweep, replay, goodput, knee (did you mean `sweep`?)
     --> x/profile.yaml:1:12
      |
    1 | rate-type: swep
      |            ^^^^

    error: `max_requests` is -4, expected a whole number above 0
     --> x/profile.yaml:2:15
      |
    2 | max-requests: -4
      |               ^^
      |
      = help: docs/ground-truth.md says what each file holds
    ");
    insta::assert_snapshot!(
        shown("profile.yaml", "spec:\n  data:\n    - kind: synthetic\n      prompt_tokens: few\n      output_tokens: 9\n"),
        @r"
    error: `spec.data.prompt_tokens` is `few`, expected a whole number of tokens
     --> x/profile.yaml:4:22
      |
    4 |       prompt_tokens: few
      |                      ^^^
      |
      = help: docs/ground-truth.md says what each file holds
    "
    );
    insta::assert_snapshot!(shown("profile.yaml", "rate: [1, é, -3]\r\n"), @r"
    error: `rate` is a list, expected a number above 0 or a list of them
     --> x/profile.yaml:1:7
      |
    1 | rate: [1, é, -3]
      |       ^^
      |
      = help: docs/ground-truth.md says what each file holds
    ");
    insta::assert_snapshot!(shown("profile.yaml", "data:\n  prompt_tokens: 7\n  output_token: 9\n"), @r"
    error: `data.output_tokens` is missing, expected the mean number of tokens
     --> x/profile.yaml:3:3
      |
    3 |   output_token: 9
      |   ^^^^^^^^^^^^
      |
      = help: is `output_token` meant to be `output_tokens`?
      = help: docs/ground-truth.md says what each file holds
    ");
    insta::assert_snapshot!(shown("profile.yaml", "data: 'prompt_tokens=few,output_tokens=9'\n"), @r"
    error: `data.prompt_tokens` is `few`, expected a whole number of tokens
     --> x/profile.yaml:1:7
      |
    1 | data: 'prompt_tokens=few,output_tokens=9'
      |       ^^^^^^^^^^^^^^^^^^
      |
      = help: docs/ground-truth.md says what each file holds
    ");
}

#[test]
fn splits_are_marked() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("chat-tp1")).unwrap();
    std::fs::write(
        root.path().join("splits.yaml"),
        "hg1:\n  train: [chat-tp1]\n  test:\n    - chat-tp2\n",
    )
    .unwrap();
    let error = GroundTruth::open(root.path()).unwrap_err();
    insta::assert_snapshot!(error.diagnostics().unwrap(), @r"
    error: `hg1.test[0]` names no folder: experiment `chat-tp2` not found (did you mean `chat-tp1`? known experiments: chat-tp1)
     --> splits.yaml:4:7
      |
    4 |     - chat-tp2
      |       ^^^^^^^^
      |
      = help: docs/ground-truth.md says what each file holds
    ");
}

#[test]
fn a_report_is_shown_where_its_line_is_short() {
    let torn = "{\"benchmarks\": [\n  {\"args\": tru}\n]}\n";
    insta::assert_snapshot!(Experiment::of_report(torn).shown(), @r#"
    error: `benchmarks[0].args`: expected ident
     --> x/guidellm-results.json:2:15
      |
    2 |   {"args": tru}
      |               ^
      |
      = help: docs/ground-truth.md says what each file holds
    "#);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(torn.as_bytes()).unwrap();
    let experiment = Experiment::empty();
    experiment.write("guidellm-results.json.gz", &gzip.finish().unwrap());
    insta::assert_snapshot!(experiment.shown(), @r#"
    error: `benchmarks[0].args`: expected ident
     --> x/guidellm-results.json.gz:2:15
      |
    2 |   {"args": tru}
      |               ^
      |
      = help: docs/ground-truth.md says what each file holds
    "#);
    insta::assert_snapshot!(Experiment::of_report("{\"benchmarks\": [").shown(), @r#"
    error: `benchmarks`: the text ends in the middle of the report: EOF while parsing a list
     --> x/guidellm-results.json:1:16
      |
    1 | {"benchmarks": [
      |                ^
      |
      = help: docs/ground-truth.md says what each file holds
    "#);
    let long = format!(
        "{{\"x\": [{}tru], \"benchmarks\": []}}",
        "1,".repeat(100_000)
    );
    insta::assert_snapshot!(Experiment::of_report(&long).shown(), @r"
    error: `x`: expected ident (line 1, column 200011)
    --> x/guidellm-results.json
     = help: docs/ground-truth.md says what each file holds
    ");
    insta::assert_snapshot!(Experiment::of_report("{}").shown(), @r"
    error: `benchmarks` is missing, expected the benchmarks of a GuideLLM report
    --> x/guidellm-results.json
     = help: docs/ground-truth.md says what each file holds
    ");
}
