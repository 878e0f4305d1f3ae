//! `rooflab simulate --ground-truth`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::test_project::TestProject;

const SWEEP: &str = "sweeps/guidellm-0.8.1-sweep";

fn simulate(project: &TestProject, folder: &str, arguments: &[&str]) -> String {
    project
        .run(&[&["simulate", "--ground-truth", folder], arguments].concat())
        .success()
}

fn json(project: &TestProject, arguments: &[&str]) -> Value {
    let arguments = [&["--format", "json"], arguments].concat();
    serde_json::from_str(&simulate(project, SWEEP, &arguments)).unwrap()
}

/// The real sweep that lies beside the project, if it does.
fn real_sweep() -> Option<PathBuf> {
    let shared = env::var_os("ROOFLAB_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/guidellm/codellama-34b-tp1-prefilldominant");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = env::var("ROOFLAB_REQUIRE_SHARED").is_ok_and(|required| required == "1");
    assert!(!required, "{} is missing", folder.display());
    eprintln!("skipped: {} is missing", folder.display());
    None
}

#[test]
fn a_sweep_beside_what_was_measured() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    insta::assert_snapshot!("simulate_sweep", simulate(&project, SWEEP, &[]));
    insta::assert_snapshot!(
        "simulate_percentiles",
        simulate(&project, SWEEP, &["--percentiles", "--benchmark", "2"])
    );
}

#[test]
fn errors_are_those_of_the_figures_beside_them() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let line = json(&project, &[]);
    let benchmarks = line["benchmarks"].as_array().unwrap();
    assert_eq!(benchmarks.len(), 4);
    for key in ["ttft_ms", "itl_ms", "tpot_ms", "e2e_ms"] {
        let mut sum = 0.0;
        for benchmark in benchmarks {
            let metric = &benchmark["metrics"][key];
            let of = |whose: &str| metric[whose]["mean"].as_f64().unwrap();
            let error = metric["error_pct"].as_f64().unwrap();
            let expected = of("measured") * (1.0 + error / 100.0);
            // Three roundings of doubles.
            assert!((of("predicted") - expected).abs() < 1e-9 * expected);
            sum += error.abs();
        }
        let mape = line["errors"][key]["mape_pct"].as_f64().unwrap();
        assert!((mape - sum / 4.0).abs() < 1e-9, "{key}");
    }
    for benchmark in benchmarks {
        let requests = &benchmark["simulated"]["requests"];
        assert_eq!(requests["injected"], benchmark["measured_requests"]);
        assert_eq!(requests["served"], requests["injected"]);
        assert_eq!(benchmark["simulated"]["lengths_from"], "requests");
    }
}

#[test]
fn limits_say_who_stated_them() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let line = json(&project, &["--max-num-seqs", "7", "--no-prefix-caching"]);
    let limit = |name: &str| {
        let limit = &line["server"][name];
        (limit["value"].clone(), limit["from"].as_str().unwrap())
    };
    assert_eq!(limit("max_num_seqs"), (7.into(), "flag"));
    assert_eq!(limit("prefix_caching"), (false.into(), "flag"));
    assert_eq!(limit("max_model_len"), (4096.into(), "experiment"));
    assert_eq!(limit("block_size"), (16.into(), "default"));
    assert_eq!(limit("kv_blocks").1, "memory");
    assert_eq!(limit("gpu_memory_utilization"), (0.9.into(), "default"));
    let stated = json(&project, &["--kv-blocks", "100"]);
    assert_eq!(stated["server"]["kv_blocks"]["value"], 100);
    assert_eq!(stated["server"].get("gpu_memory_utilization"), None);
}

