//! A hypothesis of the repository over a real trace, which stands beside the workspace.

use std::fs::File;
use std::path::{Path, PathBuf};

use experiment::{Hypothesis, LoadOptions, Outcome, Project, Verdict};
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

/// What a step can do: prompt tokens or not, decode tokens or not.
const KINDS: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

/// The columns of the real trace that the hypothesis reads.
const COLUMNS: [&str; 13] = [
    "experiment_id",
    "model",
    "workload",
    "tp",
    "step.id",
    "step.ts_start_ns",
    "step.duration_us",
    "batch.num_prefill_reqs",
    "batch.prefill_tokens",
    "batch.num_decode_reqs",
    "batch.decode_tokens",
    "kv.usage_gpu_ratio",
    "kv.blocks_total_gpu",
];

/// Steps of two servers that do all there is, in turn, a few of each kind one after the other.
fn made_up_steps() -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (server, model, gpus) in [("a", "llama-2-7b", 1), ("b", "codellama-34b", 2)] {
        for step in 0..240_u64 {
            let (prompts, decodes) = KINDS[step as usize / 6 % 4];
            let (prompt, decode) = (
                u64::from(prompts) * (16 + step % 7 * 50),
                u64::from(decodes) * (1 + step % 5),
            );
            let row = [
                server.to_owned(),
                model.to_owned(),
                "made-up".to_owned(),
                gpus.to_string(),
                step.to_string(),
                (step * 20_000_000 + prompt * 10_000).to_string(),
                (100 + prompt + 3 * decode).to_string(),
                u64::from(prompts).to_string(),
                prompt.to_string(),
                decode.to_string(),
                decode.to_string(),
                format!("0.{:03}", 10 + step),
                "10000".to_owned(),
            ];
            rows.push(row.to_vec());
        }
    }
    rows
}

/// Blocks of consecutive steps of the real trace.
fn real_steps(parquet: &Path) -> Vec<Vec<String>> {
    const BLOCK: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("all.csv");
    write_csv(parquet, &csv);
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = COLUMNS.map(|name| header.iter().position(|one| one == name).unwrap());
    let rows = reader.records().map(Result::unwrap);
    let blocks = rows.enumerate().filter(|(row, _)| row / BLOCK % 5 == 0);
    blocks
        .map(|(_, row)| at.iter().map(|column| row[*column].to_owned()).collect())
        .collect()
}

/// Decides the hypothesis on each proper subset of the kinds of steps.
fn decide_subsets(rows: &[Vec<String>]) {
    let of_kind = |row: &Vec<String>| {
        let is_some = |column: usize| row[column] != "0";
        let kind = (is_some(8), is_some(10));
        KINDS.iter().position(|one| *one == kind).unwrap()
    };
    for subset in 1..15_u8 {
        let has = |kind: usize| subset >> kind & 1 == 1;
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        let mut writer = csv::Writer::from_path(file.path()).unwrap();
        writer.write_record(COLUMNS).unwrap();
        let chosen: Vec<_> = rows.iter().filter(|row| has(of_kind(row))).collect();
        // A real trace may lack a kind altogether.
        if chosen.is_empty() {
            continue;
        }
        for row in &chosen {
            writer.write_record(*row).unwrap();
        }
        writer.flush().unwrap();
        let outcome = outcome_on(file.path());
        let findings = file_text(&outcome, "FINDINGS.md");
        assert!(findings.contains(outcome.verdict.name()), "{subset:04b}");
        // The words on the second clock are about mixed steps.
        let is_said = outcome
            .warnings
            .iter()
            .any(|warning| warning.contains("no row for subset = mixed"));
        assert!(is_said || has(3), "{subset:04b}: {:?}", outcome.warnings);
        // Nothing that only decodes, nothing to decide by.
        if !has(2) && !has(1) {
            assert_eq!(outcome.verdict, Verdict::Inconclusive, "{subset:04b}");
        }
    }
}

#[test]
fn every_subset_of_made_up_steps_is_decided() {
    decide_subsets(&made_up_steps());
}

#[test]
fn every_subset_of_the_real_steps_is_decided() {
    let Some(trace) = trace() else {
        eprintln!("skipped: there is no real trace");
        return;
    };
    decide_subsets(&real_steps(&trace));
}

#[test]
fn each_experiment_of_the_real_steps_is_decided_alone() {
    let Some(trace) = trace() else {
        eprintln!("skipped: there is no real trace");
        return;
    };
    let rows = real_steps(&trace);
    let names: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
    assert!(names.len() > 1);
    for name in names {
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        let mut writer = csv::Writer::from_path(file.path()).unwrap();
        writer.write_record(COLUMNS).unwrap();
        for row in rows.iter().filter(|row| row[0] == *name) {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
        let findings = file_text(&outcome_on(file.path()), "FINDINGS.md");
        assert!(findings.contains(name.as_str()), "{name}");
    }
}
