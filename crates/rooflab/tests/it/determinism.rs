//! The same bytes on any number of threads.

use std::path::PathBuf;

use crate::test_project::TestProject;

/// Sums, means and deviations of numbers that do not add up the same way in every order.
const SUMMING: &str = "\
id: H8
title: Sums do not depend on threads
family: structural-model
type: deterministic
date: 2026-03-01
statement: Sums over many cells have the same bits on any number of threads.
refuted_if: They do not.
setup:
  model: llama-2-7b-hf
  gpu: h100
runs:
  steps:
    step:
      vary:
        requests: [1, 3, 7, 20, 64]
        kv: {range: [1, 8000]}
      batch: {decode: [{kv: kv, count: requests}]}
tables:
  sums:
    title: By batch size
    sql: >
      SELECT requests, COUNT(*) AS cells, SUM(step_us_exact) AS total_us, AVG(attention_us) AS mean_us,
             STDDEV(memory_us) AS deviation_us, MAX(kv) AS longest
      FROM steps GROUP BY requests ORDER BY requests
  whole:
    title: All cells
    sql: SELECT SUM(step_us_exact) AS total_us, AVG(step_us_exact / kv) AS mean_us, CORR(kv, step_us_exact) AS correlation FROM steps
  ranked:
    title: Longest steps
    sql: >
      SELECT a.requests AS requests, a.kv AS kv, a.step_us_exact AS step_us_exact, b.step_us_exact / a.step_us_exact AS ratio
      FROM steps a JOIN steps b ON a.kv = b.kv
      WHERE a.requests = 7 AND b.requests = 64 ORDER BY kv DESC
checks:
  - {id: positive, role: acceptance, claim: Totals are positive., sql: \"SELECT MIN(total_us) > 0 AS holds, SUM(total_us) AS observed FROM sums\"}
";

fn results(jobs: &str, polars_threads: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let project = TestProject::new();
    project.write("hypotheses/H8-sums/hypothesis.yaml", SUMMING);
    let mut command = project.command(&["run", "--jobs", jobs]);
    command.env("POLARS_MAX_THREADS", polars_threads);
    project.answer(&mut command).success();
    project
        .files("hypotheses")
        .into_iter()
        .map(|(path, bytes)| (path.strip_prefix(project.path()).unwrap().to_owned(), bytes))
        .collect()
}

/// Exports of the same hypothesis, in one file and in one for each table.
fn exports(jobs: &str, polars_threads: &str) -> Vec<Vec<u8>> {
    let project = TestProject::new();
    project.write("hypotheses/H8-sums/hypothesis.yaml", SUMMING);
    for arguments in [
        &["--out", "out/results.parquet"][..],
        &["--out", "out/results.ndjson"],
        &["--out", "out/tables/"],
    ] {
        std::fs::create_dir_all(project.path().join("out")).unwrap();
        let arguments = [&["export", "--jobs", jobs], arguments].concat();
        let mut command = project.command(&arguments);
        command.env("POLARS_MAX_THREADS", polars_threads);
        project.answer(&mut command).success();
    }
    let files = project.files("out").into_iter();
    files.map(|(_, bytes)| bytes).collect()
}

#[test]
fn threads_do_not_change_a_byte_of_an_export() {
    let alone = exports("1", "1");
    assert_eq!(alone.len(), 5, "two files, and three tables");
    for (jobs, polars_threads) in [("4", "1"), ("3", "7")] {
        assert!(
            exports(jobs, polars_threads) == alone,
            "--jobs {jobs} with {polars_threads} threads of tables"
        );
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let alone = results("1", "1");
    assert_eq!(
        alone.len(),
        8,
        "hypothesis, findings, inputs, outcome, three tables and the audit"
    );
    for (jobs, polars_threads) in [("4", "1"), ("1", "4"), ("3", "7"), ("4", "4")] {
        assert!(
            results(jobs, polars_threads) == alone,
            "--jobs {jobs} with {polars_threads} threads of tables"
        );
    }
}
