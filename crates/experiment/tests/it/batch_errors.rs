//! Errors of batches, look-ups and projections that are found before anything runs.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
}

/// The run of the hypothesis with another batch, and `requests` still used.
#[track_caller]
fn refused_batch(batch: &str) -> String {
    refused("{decode: [{kv: kv, count: requests}]}", batch)
}

#[test]
fn counts_are_whole_numbers() {
    assert_snapshot!(refused("kv: [64, 128]", "kv: [64, -1]"), @"
    error: axis `kv` has the value `-1`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: [64.5, 128]"), @"
    error: axis `kv` has the value `64.5`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: [64, 4294967296]"), @"
    error: axis `kv` has the value `4294967296`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
    assert_snapshot!(refused("count: requests", "count: -1"), @"
    error: `-1` is not a whole number from 0 to 4294967295 or the name of an axis
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:40
       |
    18 |       batch: {decode: [{kv: kv, count: -1}]}
       |                                        ^^
    ");
    assert_snapshot!(refused("count: requests", "count: 1.5"), @"
    error: `1.5` is not a whole number from 0 to 4294967295 or the name of an axis
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:40
       |
    18 |       batch: {decode: [{kv: kv, count: 1.5}]}
       |                                        ^^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: [long, short]"), @"
    error: axis `kv` has the text `long`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
}

#[test]
fn lists_and_generators_know_their_count() {
    assert_snapshot!(refused_batch("{decode: [{kv: [1, 2], count: requests}]}"), @"
    error: a list has a request for each value: leave `count` out
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:44
       |
    18 |       batch: {decode: [{kv: [1, 2], count: requests}]}
       |                                            ^^^^^^^^
    ");
    assert_snapshot!(refused_batch("{decode: [{kv: {linspace: [1, 2]}}]}"), @"
    error: a generator needs `count`: how many requests it makes
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:24
       |
    18 |       batch: {decode: [{kv: {linspace: [1, 2]}}]}
       |                        ^^^
    ");
    assert_snapshot!(refused_batch("{prefill: [{new: {start: 512, step: 256}}]}"), @"
    error: a generator needs `count`: how many requests it makes
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:25
       |
    18 |       batch: {prefill: [{new: {start: 512, step: 256}}]}
       |                         ^^^^
    ");
    assert_snapshot!(refused_batch("{prefill: [{new: 512, cached: {start: 512, step: 256}}]}"), @"
    error: a generator needs `count`: how many requests it makes
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:25
       |
    18 |       batch: {prefill: [{new: 512, cached: {start: 512, step: 256}}]}
       |                         ^^^^
    ");
    let cases = TestProject::new().edit("kv: [64, 128]", "kv: {cases: {a: {lens: [1, 2]}}}");
    let with_count = cases.edit("kv: kv,", "kv: lens,");
    assert_snapshot!(with_count.load_error(), @"
    error: a list has a request for each value: leave `count` out
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:42
       |
    18 |       batch: {decode: [{kv: lens, count: requests}]}
       |                                          ^^^^^^^^
    ");
}

#[test]
fn a_list_cannot_be_a_count() {
    let project = TestProject::new()
        .edit("{range: [1, 2]}", "{cases: {a: {lens: [1, 2]}}}")
        .edit("count: requests", "count: lens");
    assert_snapshot!(project.load_error(), @"
    error: axis `lens` has the list `1 2`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:40
       |
    18 |       batch: {decode: [{kv: kv, count: lens}]}
       |                                        ^^^^
    ");
}

#[test]
fn a_batch_has_requests() {
    assert_snapshot!(refused_batch("{}"), @"
    error: the batch of run `steps` has no requests
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
       |
       = help: give it `prefill: [{new: 512}]`, `decode: [{kv: 1024, count: 8}]` or both
    ");
    assert_snapshot!(refused_batch("{decode: []}"), @"
    error: the batch of run `steps` has no requests
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
       |
       = help: give it `prefill: [{new: 512}]`, `decode: [{kv: 1024, count: 8}]` or both
    ");
}

#[test]
fn look_ups_take_whole_numbers() {
    let lookup = |lookup: &str| {
        TestProject::new()
            .edit("    step:\n", "    mfu:\n")
            .edit("batch: {decode: [{kv: kv, count: requests}]}", lookup)
            .load_error()
    };
    assert_snapshot!(lookup("lookup: {decode: {batch: requests, kv: vk}}"), @"
    error: run `steps` has no axis `vk`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:46
       |
    18 |       lookup: {decode: {batch: requests, kv: vk}}
       |                                              ^^
       |
       = help: did you mean `kv`?
       = help: its axes and fields: kv, requests
    ");
    assert_snapshot!(lookup("lookup: {decode: {batch: requests, kv: 1.5}}"), @"
    error: `1.5` is not a whole number from 0 to 4294967295 or the name of an axis
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:46
       |
    18 |       lookup: {decode: {batch: requests, kv: 1.5}}
       |                                              ^^^
    ");
    assert_snapshot!(lookup("lookup: {decode: {batch: requests}}"), @"
    error: the key `kv` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:25
       |
    18 |       lookup: {decode: {batch: requests}}
       |                         ^^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(lookup("lookup: {decode: {batch: requests, kv: kv}, prefill: {seq_len: 1}}"), @"
    error: there is one key too many here: one says what this is
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:51
       |
    18 |       lookup: {decode: {batch: requests, kv: kv}, prefill: {seq_len: 1}}
       |                                                   ^^^^^^^
    ");
    assert_snapshot!(lookup("lookup: {decoding: {batch: requests, kv: kv}}"), @"
    error: unknown choice `decoding`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:16
       |
    18 |       lookup: {decoding: {batch: requests, kv: kv}}
       |                ^^^^^^^^
       |
       = help: did you mean `decode`?
       = help: valid choices: gemm, decode, prefill
    ");
    assert_snapshot!(lookup("lookup: decode"), @"
    error: a mapping of keys to values is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:1
       |
    19 | tables:
       | ^^^^^^
       |
       = help: a mapping is written {key: value}, or one key a line, indented by two blanks
    ");
    assert_snapshot!(lookup("lookup: {gemm: {m: 1, k: 2, n: kv, o: 4}}"), @"
    error: unknown key `o`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:42
       |
    18 |       lookup: {gemm: {m: 1, k: 2, n: kv, o: 4}}
       |                                          ^
       |
       = help: keys here: m, k, n
    ");
    let of_words = TestProject::new()
        .edit("    step:\n", "    mfu:\n")
        .edit(
            "batch: {decode: [{kv: kv, count: requests}]}",
            "lookup: {gemm: {m: requests, k: kv, n: 3}}",
        )
        .edit("kv: [64, 128]", "kv: [a, b]");
    assert_snapshot!(of_words.load_error(), @"
    error: axis `kv` has the text `a`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:39
       |
    18 |       lookup: {gemm: {m: requests, k: kv, n: 3}}
       |                                       ^^
    ");
}

#[test]
fn projections_are_named() {
    let gemm = |lookup: &str| {
        TestProject::new()
            .edit("    step:\n", "    gemm:\n")
            .edit("batch: {decode: [{kv: kv, count: requests}]}", lookup)
            .load_error()
    };
    assert_snapshot!(gemm("tokens: requests\n      projection: querry"), @"
    error: `querry` is no projection and no axis of run `steps`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:19
       |
    19 |       projection: querry
       |                   ^^^^^^
       |
       = help: did you mean `query`?
       = help: projections: all, query, key, value, output, gate, up, down, lm-head
    ");
    assert_snapshot!(gemm("tokens: requests\n      projection: kv"), @"
    error: axis `kv` has the value `64`, which is no projection
      --> hypotheses/H1-longer-cache/hypothesis.yaml:19:19
       |
    19 |       projection: kv
       |                   ^^
       |
       = help: projections: all, query, key, value, output, gate, up, down, lm-head
    ");
    assert_snapshot!(gemm("tokens: many\n      projection: all"), @"
    error: run `steps` has no axis `many`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:15
       |
    18 |       tokens: many
       |               ^^^^
       |
       = help: its axes and fields: kv, requests
    ");
}
