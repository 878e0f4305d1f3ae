//! Errors of CSV traces with their lines.

use step_trace::{Field, Source};

use crate::files::{TraceFile, least_mapping, shown, with};

#[test]
fn a_cell_is_marked_in_its_line() {
    let mapping = with(
        least_mapping(),
        Field::DurationUs,
        Source::column("time, us"),
    );
    insta::assert_snapshot!(
        shown("id,note,\"time, us\",prefill,decode\n\n1,a,5,0,1\n2,\"b, \"\"c\"\"\",\"2 ms\",0,1\n", &mapping),
        @r#"
    error: column `time, us`, row 2: the text `2 ms`, and `duration_us` is a finite number, 0 or more
     --> steps:4:14
      |
    4 | 2,"b, ""c""","2 ms",0,1
      |              ^^^^^^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    "#
    );
    insta::assert_snapshot!(shown("\u{feff}id,prefill,decode\r\n1,0,1\r\n,0,1\r\n", &least_mapping()), @r"
    error: column `id`, row 2: nothing, and `step_id` is a whole number
     --> steps:3:1
      |
    3 | ,0,1
      | ^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
    insta::assert_snapshot!(shown("id,prefill,decode,x\n1,0,1,\"a\nb\"\n2,-1,1,c\n", &least_mapping()), @r"
    error: column `prefill`, row 2: `-1`, and `prefill_tokens` is a whole number from 0 to 4294967295
     --> steps:4:3
      |
    4 | 2,-1,1,c
      |   ^^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
}

#[test]
fn the_header_is_shown_where_a_column_is_missing_or_there_twice() {
    insta::assert_snapshot!(shown("id,prefil,decode\n1,0,1\n", &least_mapping()), @r"
    error: there is no column `prefill`, which `prefill_tokens` comes from (did you mean `prefil`? columns: id, prefil, decode)
     --> steps:1:4
      |
    1 | id,prefil,decode
      |    ^^^^^^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
    insta::assert_snapshot!(shown("id,prompt,decode\n1,0,1\n", &least_mapping()), @r"
    error: there is no column `prefill`, which `prefill_tokens` comes from (columns: id, prompt, decode)
     --> steps:1:1
      |
    1 | id,prompt,decode
      | ^^^^^^^^^^^^^^^^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
    insta::assert_snapshot!(shown("id,prefill,decode,id\n1,0,1,1\n", &least_mapping()), @r"
    error: column `id` stands twice
     --> steps:1:19
      |
    1 | id,prefill,decode,id
      |                   ^^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
}

#[test]
fn rows_that_do_not_fit_are_shown() {
    insta::assert_snapshot!(shown("id,prefill,decode\n1,0,1\n2,0\n", &least_mapping()), @r"
    error: line 3: the row has 2 values, and the header has 3
     --> steps:3:1
      |
    3 | 2,0
      | ^^^
      |
      = help: a value that was not recorded is nothing between two commas; one with a comma needs double quotes; traces are UTF-8
    ");
    insta::assert_snapshot!(shown("id,prefill,decode\n1,0,1\n1,0,2\n", &least_mapping()), @r"
    error: rows 1 and 2 both are step 1 of experiment `all`
     --> steps:3:1
      |
    3 | 1,0,2
      | ^
      |
      = help: a trace of several servers or loads has a column that tells them apart: map it to `experiment`, see docs/hypothesis-format.md
    ");
    insta::assert_snapshot!(shown(b"id,prefill,decode\n1,0,\xff\n", &least_mapping()), @r"
    error: line 2: neither Parquet nor text: it is not UTF-8
     --> steps:2:1
      |
    2 | 1,0,�
      | ^^^^^
      |
      = help: a value that was not recorded is nothing between two commas; one with a comma needs double quotes; traces are UTF-8
    ");
    let clock = with(least_mapping(), Field::StartNs, Source::column("start"));
    insta::assert_snapshot!(shown("start,id,prefill,decode\n60,1,0,1\n50,2,0,1\n", &clock), @r"
    error: step 2 of experiment `all` (row 2) starts before step 1: the clock runs back
     --> steps:3:1
      |
    3 | 50,2,0,1
      | ^^
      |
      = help: a trace of several servers or loads has a column that tells them apart: map it to `experiment`, see docs/hypothesis-format.md
    ");
    let words = with(least_mapping(), Field::Workload, Source::column("load"));
    let long = "x".repeat(10_000_000);
    let error = shown(format!("id,prefill,decode,load\n1,0,1,{long}\n"), &words);
    assert!(error.len() < 1000, "{} bytes", error.len());
    insta::assert_snapshot!(error, @r"
    error: column `load`, row 1: a word of 10000000 bytes, over the limit of 1000
     --> steps:2:7
      |
    2 | 1,0,1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md
    ");
}

#[test]
fn what_is_wrong_with_no_line_has_none() {
    let error = TraceFile::new("id,prefill,decode\n").read(&least_mapping());
    assert_eq!(error.unwrap_err().diagnostics(), None);
}
