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
    let head = findings.find("## Checks").unwrap();
    assert_snapshot!(&findings[..head], @"
    # H1: A longer cache takes longer

    **CONFIRMED.** Every step takes a microsecond or more (observed: 43).

    **Hypothesis** (2026-01-31, structural-model, deterministic): A decode step over a longer KV cache takes longer.

    **Refuted if:** It does not.

    **The published verdict was REFUTED.** A step takes 43 us at least. Published values: **1 of 2 equal to the digits, 0 within a stated tolerance, 1 different**; the one that differs is listed under [Differences from what was published](#differences-from-what-was-published). Source: A page.

    Criteria: not locked.

    There is a [warning](#warnings).

    ## What the published findings get wrong

    - `first`: It gives 43 us, and the longest takes 128.
    - `second`: Plain words.

    ## Warnings

    - 4 of 4 cells of the run `steps` use MFU look-ups that were not measured (of another shape in 4, clamped to the end of the table in 4)
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

#[test]
fn published_words_are_quoted_with_how_our_criterion_differs() {
    let project = published(
        "  verdict: confirmed
  status: Supported
  statement: Steps take *long*.
  refuted_if: A step takes less than a microsecond.
  criterion_differs: It was stated of one step; ours is of {{ observed(check=\"takes-time\") }} us and more.
",
    );
    let outcome = project.run();
    assert_eq!(outcome.published_status.as_deref(), Some("Supported"));
    let findings = file_text(&outcome, "FINDINGS.md");
    let from = findings.find("Published verdict").unwrap();
    assert_snapshot!(&findings[from..findings.find("Criteria:").unwrap()], @r#"
    Published verdict: "Supported", the same. Published values: **1 of 2 equal to the digits, 0 within a stated tolerance, 1 different**; the one that differs is listed under [Differences from what was published](#differences-from-what-was-published). Source: A page.

    > Published claim: "Steps take \*long\*." Refuted if: "A step takes less than a microsecond."

    **Our criterion is another one than the published:** It was stated of one step; ours is of 43 us and more.
    "#);
}

#[test]
fn a_quotation_has_three_sentences_at_most() {
    let project = published("  verdict: confirmed\n  statement: One. Two. Three. Four.\n");
    assert_snapshot!(project.load_error(), @"
    error: `published.statement` has 4 sentences: a quotation has 3 at most
      --> hypotheses/H1-longer-cache/hypothesis.yaml:34:14
       |
    34 |   statement: One. Two. Three. Four.
       |              ^^^^
    ");
}
