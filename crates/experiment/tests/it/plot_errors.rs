//! Plots: what is drawn, and what is refused.

use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text, missing};

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

/// The picture of one plot with these lines.
fn with_lines(kind: &str, lines: &str) -> String {
    let plot = format!(
        "plots:\n  - {kind}: {{table: times, x: kv, y: [step_us], only: {{requests: 1}}, title: T, lines_at: {lines}}}\n"
    );
    file_text(&TestProject::new().append(&plot).run(), "results/t.svg")
}

#[test]
fn lines_by_axis_are_those_of_the_list() {
    for kind in ["line", "scatter"] {
        assert_eq!(
            with_lines(kind, "{y: {refuted above: 60, b: 5.5}, x: 96}"),
            with_lines(
                kind,
                "[{axis: y, at: 60, label: refuted above}, {axis: y, at: 5.5, label: b}, {axis: x, at: 96, label: limit}]"
            ),
            "{kind}"
        );
    }
    assert_eq!(
        with_lines("bar", "{y: 60}"),
        with_lines("bar", "[{axis: y, at: 60, label: limit}]")
    );
    let none = with_lines("line", "{}");
    assert_eq!(none, with_lines("line", "[]"));
    assert_eq!(none, with_lines("line", "{y: {}}"));
    let named = with_lines("line", "{y: {refuted above: 60}}");
    assert!(named.contains("refuted above") && !none.contains("refuted above"));
    let hostile = with_lines("line", "{y: {'<script>&\"': 60}}");
    assert!(hostile.contains("&lt;script&gt;&amp;") && !hostile.contains("<script"));
}

/// A plot of a table with this SQL, which loads.
fn with_plot(sql: &str, plot: &str) -> TestProject {
    TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            &format!("sql: {sql}"),
        )
        .edit("observed FROM times", "observed FROM steps")
        .append(&format!("plots:\n  - {plot}\n"))
}

