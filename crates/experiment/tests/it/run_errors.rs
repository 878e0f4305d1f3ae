//! Errors of axes that are found before anything runs.

use experiment::LoadOptions;
use insta::assert_snapshot;

use crate::test_project::TestProject;

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