#[test]
fn every_flag_changes_what_it_concerns() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let plain = json(&project, &[])["benchmarks"].clone();
    for flags in [
        &["--model", "qwen2.5-7b-instruct"][..],
        &["--tensor-parallel", "2"],
        &["--tp=4"],
        &["--max-num-batched-tokens", "16", "--max-num-seqs", "16"],
        &["--max-num-seqs", "1"],
        &["--max-model-len", "16"],
        &["--block-size", "64"],
        &["--kv-blocks", "5"],
        &["--gpu-memory-utilization", "0.5"],
        &["--no-prefix-caching"],
        &["--arrivals", "as-configured"],
        &["--preset", "feb24"],
        &["--per-layer-overhead-us", "10"],
        &["--bandwidth-efficiency", "0.5"],
        &["--kv-read-one-token", "0.1"],
        &["--gemm-time", "mfu-only"],
        &["--decode-overhead-us", "100"],
        &["--prefill-overhead-us", "100"],
        &["--mixed-overhead-us", "100"],
    ] {
        let arguments = [
            &["simulate", "--ground-truth", SWEEP, "--format=json"],
            flags,
        ]
        .concat();
        let answer = project.run(&arguments);
        assert_eq!(answer.code, 0, "{flags:?}: {}", answer.stderr);
        let line: Value = serde_json::from_str(&answer.stdout).unwrap();
        assert_ne!(line["benchmarks"], plain, "{flags:?}");
    }
    // Whole requests and recorded times leave nothing to draw.
    assert_eq!(json(&project, &["--seed", "1"])["benchmarks"], plain);
}

#[test]
fn benchmarks_are_chosen_by_number_or_kind() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let numbers = |arguments: &[&str]| -> Vec<u64> {
        let line = json(&project, arguments);
        let benchmarks = line["benchmarks"].as_array().unwrap();
        let number = |benchmark: &Value| benchmark["benchmark"].as_u64().unwrap();
        benchmarks.iter().map(number).collect()
    };
    assert_eq!(numbers(&["--benchmark", "3"]), [3]);
    assert_eq!(numbers(&["--benchmark", "3,0"]), [0, 3]);
    assert_eq!(numbers(&["--strategy", "constant"]), [2, 3]);
    let refused = |arguments: &[&str]| {
        let arguments = [&["simulate", "--ground-truth", SWEEP], arguments].concat();
        project.run(&arguments).rejected()
    };
    assert!(
        refused(&["--benchmark", "4"]).starts_with(
            "error: no benchmark 4 of that kind (guidellm-0.8.1-sweep has 0 synchronous, 1 throughput 512, 2 constant"
        )
    );
    assert!(
        refused(&["--strategy", "poisson"])
            .starts_with("error: no benchmark is poisson (guidellm-0.8.1-sweep has ")
    );
    assert!(refused(&["--strategy", "random"]).contains("[possible values: synchronous, "));
}

