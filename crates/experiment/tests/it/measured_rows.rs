//! Rows of a `serve` run over one experiment, with every column.

use std::collections::BTreeMap;

use crate::measured_project::CONFIG;
use crate::test_project::{TestProject, file_text};

/// A row by column.
pub(crate) type Row = BTreeMap<String, String>;

/// Every column of every cell.
#[track_caller]
pub(crate) fn rows(project: TestProject) -> Vec<Row> {
    let csv = file_text(&project.showing("*").run(), "results/points.csv");
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().unwrap().collect();
    lines
        .map(|cells| header.iter().cloned().zip(cells).collect())
        .collect()
}

#[track_caller]
pub(crate) fn row(project: TestProject) -> Row {
    let mut rows = rows(project);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[track_caller]
pub(crate) fn number(row: &Row, column: &str) -> f64 {
    row[column]
        .parse()
        .unwrap_or_else(|_| panic!("{column} is `{}`", row[column]))
}

/// The one experiment with these files.
pub(crate) fn chat(profile: &str, report: &str) -> TestProject {
    TestProject::measured()
        .with_experiment("chat-tp1", CONFIG, profile, report)
        .measured_chat()
}

/// Puts keys into the run.
pub(crate) fn with_keys(project: TestProject, keys: &str) -> TestProject {
    project.edit(
        "experiment: chat-tp1}}\n",
        &format!("experiment: chat-tp1}}}}\n{keys}"),
    )
}
