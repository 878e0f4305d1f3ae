//! Errors of narratives and templates.

use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

fn narrative(text: &str) -> TestProject {
    TestProject::new().with_own("narrative.md.tera", text)
}

#[track_caller]
fn refused(text: &str) -> String {
    narrative(&format!("A first line.\n{text}\n")).run_error()
}

#[test]
fn a_narrative_shows_values() {
    let outcome = narrative(
        "{{ show(table=\"times\", column=\"kv\", kv=64, requests=1) }} {{ cell(table=\"times\", column=\"kv\", kv=64, requests=2) | fixed(digits=1) }} {{ observed(check=\"takes-time\") }} {{ hypothesis.id }} {{ verdict }}",
    )
    .run();
    let findings = file_text(&outcome, "FINDINGS.md");
    let line = findings
        .lines()
        .find(|line| line.starts_with("64 "))
        .unwrap();
    assert_snapshot!(line, @"64 64.0 43 H1 CONFIRMED");
}

#[test]
fn a_template_that_does_not_parse_is_found_at_once() {
    assert_snapshot!(narrative("Fine.\n{{ verdict\n").load_error(), @"
    error: unexpected end of input
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ verdict
      |    ^^^^^^^
      |
      = help: something above is still open: a {% if %}, a {% for %}, a {{ or a quote
    ");
    assert_snapshot!(narrative("Fine.\n{% if verdict %}\n").load_error(), @"
    error: unexpected end of input
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:17
      |
    2 | {% if verdict %}
      |                 ^
      |
      = help: something above is still open: a {% if %}, a {% for %}, a {{ or a quote
    ");
    assert_snapshot!(narrative("Fine.\n{{ nope(a=1) }}\n").load_error(), @"
    error: unknown function `nope`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ nope(a=1) }}
      |    ^^^^^^^^^
      |
      = help: functions: cell, interval, observed, published_value, show
    ");
    assert_snapshot!(narrative("Fine.\n{{ verdict | nope }}\n").load_error(), @"
    error: unknown filter `nope`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:14
      |
    2 | {{ verdict | nope }}
      |              ^^^^
      |
      = help: filters: fixed, default, first, join, last, length, lower, replace, trim, upper
    ");
    assert_snapshot!(narrative("Fine.\n{% include \"other\" %}\n").load_error(), @r#"
    error: unknown template `other`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:12
      |
    2 | {% include "other" %}
      |            ^^^^^^^
      |
      = help: a narrative stands alone: it includes no other file
    "#);
    assert_snapshot!(narrative("Fine.\n{% extends \"other\" %}\n").load_error(), @r#"
    error: `extends` needs to be the first tag of the template
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:12
      |
    2 | {% extends "other" %}
      |            ^^^^^^^
    "#);
    assert_snapshot!(narrative("Fine.\n{{ show(table=\"times\" column=\"kv\") }}\n").load_error(), @r#"
    error: found identifier but expected ,
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:23
      |
    2 | {{ show(table="times" column="kv") }}
      |                       ^^^^^^
      |
      = help: arguments stand in (...) with commas between, and their words in closed quotes
    "#);
}

#[test]
fn what_is_not_there_is_an_error() {
    assert_snapshot!(refused("{{ bogus }}"), @"
    error: variable `bogus` is not defined
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ bogus }}
      |    ^^^^^
      |
      = help: variables here: checks_table, criteria, data, design, files, hypothesis, other_ground_truth, published, reproduced_by, settings_table, tables, tables_without_data, unmet_preconditions, verdict, version, warnings
    ");
    assert_snapshot!(refused("{{ hypothesis.bogus }}"), @"
    error: field `bogus` is not defined
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:15
      |
    2 | {{ hypothesis.bogus }}
      |               ^^^^^
      |
      = help: its fields: date, family, id, refuted_if, statement, title, type
    ");
    assert_snapshot!(refused("{{ published.verdict }}"), @"
    error: field `verdict` is not defined
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:14
      |
    2 | {{ published.verdict }}
      |              ^^^^^^^
    ");
    assert_snapshot!(refused("{{ show(table=\"tims\", column=\"kv\", kv=64, requests=1) }}"), @r#"
    error: there is no table `tims`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="tims", column="kv", kv=64, requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `times`?
      = help: tables: times
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kvv\", kv=64, requests=1) }}"), @r#"
    error: table `times` has no column `kvv`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kvv", kv=64, requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `kv`?
      = help: its columns: kv, requests, step_us, step_us_exact
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", length=64) }}"), @r#"
    error: table `times` has no column `length`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", length=64) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: its columns: kv, requests, step_us, step_us_exact
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", kv=65, requests=1) }}"), @r#"
    error: table `times` has 0 rows for kv = 65, requests = 1, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", kv=65, requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: values of `kv` there: 64, 128
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", kv=64) }}"), @r#"
    error: table `times` has 2 rows for kv = 64, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", kv=64) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: columns to name a row by: kv, requests, step_us, step_us_exact
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\") }}"), @r#"
    error: table `times` has 4 rows, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: columns to name a row by: kv, requests, step_us, step_us_exact
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", kv=\"64\", requests=1) }}"), @r#"
    error: table `times` has 0 rows for kv = 64, requests = 1, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", kv="64", requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: values of `kv` there: 64, 128
    "#);
    assert_snapshot!(refused("{{ cell(table=\"tims\", column=\"kv\") }}"), @r#"
    error: there is no table `tims`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ cell(table="tims", column="kv") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `times`?
      = help: tables: times
    "#);
    assert_snapshot!(refused("{{ show(column=\"kv\") }}"), @r#"
    error: missing keyword argument `table`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(column="kv") }}
      |    ^^^^^^^^^^^^^^^^^
      |
      = help: it is called show(table="...", column="...", key=value ...)
    "#);
    assert_snapshot!(refused("{{ show(table=3, column=\"kv\") }}"), @r#"
    error: invalid type for the value, expected text but got a number
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table=3, column="kv") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: it is called show(table="...", column="...", key=value ...)
    "#);
    assert_snapshot!(refused("{{ observed(check=\"takes-tme\") }}"), @r#"
    error: there is no check `takes-tme`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ observed(check="takes-tme") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean `takes-time`?
      = help: checks: takes-time
    "#);
    assert_snapshot!(refused("{{ observed() }}"), @r#"
    error: missing keyword argument `check`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ observed() }}
      |    ^^^^^^^^^^
      |
      = help: it is called observed(check="...")
    "#);
    assert_snapshot!(refused("{{ tables[7].title }}"), @"
    error: field `title` is not defined
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ tables[7].title }}
      |    ^^^^^^^^
    ");
    assert_snapshot!(refused("{% for row in rows %}{{ row }}{% endfor %}"), @"
    error: iteration not possible on type `undefined`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:15
      |
    2 | {% for row in rows %}{{ row }}{% endfor %}
      |               ^^^^
    ");
    assert_snapshot!(refused("{{ verdict | fixed(digits=1) }}"), @"
    error: invalid type for the value, expected a number but got text
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ verdict | fixed(digits=1) }}
      |    ^^^^^^^
    ");
}

#[test]
fn a_default_is_the_writers_own_word() {
    let outcome = narrative("It is {{ bogus | default(value=\"not given\") }}.").run();
    assert!(file_text(&outcome, "FINDINGS.md").contains("\nIt is not given.\n"));
}

#[test]
fn an_empty_cell_is_an_error() {
    let project = narrative("{{ show(table=\"t\", column=\"x\", kv=64) }}").edit(
        "tables:\n",
        "tables:\n  t:\n    title: T\n    sql: SELECT kv, MAX(CASE WHEN kv > 64 THEN kv END) AS x FROM steps GROUP BY kv ORDER BY kv\n",
    );
    assert_snapshot!(project.run_error(), @r#"
    error: the cell is empty
     --> hypotheses/H1-longer-cache/narrative.md.tera:1:4
      |
    1 | {{ show(table="t", column="x", kv=64) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn an_own_template_has_the_same_errors() {
    let project =
        TestProject::new().with_own("findings.md.tera", "# {{ hypothesis.id }}\n\n{{ bogus }}\n");
    assert_snapshot!(project.run_error(), @"
    error: variable `bogus` is not defined
     --> hypotheses/H1-longer-cache/findings.md.tera:3:4
      |
    3 | {{ bogus }}
      |    ^^^^^
      |
      = help: variables here: checks_table, criteria, data, design, files, hypothesis, narrative, other_ground_truth, published, reproduced_by, settings_table, tables, tables_without_data, unmet_preconditions, verdict, version, warnings
    ");
    let project =
        TestProject::new().with_own("findings.md.tera", "# {{ hypothesis.id }}\n\n{% endif %}\n");
    assert_snapshot!(project.load_error(), @"
    error: unknown tag
     --> hypotheses/H1-longer-cache/findings.md.tera:3:4
      |
    3 | {% endif %}
      |    ^^^^^
      |
      = help: tags: if, elif, else, endif, for, endfor, set, raw, endraw
    ");
    let project =
        TestProject::new().with_own("findings.md.tera", "# {{ hypothesis.id }}: {{ verdict }}\n");
    assert_eq!(
        file_text(&project.run(), "FINDINGS.md"),
        "# H1: CONFIRMED\n"
    );
}