#[test]
fn a_report_alone_takes_two_commands() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-concurrent"]);
    let report = project.read("sweeps/guidellm-0.8.1-concurrent/guidellm-results.json");
    project.write("mine/guidellm-results.json", &report);
    let shown = project.run(&["ground-truth", "show", "mine"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let simulate =
        |flags: &[&str]| project.run(&[&["simulate", "--ground-truth", "mine"], flags].concat());
    let model = simulate(&["--model", "mock"]).stderr;
    assert!(
        model.starts_with("error: mine: model `mock` has no folder in model_configs; ")
            && model.contains("(known models: codellama-34b-instruct-hf, "),
        "{model}"
    );
    let gpu = simulate(&["--model", "llama-2-7b-hf"]).stderr;
    assert!(
        gpu.contains(
            "error: mine: which GPU was it measured on? add --gpu NAME, or `gpu: NAME` to exp-config.yaml \
             (GPUs with tables: h100)"
        ),
        "{gpu}"
    );
    let compared = simulate(&["--model", "meta-llama/Llama-2-7b-hf", "--gpu", "H100"]);
    assert_eq!(compared.code, 0, "{}", compared.stderr);
    assert!(compared.stdout.contains("MAPE"), "{}", compared.stdout);
}

#[test]
fn aggregates_are_simulated_by_the_profile() {
    let experiment = "jan30-llama2-7b-tp1-chatsweep";
    let project = TestProject::new().with_own_ground_truth(&[experiment]);
    let folder = format!("eval/ground_truth/{experiment}");
    let line: Value =
        serde_json::from_str(&simulate(&project, &folder, &["--format=json"])).unwrap();
    let benchmark = &line["benchmarks"][0];
    assert_eq!(benchmark["simulated"]["lengths_from"], "profile");
    assert_eq!(benchmark["simulated"]["requests"]["served"], 50);
    assert!(benchmark["metrics"]["itl_ms"]["measured"].is_null());
    assert!(benchmark["metrics"]["itl_ms"]["error_pct"].is_null());
    assert!(line["errors"]["itl_ms"].is_null());
    let drawn = |seed: &str, lengths: &str| {
        let arguments = ["--format=json", "--seed", seed, "--lengths", lengths];
        simulate(&project, &folder, &arguments)
    };
    assert_eq!(drawn("1", "seeded"), drawn("1", "seeded"));
    assert_ne!(drawn("1", "seeded"), drawn("2", "seeded"));
    assert_ne!(drawn("1", "seeded"), drawn("1", "stratified"));
}

#[test]
fn several_experiments_end_with_the_errors_of_all() {
    let experiments = [
        "jan30-llama2-7b-tp1-chatsweep",
        "jan30-llama2-7b-tp1-codesweep",
    ];
    let project = TestProject::new().with_own_ground_truth(&experiments);
    let text = simulate(&project, "eval/ground_truth", &[]);
    let (_, all) = text.split_once("\nall experiments\n").unwrap();
    insta::assert_snapshot!("simulate_all", all);
    let csv = simulate(&project, "eval/ground_truth", &["--format", "csv"]);
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let column = |name: &str| rows[0].iter().position(|known| *known == name).unwrap();
    assert_eq!(rows[1][column("measured_ttft_ms")], "13.9");
    assert_eq!(rows[1][column("measured_ttft_from")], "aggregate");
    assert_eq!(rows[1][column("measured_itl_ms")], "");
    assert!(rows[1][column("ttft_error_pct")].parse::<f64>().unwrap() < 0.0);
}

#[test]
fn what_cannot_be_simulated_is_said_and_the_rest_is_done() {
    let project =
        TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep", "guidellm-0.8.1-concurrent"]);
    // Nothing says which GPU the second was measured on.
    let answer = project.run(&["simulate", "--ground-truth", "sweeps"]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    assert!(answer.stdout.starts_with("guidellm-0.8.1-sweep\n"));
    assert!(answer.stderr.contains("error: guidellm-0.8.1-concurrent: "));
    let cases: &[(&[&str], &str)] = &[
        (
            &["--tp", "3"],
            "error: guidellm-0.8.1-sweep: invalid step model: `tensor_parallel` is 3, which does not divide the 32 heads\n",
        ),
        (
            &["--model", "llama-2-70b-hf"],
            "error: guidellm-0.8.1-sweep: no such server: the weights take ",
        ),
        (
            &["--max-num-seqs", "4096"],
            "error: guidellm-0.8.1-sweep: no such server: `max_num_batched_tokens` is 2048, expected at least `max_num_seqs`, which is 4096\n",
        ),
        (
            &["--gpu-memory-utilization", "-1"],
            "error: guidellm-0.8.1-sweep: no such server: `gpu_memory_utilization` is -1, expected 0.01 to 1\n",
        ),
        (
            &["--gpu", "a100"],
            "error: guidellm-0.8.1-sweep: gpu `a100` has no MFU tables yet: ",
        ),
        (
            &["--gpu", "h10"],
            "error: guidellm-0.8.1-sweep: gpu `h10` not found (did you mean `h100`? ",
        ),
        (
            &["--model", "mixtral-8x7b-v0.1"],
            "error: guidellm-0.8.1-sweep: model_configs/mixtral-8x7b-v0.1/config.json: ",
        ),
        (
            &["--decode-overhead-us", "-1"],
            "error: guidellm-0.8.1-sweep: benchmark 0 (synchronous) cannot be simulated: --decode-overhead-us: the overhead of a decode step is -1 us, ",
        ),
    ];
    for (flags, expected) in cases {
        let arguments = [&["simulate", "--ground-truth", SWEEP], *flags].concat();
        let error = project.run(&arguments).rejected();
        assert!(error.starts_with(expected), "{flags:?}: {error}");
    }
}

#[test]
fn requests_that_do_not_fit_are_counted() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let arguments = [
        "simulate",
        "--ground-truth",
        SWEEP,
        "--max-model-len=16",
        "--benchmark=0",
    ];
    let answer = project.run(&arguments);
    assert_eq!(answer.code, 0);
    assert_eq!(
        answer.stderr,
        "warning: guidellm-0.8.1-sweep: benchmark 0: 5 of 5 requests rejected: longer than `max_model_len`\n"
    );
}

#[test]
fn a_real_sweep_is_simulated_request_by_request() {
    let Some(folder) = real_sweep() else { return };
    let project = TestProject::new();
    let copy = project.path().join("real");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        fs::write(
            copy.join(entry.file_name()),
            fs::read(entry.path()).unwrap(),
        )
        .unwrap();
    }
    let text = simulate(&project, "real", &["--gpu=h100", "--format=json"]);
    let line: Value = serde_json::from_str(&text).unwrap();
    let benchmarks = line["benchmarks"].as_array().unwrap();
    assert_eq!(benchmarks.len(), 5);
    for benchmark in benchmarks {
        assert_eq!(benchmark["simulated"]["requests"]["served"], 40);
        assert_eq!(benchmark["simulated"]["lengths_from"], "requests");
    }
    // The figures that the report itself states for the first benchmark.
    let measured = |key: &str| {
        let metric = &benchmarks[0]["metrics"][key]["measured"];
        metric["mean"].as_f64().unwrap()
    };
    assert!((measured("ttft_ms") - 905.63).abs() < 0.005);
    assert!((measured("itl_ms") - 26.05).abs() < 0.005);
    assert_eq!(
        simulate(&project, "real", &["--gpu=h100", "--format=json"]),
        text
    );
}

