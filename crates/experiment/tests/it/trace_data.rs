//! A hypothesis of the repository over a real trace, which stands beside the workspace.

use std::fs::File;
use std::path::{Path, PathBuf};

use experiment::{Hypothesis, LoadOptions, Outcome, Project};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use crate::real_hypotheses::repository;
use crate::shared_tables::{CsvText, expected_table, shared};
use crate::test_project::file_text;

/// Correlations that are published with every digit.
const TOLERANCE: f64 = 1e-9;

fn trace() -> Option<PathBuf> {
    shared("data/step_traces/vllm_h100_steps.parquet")
}

fn outcome_on(trace: &Path) -> Outcome {
    let project = Project::at(&repository()).unwrap();
    let folder = project.hypothesis("I2-H1").unwrap();
    let options = LoadOptions {
        data: [("step_trace".to_owned(), trace.to_owned())].into(),
        ..LoadOptions::default()
    };
    let hypothesis = Hypothesis::load(&project, &folder, &options);
    let hypothesis = hypothesis.unwrap_or_else(|error| panic!("{error}"));
    hypothesis.run().unwrap_or_else(|error| panic!("{error}"))
}

/// The file as CSV, every value as it stands there.
fn write_csv(parquet: &Path, csv: &Path) -> usize {
    let reader = SerializedFileReader::new(File::open(parquet).unwrap()).unwrap();
    let mut writer = csv::Writer::from_path(csv).unwrap();
    let mut rows = 0;
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        if rows == 0 {
            let header = row.get_column_iter().map(|(name, _)| name);
            writer.write_record(header).unwrap();
        }
        let values = row.get_column_iter().map(|(name, value)| match value {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            Field::Bool(truth) => i64::from(*truth).to_string(),
            Field::Int(number) => number.to_string(),
            Field::Long(number) => number.to_string(),
            Field::Float(number) => f64::from(*number).to_string(),
            Field::Double(number) => number.to_string(),
            other => panic!("column {name}: {other:?}"),
        });
        writer.write_record(values).unwrap();
        rows += 1;
    }
    writer.flush().unwrap();
    rows
}

#[test]
fn correlations_of_a_real_trace_are_the_published_ones() {
    let (Some(trace), Some(expected)) = (
        trace(),
        expected_table("idea2-h1-per-experiment-correlations.csv"),
    ) else {
        return;
    };
    let outcome = outcome_on(&trace);
    let ours = CsvText::read(&file_text(&outcome, "results/per_experiment.csv"));
    assert_eq!(ours.rows.len(), 3);
    let mut compared = 0;
    for row in &ours.rows {
        let experiment = ours.value(row, "experiment");
        for (component, column) in [
            ("prefill_gemm_us", "prefill_gemm_r"),
            ("decode_gemm_us", "decode_gemm_r"),
        ] {
            let published = expected.rows.iter().find(|row| {
                expected.value(row, "experiment_id") == experiment
                    && expected.value(row, "component") == component
            });
            let published = published.unwrap_or_else(|| panic!("{experiment} has no {component}"));
            assert_eq!(
                ours.value(row, "steps"),
                expected.value(published, "n_steps"),
                "{experiment}"
            );
            let r = |text: &str| -> f64 { text.parse().unwrap() };
            let (ours, theirs) = (
                r(ours.value(row, column)),
                r(expected.value(published, "pearson_r")),
            );
            assert!(
                (ours - theirs).abs() <= TOLERANCE,
                "{experiment}, {component}: {ours}, published {theirs}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 6);
}

#[test]
fn a_real_trace_as_csv_makes_the_same_tables() {
    let Some(trace) = trace() else { return };
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("steps.csv");
    assert!(write_csv(&trace, &csv) > 10_000);
    let (from_parquet, from_csv) = (outcome_on(&trace), outcome_on(&csv));
    assert_eq!(from_parquet.verdict, from_csv.verdict);
    for table in [
        "per_experiment",
        "by_phase",
        "pooled",
        "experiments",
        "explained",
    ] {
        let file = format!("results/{table}.csv");
        assert_eq!(
            file_text(&from_csv, &file),
            file_text(&from_parquet, &file),
            "{table}"
        );
    }
}