#[test]
fn no_row_vanishes_under_another() {
    let sql = "SELECT kv, requests, step_us, regime, kv > 64 AS is_long FROM steps";
    let refused = |plot: &str| with_plot(sql, plot).run_error();
    assert_snapshot!(refused("heatmap: {table: times, x: kv, y: regime, value: step_us, title: T}"), @"
    error: plot `T`: 2 rows have kv = 64, regime = compute, and a cell shows one value
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:22
       |
    31 |   - heatmap: {table: times, x: kv, y: regime, value: step_us, title: T}
       |                      ^^^^^
       |
       = help: keep one of them with `only`, or by the SQL of the table
    ");
    assert_snapshot!(refused("bar: {table: times, x: kv, y: [step_us], title: T}"), @"
    error: plot `T`: 2 rows have kv = 64, and a bar shows one value
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:18
       |
    31 |   - bar: {table: times, x: kv, y: [step_us], title: T}
       |                  ^^^^^
       |
       = help: keep one of them with `only`, or split the rows with `series` by a column in which they differ
    ");
    assert_snapshot!(refused("bar: {table: times, x: regime, y: [step_us], series: kv, title: T}"), @"
    error: plot `T`: 2 rows have regime = compute, kv = 64, and a bar shows one value
      --> hypotheses/H1-longer-cache/hypothesis.yaml:31:18
       |
    31 |   - bar: {table: times, x: regime, y: [step_us], series: kv, title: T}
       |                  ^^^^^
       |
       = help: keep one of them with `only`, or split the rows with `series` by a column in which they differ
    ");
    // What was narrowed or split is drawn, and so is every row of marks over words.
    for plot in [
        "heatmap: {table: times, x: kv, y: regime, value: step_us, title: T, only: {requests: 1}}",
        "bar: {table: times, x: kv, y: [step_us], title: T, only: {requests: 1}}",
        "bar: {table: times, x: kv, y: [step_us], series: requests, title: T}",
        "scatter: {table: times, x: regime, y: [step_us], title: T}",
        "line: {table: times, x: is_long, y: [step_us], labels: requests, title: T}",
    ] {
        let svg = file_text(&with_plot(sql, plot).run(), "results/t.svg");
        let marks = svg.matches("class=\"plot-mark").count();
        let rows = if plot.contains("only") { 2 } else { 4 };
        assert_eq!(marks, rows, "{plot}");
    }
}

#[test]
fn a_row_without_a_value_takes_no_place() {
    let sql = "SELECT kv, requests, CASE WHEN requests = 1 THEN step_us END AS alone_us FROM steps";
    let plot = "bar: {table: times, x: kv, y: [alone_us], title: T}";
    let svg = file_text(&with_plot(sql, plot).run(), "results/t.svg");
    assert_eq!(svg.matches("class=\"plot-mark").count(), 2);
}

#[test]
fn a_plot_without_anything_to_draw_is_a_warning() {
    let sql = "SELECT kv, requests, step_us, regime, CASE WHEN kv > 999 THEN step_us END AS itl_us, CASE WHEN kv > 64 THEN step_us END AS long_us, CASE WHEN kv < 65 THEN step_us END AS short_us FROM steps";
    let warned = |plot: &str| {
        let outcome = with_plot(sql, plot).run();
        assert!(
            outcome
                .files
                .iter()
                .all(|file| !file.path.ends_with("t.svg")),
            "{plot}"
        );
        let warnings = missing(&outcome).join("\n");
        assert!(file_text(&outcome, "FINDINGS.md").contains(&warnings));
        warnings
    };
    assert_snapshot!(warned("line: {table: times, x: kv, y: [step_us], title: T, only: {regime: compude}}"), @"plot `T` of table `times` is not drawn: no row has regime = compude, which `only` asks for (did you mean compute? its values: compute)");
    assert_snapshot!(warned("bar: {table: times, x: kv, y: [step_us], title: T, only: {long_us: 65, requests: 1}}"), @"plot `T` of table `times` is not drawn: no row has long_us = 65, which `only` asks for (its values: 71, 117)");
    assert_snapshot!(warned("bar: {table: times, x: kv, y: [step_us], title: T, only: {itl_us: 65}}"), @"plot `T` of table `times` is not drawn: no row has itl_us = 65, which `only` asks for (it has no value in any row)");
    assert_snapshot!(warned("bar: {table: times, x: kv, y: [step_us], title: T, only: {kv: 64, long_us: 1e9}}"), @"plot `T` of table `times` is not drawn: no row has long_us = 1000000000, which `only` asks for (its values: 71, 117)");
    assert_snapshot!(warned("heatmap: {table: times, x: kv, y: requests, value: itl_us, title: T}"), @"plot `T` of table `times` is not drawn: column itl_us has no value in any row");
    assert_snapshot!(warned("scatter: {table: times, x: itl_us, y: [step_us], title: T}"), @"plot `T` of table `times` is not drawn: column itl_us has no value in any row");
    assert_snapshot!(warned("bar: {table: times, x: kv, y: [itl_us], title: T}"), @"plot `T` of table `times` is not drawn: column itl_us has no value in any row");
    assert_snapshot!(warned("predicted_measured: {table: times, measured: long_us, predicted: [itl_us, short_us], quantity: time, title: T}"), @"plot `T` of table `times` is not drawn: no row has a value of both long_us and itl_us or short_us");
    // One column of two is enough.
    let plot = "bar: {table: times, x: kv, y: [itl_us, step_us], series: requests, title: T}";
    let outcome = with_plot(sql, plot).run();
    assert_eq!(missing(&outcome), Vec::<String>::new());
    assert!(file_text(&outcome, "results/t.svg").starts_with("<svg"));
}

#[test]
fn values_of_only_that_stand_in_different_rows_are_named_together() {
    let sql = "SELECT kv, requests, step_us FROM steps WHERE kv = 64 OR requests = 1";
    let plot = "bar: {table: times, x: kv, y: [step_us], title: T, only: {kv: 128, requests: 2}}";
    assert_snapshot!(missing(&with_plot(sql, plot).run()).join("\n"), @"plot `T` of table `times` is not drawn: no row has all that `only` asks for together: kv: 128, requests: 2");
}

#[test]
fn a_table_without_rows_is_no_warning() {
    let sql = "SELECT kv, requests, step_us FROM steps WHERE kv > 999";
    let plot = "bar: {table: times, x: kv, y: [step_us], title: T, only: {step_us: 65}}";
    assert_eq!(missing(&with_plot(sql, plot).run()), Vec::<String>::new());
}
