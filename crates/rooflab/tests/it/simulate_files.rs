//! The files that `rooflab simulate` writes.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::test_project::TestProject;

const WORKLOAD: [&str; 7] = [
    "simulate",
    "--model=llama-2-7b-hf",
    "--prompt-tokens=700",
    "--output-tokens=20",
    "--prefix-tokens=64",
    "--concurrency=8",
    "--format=json",
];

/// Rows by column name.
fn rows(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), names.len(), "{line}");
            names.iter().copied().zip(cells).collect()
        })
        .collect()
}

fn count(row: &BTreeMap<&str, &str>, column: &str) -> u64 {
    row[column].parse().unwrap()
}

fn number(row: &BTreeMap<&str, &str>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn steps_and_requests_add_up_to_the_report() {
    let project = TestProject::new();
    let files = ["--trace=steps.csv", "--requests-out=requests.csv"];
    let answer = project.run(&[&WORKLOAD[..], &files].concat()).success();
    let line: Value = serde_json::from_str(&answer).unwrap();
    let simulated = &line["simulated"];

    let text = project.read("steps.csv");
    let steps = rows(&text);
    assert_eq!(simulated["steps"], steps.len());
    let sum = |column: &str| -> u64 { steps.iter().map(|row| count(row, column)).sum() };
    assert_eq!(sum("finished"), 100);
    let hits = simulated["prefix_cache"]["hit_tokens"].as_u64().unwrap();
    assert!(hits > 0);
    assert_eq!(sum("cached_tokens"), hits);
    assert_eq!(sum("prefill_tokens") + hits, 100 * 764);
    let mut now = 0.0;
    for step in &steps {
        // Microseconds as doubles, of nanoseconds as whole numbers.
        assert!(number(step, "start_us") >= now - 1e-3);
        now = number(step, "start_us") + number(step, "duration_us");
    }
    let duration_us = 1e6 * simulated["duration_s"].as_f64().unwrap();
    // The report counts in seconds.
    assert!((now - duration_us).abs() < 1e-3, "{now} {duration_us}");
    let mixed = steps
        .iter()
        .filter(|step| count(step, "prefill_requests") > 0 && count(step, "decode_requests") > 0);
    assert_eq!(simulated["mixed_steps"], mixed.count());

    let text = project.read("requests.csv");
    let requests = rows(&text);
    assert_eq!(requests.len(), 100);
    let mean = requests
        .iter()
        .map(|row| number(row, "ttft_ms"))
        .sum::<f64>()
        / 100.0;
    let reported = line["metrics"]["ttft_ms"]["mean"].as_f64().unwrap();
    // Sums in another order.
    assert!((mean - reported).abs() < 1e-9 * reported);
    for (index, row) in requests.iter().enumerate() {
        assert_eq!(row["request"], index.to_string());
        assert_eq!(row["outcome"], "served");
        assert_eq!(row["prompt_tokens"], "764");
    }
}

#[test]
fn benchmarks_are_told_apart_and_refused_requests_are_kept() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let answer = project.run(&[
        "simulate",
        "--ground-truth=sweeps/guidellm-0.8.1-sweep",
        "--format=json",
        "--max-model-len=27",
        "--trace=steps.csv",
        "--requests-out=requests.csv",
    ]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let line: Value = serde_json::from_str(&answer.stdout).unwrap();
    let steps_text = project.read("steps.csv");
    let steps = rows(&steps_text);
    let requests_text = project.read("requests.csv");
    let requests = rows(&requests_text);
    let mut refused = 0;
    for benchmark in line["benchmarks"].as_array().unwrap() {
        let index = benchmark["benchmark"].to_string();
        let own = |row: &&BTreeMap<&str, &str>| {
            row["benchmark"] == index && row["experiment"] == "guidellm-0.8.1-sweep"
        };
        let simulated = &benchmark["simulated"];
        assert_eq!(simulated["steps"], steps.iter().filter(own).count());
        let own: Vec<_> = requests.iter().filter(own).collect();
        assert_eq!(simulated["requests"]["injected"], own.len());
        let rejected = own
            .iter()
            .filter(|row| row["outcome"] == "rejected: longer than `max_model_len`")
            .count();
        assert_eq!(simulated["requests"]["rejected"], rejected);
        refused += rejected;
    }
    assert!(refused > 0 && refused < requests.len());
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    fs::create_dir(project.path().join("folder")).unwrap();
    for (flag, expected) in [
        (
            "--trace=folder",
            "error: folder: is a folder, expected the name of a file to write\n",
        ),
        (
            "--requests-out=folder",
            "error: folder: is a folder, expected the name of a file to write\n",
        ),
        (
            "--trace=missing/steps.csv",
            "error: missing/steps.csv: cannot be written: ",
        ),
    ] {
        let error = project.run(&[&WORKLOAD[..], &[flag]].concat()).rejected();
        assert!(error.starts_with(expected), "{flag}: {error}");
    }
    let twice = ["--trace=same.csv", "--requests-out=same.csv"];
    assert_eq!(
        project.run(&[&WORKLOAD[..], &twice].concat()).rejected(),
        "error: --trace and --requests-out name the same file\n"
    );

    // One experiment of two cannot be simulated.
    project.write("steps.csv", "what was there before");
    project.write("sweeps/torn/guidellm-results.json", "{");
    let answer = project.run(&[
        "simulate",
        "--ground-truth=sweeps",
        "--trace=steps.csv",
        "--force",
    ]);
    assert_eq!(answer.code, 2);
    assert!(
        answer
            .stderr
            .contains("warning: no file was written, since not everything was simulated"),
        "{}",
        answer.stderr
    );
    assert_eq!(project.read("steps.csv"), "what was there before");
    let left: Vec<_> = project
        .files(".")
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().contains(".rooflab-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
