//! What findings say of measured runs: inputs, design, other ground truth.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use experiment::{LoadOptions, Outcome, Staleness};
use insta::assert_snapshot;
use rayon::ThreadPoolBuilder;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::measured_project::{
    CONFIG, GROUND_TRUTH, PROFILE, SYNCHRONOUS, means, report, synchronous,
};
use crate::test_project::{TestProject, file_text};

/// The inputs that a run lists, below the ground truth.
fn measured_inputs(outcome: &Outcome) -> Vec<String> {
    let inputs = file_text(outcome, "results/inputs.sha256");
    let paths = inputs.lines().map(|line| line.split_once("  ").unwrap().1);
    paths
        .filter_map(|path| path.strip_prefix("eval/ground_truth/"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn inputs_are_the_files_of_the_experiments_that_are_simulated() {
    let project = TestProject::measured();
    let outcome = project.run();
    let inputs = file_text(&outcome, "results/inputs.sha256");
    for file in ["guidellm-results.json", "profile.yaml", "exp-config.yaml"] {
        let path = format!("{GROUND_TRUTH}/code-tp2/{file}");
        let bytes = fs::read(project.root().join(&path)).unwrap();
        let hash = Sha256::digest(bytes)
            .iter()
            .fold(String::new(), |mut hash, byte| {
                write!(hash, "{byte:02x}").unwrap();
                hash
            });
        let line = format!("{hash}  {path}\n");
        assert!(inputs.contains(&line), "{line}{inputs}");
    }
    assert_eq!(measured_inputs(&outcome).len(), 9);
    // Which experiments there are does not depend on the results of those that a filter leaves out.
    let chat = project.edit("ground_truth: {}", "ground_truth: {tensor_parallel: 2}");
    assert_eq!(
        measured_inputs(&chat.run()),
        [
            "code-tp2/exp-config.yaml",
            "code-tp2/guidellm-results.json",
            "code-tp2/profile.yaml"
        ]
    );
}

#[test]
fn splits_are_an_input_where_they_choose() {
    let project =
        TestProject::measured().edit("ground_truth: {}", "ground_truth: {split: fit.test}");
    let inputs = measured_inputs(&project.run());
    assert_eq!(inputs.len(), 4);
    assert_eq!(inputs[3], "splits.yaml");
}

#[test]
fn models_and_gpus_of_experiments_are_inputs() {
    let inputs = file_text(&TestProject::measured().run(), "results/inputs.sha256");
    for path in [
        "model_configs/small/config.json",
        "model_configs/tiny/config.json",
        "bench_data/toy/gpu.yaml",
        "bench_data/toy/gemm.csv",
    ] {
        assert!(inputs.contains(&format!("  {path}\n")), "{path}");
    }
}

#[test]
fn findings_go_stale_with_their_ground_truth() {
    let stale = |project: &TestProject| project.run().stale_files(&project.own_folder()).unwrap();
    let project = TestProject::measured();
    project.run().write(&project.own_folder()).unwrap();
    assert_eq!(stale(&project), []);
    // Not a figure changes, and yet these are not the bytes that the findings speak of.
    let file = format!("{GROUND_TRUTH}/chat-tp1/guidellm-results.json");
    let project = project.with(&file, format!("{}\n", synchronous()));
    let findings = (PathBuf::from("FINDINGS.md"), Staleness::Differs);
    let inputs = (PathBuf::from("results/inputs.sha256"), Staleness::Differs);
    assert_eq!(stale(&project), [findings.clone(), inputs.clone()]);
    let project = project.with(&file, synchronous());
    assert_eq!(stale(&project), []);
    // A table that shows what was measured is stale too.
    let project = project.edit(
        "SELECT experiment, benchmark, model",
        "SELECT experiment, measured_ttft_ms, model",
    );
    project.run().write(&project.own_folder()).unwrap();
    let project = project.with(&file, report(&[means(SYNCHRONOUS, 0.75, 0.25, 0.002)]));
    let table = (PathBuf::from("results/points.csv"), Staleness::Differs);
    assert_eq!(stale(&project), [findings, table, inputs]);
    // So is all of it with another experiment.
    let project = project.with(&file, synchronous());
    project.run().write(&project.own_folder()).unwrap();
    let more = project.with_experiment("more", CONFIG, PROFILE, &synchronous());
    assert_eq!(
        stale(&more).len(),
        4,
        "findings, table, inputs and what the checks observed"
    );
}

#[test]
fn the_design_names_every_benchmark() {
    let project = TestProject::measured().edit(
        "{ground_truth: {}}\n",
        "{ground_truth: {}}
        layer_us: {sql: SELECT 50 AS value}
      setup: {hardware: {per_layer_overhead_us: layer_us}}
      overhead: {decode_us: 5, mixed_us: layer_us}
      server: {prefix_caching: false}
      lengths: seeded
",
    );
    let findings = file_text(&project.run(), "FINDINGS.md");
    let design = &findings[findings.find("## Design").unwrap()..];
    assert_snapshot!(&design[..design.find("## How").unwrap()], @"
    ## Design

    Controlled variables: `assumptions.preset` = feb27. All other settings are those of the preset, of the GPU and the defaults.

    Run `arms` (serve probe, 5 cells): the measured benchmark, simulated, with `overhead.decode_us` 5, `overhead.mixed_us` `layer_us`, `server.prefix_caching` false, `lengths` `seeded`.

    - independent variable `experiment` (5 values): chat-tp1 (benchmark 0, model tiny, tensor_parallel 1, gpu toy); code-tp2 (benchmark 0, model small, tensor_parallel 2, gpu toy); sweep-tp1 (benchmark 0, model tiny, tensor_parallel 1, gpu toy); sweep-tp1 (benchmark 1, model tiny, tensor_parallel 1, gpu toy); sweep-tp1 (benchmark 2, model tiny, tensor_parallel 1, gpu toy)
    - independent variable `layer_us` (1 value): 50
    - sets `model` to axis `model`
    - sets `gpu` to axis `gpu`
    - sets `tensor_parallel` to axis `tensor_parallel`
    - sets `hardware.peak_tflops` to 1 TFLOP/s (bench_data/toy/gpu.yaml)
    - sets `hardware.bandwidth_tb_per_s` to 0.1 TB/s (bench_data/toy/gpu.yaml)
    - sets `hardware.per_layer_overhead_us` to axis `layer_us`
    ");
}

#[test]
fn the_design_does_not_give_one_gpu_for_another() {
    let gpu = "name: Fast\npeak_flops_per_s: 2e12\nbandwidth_bytes_per_s: 2e11\nmemory_bytes: 85899345920\n";
    let mut project = TestProject::measured()
        .with("bench_data/fast/gpu.yaml", gpu)
        .with_experiment(
            "fast",
            &CONFIG.replace("gpu: toy", "gpu: fast"),
            PROFILE,
            &synchronous(),
        );
    for table in ["gemm", "attention_prefill", "attention_decode"] {
        let bytes = fs::read(project.root().join(format!("bench_data/toy/{table}.csv"))).unwrap();
        project = project.with(&format!("bench_data/fast/{table}.csv"), bytes);
    }
    let findings = file_text(&project.run(), "FINDINGS.md");
    let hardware = findings
        .lines()
        .filter(|line| line.contains("`hardware.peak") || line.contains("`hardware.bandwidth_tb"));
    assert_snapshot!(hardware.collect::<Vec<_>>().join("\n"), @"
    - sets `hardware.peak_tflops` to that of the gpu on axis `gpu`
    - sets `hardware.bandwidth_tb_per_s` to that of the gpu on axis `gpu`
    ");
}

/// Other measured runs, in a folder outside of the project: `chat-tp1` with another TTFT.
fn elsewhere() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("my-runs");
    let experiment = other.join("chat-tp1");
    fs::create_dir_all(&experiment).unwrap();
    fs::write(experiment.join("exp-config.yaml"), CONFIG).unwrap();
    fs::write(experiment.join("profile.yaml"), PROFILE).unwrap();
    let other_report = report(&[means(SYNCHRONOUS, 8.0, 0.25, 0.001_25)]);
    fs::write(experiment.join("guidellm-results.json"), other_report).unwrap();
    (folder, other)
}

fn run_on(project: &TestProject, ground_truth: &Path) -> Outcome {
    let options = LoadOptions {
        ground_truth: Some(ground_truth.to_owned()),
        ..LoadOptions::default()
    };
    let hypothesis = project
        .load_with(&options)
        .unwrap_or_else(|error| panic!("{error}"));
    hypothesis.run().unwrap_or_else(|error| panic!("{error}"))
}

/// The hypothesis with what was published of the project's own ground truth.
fn published() -> TestProject {
    TestProject::measured()
        .showing("experiment, benchmark, measured_ttft_ms")
        .append(
            "published:
  verdict: refuted
  source: A page.
  verdict_differs: They had other rows.
  tables: {points: {key: [experiment, benchmark]}}
",
        )
        .with_own(
            "published/points.csv",
            "experiment,benchmark,measured_ttft_ms\nchat-tp1,0,0.50\n",
        )
}

#[test]
fn nothing_published_is_compared_with_other_ground_truth() {
    let project = published();
    assert_eq!(project.run().comparison.reproduction.equal, 1);
    let (_folder, other) = elsewhere();
    let outcome = run_on(&project, &other);
    assert_eq!(outcome.comparison.reproduction.compared(), 0);
    assert_eq!(outcome.published_verdict, None);
    assert_eq!(outcome.verdict_differs, None);
    assert_eq!(outcome.drift(), []);
    assert_snapshot!(file_text(&outcome, "results/points.csv"), @"
    experiment,benchmark,measured_ttft_ms
    chat-tp1,0,8.0
    ");
    let findings = file_text(&outcome, "FINDINGS.md");
    let head = findings.find("**Hypothesis**").unwrap();
    assert_snapshot!(&findings[..head], @"
    # H1: The model predicts what was measured

    **CONFIRMED.** There are rows (observed: 1).

    Computed on the measured runs of `my-runs`, not on those of the project: there is nothing published to compare with.
    ");
    assert!(!findings.contains("## Differences"));
    let how = findings.find("## How to reproduce").unwrap();
    let inputs = findings[how..].find("Inputs:").unwrap();
    assert_snapshot!(&findings[how..how + inputs], @"
    ## How to reproduce

    ```sh
    rooflab run H1 --ground-truth my-runs --out DIR
    ```

    rooflab 0.1.0.
    ");
    let inputs = file_text(&outcome, "results/inputs.sha256");
    let paths = inputs.lines().map(|line| line.split_once("  ").unwrap().1);
    let listed: Vec<&str> = paths.filter(|path| path.contains("chat-tp1/")).collect();
    assert_snapshot!(listed.join("\n"), @"
    my-runs/chat-tp1/exp-config.yaml
    my-runs/chat-tp1/guidellm-results.json
    my-runs/chat-tp1/profile.yaml
    ");
}

#[test]
fn defects_are_those_of_the_own_ground_truth_and_words_may_quote_what_was_published() {
    let project = published()
        .append("  defects: [{id: a-slip, what: Words.}]\n")
        .with_own(
            "narrative.md.tera",
            "Published: {{ published_value(table=\"points\", column=\"measured_ttft_ms\", experiment=\"chat-tp1\") }}.\n",
        );
    let (_folder, other) = elsewhere();
    let (own, other) = (project.run(), run_on(&project, &other));
    assert_eq!((own.defects.len(), other.defects.len()), (1, 0));
    for outcome in [own, other] {
        let findings = file_text(&outcome, "FINDINGS.md");
        assert!(findings.contains("Published: 0.50.\n"), "{findings}");
    }
}

#[test]
fn no_file_names_a_path_of_the_machine() {
    let project = published();
    let (folder, other) = elsewhere();
    let machine = folder.path().to_str().unwrap().to_owned();
    let root = project.root().to_str().unwrap().to_owned();
    for given in [
        other.clone(),
        other.join(""),
        other.join("."),
        other.join("chat-tp1/.."),
    ] {
        let outcome = run_on(&project, &given);
        for file in &outcome.files {
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            assert!(!text.contains(&machine), "{}: {text}", given.display());
            assert!(!text.contains(&root), "{}: {text}", given.display());
        }
    }
}

#[test]
fn other_ground_truth_does_not_matter_to_other_hypotheses() {
    let (_folder, other) = elsewhere();
    let project = TestProject::new().append("published: {verdict: refuted, source: A page.}\n");
    let outcome = run_on(&project, &other);
    assert_eq!(outcome.files, project.run().files);
    assert_eq!(outcome.drift().len(), 1);
}

#[test]
fn errors_call_other_ground_truth_as_it_was_given() {
    let (folder, other) = elsewhere();
    let error = |ground_truth: &Path| {
        let options = LoadOptions {
            ground_truth: Some(ground_truth.to_owned()),
            ..LoadOptions::default()
        };
        let error = TestProject::measured().load_with(&options).unwrap_err();
        error
            .to_string()
            .replace(folder.path().to_str().unwrap(), "FOLDER")
    };
    assert_snapshot!(error(&folder.path().join("nowhere")), @"
    error: axis `experiment` of run `arms`: FOLDER/nowhere: cannot list the folder: No such file or directory (os error 2)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    fs::write(other.join("chat-tp1/exp-config.yaml"), "gpu: toy\n").unwrap();
    assert_snapshot!(error(&other), @"
    error: axis `experiment` of run `arms`: experiment `chat-tp1` does not say its `model`: add it to its exp-config.yaml, or to the setup of the run
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    fs::write(other.join("chat-tp1/exp-config.yaml"), "[").unwrap();
    assert_snapshot!(error(&other), @"
    error: axis `experiment` of run `arms`: FOLDER/my-runs cannot be used
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
       |
    note: unclosed bracket '['
      --> FOLDER/my-runs/chat-tp1/exp-config.yaml:1:1
       |
     1 | [
       | ^
       = help: close it, or put text with brackets into quotes
       = help: docs/ground-truth.md says what each file holds
    ");
    fs::remove_dir_all(other.join("chat-tp1")).unwrap();
    assert_snapshot!(error(&other), @"
    error: axis `experiment` of run `arms`: `FOLDER/my-runs` has no experiment: each is a folder of its own
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
}

/// Every benchmark with three overheads, and those with the best and the next to it again.
pub(crate) fn grid_search() -> TestProject {
    TestProject::measured()
        .edit(
            "{ground_truth: {}}\n",
            "{ground_truth: {split: fit.train}}
        layer_us: [0, 40, 80]
      setup: {hardware: {per_layer_overhead_us: layer_us}}
  fine:
    serve:
      vary:
        experiment: {ground_truth: {split: fit.test}}
        layer_us: {sql: SELECT layer_us - 10 AS value FROM best}
      setup: {hardware: {per_layer_overhead_us: layer_us}}
",
        )
        .edit(
            "    sql: SELECT experiment, benchmark, model, tensor_parallel, gpu FROM arms\n",
            "    sql: SELECT layer_us, AVG(e2e_ape_pct) AS mape_pct FROM arms GROUP BY layer_us ORDER BY layer_us
  best:
    title: Best
    sql: SELECT layer_us, mape_pct FROM points ORDER BY mape_pct, layer_us LIMIT 1
  fine_points:
    title: Fine
    sql: SELECT experiment, layer_us, e2e_error_pct, predicted_e2e_ms FROM fine
",
        )
}

#[test]
fn a_grid_is_refined_around_its_best_value() {
    let outcome = grid_search().run();
    let best = file_text(&outcome, "results/best.csv");
    let points = file_text(&outcome, "results/points.csv");
    let least = points.lines().skip(1).min_by(|a, b| {
        let mape_pct = |line: &str| line.split(',').nth(1).unwrap().parse::<f64>().unwrap();
        mape_pct(a).total_cmp(&mape_pct(b))
    });
    assert_eq!(best.lines().nth(1), least);
    let layer_us: i64 = least.unwrap().split(',').next().unwrap().parse().unwrap();
    let fine = file_text(&outcome, "results/fine_points.csv");
    assert!(
        fine.lines()
            .nth(1)
            .unwrap()
            .starts_with(&format!("code-tp2,{},", layer_us - 10)),
        "{fine}"
    );
}

#[test]
fn outcomes_do_not_depend_on_the_pool() {
    let project = grid_search();
    let in_pool = |threads| {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| project.run()).files
    };
    let one = in_pool(1);
    assert!(in_pool(4) == one);
    assert!(in_pool(4) == one);
}

#[test]
fn words_about_runs_of_the_project_are_left_out_elsewhere() {
    let project = TestProject::measured().with(
        "hypotheses/H1-longer-cache/narrative.md.tera",
        "Code ran on {{ show(table=\"points\", column=\"gpu\", experiment=\"code-tp2\") }}.\n",
    );
    let findings = |outcome: &Outcome| file_text(outcome, "FINDINGS.md");
    assert!(findings(&project.run()).contains("Code ran on toy."));
    let (_folder, other) = elsewhere();
    let text = findings(&run_on(&project, &other));
    let words = text.lines().find(|line| line.starts_with("*The words"));
    assert_snapshot!(words.unwrap(), @"*The words of this hypothesis are about the measured runs of the project and are left out here: table `points` has no row for experiment = code-tp2 (`experiment` there: chat-tp1).*");
}
