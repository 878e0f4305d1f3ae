//! The hypotheses of this repository that are decided on measured runs.

use std::fs;
use std::path::PathBuf;

use experiment::{Hypothesis, LoadOptions, Outcome, Project, Verdict};

use crate::real_hypotheses::{outcome, repository};
use crate::shared_tables::{CsvText, expected_table, shared};
use crate::test_project::{file_text, missing};

#[test]
fn verdicts_are_the_published_ones() {
    for (id, published, ours) in [
        ("H1", Verdict::Confirmed, Verdict::Confirmed),
        ("H2", Verdict::Refuted, Verdict::Refuted),
        (
            "H2b",
            Verdict::PartiallyConfirmed,
            Verdict::PartiallyConfirmed,
        ),
        ("HG1", Verdict::Refuted, Verdict::Refuted),
        ("H5", Verdict::Refuted, Verdict::Refuted),
    ] {
        let (outcome, _) = outcome(id);
        assert_eq!(outcome.published_verdict, Some(published), "{id}");
        assert_eq!(outcome.verdict, ours, "{id}");
        assert_eq!(missing(&outcome), [] as [&str; 0], "{id}");
    }
}

/// The published mean improvement of TPOT is 11.6 percentage points.
#[test]
fn the_bandwidth_correction_is_worth_what_was_published() {
    let (outcome, _) = outcome("H1");
    for (table, column) in [
        ("improvement", "tpot_pp"),
        ("published_improvement", "tpot_pp"),
    ] {
        let rows = CsvText::read(&file_text(&outcome, &format!("results/{table}.csv")));
        let values: Vec<f64> = rows
            .rows
            .iter()
            .map(|row| rows.value(row, column).parse().unwrap())
            .collect();
        assert_eq!(values.len(), 13, "{table}");
        let mean = values.iter().sum::<f64>() / 13.0;
        assert!((mean - 11.6).abs() <= 1.5, "{table}: {mean}");
    }
}

/// What is compared with is what was published, to the byte.
#[test]
fn published_values_are_those_that_were_handed_down() {
    for (folder, table, handed_down) in [
        ("H1-bandwidth-efficiency", "per_experiment", "h1-published"),
        ("H2-fixed-step-overhead", "per_experiment", "h2-published"),
        ("H2b-per-layer-overhead", "per_experiment", "h2b-published"),
        (
            "HG1-overhead-grid-search",
            "per_experiment",
            "hg1-published",
        ),
        ("H5-additive-mixed-batches", "by_experiment", "h5-published"),
    ] {
        let Some(expected) = expected_table(&format!("{handed_down}.csv")) else {
            return;
        };
        let path = repository().join(format!("hypotheses/{folder}/published/{table}.csv"));
        let mut ours = CsvText::read(&fs::read_to_string(path).unwrap());
        // Why ours differ is no part of what was published.
        if ours.header.last().is_some_and(|column| column == "why") {
            ours.header.pop();
            ours.rows.iter_mut().for_each(|row| {
                row.pop();
            });
        }
        assert_eq!(ours.header, expected.header, "{folder}");
        assert_eq!(ours.rows, expected.rows, "{folder}");
    }
}

/// H5 on the sweep as it was recorded, and on the figures of its requests that the project has: the same, as far as these are
/// rounded. Times of the figures are rounded to a tenth of a millisecond or less, of means above a second.
#[test]
fn the_figures_of_a_sweep_decide_as_the_sweep_does() {
    let Some(sweeps) = shared("data/guidellm") else {
        return;
    };
    let recorded = decided_by(sweeps);
    let (figures, _) = outcome("H5");
    assert_eq!(recorded.verdict, figures.verdict);
    let points = |outcome: &Outcome| {
        let points = CsvText::read(&file_text(outcome, "results/points.csv"));
        let of_sweep = |row: &&Vec<String>| points.value(row, "of_a_sweep") == "true";
        let rows = points.rows.iter().filter(of_sweep);
        let errors = [
            "measured_e2e_ms",
            "baseline_e2e_ms",
            "smooth_e2e_ms",
            "additive_e2e_ms",
        ];
        rows.flat_map(|row| errors.map(|column| points.value(row, column).parse::<f64>().unwrap()))
            .collect::<Vec<_>>()
    };
    let (recorded, figures) = (points(&recorded), points(&figures));
    assert_eq!((recorded.len(), figures.len()), (20, 20));
    for (recorded, figures) in recorded.iter().zip(figures) {
        assert!(
            (recorded / figures - 1.0).abs() < 1e-5,
            "{recorded} {figures}"
        );
    }
}

fn decided_by(sweeps: PathBuf) -> Outcome {
    let project = Project::at(&repository()).unwrap();
    let folder = project.hypothesis("H5").unwrap();
    let options = LoadOptions {
        ground_truth: Some(sweeps),
        ..LoadOptions::default()
    };
    let hypothesis = Hypothesis::load(&project, &folder, &options).unwrap();
    hypothesis.run().unwrap()
}

/// With a real sweep, in which steps mix, H5 is decided.
#[test]
fn a_real_sweep_decides_what_synchronous_runs_cannot() {
    let Some(sweeps) = shared("data/guidellm") else {
        return;
    };
    let outcome = decided_by(sweeps);
    assert_ne!(outcome.verdict, Verdict::Inconclusive);
    assert_eq!(outcome.published_verdict, None);
    assert_eq!(outcome.comparison.reproduction.compared(), 0);
    assert!(outcome.checks.iter().all(|check| check.holds.is_some()));
    let points = CsvText::read(&file_text(&outcome, "results/points.csv"));
    let strategies: Vec<&str> = points
        .rows
        .iter()
        .map(|row| points.value(row, "strategy"))
        .collect();
    assert_eq!(
        strategies,
        [
            "synchronous",
            "throughput",
            "constant",
            "constant",
            "constant"
        ]
    );
    for row in &points.rows {
        let mixed: u64 = points.value(row, "mixed_steps").parse().unwrap();
        let is_synchronous = points.value(row, "strategy") == "synchronous";
        assert_eq!(mixed == 0, is_synchronous, "{row:?}");
    }
}
