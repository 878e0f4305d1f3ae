//! Errors of the settings of a simulation.

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

#[test]
fn what_settings_take() {
    let error = |keys: &str| with_keys(keys).load_error();
    assert_snapshot!(error("      overhead: {decode_us: -1}\n"), @"
    error: `overhead.decode_us` cannot be `-1`: it takes microseconds from 0 to 60000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:29
       |
    15 |       overhead: {decode_us: -1}
       |                             ^^
    ");
    assert_snapshot!(error("      overhead: {prefill_us: 1 ms}\n"), @"
    error: `overhead.prefill_us` cannot be `1 ms`: it takes microseconds from 0 to 60000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:30
       |
    15 |       overhead: {prefill_us: 1 ms}
       |                              ^
    ");
    assert_snapshot!(error("      overhead: {mixed_us: 60000001}\n"), @"
    error: `overhead.mixed_us` cannot be `60000001`: it takes microseconds from 0 to 60000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:28
       |
    15 |       overhead: {mixed_us: 60000001}
       |                            ^^^^^^^^
    ");
    assert_snapshot!(error("      server: {max_num_batched_tokens: 0}\n"), @"
    error: `server.max_num_batched_tokens` cannot be `0`: it takes a whole number from 1 to 16777216
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:40
       |
    15 |       server: {max_num_batched_tokens: 0}
       |                                        ^
    ");
    assert_snapshot!(error("      server: {max_num_seqs: 1.5}\n"), @"
    error: `server.max_num_seqs` cannot be `1.5`: it takes a whole number from 1 to 1048576
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:30
       |
    15 |       server: {max_num_seqs: 1.5}
       |                              ^^^
    ");
    assert_snapshot!(error("      server: {max_model_len: long}\n"), @"
    error: `server.max_model_len` cannot be `long`: it takes a whole number from 1 to 16777216
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:31
       |
    15 |       server: {max_model_len: long}
       |                               ^^^^
    ");
    assert_snapshot!(error("      server: {block_size: 100000}\n"), @"
    error: `server.block_size` cannot be `100000`: it takes a whole number from 1 to 65536
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:28
       |
    15 |       server: {block_size: 100000}
       |                            ^^^^^^
    ");
    assert_snapshot!(error("      server: {kv_blocks: -1}\n"), @"
    error: `server.kv_blocks` cannot be `-1`: it takes a whole number from 1 to 4294967294
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:27
       |
    15 |       server: {kv_blocks: -1}
       |                           ^^
    ");
    assert_snapshot!(error("      server: {gpu_memory_utilization: 90}\n"), @"
    error: `server.gpu_memory_utilization` cannot be `90`: it takes a share from 0.01 to 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:40
       |
    15 |       server: {gpu_memory_utilization: 90}
       |                                        ^^
    ");
    assert_snapshot!(error("      server: {chunked_prefill: 1}\n"), @"
    error: `server.chunked_prefill` cannot be `1`: it takes true or false
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:33
       |
    15 |       server: {chunked_prefill: 1}
       |                                 ^
    ");
    assert_snapshot!(error("      server: {prefix_caching: 'yes'}\n"), @"
    error: `server.prefix_caching` cannot be `yes`: it takes true or false
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:32
       |
    15 |       server: {prefix_caching: 'yes'}
       |                                ^^^^^
    ");
    assert_snapshot!(error("      lengths: stratfied\n"), @"
    error: `lengths` cannot be `stratfied`: it takes stratified or seeded
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:16
       |
    15 |       lengths: stratfied
       |                ^^^^^^^^^
    ");
    assert_snapshot!(error("      arrivals: configured\n"), @"
    error: `arrivals` cannot be `configured`: it takes as-measured, as-configured, constant-at-measured-rate or poisson-at-measured-rate
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:17
       |
    15 |       arrivals: configured
       |                 ^^^^^^^^^^
    ");
    assert_snapshot!(error("      seed: -1\n"), @"
    error: `seed` cannot be `-1`: it takes a whole number from 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:13
       |
    15 |       seed: -1
       |             ^^
    ");
}

#[test]
fn what_an_axis_gives_a_setting() {
    let error = |axis: &str, keys: &str| {
        with_keys(&format!("        x: {axis}\n      {keys}\n")).load_error()
    };
    assert_snapshot!(error("[0, -5]", "overhead: {decode_us: x}"), @"
    error: `overhead.decode_us` cannot be `-5`: it takes microseconds from 0 to 60000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:29
       |
    16 |       overhead: {decode_us: x}
       |                             ^
    ");
    assert_snapshot!(error("[16, 0.5]", "server: {block_size: x}"), @"
    error: `server.block_size` cannot be `0.5`: it takes a whole number from 1 to 65536
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:28
       |
    16 |       server: {block_size: x}
       |                            ^
    ");
    assert_snapshot!(error("[stratified, both]", "lengths: x"), @"
    error: `lengths` cannot be `both`: it takes stratified or seeded
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:16
       |
    16 |       lengths: x
       |                ^
    ");
    assert_snapshot!(error("{cases: {a: {y: [1, 2]}}}", "seed: y"), @"
    error: `seed` cannot be `a list`: it takes one value
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:13
       |
    16 |       seed: y
       |             ^
    ");
    assert_snapshot!(error("[1, 2]", "lengths: seeded"), @"
    error: axis `x` of run `arms` is not used: nothing in the run names it
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:9
       |
    15 |         x: [1, 2]
       |         ^
    ");
}

#[test]
fn values_from_sql_are_checked_when_they_are_known() {
    let error = |value: &str, keys: &str| {
        with_keys(&format!(
            "        x: {{sql: SELECT {value} AS value}}\n      {keys}\n"
        ))
        .run_error()
    };
    assert_snapshot!(error("-5", "overhead: {decode_us: x}"), @"
    error: run `arms`, experiment = chat-tp1, x = -5: `overhead.decode_us` cannot be `-5`: it takes microseconds from 0 to 60000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    assert_snapshot!(error("'both'", "lengths: x"), @"
    error: run `arms`, experiment = chat-tp1, x = both: `lengths` cannot be `both`: it takes stratified or seeded
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    assert_snapshot!(error("0.5", "server: {kv_blocks: x}"), @"
    error: run `arms`, experiment = chat-tp1, x = 0.5: `server.kv_blocks` cannot be `0.5`: it takes a whole number from 1 to 4294967294
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
}

#[test]
fn keys_that_there_are_not() {
    let error = |keys: &str| with_keys(keys).load_error();
    assert_snapshot!(error("      overheads: {decode_us: 1}\n"), @"
    error: unknown key `overheads`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:7
       |
    15 |       overheads: {decode_us: 1}
       |       ^^^^^^^^^
       |
       = help: did you mean `overhead`?
       = help: keys here: vary, setup, overhead, server, lengths, arrivals, seed
    ");
    assert_snapshot!(error("      overhead: {decode: 1}\n"), @"
    error: unknown key `decode`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:18
       |
    15 |       overhead: {decode: 1}
       |                  ^^^^^^
       |
       = help: did you mean `decode_us`?
       = help: keys here: decode_us, prefill_us, mixed_us
    ");
    assert_snapshot!(error("      server: {max_seqs: 1}\n"), @"
    error: unknown key `max_seqs`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:16
       |
    15 |       server: {max_seqs: 1}
       |                ^^^^^^^^
       |
       = help: did you mean `max_num_seqs`?
       = help: keys here: max_num_batched_tokens, max_num_seqs, max_model_len, block_size, kv_blocks, gpu_memory_utilization, chunked_prefill, prefix_caching
    ");
    assert_snapshot!(error("      batch: {decode: [{kv: 1}]}\n"), @"
    error: unknown key `batch`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:7
       |
    15 |       batch: {decode: [{kv: 1}]}
       |       ^^^^^
       |
       = help: keys here: vary, setup, overhead, server, lengths, arrivals, seed
    ");
}

#[test]
fn servers_that_cannot_be() {
    let error = |server: &str| {
        with_keys(&format!("      server: {{{server}}}\n"))
            .measured_chat()
            .run_error()
    };
    assert_snapshot!(error("max_num_batched_tokens: 64, max_num_seqs: 65"), @"
    error: run `arms`, experiment = chat-tp1: `max_num_batched_tokens` is 64, expected at least `max_num_seqs`, which is 65
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    // What exp-config.yaml states is checked the same way.
    let stated = |lines: &str| {
        let config = format!("{CONFIG}{lines}");
        TestProject::measured()
            .with_experiment("chat-tp1", &config, PROFILE, &synchronous())
            .measured_chat()
            .run_error()
    };
    assert_snapshot!(stated("max_num_batched_tokens: 64\nmax_num_seqs: 65\n"), @"
    error: run `arms`, experiment = chat-tp1: `max_num_batched_tokens` is 64, expected at least `max_num_seqs`, which is 65
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
    assert_snapshot!(stated("block_size: 100000\n"), @"
    error: run `arms`, experiment = chat-tp1: `block_size` is 100000, expected 1 to 65536
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:3
       |
    11 |   arms:
       |   ^^^^
    ");
}
