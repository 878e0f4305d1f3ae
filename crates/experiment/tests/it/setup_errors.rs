//! Errors of model, GPU, assumptions and hardware.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
}

/// The run of the hypothesis with a setup of its own.
#[track_caller]
fn refused_own(setup: &str) -> String {
    refused(
        "      batch:",
        &format!("      setup: {setup}\n      batch:"),
    )
}

#[test]
fn a_model_or_gpu_that_is_not_there_is_named() {
    assert_snapshot!(refused("model: tiny", "model: tinny"), @"
    error: model `tinny` not found (did you mean `tiny`? known models: mixture, tiny)
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:10
      |
    9 |   model: tinny
      |          ^^^^^
    ");
    assert_snapshot!(refused("gpu: toy", "gpu: tyo"), @"
    error: gpu `tyo` not found (did you mean `toy`? known gpus: bare, toy)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:10:8
       |
    10 |   gpu: tyo
       |        ^^^
    ");
    assert_snapshot!(refused_own("{model: huge}"), @"
    error: model `huge` not found (known models: mixture, tiny)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:22
       |
    18 |       setup: {model: huge}
       |                      ^^^^
    ");
    assert_snapshot!(refused("  model: tiny\n", ""), @"
    error: run `steps`, in every cell: the setup names no model
      --> hypotheses/H1-longer-cache/hypothesis.yaml:12:3
       |
    12 |   steps:
       |   ^^^^^
    ");
    assert_snapshot!(refused("  gpu: toy\n", ""), @"
    error: run `steps`, in every cell: the setup names no gpu
      --> hypotheses/H1-longer-cache/hypothesis.yaml:12:3
       |
    12 |   steps:
       |   ^^^^^
    ");
}

#[test]
fn names_stay_inside_their_folder() {
    assert_snapshot!(refused("model: tiny", "model: ../../etc"), @"
    error: `../../etc` is no name of a model: expected the plain name of a folder in model_configs
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:10
      |
    9 |   model: ../../etc
      |          ^^^^^^^^^
    ");
    assert_snapshot!(refused("gpu: toy", "gpu: /etc"), @"
    error: `/etc` is no name of a gpu: expected the plain name of a folder in bench_data
      --> hypotheses/H1-longer-cache/hypothesis.yaml:10:8
       |
    10 |   gpu: /etc
       |        ^^^^
    ");
    assert_snapshot!(refused("model: tiny", "model: ''"), @"
    error: `` is no name of a model: expected the plain name of a folder in model_configs
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:10
      |
    9 |   model: ''
      |          ^^
    ");
}

#[test]
fn a_gpu_without_tables_says_which_are_missing() {
    assert_snapshot!(refused("gpu: toy", "gpu: bare"), @"
    error: run `steps`, in every cell: gpu `bare` has no MFU tables yet: bench_data/bare/gemm.csv, bench_data/bare/attention_prefill.csv, bench_data/bare/attention_decode.csv are missing (gpus with tables: toy)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}

#[test]
fn a_mixture_of_experts_is_refused() {
    assert_snapshot!(refused("model: tiny", "model: mixture"), @"
    error: model_configs/mixture/config.json: model `mixture` is a mixture of experts (8 experts, 2 per token); predictions cover dense models only, until the model covers mixture of experts
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:10
      |
    9 |   model: mixture
      |          ^^^^^^^
    ");
}

#[test]
fn tensor_parallel_divides_the_heads() {
    assert_snapshot!(refused("gpu: toy", "gpu: toy\n  tensor_parallel: 3"), @"
    error: run `steps`, in every cell: invalid step model: `tensor_parallel` is 3, which does not divide the 4 heads
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:3
       |
    14 |   steps:
       |   ^^^^^
    ");
    let varied = TestProject::new()
        .edit("kv: [64, 128]", "kv: [64, 128]\n        tp: [1, 2, 3]")
        .edit(
            "      batch:",
            "      setup: {tensor_parallel: tp}\n      batch:",
        );
    assert_snapshot!(varied.load_error(), @"
    error: run `steps`, tp = 3: invalid step model: `tensor_parallel` is 3, which does not divide the 4 heads
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}

#[test]
fn a_setting_takes_its_choices() {
    assert_snapshot!(refused("preset: feb27", "preset: feb28"), @"
    error: `assumptions.preset` cannot be `feb28`: it takes one of the choices
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:25
       |
    11 |   assumptions: {preset: feb28}
       |                         ^^^^^
       |
       = help: did you mean `feb24`?
       = help: valid choices: feb24, feb25-base, feb25-h28-fixed, feb27
    ");
    assert_snapshot!(refused("preset: feb27", "mixed_batch: weighted"), @"
    error: `assumptions.mixed_batch` cannot be `weighted`: it takes one of the choices
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:30
       |
    11 |   assumptions: {mixed_batch: weighted}
       |                              ^^^^^^^^
       |
       = help: did you mean `weighted-average`?
       = help: valid choices: max, weighted-average, smooth-weighted-average, additive
    ");
    assert_snapshot!(refused("preset: feb27", "decode_attention_mfu: [max-kv]"), @"
    error: a number, a word or the name of an axis is expected here, not a list
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:17
       |
    11 |   assumptions: {decode_attention_mfu: [max-kv]}
       |                 ^^^^^^^^^^^^^^^^^^^^
    ");
    assert_snapshot!(refused_own("{assumptions: {lm_head: exclude}}"), @"
    error: `assumptions.lm_head` cannot be `exclude`: it takes one of the choices
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:38
       |
    18 |       setup: {assumptions: {lm_head: exclude}}
       |                                      ^^^^^^^
       |
       = help: did you mean `excluded`?
       = help: valid choices: excluded, included
    ");
    assert_snapshot!(refused_own("{assumptions: {lm_head: 3}}"), @"
    error: `assumptions.lm_head` cannot be `3`: it takes one of the choices
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:38
       |
    18 |       setup: {assumptions: {lm_head: 3}}
       |                                      ^
       |
       = help: valid choices: excluded, included
    ");
    let varied = TestProject::new()
        .edit(
            "kv: [64, 128]",
            "kv: [64, 128]\n        method: [max-kv, wieghted]",
        )
        .edit(
            "      batch:",
            "      setup: {assumptions: {decode_attention_mfu: method}}\n      batch:",
        );
    assert_snapshot!(varied.load_error(), @"
    error: `assumptions.decode_attention_mfu` cannot be `wieghted`: it takes one of the choices
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:51
       |
    19 |       setup: {assumptions: {decode_attention_mfu: method}}
       |                                                   ^^^^^^
       |
       = help: did you mean `weighted`?
       = help: valid choices: max-kv, weighted, per-request-alone, per-request-in-batch
    ");
}

#[test]
fn a_setting_takes_its_numbers() {
    assert_snapshot!(refused("gpu: toy", "gpu: toy\n  tensor_parallel: 0"), @"
    error: `tensor_parallel` cannot be `0`: it takes a whole number from 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:20
       |
    11 |   tensor_parallel: 0
       |                    ^
    ");
    assert_snapshot!(refused("gpu: toy", "gpu: toy\n  tensor_parallel: two"), @"
    error: `tensor_parallel` cannot be `two`: it takes a whole number from 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:20
       |
    11 |   tensor_parallel: two
       |                    ^^^
    ");
    assert_snapshot!(refused("gpu: toy", "gpu: toy\n  hardware: {bandwidth_efficiency: 82}"), @"
    error: `hardware.bandwidth_efficiency` cannot be `82`: it takes a share from 0.000001 to 1, or 0 for all of it
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:36
       |
    11 |   hardware: {bandwidth_efficiency: 82}
       |                                    ^^
    ");
    assert_snapshot!(refused("gpu: toy", "gpu: toy\n  hardware: {peak_tflops: -1}"), @"
    error: `hardware.peak_tflops` cannot be `-1`: it takes a number above 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:27
       |
    11 |   hardware: {peak_tflops: -1}
       |                           ^^
    ");
    assert_snapshot!(refused("gpu: toy", "gpu: toy\n  hardware: {per_layer_overhead_us: 1 ms}"), @"
    error: `hardware.per_layer_overhead_us` cannot be `1 ms`: it takes a number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:37
       |
    11 |   hardware: {per_layer_overhead_us: 1 ms}
       |                                     ^
    ");
    assert_snapshot!(refused("preset: feb27", "factors: {causal_divisor: 0}"), @"
    error: `assumptions.factors.causal_divisor` cannot be `0`: it takes a number above 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:43
       |
    11 |   assumptions: {factors: {causal_divisor: 0}}
       |                                           ^
    ");
    let lists = TestProject::new()
        .edit("kv: [64, 128]", "kv: {cases: {a: {lens: [1, 2]}}}")
        .edit("kv: kv,", "kv: 64,")
        .edit(
            "      batch:",
            "      setup: {hardware: {peak_tflops: lens}}\n      batch:",
        );
    assert_snapshot!(lists.load_error(), @"
    error: `hardware.peak_tflops` cannot be `a list`: it takes one value
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:39
       |
    18 |       setup: {hardware: {peak_tflops: lens}}
       |                                       ^^^^
    ");
    let nothing = TestProject::new().edit("gpu: toy", "gpu: toy\n  hardware: {peak_tflops: 1e300}");
    assert_snapshot!(nothing.load_error(), @"
    error: run `steps`, in every cell: invalid hardware: `peak_flops_per_s` is inf FLOP/s, expected 1e6 to 1e21 FLOP/s
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:3
       |
    14 |   steps:
       |   ^^^^^
    ");
}
