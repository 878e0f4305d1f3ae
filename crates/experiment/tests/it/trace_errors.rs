//! Errors of data and of runs that read it.

use experiment::LoadOptions;
use insta::assert_snapshot;

use crate::test_project::TestProject;
use crate::trace_rows::STEPS;

#[track_caller]
fn refused(from: &str, to: &str) -> String {
    TestProject::traced().edit(from, to).load_error()
}

#[test]
fn data_that_is_not_described() {
    assert_snapshot!(refused("trace: {data: trace}", "trace: {data: trase}"), @"
    error: there is no data `trase`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:25:19
       |
    25 |     trace: {data: trase}
       |                   ^^^^^
       |
       = help: did you mean `trace`?
       = help: data of the file: trace
    ");
    let text = TestProject::traced().hypothesis().to_owned();
    let (head, rest) = text.split_once("data:\n  trace:").unwrap();
    let (_, rest) = rest.split_once("runs:\n").unwrap();
    let none = TestProject::traced().with_hypothesis(format!("{head}runs:\n{rest}"));
    assert_snapshot!(none.load_error(), @"
    error: there is no data `trace`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:11:19
       |
    11 |     trace: {data: trace}
       |                   ^^^^^
       |
       = help: describe it under `data` at the top of the file
    ");
    assert_snapshot!(refused("step_id], data: trace", "step_id], data: steps"), @"
    error: there is no data `steps`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:43:46
       |
    43 |     rows: {key: [experiment, step_id], data: steps}
       |                                              ^^^^^
       |
       = help: data of the file: trace
    ");
}

#[test]
fn sources_that_do_not_fit() {
    for (from, to, expected) in [
        (
            "step_id: id",
            "step_id: {}",
            "a source is a `column` or a `constant`",
        ),
        (
            "step_id: id",
            "step_id: {column: id, constant: 1}",
            "a source is a `column` or a `constant`, not both",
        ),
        (
            "step_id: id",
            "step_id: {constant: 1, scale: 2}",
            "a `constant` has no `scale` and no `values`",
        ),
        (
            "step_id: id",
            "step_id: {column: id, scale: 2, values: {a: b}}",
            "`scale` is for numbers and `values` for words: a column has one of them",
        ),
        (
            "step_id: id",
            "step_id: {column: id, scale: 0}",
            "`scale` is a positive number",
        ),
        (
            "step_id: id",
            "step_id: {column: id, sclae: 2}",
            "unknown key `sclae`",
        ),
        (
            "experiment: run",
            "experiment: {constant: 1}",
            "`experiment` is text: it has no `constant`",
        ),
        (
            "experiment: run",
            "experiment: {column: run, scale: 2}",
            "`experiment` is text: it has no `scale`",
        ),
        (
            "tensor_parallel: tp",
            "tensor_parallel: {column: tp, values: {a: b}}",
            "`tensor_parallel` is a whole number from 0 to 4294967295: it has no `values`",
        ),
        (
            "step_id: id",
            "step_id: {constant: 1.5}",
            "`step_id` cannot be 1.5: it is a whole number",
        ),
    ] {
        let error = refused(from, to);
        assert!(error.contains(expected), "{error}");
        assert!(error.contains("hypothesis.yaml:1"), "{error}");
        // One problem, one message.
        assert_eq!(error.matches("error: ").count(), 1, "{error}");
    }
}

#[test]
fn a_model_without_a_folder() {
    let error = TestProject::traced()
        .edit("T: tiny", "T: tinny")
        .traced_error();
    assert!(
        error.contains("run `steps`, experiment `a`: ") && error.contains("tinny"),
        "{error}"
    );
    // Three GPUs do not divide four heads, and no server has none.
    for (degree, expected) in [
        (
            "3",
            "invalid step model: `tensor_parallel` is 3, which does not divide the 4 heads",
        ),
        (
            "0",
            "`tensor_parallel` cannot be `0`: it takes a whole number from 1",
        ),
    ] {
        let steps = STEPS.replace(",T,1,", &format!(",T,{degree},"));
        let project = TestProject::traced().with("steps.csv", steps);
        let error = project.traced_error();
        let expected = format!("run `steps`, experiment = a: {expected}");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn a_value_of_a_trace_is_shown_in_its_line() {
    let steps = STEPS.replacen(",T,1,", ",T,one,", 1);
    let project = TestProject::traced().with("steps.csv", steps);
    let root = format!("{}/", project.root().display());
    assert_snapshot!(project.traced_error().replace(&root, ""), @"
    error: data `trace` cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:10:3
       |
    10 |   trace:
       |   ^^^^^
       |
    note: column `tp`, row 1: the text `one`, and `tensor_parallel` is a whole number from 0 to 4294967295
      --> steps.csv:2:5
       |
     2 | a,T,one,1,0,100,1,100,0,0
       |     ^^^
       = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
}

#[test]
fn a_trace_of_which_nothing_is_left() {
    let project = TestProject::traced().edit(
        "{T: tiny, S: small, M: null}",
        "{T: null, S: null, M: null}",
    );
    let error = project.traced_error();
    let root = format!("{}/", project.root().display());
    assert_snapshot!(error.replace(&root, ""), @"
    error: data `trace`: steps.csv: no step is in it: the mapping leaves out all 5 rows
      --> hypotheses/H1-longer-cache/hypothesis.yaml:10:3
       |
    10 |   trace:
       |   ^^^^^
    ");
}

#[test]
fn every_step_counts_as_a_cell() {
    let project = TestProject::traced_unpublished().edit(
        "trace: {data: trace}",
        "trace: {data: trace, vary: {layer_us: [0, 10]}, setup: {hardware: {per_layer_overhead_us: layer_us}}}",
    );
    let options = |most: u64| LoadOptions {
        max_cells: Some(most),
        ..project.with_trace()
    };
    assert!(project.load_with(&options(8)).is_ok());
    let Err(error) = project.load_with(&options(7)) else {
        panic!("eight rows are over the limit of seven");
    };
    assert_snapshot!(error.to_string(), @"
    error: run `steps` has a row for each of 4 steps in 2 x 2 cells, over the limit of 7
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:3
       |
    24 |   steps:
       |   ^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    ");
}

#[test]
fn every_step_counts_where_a_query_gives_the_axis() {
    let project = TestProject::traced_unpublished().edit(
        "trace: {data: trace}",
        "trace:
      data: trace
      vary: {layer_us: {sql: \"SELECT overhead AS value FROM overheads\"}}
      setup: {hardware: {per_layer_overhead_us: layer_us}}",
    ).edit("tables:\n  rows:\n", "  overheads_of:
    step: {vary: {overhead: [0, 10]}, setup: {model: tiny, hardware: {per_layer_overhead_us: overhead}}, batch: {decode: [{kv: 64}]}}
tables:
  overheads: {title: Overheads, sql: SELECT overhead FROM overheads_of ORDER BY overhead}
  rows:
");
    let run = |most: u64| {
        let options = LoadOptions {
            max_cells: Some(most),
            ..project.with_trace()
        };
        let hypothesis = project.load_with(&options);
        hypothesis.unwrap_or_else(|error| panic!("{error}")).run()
    };
    assert!(run(8).is_ok());
    let Err(error) = run(7) else {
        panic!("eight rows are over the limit of seven");
    };
    assert_snapshot!(error.to_string(), @r#"
    error: axis `layer_us` of run `steps`: with its values the run has more rows, one for each step of each cell, than the limit of 7
      --> hypotheses/H1-longer-cache/hypothesis.yaml:27:30
       |
    27 |       vary: {layer_us: {sql: "SELECT overhead AS value FROM overheads"}}
       |                              ^^^^^^^
       |
       = help: raise `max_cells` in the file or pass --max-cells
    "#);
}

#[test]
fn a_step_that_no_model_takes() {
    let project = TestProject::traced_unpublished().edit(
        "      decode_kv_tokens: kv\n",
        "      kv_tokens: {column: kv, scale: 1e12}\n",
    );
    let hypothesis = project.load_traced();
    let Err(error) = hypothesis.run() else {
        panic!("no server has as many tokens");
    };
    assert_snapshot!(error.to_string(), @"
    error: run `steps`, experiment = a: row 2 of the trace: a request has 4294967295 tokens, expected up to 16777216
      --> hypotheses/H1-longer-cache/hypothesis.yaml:24:3
       |
    24 |   steps:
       |   ^^^^^
    ");
}
