//! `rooflab simulate` with a workload by flags.

use serde_json::Value;

use crate::test_project::TestProject;

const WORKLOAD: [&str; 4] = [
    "simulate",
    "--model=llama-2-7b-hf",
    "--prompt-tokens=512",
    "--output-tokens=64",
];

fn json(project: &TestProject, arguments: &[&str]) -> Value {
    let arguments = [&WORKLOAD[..], &["--format=json"], arguments].concat();
    serde_json::from_str(&project.run(&arguments).success()).unwrap()
}

fn mean(line: &Value, key: &str) -> f64 {
    line["metrics"][key]["mean"].as_f64().unwrap()
}

#[test]
fn a_report_of_a_workload() {
    let project = TestProject::new();
    let arguments = [&WORKLOAD[..], &["--concurrency=16", "--requests=50"]].concat();
    insta::assert_snapshot!("simulate_workload", project.run(&arguments).success());
}

#[test]
fn one_request_at_a_time_has_a_closed_form() {
    let project = TestProject::new();
    let line = json(&project, &["--synchronous", "--requests=10"]);
    let (ttft, itl, tpot, e2e) = (
        mean(&line, "ttft_ms"),
        mean(&line, "itl_ms"),
        mean(&line, "tpot_ms"),
        mean(&line, "e2e_ms"),
    );
    // Rounded sums of doubles.
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9 * b, "{a} {b}");
    near(e2e, ttft + 63.0 * itl);
    near(e2e, 64.0 * tpot);
    near(
        line["simulated"]["duration_s"].as_f64().unwrap(),
        10.0 * e2e / 1000.0,
    );
    assert_eq!(line["simulated"]["queueing_ms"]["max"], 0.0);
    // Ten prompts, and a step for each token after the first.
    assert_eq!(line["simulated"]["steps"], 10 * 64);
    assert_eq!(line["simulated"]["mixed_steps"], 0);
    assert_eq!(line["simulated"]["occupancy"]["max_batch_requests"], 1);

    // The first step of each request is the very step that `rooflab step` predicts.
    let step = [
        "step",
        "--model=llama-2-7b-hf",
        "--prefill=512",
        "--format=json",
    ];
    let step: Value = serde_json::from_str(&project.run(&step).success()).unwrap();
    let step_ms = step["predicted"]["step_us_exact"].as_f64().unwrap() / 1000.0;
    // Simulated time counts nanoseconds.
    assert!((ttft - step_ms).abs() < 1e-6, "{ttft} {step_ms}");
}

#[test]
fn loads_are_those_of_their_flags() {
    let project = TestProject::new();
    let max_batch = |arguments: &[&str]| {
        let arguments = [arguments, &["--requests=40"]].concat();
        json(&project, &arguments)["simulated"]["occupancy"]["max_batch_requests"].clone()
    };
    assert_eq!(
        max_batch(&["--concurrency=1"]),
        max_batch(&["--synchronous"])
    );
    assert_eq!(max_batch(&["--concurrency=4"]), 4);
    assert_eq!(max_batch(&["--throughput"]), 40);
    assert_eq!(max_batch(&["--throughput", "--max-num-seqs=7"]), 7);
    let at_rate = |arguments: &[&str]| {
        let arguments = [&["--rate=2", "--requests=40"], arguments].concat();
        json(&project, &arguments)
    };
    let constant = at_rate(&[]);
    assert_eq!(constant["strategy"]["type"], "constant");
    // Two a second, and each is done before the next: the last comes after 39 intervals.
    let duration_s = constant["simulated"]["duration_s"].as_f64().unwrap();
    assert!(duration_s > 19.5 && duration_s < 20.5, "{duration_s}");
    let poisson = at_rate(&["--poisson"]);
    assert_eq!(poisson["strategy"]["type"], "poisson");
    assert_ne!(poisson["metrics"], constant["metrics"]);
    assert_eq!(at_rate(&["--poisson", "--seed=42"]), poisson);
    assert_ne!(
        at_rate(&["--poisson", "--seed=43"])["metrics"],
        poisson["metrics"]
    );
}

#[test]
fn shared_prefixes_are_found_again_and_take_time_without_a_cache() {
    let project = TestProject::new();
    let shared = ["--prefix-tokens=1024", "--synchronous", "--requests=10"];
    let cached = json(&project, &shared);
    assert_eq!(cached["simulated"]["prefix_cache"]["hit_tokens"], 9 * 1024);
    let uncached = json(&project, &[&shared[..], &["--no-prefix-caching"]].concat());
    assert_eq!(uncached["simulated"]["prefix_cache"]["hit_tokens"], 0);
    assert!(mean(&uncached, "ttft_ms") > mean(&cached, "ttft_ms"));
}

