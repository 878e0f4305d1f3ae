//! The column `split` of measured runs: by splits.yaml, or by the hypothesis itself.

use insta::assert_snapshot;

use crate::measured_project::GROUND_TRUTH;
use crate::test_project::{TestProject, file_text};

/// The rows of experiments beside their parts, with this splits.yaml, if any, and this text before `runs:`.
fn rows(splits: Option<&str>, filter: &str, stated: &str) -> String {
    let project = TestProject::measured()
        .showing("experiment, benchmark, split")
        .edit("ground_truth: {}", &format!("ground_truth: {{{filter}}}"))
        .edit("runs:\n", &format!("{stated}runs:\n"));
    let file = format!("{GROUND_TRUTH}/splits.yaml");
    let project = if let Some(text) = splits {
        project.with(&file, text)
    } else {
        std::fs::remove_file(project.root().join(&file)).unwrap();
        project
    };
    file_text(&project.run(), "results/points.csv")
}

const FIT: &str = "fit: {train: [chat-tp1], test: [code-tp2]}\n";

#[test]
fn the_parts_of_splits_yaml_are_a_column() {
    assert_snapshot!(rows(Some(FIT), "", ""), @"
    experiment,benchmark,split
    chat-tp1,0,train
    code-tp2,0,test
    sweep-tp1,0,
    sweep-tp1,1,
    sweep-tp1,2,
    ");
    assert_snapshot!(rows(None, "experiment: [chat-tp1, code-tp2]", ""), @"
    experiment,benchmark,split
    chat-tp1,0,
    code-tp2,0,
    ");
}

/// The chat experiment is on both sides, by different splits.
const SEVERAL: &str = "\
fit: {train: [chat-tp1, sweep-tp1], test: [code-tp2]}
again: {train: [sweep-tp1], test: [chat-tp1]}
";

#[test]
fn of_several_splits_the_filter_says_which() {
    let filter = "experiment: [chat-tp1, code-tp2, sweep-tp1], strategy: synchronous";
    assert_snapshot!(rows(Some(SEVERAL), filter, ""), @"
    experiment,benchmark,split
    chat-tp1,0,
    code-tp2,0,test
    sweep-tp1,0,train
    ");
    let fit = format!("{filter}, split: [fit.train, fit.test]");
    assert_snapshot!(rows(Some(SEVERAL), &fit, ""), @"
    experiment,benchmark,split
    chat-tp1,0,train
    code-tp2,0,test
    sweep-tp1,0,train
    ");
    let again = format!("{filter}, split: again.test");
    assert_snapshot!(rows(Some(SEVERAL), &again, ""), @"
    experiment,benchmark,split
    chat-tp1,0,test
    ");
}

const STATED: &str = "splits: {fitted: [code-tp2, chat-tp1], judged: [sweep-tp1]}\n";

#[test]
fn what_the_file_states_stands_in_place_of_splits_yaml() {
    let synchronous = "strategy: synchronous";
    let all = "
    experiment,benchmark,split
    chat-tp1,0,fitted
    code-tp2,0,fitted
    sweep-tp1,0,judged
    ";
    let all = all.replace("\n    ", "\n");
    for splits in [None, Some(FIT), Some(SEVERAL)] {
        assert_eq!(rows(splits, synchronous, STATED), all.trim_start());
    }
    assert_snapshot!(rows(Some(FIT), "split: judged, strategy: synchronous", STATED), @"
    experiment,benchmark,split
    sweep-tp1,0,judged
    ");
}

/// Whether the results depend on splits.yaml.
fn depends_on_file(columns: &str, filter: &str, stated: &str) -> bool {
    let outcome = TestProject::measured()
        .showing(columns)
        .edit("ground_truth: {}", &format!("ground_truth: {{{filter}}}"))
        .edit("runs:\n", &format!("{stated}runs:\n"))
        .run();
    file_text(&outcome, "results/inputs.sha256").contains("splits.yaml")
}

#[test]
fn splits_yaml_is_an_input_where_it_is_read() {
    assert!(!depends_on_file("experiment", "", ""));
    assert!(depends_on_file("experiment, split", "", ""));
    assert!(depends_on_file("*", "", ""));
    assert!(depends_on_file("experiment", "split: fit.train", ""));
    assert!(!depends_on_file("experiment, split", "", STATED));
    assert!(!depends_on_file("experiment", "split: fitted", STATED));
}
