//! Errors of axes that are found before anything runs.

use experiment::LoadOptions;
use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
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
    assert_snapshot!(refused("{decode: [{kv: kv, count: requests}]}", "{prefill: [{new: nwe}], decode: [{kv: kv, count: requests}]}"), @"
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
    error: axis `requests` of run `steps` is not used: nothing in the run names it
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         requests: {range: [1, 2]}
       |         ^^^^^^^^
    ");
    assert_snapshot!(refused("        kv: [64, 128]\n", "        kv: [64, 128]\n        tp: [1, 2]\n        unused: {range: [1, 3]}\n"), @"
    error: axis `tp` of run `steps` is not used: nothing in the run names it
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         tp: [1, 2]
       |         ^^

    error: axis `unused` of run `steps` is not used: nothing in the run names it
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
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: {cases: {a: {kv: 64}}}"), @"
    error: run `steps` has two fields named `kv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: {cases: {a: {kv: 64}}}
       |         ^^
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
    let option = LoadOptions {
        max_cells: Some(4),
        ..LoadOptions::default()
    };
    assert_eq!(limited.load_with(&option).unwrap().cells(), 4);
    let option = LoadOptions {
        max_cells: Some(3),
        ..LoadOptions::default()
    };
    let error = TestProject::new().load_with(&option).unwrap_err();
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
