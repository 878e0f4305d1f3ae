//! Errors of runs that simulate measured benchmarks.

use insta::assert_snapshot;

use crate::measured_project::{CONFIG, PROFILE, synchronous};
use crate::test_project::TestProject;

/// The hypothesis with more keys in its run.
fn with_keys(keys: &str) -> TestProject {
    TestProject::measured().edit(
        "        experiment: {ground_truth: {}}\n",
        &format!("        experiment: {{ground_truth: {{}}}}\n{keys}"),
    )
}

/// The ground truth with one more experiment, `other`, that has this configuration.
fn with_config(config: &str) -> TestProject {
    TestProject::measured().with_experiment("other", config, PROFILE, &synchronous())
}

#[test]
fn a_run_goes_over_the_ground_truth_once() {
    let none = TestProject::measured().edit("{ground_truth: {}}", "[chat-tp1]");
    assert_snapshot!(none.load_error(), @"
    error: run `arms` goes over no ground truth: it has nothing to simulate
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
       |
       = help: give it an axis such as `experiment: {ground_truth: {}}`
    ");
    let no_axis = TestProject::measured().edit(
        "      vary:\n        experiment: {ground_truth: {}}\n",
        "      vary: {}\n",
    );
    assert_snapshot!(no_axis.load_error(), @"
    error: run `arms` goes over no ground truth: it has nothing to simulate
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
       |
       = help: give it an axis such as `experiment: {ground_truth: {}}`
    ");
    let no_vary = TestProject::measured().edit(
        "      vary:\n        experiment: {ground_truth: {}}\n",
        "      seed: 1\n",
    );
    assert_snapshot!(no_vary.load_error(), @"
    error: the key `vary` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:7
       |
    13 |       seed: 1
       |       ^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    let two = with_keys("        again: {ground_truth: {workload: code}}\n");
    assert_snapshot!(two.load_error(), @"
    error: axis `again` of run `arms`: a run goes over the ground truth once: this is its second such axis
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:9
       |
    15 |         again: {ground_truth: {workload: code}}
       |         ^^^^^
    ");
}

#[test]
fn other_probes_measure_nothing() {
    let step = TestProject::measured().edit(
        "    serve:\n      vary:\n        experiment: {ground_truth: {}}\n",
        "    step:\n      vary:\n        experiment: {ground_truth: {}}\n      setup: {model: model, gpu: gpu}\n      batch: {decode: [{kv: 64}]}\n",
    );
    assert_snapshot!(step.load_error(), @"
    error: axis `experiment` of run `arms` goes over the ground truth, which only the probe `serve` does
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    let mfu = TestProject::measured().edit(
        "    serve:\n      vary:\n        experiment: {ground_truth: {}}\n",
        "    mfu:\n      vary:\n        experiment: {ground_truth: {}}\n      lookup: {prefill: {seq_len: 64}}\n",
    );
    assert_snapshot!(mfu.load_error(), @"
    error: axis `experiment` of run `arms` goes over the ground truth, which only the probe `serve` does
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
}

#[test]
fn columns_have_one_name_each() {
    let probe = TestProject::measured().edit("experiment: {ground", "strategy: {ground");
    assert_snapshot!(probe.load_error(), @"
    error: `strategy` is a column of the `serve` probe: give the axis or field another name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         strategy: {ground_truth: {}}
       |         ^^^^^^^^
    ");
    let own = TestProject::measured().edit("experiment: {ground", "model: {ground");
    assert_snapshot!(own.load_error(), @"
    error: run `arms` has two fields named `model`: an axis over the ground truth has one of that name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         model: {ground_truth: {}}
       |         ^^^^^
    ");
    let other = with_keys("        gpu: [toy]\n      setup: {gpu: gpu}\n");
    assert_snapshot!(other.load_error(), @"
    error: run `arms` has two fields named `gpu`: an axis over the ground truth has one of that name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:9
       |
    15 |         gpu: [toy]
       |         ^^^
    ");
    let case =
        with_keys("        arm: {cases: {a: {steps: 1}, b: {steps: 2}}}\n      seed: steps\n");
    assert_snapshot!(case.load_error(), @"
    error: `steps` is a column of the `serve` probe: give the axis or field another name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:27
       |
    15 |         arm: {cases: {a: {steps: 1}, b: {steps: 2}}}
       |                           ^^^^^
    ");
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
fn models_and_gpus_of_experiments_are_there() {
    let model = with_config(&CONFIG.replace("lab/Tiny", "lab/Tine"));
    assert_snapshot!(model.load_error(), @"
    error: run `arms`, experiment `other`: model `tine` not found (did you mean `tiny`? known models: mixture, small, tiny)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let mixture = with_config(&CONFIG.replace("lab/Tiny", "mixture"));
    assert_snapshot!(mixture.load_error(), @"
    error: run `arms`, experiment `other`: model_configs/mixture/config.json: model `mixture` is a mixture of experts (8 experts, 2 per token); predictions cover dense models only, until the model covers mixture of experts
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let gpu = with_config(&CONFIG.replace("gpu: toy", "gpu: toi"));
    assert_snapshot!(gpu.load_error(), @"
    error: run `arms`, experiment `other`: gpu `toi` not found (did you mean `toy`? known gpus: bare, toy)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let no_tables = with_config(&CONFIG.replace("gpu: toy", "gpu: bare"));
    assert_snapshot!(no_tables.load_error(), @"
    error: run `arms`, experiment = other: gpu `bare` has no MFU tables yet: bench_data/bare/gemm.csv, bench_data/bare/attention_prefill.csv, bench_data/bare/attention_decode.csv are missing (gpus with tables: toy)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let heads = with_config(&CONFIG.replace("parallelism: 1", "parallelism: 3"));
    assert_snapshot!(heads.load_error(), @"
    error: run `arms`, experiment = other: invalid step model: `tensor_parallel` is 3, which does not divide the 4 heads
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    let own = with_keys("      setup: {model: tine}\n");
    assert_snapshot!(own.load_error(), @"
    error: model `tine` not found (did you mean `tiny`? known models: mixture, small, tiny)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:22
       |
    15 |       setup: {model: tine}
       |                      ^^^^
    ");
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
