//! Errors of runs that simulate measured benchmarks.

use insta::assert_snapshot;

use crate::measured_project::{PROFILE, synchronous};
use crate::test_project::TestProject;

/// The ground truth with one more experiment, `other`, that has this configuration.
fn with_config(config: &str) -> TestProject {
    TestProject::measured().with_experiment("other", config, PROFILE, &synchronous())
}

#[test]
fn what_an_experiment_does_not_say() {
    assert_snapshot!(with_config("tensor_parallelism: 1\ngpu: toy\n").load_error(), @"
    error: axis `experiment` of run `arms`: experiment `other` does not say its `model`: add it to its exp-config.yaml, or to the setup of the run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    assert_snapshot!(with_config("model: tiny\ngpu: toy\n").load_error(), @"
    error: axis `experiment` of run `arms`: experiment `other` does not say its `tensor_parallel`: add it to its exp-config.yaml, or to the setup of the run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    assert_snapshot!(with_config("model: tiny\ntensor_parallelism: 1\n").load_error(), @"
    error: axis `experiment` of run `arms`: experiment `other` does not say its `gpu`: add it to its exp-config.yaml, or to the setup of the hypothesis
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    // Nobody asks for a benchmark of `other`.
    with_config("app: chat\n")
        .edit("ground_truth: {}", "ground_truth: {strategy: concurrent}")
        .run();
}

#[test]
fn what_experiments_say_otherwise_is_not_shared() {
    let shared =
        |setup: &str| TestProject::measured().edit("setup:\n", &format!("setup:\n  {setup}\n"));
    assert_snapshot!(shared("gpu: bare").load_error(), @"
    error: `gpu: bare` is read by no run: run `arms` takes it from its experiments, and `chat-tp1` has toy
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:8
      |
    9 |   gpu: bare
      |        ^^^^
      |
      = help: leave it out, or put it into the `setup` of the run to simulate all its experiments with `bare`
    ");
    assert_snapshot!(shared("tensor_parallel: 1").load_error(), @"
    error: `tensor_parallel: 1` is read by no run: run `arms` takes it from its experiments, and `code-tp2` has 2
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:20
      |
    9 |   tensor_parallel: 1
      |                    ^
      |
      = help: leave it out, or put it into the `setup` of the run to simulate all its experiments with `1`
    ");
    // All experiments ran on it.
    shared("gpu: toy").run();
    // The run has its own.
    shared("gpu: bare")
        .edit(
            "  arms:\n    serve:\n",
            "  arms:\n    serve:\n      setup: {gpu: toy}\n",
        )
        .run();
}
