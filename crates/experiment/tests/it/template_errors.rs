//! Errors of narratives and templates.

use experiment::{Verdict, Warning, WarningKind};
use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

fn narrative(text: &str) -> TestProject {
    TestProject::new().with_own("narrative.md.tera", text)
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
fn a_default_is_the_writers_own_word() {
    let outcome = narrative("It is {{ bogus | default(value=\"not given\") }}.").run();
    assert!(file_text(&outcome, "FINDINGS.md").contains("\nIt is not given.\n"));
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
      = help: variables here: checks, checks_legend, checks_table, criteria, data, design, files, hypothesis, inputs_sha256, narrative, only_files, other_ground_truth, published, reproduced_by, results, sections, settings_table, tables, tables_without_data, unmet_preconditions, verdict, verdict_sentence, version, warnings
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

#[test]
fn rows_that_are_not_there_stop_nothing() {
    let outcome = narrative(
        "One is {{ show(table=\"times\", column=\"kv\", kv=65, requests=1) }}, one {{ show(table=\"times\", column=\"kv\", kv=64, requests=1) }}.",
    )
    .run();
    assert_eq!(outcome.verdict, Verdict::Confirmed);
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(
        findings.contains("\nOne is *(no row for kv = 65, requests = 1)*, one 64.\n"),
        "{findings}"
    );
    let absent = |warning: &&Warning| warning.kind == WarningKind::AbsentRows;
    let warnings = outcome.warnings.iter().filter(absent);
    assert_eq!(
        warnings.map(ToString::to_string).collect::<Vec<_>>(),
        [
            "the words name what the data do not have: table `times` has no row for kv = 65, requests = 1 (`kv` there: 64, 128)"
        ]
    );
}

#[test]
fn words_that_compute_with_what_is_not_there_are_left_out() {
    let outcome = narrative(
        "Twice is {{ 2 * cell(table=\"times\", column=\"kv\", kv=65, requests=1) }}, said a narrative.",
    )
    .run();
    assert_eq!(outcome.verdict, Verdict::Confirmed);
    let findings = file_text(&outcome, "FINDINGS.md");
    assert!(
        findings.contains(
            "\n*These words are left out: table `times` has no row for kv = 65, requests = 1 (`kv` there: 64, 128).*\n"
        ),
        "{findings}"
    );
    assert!(!findings.contains("said a narrative"));
}

#[test]
fn an_empty_cell_stops_nothing() {
    let outcome = narrative("It is {{ show(table=\"t\", column=\"x\", kv=64) }}.")
        .edit(
            "tables:\n",
            "tables:\n  t: {title: T, sql: \"SELECT kv, MAX(CASE WHEN kv > 64 THEN kv END) AS x FROM steps GROUP BY kv ORDER BY kv\"}\n",
        )
        .run();
    assert!(file_text(&outcome, "FINDINGS.md").contains("\nIt is *(no x for kv = 64)*.\n"));
}
