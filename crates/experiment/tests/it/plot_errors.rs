//! Plots: what is drawn, and what is refused.

use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

#[track_caller]
fn refused(plot: &str) -> String {
    TestProject::new()
        .append(&format!("plots:\n  - {plot}\n"))
        .load_error()
}

#[test]
fn plots_that_fit_their_table_are_accepted() {
    let project = TestProject::new().append(
        "plots:
  - line: {table: times, x: kv, y: [step_us], series: requests, title: Lines, x_label: KV, y_label: time (us), log: [x, y], lines_at: [{axis: y, at: 6000, label: limit}]}
  - line: {table: times, x: kv, y: [step_us], title: Sums, show: cumulative-share, only: {requests: 1}}
  - scatter: {table: times, x: kv, y: [step_us, step_us_exact], title: Marks}
  - bar: {table: times, x: kv, y: [step_us], series: requests, title: Bars}
  - heatmap: {table: times, x: kv, y: requests, value: step_us, title: Cells, centre: 5000}
  - predicted_measured: {table: times, measured: step_us, predicted: [step_us_exact], quantity: time (us), title: 'Agreement, \"exact\" <b>'}
",
    );
    let outcome = project.run();
    for (title, name) in [
        ("Lines", "lines"),
        ("Sums", "sums"),
        ("Marks", "marks"),
        ("Bars", "bars"),
        ("Cells", "cells"),
        ("Agreement", "agreement-exact-b"),
    ] {
        let svg = file_text(&outcome, &format!("results/{name}.svg"));
        assert!(svg.starts_with("<svg") && svg.contains(title), "{name}");
        assert!(!svg.contains("<b>"), "{name}");
        let findings = file_text(&outcome, "FINDINGS.md");
        assert!(
            findings.contains(&format!("](results/{name}.svg)")),
            "{name}"
        );
    }
    // Both KV lengths of one request: the first share is that of the first, the last is all of it.
    // Series of numbers say what they are, the smallest first.
    let lines = file_text(&outcome, "results/lines.svg");
    let names: Vec<Option<usize>> = [1, 2]
        .map(|n| lines.find(&format!(">requests {n}<")))
        .to_vec();
    assert!(names[0].is_some() && names[0] < names[1], "{names:?}");
    let sums = file_text(&outcome, "results/sums.svg");
    assert!(sums.contains("100"), "{sums}");
}

