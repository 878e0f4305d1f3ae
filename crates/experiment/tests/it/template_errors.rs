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
    ");
    assert_snapshot!(narrative("Fine.\n{% if verdict %}\n").load_error(), @"
    error: unexpected end of input
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:17
      |
    2 | {% if verdict %}
      |                 ^
    ");
    assert_snapshot!(narrative("Fine.\n{{ nope(a=1) }}\n").load_error(), @"
    error: unknown function `nope`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ nope(a=1) }}
      |    ^^^^^^^^^
    ");
    assert_snapshot!(narrative("Fine.\n{{ verdict | nope }}\n").load_error(), @"
    error: unknown filter `nope`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:14
      |
    2 | {{ verdict | nope }}
      |              ^^^^
    ");
    assert_snapshot!(narrative("Fine.\n{% include \"other\" %}\n").load_error(), @r#"
    error: unknown template `other`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:12
      |
    2 | {% include "other" %}
      |            ^^^^^^^
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
    "#);
}

#[test]
fn what_is_not_there_is_an_error() {
    assert_snapshot!(refused("{{ bogus }}"), @"
    error: variable `bogus` is not defined. Available variables: checks_table, criteria, data, design, files, hypothesis, other_ground_truth, published, reproduced_by, settings_table, tables, tables_without_data, unmet_preconditions, verdict, version, warnings
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ bogus }}
      |    ^^^^^
    ");
    assert_snapshot!(refused("{{ hypothesis.bogus }}"), @"
    error: field `bogus` is not defined. Available fields: date, family, id, refuted_if, statement, title, type
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:15
      |
    2 | {{ hypothesis.bogus }}
      |               ^^^^^
    ");
    assert_snapshot!(refused("{{ published.verdict }}"), @"
    error: field `verdict` is not defined
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:14
      |
    2 | {{ published.verdict }}
      |              ^^^^^^^
    ");
    assert_snapshot!(refused("{{ show(table=\"tims\", column=\"kv\", kv=64, requests=1) }}"), @r#"
    error: there is no table `tims` (tables: times)
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="tims", column="kv", kv=64, requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kvv\", kv=64, requests=1) }}"), @r#"
    error: table `times` has no column `kvv` (columns: kv, requests, step_us, step_us_exact)
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kvv", kv=64, requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", length=64) }}"), @r#"
    error: table `times` has no column `length` (columns: kv, requests, step_us, step_us_exact)
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", length=64) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", kv=65, requests=1) }}"), @r#"
    error: table `times` has 0 rows for kv = 65, requests = 1, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", kv=65, requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", kv=64) }}"), @r#"
    error: table `times` has 2 rows for kv = 64, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", kv=64) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\") }}"), @r#"
    error: table `times` has 4 rows for no filter, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=\"times\", column=\"kv\", kv=\"64\", requests=1) }}"), @r#"
    error: table `times` has 0 rows for kv = 64, requests = 1, and one is needed
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table="times", column="kv", kv="64", requests=1) }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ cell(table=\"tims\", column=\"kv\") }}"), @r#"
    error: there is no table `tims` (tables: times)
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ cell(table="tims", column="kv") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(column=\"kv\") }}"), @r#"
    error: missing keyword argument `table`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(column="kv") }}
      |    ^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ show(table=3, column=\"kv\") }}"), @r#"
    error: invalid type for the value, expected text but got a number
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ show(table=3, column="kv") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ observed(check=\"takes-tme\") }}"), @r#"
    error: there is no check `takes-tme` (checks: takes-time)
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ observed(check="takes-tme") }}
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
    assert_snapshot!(refused("{{ observed() }}"), @"
    error: missing keyword argument `check`
     --> hypotheses/H1-longer-cache/narrative.md.tera:2:4
      |
    2 | {{ observed() }}
      |    ^^^^^^^^^^
    ");
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
    error: variable `bogus` is not defined. Available variables: checks_table, criteria, data, design, files, hypothesis, narrative, other_ground_truth, published, reproduced_by, settings_table, tables, tables_without_data, unmet_preconditions, verdict, version, warnings
     --> hypotheses/H1-longer-cache/findings.md.tera:3:4
      |
    3 | {{ bogus }}
      |    ^^^^^
    ");
    let project =
        TestProject::new().with_own("findings.md.tera", "# {{ hypothesis.id }}\n\n{% endif %}\n");
    assert_snapshot!(project.load_error(), @"
    error: unknown tag
     --> hypotheses/H1-longer-cache/findings.md.tera:3:4
      |
    3 | {% endif %}
      |    ^^^^^
    ");
    let project =
        TestProject::new().with_own("findings.md.tera", "# {{ hypothesis.id }}: {{ verdict }}\n");
    assert_eq!(
        file_text(&project.run(), "FINDINGS.md"),
        "# H1: CONFIRMED\n"
    );
}