#[test]
fn the_documented_example_is_what_is_printed() {
    let Some(folder) = real_sweep() else { return };
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ground-truth.md");
    let guide = fs::read_to_string(guide).unwrap();
    let (_, example) = guide.split_once("<!-- not run: the sweep ").unwrap();
    let (_, example) = example.split_once("```sh\nrooflab ").unwrap();
    let (command, shown) = example.split_once("\n```\n\n```text\n").unwrap();
    let (shown, _) = shown.split_once("\n```").unwrap();
    let folder = folder.display().to_string();
    let arguments: Vec<&str> = command
        .split(' ')
        .map(|word| match word {
            "codellama-34b-tp1-prefilldominant" => &folder,
            other => other,
        })
        .collect();
    let printed = TestProject::new().run(&arguments).success();
    let (before, after) = shown.split_once("\n...\n").unwrap();
    assert!(printed.starts_with(before), "{printed}");
    assert!(printed.trim_end().ends_with(after), "{printed}");
}

#[test]
fn flags_that_contradict_the_experiment_are_warned_of() {
    let project = TestProject::new().with_own_ground_truth(&["jan30-llama2-7b-tp1-chatsweep"]);
    let folder = "eval/ground_truth/jan30-llama2-7b-tp1-chatsweep";
    let warned = |arguments: &[&str]| {
        let all = [&["simulate", "--ground-truth", folder], arguments].concat();
        let answer = project.run(&all);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        answer.stderr
    };
    // The experiment has the name of the model at Hugging Face, the flag that of its folder.
    for same in [
        &[][..],
        &["--model", "llama-2-7b-hf", "--gpu", "H100"],
        &["--tensor-parallel", "1"],
    ] {
        let stderr = warned(same);
        assert!(!stderr.contains("but the experiment"), "{same:?}: {stderr}");
    }
    let stderr = warned(&["--model", "qwen3-14b", "--tensor-parallel", "2"]);
    for contradiction in [
        "simulated with model `qwen3-14b`, but the experiment states `meta-llama/Llama-2-7b-hf`",
        "simulated with tensor parallel degree `2`, but the experiment states `1`",
    ] {
        assert!(stderr.contains(contradiction), "{stderr}");
    }
    let config = format!("{folder}/exp-config.yaml");
    project.edit(&config, "gpu: h100", "gpu: a100");
    let stderr = warned(&["--gpu", "h100"]);
    assert!(
        stderr.contains("simulated with GPU `h100`, but the experiment states `a100`"),
        "{stderr}"
    );
}