#[test]
fn csv_is_one_line_below_its_names() {
    let project = TestProject::new();
    let arguments = [&WORKLOAD[..], &["--rate=2.5", "--format=csv"]].concat();
    let text = project.run(&arguments).success();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let [names, cells] = &rows[..] else {
        panic!("{text}")
    };
    assert_eq!(names.len(), cells.len());
    let cell = |name: &str| cells[names.iter().position(|known| *known == name).unwrap()];
    assert_eq!(cell("strategy"), "constant");
    assert_eq!(cell("rate_per_s"), "2.5");
    assert_eq!(cell("concurrency"), "");
    assert_eq!(cell("served_requests"), "100");
    for name in [
        "ttft_ms_mean",
        "itl_ms_p99",
        "tpot_ms_p50",
        "e2e_ms_max",
        "queueing_ms_p95",
    ] {
        assert!(cell(name).parse::<f64>().is_ok(), "{name}");
    }
}

#[test]
fn workloads_that_cannot_be() {
    let project = TestProject::new();
    let cases: &[(&[&str], &str)] = &[
        (
            &[],
            "error: the load is missing: add --synchronous, --concurrency N, --rate X or --throughput\n",
        ),
        (
            &["--rate=-1"],
            "error: --rate is -1, expected a positive number of requests a second\n",
        ),
        (
            &["--rate=inf"],
            "error: --rate is inf, expected a positive number of requests a second\n",
        ),
        (
            &["--synchronous", "--prompt-min=1000"],
            "error: --prompt-tokens: `min` is 1000, expected at most 512: ",
        ),
        (
            &["--synchronous", "--output-max=3"],
            "error: --output-tokens: `max` is 3, expected at least 64: ",
        ),
        (
            &["--synchronous", "--kv-blocks=18446744073709551615"],
            "error: `kv_blocks` is 18446744073709551615, expected 1 to ",
        ),
        (
            &["--synchronous", "--tp=3"],
            "error: invalid step model: `tensor_parallel` is 3, ",
        ),
        (
            &["--rate=1e-300"],
            "error: request 0 arrives later than simulated time can tell",
        ),
    ];
    for (flags, expected) in cases {
        let error = project.run(&[&WORKLOAD[..], flags].concat()).rejected();
        assert!(error.starts_with(expected), "{flags:?}: {error}");
    }
}

#[test]
fn flags_that_contradict_each_other() {
    let project = TestProject::new();
    for (flags, expected) in [
        (&["--synchronous", "--rate=1"][..], "cannot be used with"),
        (&["--concurrency=2", "--throughput"], "cannot be used with"),
        (&["--throughput", "--poisson"], "cannot be used with"),
        (&["--poisson"], "--rate <X>"),
        (&["--ground-truth=x", "--rate=1"], "cannot be used with"),
        (&["--ground-truth=x"], "cannot be used with"),
        (&["--synchronous", "--benchmark=1"], "cannot be used with"),
        (
            &["--synchronous", "--strategy=poisson"],
            "cannot be used with",
        ),
        (
            &["--synchronous", "--arrivals=as-measured"],
            "cannot be used with",
        ),
        (&["--synchronous", "--percentiles"], "cannot be used with"),
        (
            &[
                "--synchronous",
                "--kv-blocks=9",
                "--gpu-memory-utilization=0.5",
            ],
            "cannot be used with",
        ),
        (&["--synchronous", "--requests=0"], "0 is not in 1..="),
        (
            &["--synchronous", "--requests=99999999999"],
            "is not in 1..=10000000",
        ),
        (&["--concurrency=0"], "0 is not in 1..="),
        (
            &["--synchronous", "--lengths=long"],
            "[possible values: stratified, seeded]",
        ),
    ] {
        let error = project.run(&[&WORKLOAD[..], flags].concat()).rejected();
        assert!(error.contains(expected), "{flags:?}: {error}");
    }
    let error = project.run(&["simulate"]).rejected();
    for missing in [
        "--ground-truth <DIR>",
        "--model <MODEL>",
        "--prompt-tokens <N>",
    ] {
        assert!(error.contains(missing), "{error}");
    }
}
