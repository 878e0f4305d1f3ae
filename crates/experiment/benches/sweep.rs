//! How long a million cells, the two longest hypotheses of the project and all of them take, from file to findings in
//! memory.

use std::fs;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use experiment::{Hypothesis, HypothesisFolder, LoadOptions, Project};
use rayon::prelude::*;
use tempfile::TempDir;

/// Steps of one decode request at 1000 KV lengths under 1000 per-layer overheads.
const HYPOTHESIS: &str = "\
id: H1
title: A million cells
family: structural-model
type: deterministic
date: 2026-01-31
statement: A million cells take two seconds.
refuted_if: They take longer.
setup: {model: llama-3.1-8b-instruct, gpu: h100}
runs:
  steps:
    step:
      vary:
        overhead: {range: [1, 1000]}
        kv: {range: [1, 1000]}
      setup: {hardware: {per_layer_overhead_us: overhead}}
      batch: {decode: [{kv: kv}]}
tables: {}
checks:
  - id: takes-time
    role: acceptance
    claim: Every step takes time.
    sql: CHECK
";

/// Reads three columns.
const FEW_COLUMNS: &str =
    "SELECT MIN(step_us) > 0 AS holds, MAX(kv + step_us_exact) AS observed FROM steps";

/// Has the run keep every column, and reads the same three.
const ALL_COLUMNS: &str = "WITH every AS (SELECT * FROM steps) \
     SELECT MIN(step_us) > 0 AS holds, MAX(kv + step_us_exact) AS observed FROM every";

/// A project with the repository's model and GPU and one hypothesis with this check.
fn project(check: &str) -> std::io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for file in [
        "model_configs/llama-3.1-8b-instruct/config.json",
        "bench_data/h100/gpu.yaml",
        "bench_data/h100/gemm.csv",
        "bench_data/h100/attention_prefill.csv",
        "bench_data/h100/attention_decode.csv",
    ] {
        write(folder.path(), file, &fs::read(repository.join(file))?)?;
    }
    let text = HYPOTHESIS.replace("CHECK", check);
    write(
        folder.path(),
        "hypotheses/H1-million/hypothesis.yaml",
        text.as_bytes(),
    )?;
    Ok(folder)
}

fn write(root: &Path, file: &str, bytes: &[u8]) -> std::io::Result<()> {
    let path = root.join(file);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    fs::write(path, bytes)
}

#[expect(
    clippy::expect_used,
    reason = "a benchmark that cannot begin says so by ending"
)]
fn million_cells(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("million cells");
    group.sample_size(10);
    for (name, check) in [("few columns", FEW_COLUMNS), ("all columns", ALL_COLUMNS)] {
        let folder = project(check).expect("a temporary project");
        let project = Project::at(folder.path()).expect("a project");
        let hypothesis_folder = project.hypothesis("H1").expect("its hypothesis");
        let load = || Hypothesis::load(&project, &hypothesis_folder, &LoadOptions::default());
        let hypothesis = load().expect("a hypothesis in order");
        group.bench_function(name, |bencher| {
            bencher.iter(|| hypothesis.run().expect("an outcome"));
        });
    }
    group.finish();
}

/// From the files of a hypothesis to its findings, for the slowest and for all, as `rooflab run` computes them.
#[expect(
    clippy::expect_used,
    reason = "a benchmark that cannot begin says so by ending"
)]
fn hypotheses_of_the_project(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = Project::at(&root).expect("the project");
    let all = project.hypotheses().expect("its hypotheses");
    let options = LoadOptions::default();
    let run = |folder: &HypothesisFolder| {
        let hypothesis = Hypothesis::load(&project, folder, &options).expect("one in order");
        hypothesis.run().expect("an outcome")
    };
    let mut group = criterion.benchmark_group("hypotheses");
    group.sample_size(10);
    for id in ["H30", "HG1"] {
        let folder = project.hypothesis(id).expect("its folder");
        group.bench_function(id, |bencher| bencher.iter(|| run(&folder)));
    }
    group.bench_function("all", |bencher| {
        bencher.iter(|| all.par_iter().map(run).collect::<Vec<_>>());
    });
    group.finish();
}

criterion_group!(benches, million_cells, hypotheses_of_the_project);
criterion_main!(benches);
