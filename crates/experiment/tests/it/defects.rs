//! Defects of published findings and reasons of verdicts: templates in the hypothesis file.

use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

/// A hypothesis with published step times and these lines under `published`.
fn published(lines: &str) -> TestProject {
    TestProject::new()
        .append(&format!(
            "published:\n  source: A page.\n  tables: {{times: {{key: [kv, requests]}}}}\n{lines}"
        ))
        .with_own(
            "published/times.csv",
            "kv,requests,step_us,step_us_exact\n64,1,43,\n128,1,,5\n",
        )
}

/// One defect with these words, which stand on a line of their own.
fn defect(what: &str) -> TestProject {
    published(&format!(
        "  verdict: confirmed\n  defects:\n    - id: a-slip\n      what: >\n        Some words,\n        {what}\n"
    ))
}

#[test]
fn words_have_the_numbers_of_the_run() {
    let project = published(
        "  verdict: refuted
  verdict_differs: >
    A step takes {{ observed(check=\"takes-time\") }} us
    at least.
  defects:
    - id: first
      what: >
        It gives {{ published_value(table=\"times\", column=\"step_us\", kv=64, requests=1) }} us,
        and the longest takes {{ show(table=\"times\", column=\"kv\", kv=128, requests=2) }}.
    - {id: second, what: Plain words.}
",
    );
    let outcome = project.run();
    assert_eq!(
        outcome.verdict_differs.as_deref(),
        Some("A step takes 43 us at least.")
    );
    let findings = file_text(&outcome, "FINDINGS.md");
    let head = findings.find("Hypothesis of").unwrap();
    assert_snapshot!(&findings[..head], @"
    # H1: A longer cache takes longer

    **Status: CONFIRMED**, decided by the checks below.

    **The published verdict was REFUTED.** A step takes 43 us at least. Published values: **1 of 2 equal to the digits, 0 within a stated tolerance, 1 different**; the one that differs is listed under [Published against computed](#published-against-computed).

    What the published findings get wrong:

    - `first`: It gives 43 us, and the longest takes 128.
    - `second`: Plain words.
    ");
    let defects: Vec<&str> = outcome
        .defects
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    assert_eq!(
        defects,
        ["It gives 43 us, and the longest takes 128.", "Plain words."]
    );
}

#[test]
fn what_is_not_there_is_shown_in_the_file() {
    assert_snapshot!(defect("{{ show(table=\"time\", column=\"kv\") }}").run_error(), @r#"
    error: there is no table `time`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ show(table="time", column="kv") }}
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: did you mean `times`?
       = help: tables: times
    "#);
    assert_snapshot!(defect("{{ observed(check=\"nope\") }}").run_error(), @r#"
    error: there is no check `nope`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ observed(check="nope") }}
       |            ^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: checks: takes-time
    "#);
    assert_snapshot!(defect("{{ verdict }}").run_error(), @"
    error: variable `verdict` is not defined
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ verdict }}
       |            ^^^^^^^
       |
       = help: variables here: data
    ");
    assert_snapshot!(defect("{{ published_value(table=\"other\", column=\"kv\") }}").run_error(), @r#"
    error: nothing was published for a table `other`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ published_value(table="other", column="kv") }}
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: published tables: times
    "#);
    assert_snapshot!(defect("{{ published_value(table=\"times\", column=\"kv\", kv=64) }}").run_error(), @r#"
    error: no column `kv` was published for table `times`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ published_value(table="times", column="kv", kv=64) }}
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: published columns: step_us, step_us_exact
    "#);
    assert_snapshot!(defect("{{ published_value(table=\"times\", column=\"step_us\", k=64) }}").run_error(), @r#"
    error: `k` is no key of what was published for table `times`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ published_value(table="times", column="step_us", k=64) }}
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: did you mean `kv`?
       = help: its key: kv, requests
    "#);
    assert_snapshot!(defect("{{ published_value(table=\"times\", column=\"step_us\", requests=1) }}").run_error(), @r#"
    error: 2 rows of what was published for table `times` fit, and one is needed
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ published_value(table="times", column="step_us", requests=1) }}
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: columns to name a row by: kv, requests
    "#);
    assert_snapshot!(defect("{{ published_value(table=\"times\", column=\"step_us\", kv=128, requests=1) }}").run_error(), @r#"
    error: this value was not published
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ published_value(table="times", column="step_us", kv=128, requests=1) }}
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn what_does_not_parse_is_found_before_anything_runs() {
    assert_snapshot!(defect("{{ show(table=\"times\" column=\"kv\") }}").load_error(), @r#"
    error: found identifier but expected ,
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:31
       |
    38 |         {{ show(table="times" column="kv") }}
       |                               ^^^^^^
       |
       = help: arguments stand in (...) with commas between, and their words in closed quotes
    "#);
    assert_snapshot!(defect("{{ nope() }}").load_error(), @"
    error: unknown function `nope`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:12
       |
    38 |         {{ nope() }}
       |            ^^^^^^
       |
       = help: functions: cell, interval, observed, published_value, show
    ");
    let reason = published("  verdict: refuted\n  verdict_differs: \"{{ nope(a=\\\"b\\\") }}\"\n");
    assert_snapshot!(reason.load_error(), @r#"
    error: unknown function `nope`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:20
       |
    34 |   verdict_differs: "{{ nope(a=\"b\") }}"
       |                    ^^^
       |
       = help: functions: cell, interval, observed, published_value, show
    "#);
}

#[test]
fn a_defect_has_a_name_of_its_own_and_says_something() {
    let lines = "  verdict: confirmed
  defects:
    - {id: a-slip, what: One.}
    - {id: a-slip, what: Two.}
    - {id: A Slip, what: Three.}
    - {id: blank, what: \" \"}
";
    assert_snapshot!(published(lines).load_error(), @r#"
    error: defect `a-slip` stands twice in the file
      --> hypotheses/H1-longer-cache/hypothesis.yaml:36:12
       |
    36 |     - {id: a-slip, what: Two.}
       |            ^^^^^^

    error: the id `A Slip` of a defect is not made of lower-case letters, digits and hyphens, 60 at most
      --> hypotheses/H1-longer-cache/hypothesis.yaml:37:12
       |
    37 |     - {id: A Slip, what: Three.}
       |            ^

    error: `what` of defect `blank` says nothing
      --> hypotheses/H1-longer-cache/hypothesis.yaml:38:25
       |
    38 |     - {id: blank, what: " "}
       |                         ^
    "#);
}
