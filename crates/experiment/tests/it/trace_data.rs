//! A hypothesis of the repository over the recorded steps, summed by batch as the project has them, and over the trace that
//! they are of, which stands beside the workspace.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use experiment::{Hypothesis, LoadOptions, Outcome, Project, Verdict};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use crate::real_hypotheses::{outcome, repository};
use crate::shared_tables::{CsvText, expected_table, shared};
use crate::test_project::file_text;

/// Correlations that are published with every digit.
const TOLERANCE: f64 = 1e-9;

fn trace() -> Option<PathBuf> {
    shared("data/step_traces/vllm_h100_steps.parquet")
}

/// What the whole trace comes to, computed once: its intervals take seconds.
fn whole() -> Option<&'static Outcome> {
    static WHOLE: OnceLock<Option<Outcome>> = OnceLock::new();
    let whole = WHOLE.get_or_init(|| trace().map(|trace| outcome_on(&trace)));
    whole.as_ref()
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

/// The r that the published analysis has for every component, with every digit.
fn assert_published_correlations(outcome: &Outcome) {
    let Some(expected) = expected_table("idea2-h1-per-experiment-correlations.csv") else {
        return;
    };
    let ours = CsvText::read(&file_text(outcome, "results/per_experiment.csv"));
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
fn correlations_of_a_real_trace_are_the_published_ones() {
    if let Some(outcome) = whole() {
        assert_published_correlations(outcome);
    }
}

#[test]
fn correlations_of_sums_are_the_published_ones() {
    let (outcome, _) = outcome("I2-H1");
    assert_published_correlations(&outcome);
    // These stand in the published findings; no other file is needed to see them.
    let ours = CsvText::read(&file_text(&outcome, "results/per_experiment.csv"));
    let published = [
        (
            "20260217-202857-llama-2-70b-tp4-general",
            0.849_528_997_739_749_1,
        ),
        (
            "20260217-203421-llama-2-70b-hf-tp4-codegen",
            0.788_054_385_445_888_4,
        ),
        (
            "20260218-150304-codellama-34b-tp2-general",
            0.728_072_125_659_481_3,
        ),
    ];
    assert_eq!(ours.rows.len(), published.len());
    for (row, (experiment, r)) in ours.rows.iter().zip(published) {
        assert_eq!(ours.value(row, "experiment"), experiment);
        let ours: f64 = ours.value(row, "decode_gemm_r").parse().unwrap();
        assert!(
            (ours - r).abs() <= TOLERANCE,
            "{experiment}: {ours}, published {r}"
        );
    }
}

/// All that the batch determines is the same from the steps one by one and from their sums.
#[test]
fn sums_say_what_single_steps_say() {
    let Some(single) = whole() else { return };
    let (sums, _) = outcome("I2-H1");
    assert_eq!(single.verdict, sums.verdict);
    let mut compared = 0;
    for table in [
        "experiments",
        "pooled",
        "interval_pooled",
        "by_phase",
        "own_phase",
    ] {
        let rows =
            |outcome: &Outcome| CsvText::read(&file_text(outcome, &format!("results/{table}.csv")));
        let (single, sums) = (rows(single), rows(&sums));
        assert_eq!(single.header, sums.header);
        for row in &sums.rows {
            let words = |row: &[String]| {
                let words = row.iter().filter(|cell| cell.parse::<f64>().is_err());
                words
                    .filter(|word| !word.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
            };
            let same = single.rows.iter().find(|other| words(other) == words(row));
            let same = same.unwrap_or_else(|| panic!("{table}: {row:?}"));
            for (of_sums, of_single) in row.iter().zip(same) {
                // What needs KV lengths is in a trace of single steps alone.
                if let (Ok(of_sums), Ok(of_single)) =
                    (of_sums.parse::<f64>(), of_single.parse::<f64>())
                {
                    assert!(
                        (of_sums - of_single).abs() <= TOLERANCE * of_single.abs().max(1.0),
                        "{table}: {of_sums}, {of_single}"
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

/// A part of a trace by its name, and which rows it has.
type Part = (&'static str, fn(&CsvText, &[String]) -> bool);

/// Rows of a part up to which it is run: a tenth of them has an interval, and 100 of these are asked for.
const LONGEST_PART: usize = 2500;

/// Whatever part of a trace is given, there is a verdict.
#[test]
fn every_part_of_a_trace_has_a_verdict() {
    let Some(trace) = trace() else { return };
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("steps.csv");
    write_csv(&trace, &whole);
    let text = fs::read_to_string(&whole).unwrap();
    let rows = CsvText::read(&text);
    let parts: [Part; 8] = [
        ("decode only", |rows, row| {
            rows.value(row, "batch.prefill_tokens") == "0"
        }),
        ("prefill only", |rows, row| {
            rows.value(row, "batch.decode_tokens") == "0"
        }),
        ("mixed only", |rows, row| {
            let mixes = |column| rows.value(row, column) != "0";
            mixes("batch.prefill_tokens") && mixes("batch.decode_tokens")
        }),
        ("no mixed step", |rows, row| {
            let lacks = |column| rows.value(row, column) == "0";
            lacks("batch.prefill_tokens") || lacks("batch.decode_tokens")
        }),
        ("one experiment", |rows, row| {
            rows.value(row, "experiment_id").contains("codellama")
        }),
        ("one request at a time", |rows, row| {
            rows.value(row, "batch.decode_tokens") == "1"
        }),
        ("every other step", |rows, row| {
            rows.value(row, "step.id").parse::<i64>().unwrap() % 2 == 0
        }),
        ("one step", |rows, row| row == rows.rows[0].as_slice()),
    ];
    for (part, takes) in parts {
        let path = folder.path().join("part.csv");
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(&rows.header).unwrap();
        let part_of = rows.rows.iter().filter(|row| takes(&rows, row));
        for row in part_of.take(LONGEST_PART) {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
        let outcome = outcome_on(&path);
        assert!(
            outcome.checks.iter().any(|check| check.holds.is_some()),
            "{part}"
        );
    }
}

#[test]
fn a_real_trace_as_csv_makes_the_same_tables() {
    let Some(trace) = trace() else { return };
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("steps.csv");
    assert!(write_csv(&trace, &csv) > 10_000);
    let Some(from_parquet) = whole() else { return };
    let from_csv = outcome_on(&csv);
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
            file_text(from_parquet, &file),
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
        for (step, kind) in (0..240_u64).zip(0..) {
            let (prompts, decodes) = KINDS[kind / 6 % 4];
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
    let blocks = rows
        .enumerate()
        .filter(|(row, _)| (row / BLOCK).is_multiple_of(5));
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
        // The words of this hypothesis ask for no row that a trace may lack.
        let absent = outcome
            .warnings
            .iter()
            .find(|warning| warning.what.contains("the words name"));
        assert_eq!(absent, None, "{subset:04b}");
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
