//! Outcomes are the same bytes on any number of threads, of the sweep and of the SQL engine.

use std::path::Path;
use std::process::Command;

use experiment::{Outcome, OutputFile};
use rayon::ThreadPoolBuilder;

use crate::real_hypotheses::outcome;
use crate::test_project::TestProject;

/// Names the folder that [`child`] writes to.
const FOLDER_VARIABLE: &str = "ROOFLAB_TEST_OUTCOME_FOLDER";

/// 50,000 cells with every kind of column, and sums and means of fractions over many rows.
fn large_sweep() -> TestProject {
    TestProject::new()
        .edit("kv: [64, 128]", "kv: {range: [1, 5000]}")
        .edit("{range: [1, 2]}", "{range: [1, 10]}")
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            "sql: SELECT kv, requests, step_us, step_us_exact, regime, decode_attention_found, prefill_regime FROM steps",
        )
        .edit(
            "checks:\n",
            "  by_kv:
    title: Means over requests
    sql: >
      SELECT kv, AVG(step_us_exact) AS mean_us, SUM(memory_us) AS memory_us, STDDEV(compute_us) AS spread_us,
             COUNT(DISTINCT decode_attention_found) AS ways
      FROM steps GROUP BY kv ORDER BY kv
  by_regime:
    title: Sums over thousands of rows
    sql: >
      SELECT decode_attention_found, regime, SUM(step_us_exact) AS total_us, AVG(memory_us) AS memory_us,
             CORR(compute_us, memory_us) AS correlation
      FROM steps GROUP BY decode_attention_found, regime ORDER BY decode_attention_found, regime
  neighbours:
    title: What a request adds
    sql: >
      WITH added AS (SELECT a.kv AS kv, a.requests AS requests, b.step_us_exact - a.step_us_exact AS added_us
                     FROM steps a JOIN steps b ON a.kv = b.kv AND a.requests + 1 = b.requests)
      SELECT requests, SUM(added_us) AS added_us, MAX(added_us) AS most_us FROM added GROUP BY requests ORDER BY requests
  total:
    title: All in all
    figures:
      - {name: sum, sql: SELECT SUM(step_us_exact) AS value FROM steps}
      - {name: mean, sql: SELECT AVG(memory_us / step_us_exact) AS value FROM steps}
      - {name: mean of some, sql: SELECT AVG(step_us_exact) AS value FROM steps WHERE kv > 3}
      - {name: spread of some, sql: SELECT STDDEV(step_us_exact) AS value FROM steps WHERE kv > 3}
      - {name: sum over a join, sql: SELECT SUM(a.step_us_exact / b.step_us_exact) AS value FROM steps a JOIN steps b ON a.kv = b.kv WHERE b.requests = 1}
checks:
",
        )
}

fn in_pool(threads: usize, run: impl Fn() -> Outcome + Send + Sync) -> Vec<OutputFile> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(run).files
}

#[test]
fn real_hypotheses_do_not_depend_on_the_pool() {
    for id in ["H28", "H33", "H35"] {
        let one = in_pool(1, || outcome(id).0);
        for threads in [2, 7] {
            assert!(in_pool(threads, || outcome(id).0) == one, "{id}, {threads}");
        }
    }
}

#[test]
fn a_large_sweep_does_not_depend_on_the_pool() {
    let project = large_sweep();
    let hypothesis = project.load().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(hypothesis.cells(), 50_000);
    let run = || hypothesis.run().unwrap_or_else(|error| panic!("{error}"));
    let one = in_pool(1, run);
    for threads in [2, 7] {
        assert!(in_pool(threads, run) == one, "{threads}");
    }
}

/// The SQL engine reads the size of its own pool once a process, so that each size needs a process.
#[test]
fn outcomes_do_not_depend_on_the_threads_of_the_sql_engine() {
    let folders: Vec<_> = ["1", "2", "7"]
        .into_iter()
        .map(|threads| {
            let folder = tempfile::tempdir().unwrap();
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "determinism::child"])
                .env("POLARS_MAX_THREADS", threads)
                .env("RAYON_NUM_THREADS", threads)
                .env(FOLDER_VARIABLE, folder.path())
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stdout)
            );
            folder
        })
        .collect();
    let names = ["H28", "H33", "H35", "H1"];
    for name in names {
        let one = files_below(&folders[0].path().join(name));
        assert!(one.len() >= 2, "{name}");
        for folder in &folders[1..] {
            assert!(files_below(&folder.path().join(name)) == one, "{name}");
        }
    }
}

#[test]
#[ignore = "started by the test of the SQL engine's threads"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else {
        return;
    };
    let folder = Path::new(&folder);
    for id in ["H28", "H33", "H35"] {
        outcome(id).0.write(&folder.join(id)).unwrap();
    }
    large_sweep().run().write(&folder.join("H1")).unwrap();
}

/// Every file below a folder with its bytes, sorted.
fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}
