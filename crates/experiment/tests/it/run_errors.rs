//! Errors of axes and batches that are found before anything runs.

use experiment::LoadOptions;
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
fn an_axis_that_is_not_there_is_named() {
    assert_snapshot!(refused("count: requests", "count: request"), @"
    error: run `steps` has no axis `request`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:40
       |
    18 |       batch: {decode: [{kv: kv, count: request}]}
       |                                        ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: its axes and fields: kv, requests
    ");
    assert_snapshot!(refused("kv: kv,", "kv: length,"), @"
    error: run `steps` has no axis `length`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: length, count: requests}]}
       |                             ^^^^^^
       |
       = help: its axes and fields: kv, requests
    ");
    assert_snapshot!(refused_batch("{prefill: [{new: nwe}], decode: [{kv: kv, count: requests}]}"), @"
    error: run `steps` has no axis `nwe`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:31
       |
    18 |       batch: {prefill: [{new: nwe}], decode: [{kv: kv, count: requests}]}
       |                               ^^^
       |
       = help: its axes and fields: kv, requests
    ");
}

#[test]
fn an_axis_must_be_used() {
    assert_snapshot!(refused(", count: requests", ""), @"
    error: axis `requests` of run `steps` is not used by its setup or its batch
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         requests: {range: [1, 2]}
       |         ^^^^^^^^
    ");
    assert_snapshot!(refused("        kv: [64, 128]\n", "        kv: [64, 128]\n        tp: [1, 2]\n        unused: {range: [1, 3]}\n"), @"
    error: axis `tp` of run `steps` is not used by its setup or its batch
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         tp: [1, 2]
       |         ^^

    error: axis `unused` of run `steps` is not used by its setup or its batch
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:9
       |
    18 |         unused: {range: [1, 3]}
       |         ^^^^^^
    ");
}

#[test]
fn an_axis_cannot_have_the_name_of_a_column() {
    let project = TestProject::new()
        .edit("kv: [64, 128]", "kv_max: [64, 128]")
        .edit("kv: kv,", "kv: kv_max,");
    assert_snapshot!(project.load_error(), @"
    error: `kv_max` is a column of the `step` probe: give the axis or field another name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv_max: [64, 128]
       |         ^^^^^^
    ");
    let project = TestProject::new()
        .edit("kv: [64, 128]", "kv: {cases: {a: {regime: 64}}}")
        .edit("kv: kv,", "kv: regime,");
    assert_snapshot!(project.load_error(), @"
    error: `regime` is a column of the `step` probe: give the axis or field another name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:26
       |
    16 |         kv: {cases: {a: {regime: 64}}}
       |                          ^^^^^^
    ");
}

#[test]
fn names_of_axes_and_fields_are_unique() {
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {requests: 64}}}"), @"
    error: run `steps` has two fields named `requests`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:26
       |
    16 |         kv: {cases: {a: {requests: 64}}}
       |                          ^^^^^^^^

    error: axis `kv` has the text `a`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {kv: 64}}}"), @"
    error: run `steps` has two fields named `kv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: {cases: {a: {kv: 64}}}
       |         ^^

    error: axis `kv` has the text `a`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
}

#[test]
fn names_can_stand_in_sql() {
    assert_snapshot!(refused("kv: [64, 128]", "k-v: [64, 128]"), @"
    error: axis `k-v` has no usable name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         k-v: [64, 128]
       |         ^^^
       |
       = help: names used in SQL begin with a letter and have letters, digits and underscores

    error: run `steps` has no axis `kv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
       |
       = help: did you mean `k-v`?
       = help: its axes and fields: k-v, requests
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {k v: 64}}}"), @"
    error: field `k v` has no usable name: names used in SQL begin with a letter and have letters, digits and underscores
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:26
       |
    16 |         kv: {cases: {a: {k v: 64}}}
       |                          ^^^

    error: axis `kv` has the text `a`, and a whole number from 0 to 4294967295 is needed here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
    ");
    assert_snapshot!(refused("  steps:\n", "  my steps:\n"), @"
    error: run `my steps` has no usable name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   my steps:
       |   ^^
       |
       = help: names used in SQL begin with a letter and have letters, digits and underscores
    ");
    assert_snapshot!(refused("kv: [64, 128]", "'': [64, 128]"), @"
    error: axis `` has no usable name
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         '': [64, 128]
       |         ^^
       |
       = help: names used in SQL begin with a letter and have letters, digits and underscores

    error: run `steps` has no axis `kv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: kv, count: requests}]}
       |                             ^^
       |
       = help: its axes and fields: , requests
    ");
}

#[test]
fn an_axis_has_values() {
    assert_snapshot!(refused("kv: [64, 128]", "kv: []"), @"
    error: axis `kv` of run `steps`: the axis has no values
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: []
       |         ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {}}"), @"
    error: axis `kv` of run `steps`: the axis has no values
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: {cases: {}}
       |         ^^
    ");
}

#[test]
fn a_range_leads_somewhere() {
    for range in [
        "[1]",
        "[]",
        "[1, 2, 3, 4]",
        "[2, 1]",
        "[1, 2, 0]",
        "[1, 2, -1]",
        "[1, two]",
        "[1, 2, true]",
        "[0.5, 0.1]",
        "[0.5, 1.5, 0]",
    ] {
        let error = refused("{range: [1, 2]}", &format!("{{range: {range}}}"));
        assert!(
            error.starts_with(
                "error: axis `requests` of run `steps`: a range is [from, to] or [from, to, step] with numbers, a step that is not 0 and leads from the first to the last\n"
            ),
            "{range}: {error}"
        );
    }
    assert_snapshot!(refused("{range: [1, 2]}", "{range: [2, 1]}"), @"
    error: axis `requests` of run `steps`: a range is [from, to] or [from, to, step] with numbers, a step that is not 0 and leads from the first to the last
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         requests: {range: [2, 1]}
       |         ^^^^^^^^
    ");
    assert_snapshot!(refused("{range: [1, 2]}", "{range: [1, 3000000]}"), @"
    error: axis `requests` of run `steps`: the range has more than 2000000 values
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         requests: {range: [1, 3000000]}
       |         ^^^^^^^^
    ");
    assert_snapshot!(refused("{range: [1, 2]}", "{range: [0, 1, 0.0000001]}"), @"
    error: axis `requests` of run `steps`: the range has more than 2000000 values
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         requests: {range: [0, 1, 0.0000001]}
       |         ^^^^^^^^
    ");
}

#[test]
fn cases_have_the_same_fields() {
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {x: 1, y: 2}, b: {x: 1}}}"), @"
    error: axis `kv` of run `steps`: case `b` lacks the field `y` that the first case has
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: {cases: {a: {x: 1, y: 2}, b: {x: 1}}}
       |         ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {x: 1}, b: {x: 1, y: 2}}}"), @"
    error: axis `kv` of run `steps`: case `b` has the field `y` that the first case lacks
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: {cases: {a: {x: 1}, b: {x: 1, y: 2}}}
       |         ^^
    ");
}

#[test]
fn the_values_of_an_axis_are_of_one_kind() {
    assert_snapshot!(refused("kv: [64, 128]", "kv: [64, long]"), @"
    error: axis `kv` of run `steps`: the values of `kv` are of different kinds: a column holds numbers, words or lists, not a mixture
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: [64, long]
       |         ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {x: 1}, b: {x: [1, 2]}}}"), @"
    error: axis `kv` of run `steps`: the values of `x` are of different kinds: a column holds numbers, words or lists, not a mixture
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: {cases: {a: {x: 1}, b: {x: [1, 2]}}}
       |         ^^
    ");
}

#[test]
fn a_product_of_axes_has_a_limit() {
    let many = TestProject::new().edit("kv: [64, 128]", "kv: {range: [1, 2000000]}");
    assert_snapshot!(many.load_error(), @"
    error: run `steps` has 2000000 x 2 cells, over the limit of 2000000
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    ");
    let limited = TestProject::new().edit("setup:\n", "max_cells: 3\nsetup:\n");
    assert_snapshot!(limited.load_error(), @"
    error: run `steps` has 2 x 2 cells, over the limit of 3
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:3
       |
    14 |   steps:
       |   ^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    ");
    let option = LoadOptions { max_cells: Some(4) };
    assert_eq!(limited.load_with(option).unwrap().cells(), 4);
    let option = LoadOptions { max_cells: Some(3) };
    let error = TestProject::new().load_with(option).unwrap_err();
    assert_snapshot!(error.to_string(), @"
    error: run `steps` has 2 x 2 cells, over the limit of 3
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    ");
    let none = TestProject::new()
        .edit("setup:\n", "max_cells: 0\nsetup:\n")
        .edit(
            "      vary:\n        kv: [64, 128]\n        requests: {range: [1, 2]}\n",
            "",
        )
        .edit("{kv: kv, count: requests}", "{kv: 64}");
    assert_snapshot!(none.load_error(), @"
    error: run `steps` has 1 cell, over the limit of 0
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:3
       |
    14 |   steps:
       |   ^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    ");
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
    ");
    assert_snapshot!(lookup("lookup: {gemm: {m: 1, k: 2, n: kv, o: 4}}"), @"
    error: unknown key `o`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:42
       |
    18 |       lookup: {gemm: {m: 1, k: 2, n: kv, o: 4}}
       |                                          ^
       |
       = help: did you mean `m`?
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
