//! What the reader of the file says of keys, types and choices.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::new().edit(from, to).load_error()
}

#[test]
fn the_hypothesis_of_the_tests_is_in_order() {
    let outcome = TestProject::new().run();
    assert_eq!(outcome.verdict, experiment::Verdict::Confirmed);
    assert_eq!(outcome.drift(), []);
}

#[test]
fn an_unknown_key_comes_with_the_nearest() {
    assert_snapshot!(refused("refuted_if: It", "refuted_when: It"), @"
    error: unknown key `refuted_when`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:7:1
      |
    7 | refuted_when: It does not.
      | ^^^^^^^^^^^^
      |
      = help: did you mean `refuted_if`?
      = help: keys here: id, title, family, type, date, statement, refuted_if, setup, data, max_cells, runs, tables, checks, plots, published
    ");
    assert_snapshot!(refused("statement: A", "statment: A"), @"
    error: unknown key `statment`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:6:1
      |
    6 | statment: A decode step over a longer KV cache takes longer.
      | ^^^^^^^^
      |
      = help: did you mean `statement`?
      = help: keys here: id, title, family, type, date, statement, refuted_if, setup, data, max_cells, runs, tables, checks, plots, published
    ");
    assert_snapshot!(refused("    title: Step times", "    titel: Step times"), @"
    error: unknown key `titel`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:5
       |
    21 |     titel: Step times
       |     ^^^^^
       |
       = help: did you mean `title`?
       = help: keys here: title, sql, figures, note, columns, rows
    ");
    assert_snapshot!(refused("count: requests", "cuont: requests"), @"
    error: unknown key `cuont`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:33
       |
    18 |       batch: {decode: [{kv: kv, cuont: requests}]}
       |                                 ^^^^^
       |
       = help: did you mean `count`?
       = help: keys here: kv, count
    ");
    assert_snapshot!(refused("  assumptions: {preset: feb27}", "  assumptions: {prest: feb27}"), @"
    error: unknown key `prest`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:17
       |
    11 |   assumptions: {prest: feb27}
       |                 ^^^^^
       |
       = help: did you mean `preset`?
       = help: keys here: preset, mfu_lookup, gemm_time, decode_attention_flops, decode_attention_mfu, prefill_context, mixed_batch, lm_head, factors
    ");
    assert_snapshot!(refused("    step:\n", "    setp:\n"), @"
    error: unknown choice `setp`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:5
       |
    14 |     setp:
       |     ^^^^
       |
       = help: did you mean `step`?
       = help: valid choices: step, mfu, gemm, serve, trace
    ");
    assert_snapshot!(refused("{range: [1, 2]}", "{rnage: [1, 2]}"), @"
    error: unknown key `rnage`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:20
       |
    17 |         requests: {rnage: [1, 2]}
       |                    ^^^^^
       |
       = help: did you mean `range`?
       = help: keys here: range, cases, sql, ground_truth
    ");
    assert_snapshot!(refused("kv: {label: KV length}", "kv: {lable: KV length}"), @"
    error: unknown key `lable`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:12
       |
    24 |       kv: {lable: KV length}
       |            ^^^^^
       |
       = help: did you mean `label`?
       = help: keys here: label, digits, suffix
    ");
}

#[test]
fn a_missing_key_is_named() {
    assert_snapshot!(refused("title: A longer cache takes longer\n", ""), @"
    error: the key `title` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:1
       |
    24 | checks:
       | ^^^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("    title: Step times\n", ""), @"
    error: the key `title` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:22:5
       |
    22 |     columns:
       |     ^^^^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("    role: acceptance\n", ""), @"
    error: the key `role` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:28:5
       |
    28 |     sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
       |     ^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("{kv: kv, count: requests}", "{count: requests}"), @"
    error: the key `kv` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:25
       |
    18 |       batch: {decode: [{count: requests}]}
       |                         ^^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("      batch: {decode: [{kv: kv, count: requests}]}\n", ""), @"
    error: the key `batch` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:15:7
       |
    15 |       vary:
       |       ^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    assert_snapshot!(refused("title: A longer cache takes longer", "title: [A]"), @"
    error: text is expected here
     --> hypotheses/H1-longer-cache/hypothesis.yaml:2:8
      |
    2 | title: [A]
      |        ^^
    ");
    assert_snapshot!(refused("refuted_if: It does not.", "refuted_if:"), @"
    error: text is expected here, and there is none
     --> hypotheses/H1-longer-cache/hypothesis.yaml:7:11
      |
    7 | refuted_if:
      |           ^
    ");
    assert_snapshot!(refused("date: 2026-01-31", "date: 20260131"), @"
    error: date `20260131` is not a day of the calendar written as YYYY-MM-DD
     --> hypotheses/H1-longer-cache/hypothesis.yaml:5:7
      |
    5 | date: 20260131
      |       ^^^^^^^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: 64"), @"
    error: a list of values, {range: [from, to, step]}, {cases: {name: {field: value}}}, {sql: SELECT ...} or {ground_truth: {...}} is expected here, not integer `64`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:9
       |
    16 |         kv: 64
       |         ^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: [64, [128]]"), @"
    error: a number, a word or the name of an axis is expected here, not a list
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:18
       |
    16 |         kv: [64, [128]]
       |                  ^^^^
    ");
    assert_snapshot!(refused("kv: [64, 128]", "kv: [64, null]"), @"
    error: a number, a word or the name of an axis is expected here, not nothing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:16:18
       |
    16 |         kv: [64, null]
       |                  ^^^^
    ");
    assert_snapshot!(refused("{range: [1, 2]}", "{range: 1}"), @"
    error: a list is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:27
       |
    17 |         requests: {range: 1}
       |                           ^
       |
       = help: a list is written [a, b], or one item a line, each behind `- `
    ");
    assert_snapshot!(refused("{range: [1, 2]}", "{}"), @"
    error: the key `range` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:19
       |
    17 |         requests: {}
       |                   ^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("kv: {label: KV length}", "kv: {label: KV length, digits: -1}"), @"
    error: a whole number from 0 to 255 is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:38
       |
    24 |       kv: {label: KV length, digits: -1}
       |                                      ^^
    ");
    assert_snapshot!(refused("kv: {label: KV length}", "kv: {label: KV length, digits: many}"), @"
    error: a whole number from 0 to 255 is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:38
       |
    24 |       kv: {label: KV length, digits: many}
       |                                      ^^^^
    ");
    assert_snapshot!(refused("kv: {label: KV length}", "kv: KV length"), @"
    error: a mapping of keys to values is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:11
       |
    24 |       kv: KV length
       |           ^^
       |
       = help: a mapping is written {key: value}, or one key a line, indented by two blanks
    ");
    assert_snapshot!(refused("checks:\n  - id: takes-time", "checks:\n    id: takes-time"), @"
    error: a list is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:26:5
       |
    26 |     id: takes-time
       |     ^^
       |
       = help: a list is written [a, b], or one item a line, each behind `- `
    ");
    assert_snapshot!(refused("{kv: kv, count: requests}", "{kv: {a: 1}, count: requests}"), @"
    error: unknown key `a`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:30
       |
    18 |       batch: {decode: [{kv: {a: 1}, count: requests}]}
       |                              ^
       |
       = help: keys here: linspace, start, step
    ");
    assert_snapshot!(refused("{kv: kv, count: requests}", "{kv: [-1]}"), @"
    error: a whole number from 0 to 4294967295 is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:30
       |
    18 |       batch: {decode: [{kv: [-1]}]}
       |                              ^^
    ");
    assert_snapshot!(refused("{kv: kv, count: requests}", "{kv: 1.5, count: requests}"), @"
    error: a token count, the name of an axis, a list, {linspace: [from, to]} or {start: n, step: n} is expected here, not floating point `1.5`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:25
       |
    18 |       batch: {decode: [{kv: 1.5, count: requests}]}
       |                         ^^
    ");
    assert_snapshot!(refused("{kv: kv, count: requests}", "{kv: true, count: requests}"), @"
    error: a token count, the name of an axis, a list, {linspace: [from, to]} or {start: n, step: n} is expected here, not boolean `true`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:25
       |
    18 |       batch: {decode: [{kv: true, count: requests}]}
       |                         ^^
    ");
    assert_snapshot!(refused("{kv: kv, count: requests}", "{kv: kv, count: [1]}"), @"
    error: a number, a word or the name of an axis is expected here, not a list
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:33
       |
    18 |       batch: {decode: [{kv: kv, count: [1]}]}
       |                                 ^^^^^
    ");
    assert_snapshot!(refused("  model: tiny", "  model: {name: tiny}"), @"
    error: a number, a word or the name of an axis is expected here, not a mapping of keys to values
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:10
      |
    9 |   model: {name: tiny}
      |          ^^^^^
    ");
}

#[test]
fn an_unknown_choice_comes_with_the_valid_ones() {
    assert_snapshot!(refused("family: structural-model", "family: structural"), @"
    error: unknown choice `structural`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:3:9
      |
    3 | family: structural
      |         ^^^^^^^^^^
      |
      = help: did you mean `structural-model`?
      = help: valid choices: structural-model, mfu-tables, calibration, serving, measurement
    ");
    assert_snapshot!(refused("type: deterministic", "type: Deterministic"), @"
    error: unknown choice `Deterministic`
     --> hypotheses/H1-longer-cache/hypothesis.yaml:4:7
      |
    4 | type: Deterministic
      |       ^^^^^^^^^^^^^
      |
      = help: did you mean `deterministic`?
      = help: valid choices: deterministic, statistical, ground-truth
    ");
    assert_snapshot!(refused("role: acceptance", "role: acceptence"), @"
    error: unknown choice `acceptence`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:11
       |
    27 |     role: acceptence
       |           ^^^^^^^^^^
       |
       = help: did you mean `acceptance`?
       = help: valid choices: precondition, refutation, acceptance, primary, control
    ");
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    assert_snapshot!(refused("date: 2026-01-31", "date: 2026-01-31\ndate: 2026-02-01"), @"
    error: the key `date` stands twice
     --> hypotheses/H1-longer-cache/hypothesis.yaml:6:1
      |
    6 | date: 2026-02-01
      | ^^^^
    ");
    assert_snapshot!(refused("        kv: [64, 128]", "        kv: [64, 128]\n        kv: [1]"), @"
    error: the key `kv` stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:9
       |
    17 |         kv: [1]
       |         ^^
    ");
    assert_snapshot!(refused("    columns:\n", "    columns:\n      kv: {digits: 1}\n"), @"
    error: the key `kv` stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:25:7
       |
    25 |       kv: {label: KV length}
       |       ^^
    ");
    assert_snapshot!(refused("tables:\n", "tables:\n  times: {title: T, sql: SELECT 1 AS a}\n"), @"
    error: the key `times` stands twice
      --> hypotheses/H1-longer-cache/hypothesis.yaml:21:3
       |
    21 |   times:
       |   ^^^^^
    ");
}

#[test]
fn an_axis_has_one_form() {
    assert_snapshot!(refused("{range: [1, 2]}", "{range: [1, 2], cases: {}}"), @"
    error: an axis is one of range, cases, sql, ground_truth: `cases` is one too many
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:19
       |
    17 |         requests: {range: [1, 2], cases: {}}
       |                   ^^^^^^
    ");
    assert_snapshot!(refused("{range: [1, 2]}", "{range: [1, 2], step: 3}"), @"
    error: an axis is one of range, cases, sql, ground_truth: `step` is one too many
      --> hypotheses/H1-longer-cache/hypothesis.yaml:17:19
       |
    17 |         requests: {range: [1, 2], step: 3}
       |                   ^^^^^^
    ");
}

#[test]
fn a_generator_has_one_form() {
    assert_snapshot!(refused("kv: kv,", "kv: {linspace: [1, 2], start: 1},"), @"
    error: a generator is either {linspace: [from, to]} or {start: n, step: n}
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: {linspace: [1, 2], start: 1}, count: requests}]}
       |                             ^^^^^^^^^
    ");
    assert_snapshot!(refused("kv: kv,", "kv: {start: 1},"), @"
    error: the key `step` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:30
       |
    18 |       batch: {decode: [{kv: {start: 1}, count: requests}]}
       |                              ^^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("kv: kv,", "kv: {step: 1},"), @"
    error: the key `start` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:30
       |
    18 |       batch: {decode: [{kv: {step: 1}, count: requests}]}
       |                              ^^^^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("kv: kv,", "kv: {linspace: [1, 2, 3]},"), @"
    error: 2 values are expected here, not 3
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:30
       |
    18 |       batch: {decode: [{kv: {linspace: [1, 2, 3]}, count: requests}]}
       |                              ^^^^^^^^
    ");
    assert_snapshot!(refused("kv: kv,", "kv: {},"), @"
    error: the key `linspace` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:18:29
       |
    18 |       batch: {decode: [{kv: {}, count: requests}]}
       |                             ^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
}

#[test]
fn text_with_a_comma_in_braces_gets_a_hint() {
    assert_snapshot!(refused("kv: {label: KV length}", "kv: {label: KV length, in tokens}"), @"
    error: unknown key `in tokens`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:30
       |
    24 |       kv: {label: KV length, in tokens}
       |                              ^^
       |
       = help: keys here: label, digits, suffix
       = help: text with a comma needs quotes inside {...}
    ");
}

#[test]
fn slips_of_indentation_have_their_next_step() {
    let empty = "runs:\n  steps:\nrest:\n";
    assert_snapshot!(TestProject::new().with_hypothesis(empty).load_error(), @"
    error: nothing stands here, and one of the choices is expected
     --> hypotheses/H1-longer-cache/hypothesis.yaml:2:8
      |
    2 |   steps:
      |        ^
      |
      = help: valid choices: step, mfu, gemm, serve, trace
      = help: what belongs to a key is indented by two blanks more than the key
    ");
    assert_snapshot!(refused("  model: ", "   model: "), @"
    error: while parsing a block mapping, did not find expected key
      --> hypotheses/H1-longer-cache/hypothesis.yaml:10:3
       |
    10 |   gpu: toy
       |   ^^^
       |
       = help: the keys of a mapping begin in one column, and brackets are closed: look at the lines above as well
    ");
    assert_snapshot!(refused("  model: ", "\tmodel: "), @"
    error: tabs disallowed within this context (block indentation)
     --> hypotheses/H1-longer-cache/hypothesis.yaml:9:2
      |
    9 |     model: tiny
      |     ^^^^^
      |
      = help: indent with blanks: YAML takes no tabs
    ");
    assert_snapshot!(refused("title: A", "title:A"), @"
    error: simple key expected ':'
     --> hypotheses/H1-longer-cache/hypothesis.yaml:2:1
      |
    2 | title:A longer cache takes longer
      | ^^^^^
      |
      = help: text with `: ` in it needs quotes; where it is a key, it or the key above begins in the wrong column or has no blank behind its `:`, or a bracket or a quote above is still open
    ");
}

#[test]
fn a_title_is_one_line() {
    let title = refused(
        "title: A longer cache takes longer",
        "title: \"Longer\\n\\n**Status: REFUTED**\"",
    );
    assert_snapshot!(title, @"
    error: `title` is more than one line of words
     --> hypotheses/H1-longer-cache/hypothesis.yaml:1:5
      |
    1 | id: H1
      |     ^^
    ");
    let of_table = refused("title: Step times", "title: \"Times\\n\\n## Checks\"");
    assert_snapshot!(of_table, @"
    error: the title of table `times` is more than one line of words
      --> hypotheses/H1-longer-cache/hypothesis.yaml:20:3
       |
    20 |   times:
       |   ^^^^^
    ");
}