#[test]
fn pictures_that_nobody_could_draw_are_refused() {
    assert_snapshot!(refused("bar: {table: times, x: kv, y: [step_us], title: T, log: [y]}"), @"
    error: bars start at zero, which a logarithmic axis does not have
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:18
       |
    31 |   - bar: {table: times, x: kv, y: [step_us], title: T, log: [y]}
       |                  ^^^^^
       |
       = help: draw a `scatter` or a `line`
    ");
    assert_snapshot!(refused("line: {table: times, x: kv, y: [step_us], title: T, only: {kvv: 64}}"), @"
    error: the plotted table has no column `kvv`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:64
       |
    31 |   - line: {table: times, x: kv, y: [step_us], title: T, only: {kvv: 64}}
       |                                                                ^^^
       |
       = help: did you mean `kv`?
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused("bar: {table: times, x: kv, y: [step_us], title: A b}\n  - bar: {table: times, x: kv, y: [step_us], title: a B}"), @"
    error: the title `a B` names two pictures alike
      --> hypotheses/H1-longer-cache/hypothesis.yaml:32:18
       |
    32 |   - bar: {table: times, x: kv, y: [step_us], title: a B}
       |                  ^^^^^
    ");
}

#[test]
fn a_plot_names_what_there_is() {
    assert_snapshot!(refused("line: {table: tims, x: kv, y: [step_us], title: T}"), @"
    error: there is no table `tims` to plot
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:19
       |
    31 |   - line: {table: tims, x: kv, y: [step_us], title: T}
       |                   ^^^^
       |
       = help: did you mean `times`?
       = help: tables: times
    ");
    assert_snapshot!(refused("line: {table: steps, x: kv, y: [step_us], title: T}"), @"
    error: there is no table `steps` to plot
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:19
       |
    31 |   - line: {table: steps, x: kv, y: [step_us], title: T}
       |                   ^^^^^
       |
       = help: tables: times
    ");
    assert_snapshot!(refused("line: {table: times, x: vk, y: [step_us], title: T}"), @"
    error: the plotted table has no column `vk`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:29
       |
    31 |   - line: {table: times, x: vk, y: [step_us], title: T}
       |                             ^^
       |
       = help: did you mean `kv`?
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused("bar: {table: times, x: kv, y: [step_us, gemm_us], title: T}"), @"
    error: the plotted table has no column `gemm_us`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:45
       |
    31 |   - bar: {table: times, x: kv, y: [step_us, gemm_us], title: T}
       |                                             ^^^^^^^
       |
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused("line: {table: times, x: kv, y: [step_us], series: request, title: T}"), @"
    error: the plotted table has no column `request`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:55
       |
    31 |   - line: {table: times, x: kv, y: [step_us], series: request, title: T}
       |                                                       ^^^^^^^
       |
       = help: did you mean `requests`?
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
    assert_snapshot!(refused("heatmap: {table: times, x: kv, y: requests, value: stepus, title: T}"), @"
    error: the plotted table has no column `stepus`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:56
       |
    31 |   - heatmap: {table: times, x: kv, y: requests, value: stepus, title: T}
       |                                                        ^^^^^^
       |
       = help: did you mean `step_us`?
       = help: its columns: kv, requests, step_us, step_us_exact
    ");
}

#[test]
fn a_plot_shows_numbers() {
    let with_words = |plot: &str| {
        TestProject::new()
            .edit("SELECT kv, requests,", "SELECT regime, kv, requests,")
            .append(&format!("plots:\n  - {plot}\n"))
            .load_error()
    };
    assert_snapshot!(with_words("line: {table: times, x: kv, y: [regime], title: T}"), @"
    error: column `regime` holds no numbers to plot
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:37
       |
    31 |   - line: {table: times, x: kv, y: [regime], title: T}
       |                                     ^^^^^^
    ");
    assert_snapshot!(with_words("line: {table: times, x: regime, y: [step_us], title: T, log: [x]}"), @"
    error: column `regime` holds no numbers to plot
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:29
       |
    31 |   - line: {table: times, x: regime, y: [step_us], title: T, log: [x]}
       |                             ^^^^^^
    ");
    assert_snapshot!(with_words("heatmap: {table: times, x: kv, y: requests, value: regime, title: T}"), @"
    error: column `regime` holds no numbers to plot
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:56
       |
    31 |   - heatmap: {table: times, x: kv, y: requests, value: regime, title: T}
       |                                                        ^^^^^^
    ");
}

#[test]
fn a_plot_is_complete() {
    assert_snapshot!(refused("line: {table: times, x: kv, y: [], title: T}"), @"
    error: plot `T` has no column along y
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:19
       |
    31 |   - line: {table: times, x: kv, y: [], title: T}
       |                   ^^^^^
    ");
    assert_snapshot!(refused("line: {table: times, x: kv, y: [step_us], title: ''}"), @"
    error: a title or label of this plot is empty
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:19
       |
    31 |   - line: {table: times, x: kv, y: [step_us], title: ''}
       |                   ^^^^^
    ");
    assert_snapshot!(refused("line: {table: times, x: kv, y: [step_us]}"), @"
    error: the key `title` is missing in this mapping
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:33
       |
    31 |   - line: {table: times, x: kv, y: [step_us]}
       |                                 ^
       |
       = help: `rooflab schema keys` lists the keys with what they take; with the schema an editor completes them
    ");
    assert_snapshot!(refused("pie: {table: times}"), @"
    error: unknown choice `pie`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:5
       |
    31 |   - pie: {table: times}
       |     ^^^
       |
       = help: did you mean `line`?
       = help: valid choices: line, scatter, bar, heatmap, predicted_measured, roofline
    ");
    assert_snapshot!(refused("{line: {table: times, x: kv, y: [step_us], title: T}, bar: {table: times, x: kv, y: [step_us], title: T}}"), @"
    error: there is one key too many here: one says what this is
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:59
       |
    31 |   - {line: {table: times, x: kv, y: [step_us], title: T}, bar: {table: times, x: kv, y: [step_us], title: T}}
       |                                                           ^^^
    ");
    assert_snapshot!(refused("line: {table: times, x: kv, y: [step_us], title: T, log: [z]}"), @"
    error: unknown choice `z`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:63
       |
    31 |   - line: {table: times, x: kv, y: [step_us], title: T, log: [z]}
       |                                                               ^
       |
       = help: valid choices: x, y
    ");
}
