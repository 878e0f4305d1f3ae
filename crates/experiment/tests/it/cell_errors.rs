//! Errors of single cells of a sweep, which name the cell.

use insta::assert_snapshot;

use crate::test_project::TestProject;

#[test]
fn an_empty_batch_names_its_cell() {
    let project = TestProject::new().edit("{range: [1, 2]}", "{range: [0, 2]}");
    assert_snapshot!(project.run_error(), @"
    error: run `steps`, kv = 64, requests = 0: the batch has no requests
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}

#[test]
fn a_request_without_tokens_names_its_cell() {
    let decode = TestProject::new().edit("kv: [64, 128]", "kv: [64, 0]");
    assert_snapshot!(decode.run_error(), @"
    error: run `steps`, kv = 0, requests = 1: a decode request has a kv length of 0, expected at least 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
    let prefill = TestProject::new().edit(
        "{kv: kv, count: requests}]",
        "{kv: kv, count: requests}], prefill: [{new: 0}]",
    );
    assert_snapshot!(prefill.run_error(), @"
    error: run `steps`, kv = 64, requests = 1: a prefill request has 0 new tokens, expected at least 1
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}

#[test]
fn requests_and_tokens_have_bounds() {
    let kv = TestProject::new().edit("kv: [64, 128]", "kv: [64, 4000000000]");
    assert_snapshot!(kv.run_error(), @"
    error: run `steps`, kv = 4000000000, requests = 1: a request has 4000000000 tokens, expected up to 16777216
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
    let count = TestProject::new().edit("{range: [1, 2]}", "[1, 4294967295]");
    assert_snapshot!(count.run_error(), @"
    error: run `steps`, kv = 64, requests = 4294967295: a batch has 4294967295 requests of one kind, expected up to 16777216
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
    let prefill = TestProject::new()
        .edit(
            "decode: [{kv: kv, count: requests}]",
            "prefill: [{new: kv, count: requests}]",
        )
        .edit("{range: [1, 2]}", "[1, 4294967295]");
    assert_snapshot!(prefill.run_error(), @"
    error: run `steps`, kv = 64, requests = 4294967295: an entry makes 4294967295 requests one by one, over the limit of 65536
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
    let generator = TestProject::new()
        .edit(
            "kv: kv, count: requests",
            "kv: {start: 1, step: 4294967295}, count: requests",
        )
        .edit("        kv: [64, 128]\n", "")
        .edit("SELECT kv, requests,", "SELECT kv_max AS kv, requests,");
    assert_snapshot!(generator.run_error(), @"
    error: run `steps`, requests = 2: a generated length is beyond 4294967295
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}

#[test]
fn lists_of_one_entry_are_of_one_length() {
    let project = TestProject::new()
        .edit(
            "kv: [64, 128]",
            "kv: {cases: {a: {new: [1, 2], cached: [3, 4]}, b: {new: [1, 2], cached: [3]}}}",
        )
        .edit(
            "decode: [{kv: kv, count: requests}]",
            "prefill: [{new: new, cached: cached}], decode: [{kv: 64, count: requests}]",
        );
    assert_snapshot!(project.run_error(), @"
    error: run `steps`, kv = b, requests = 1: the lists of one entry have 2 and 1 values: they must be of one length
      --> hypotheses/H1-longer-cache/hypothesis.yaml:13:3
       |
    13 |   steps:
       |   ^^^^^
    ");
}
