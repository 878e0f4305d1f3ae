//! `rooflab step` by flags.

use serde_json::Value;

use crate::test_project::TestProject;

fn json(project: &TestProject, arguments: &[&str]) -> Value {
    let arguments = [
        &["step", "--format", "json", "--model", "llama-2-7b-hf"],
        arguments,
    ]
    .concat();
    serde_json::from_str(&project.run(&arguments).success()).unwrap()
}

#[test]
fn a_breakdown_of_both_phases() {
    let project = TestProject::new();
    let arguments = [
        "step",
        "--model",
        "llama-2-7b-hf",
        "--decode",
        "4096,64x3",
        "--prefill",
        "512+1024x2",
        "--bandwidth-efficiency",
        "0.82",
        "--per-layer-overhead-us",
        "100",
        "--mixed-batch",
        "additive",
    ];
    insta::assert_snapshot!("step", project.run(&arguments).success());
}

#[test]
fn a_breakdown_of_one_phase() {
    let project = TestProject::new();
    let arguments = [
        "step",
        "--model",
        "llama-2-7b-hf",
        "--decode",
        "64",
        "--tp",
        "2",
    ];
    insta::assert_snapshot!("step_decode", project.run(&arguments).success());
}

#[test]
fn every_way_to_write_a_batch() {
    let project = TestProject::new();
    let expected = json(
        &project,
        &["--decode", "64x2,4096", "--prefill", "5+0,7+9x2"],
    );
    assert_eq!(expected["decode"], serde_json::json!([64, 64, 4096]));
    assert_eq!(
        expected["prefill"],
        serde_json::json!([{"cached": 0, "new": 5}, {"cached": 9, "new": 7}, {"cached": 9, "new": 7}])
    );
    let repeated = json(
        &project,
        &[
            "--prefill=5",
            "--prefill=7+9,7+9",
            "--decode=64",
            "--decode=64",
            "--decode=4096",
        ],
    );
    assert_eq!(repeated["predicted"], expected["predicted"]);
}

#[test]
fn every_override_changes_a_step_that_it_concerns() {
    let project = TestProject::new();
    let batch = [
        "--decode",
        "4096,64x30",
        "--prefill",
        "300+500x2,1+700",
        "--preset",
        "feb25-base",
    ];
    let plain = json(&project, &batch);
    for (flag, value) in [
        ("--tp", "2"),
        ("--preset", "feb27"),
        ("--mfu-lookup", "nearest"),
        ("--decode-attention-flops", "per-request"),
        ("--decode-attention-mfu", "per-request-alone"),
        ("--prefill-context", "actual"),
        ("--mixed-batch", "max"),
        ("--lm-head", "included"),
        ("--kv-read-one-token", "0.5"),
        ("--kv-read-many-tokens", "0.5"),
        ("--activation-one-token", "0.5"),
        ("--activation-many-tokens", "0.5"),
        ("--causal-divisor", "2"),
        ("--peak-tflops", "500"),
        ("--bandwidth-tb-per-s", "1"),
        ("--bandwidth-efficiency", "0.5"),
        ("--per-layer-overhead-us", "3"),
    ] {
        let arguments: Vec<&str> = match flag {
            "--preset" => [&batch[..4], &[flag, value]].concat(),
            _ => [&batch[..], &[flag, value]].concat(),
        };
        assert_ne!(
            json(&project, &arguments)["predicted"],
            plain["predicted"],
            "{flag}"
        );
    }
    // The floor concerns GEMMs of few tokens only.
    let one = ["--decode", "64", "--preset", "feb25-base"];
    let floored = [&one[..], &["--gemm-time", "weight-floor"]].concat();
    assert_ne!(
        json(&project, &floored)["predicted"],
        json(&project, &one)["predicted"]
    );
}

#[test]
fn a_line_of_json_can_be_read_again() {
    let project = TestProject::new();
    let arguments = [
        "step",
        "--format=json",
        "--model=llama-2-7b-hf",
        "--gpu=H100",
        "--tp=2",
        "--preset=feb24",
        "--lm-head=included",
        "--causal-divisor=2",
        "--peak-tflops=989",
        "--decode=64x3,900",
        "--prefill=12+7",
    ];
    let line = project.run(&arguments).success();
    let mut command = project.command(&["step", "--jsonl"]);
    command.write_stdin(line.clone());
    assert_eq!(project.answer(&mut command).success(), line);
}

#[test]
fn steps_that_cannot_be_predicted() {
    let project = TestProject::new();
    let cases: &[(&[&str], &str)] = &[
        (
            &["--model=llama-2-7b"],
            "error: the batch is empty: add --decode KV or --prefill NEW\n",
        ),
        (
            &["--model=llama-2-7b", "--decode=1"],
            "error: model `llama-2-7b` not found (did you mean `llama-2-7b-hf`? known models: ",
        ),
        (
            &["--model=mixtral-8x7b-v0.1", "--decode=1"],
            "error: model_configs/mixtral-8x7b-v0.1/config.json: model `mixtral-8x7b-v0.1` is a mixture of experts",
        ),
        (
            &["--model=../secret", "--decode=1"],
            "error: `../secret` is no name of a model: ",
        ),
        (
            &["--model=llama-2-7b-hf", "--decode=1", "--gpu=a100"],
            "error: gpu `a100` has no MFU tables yet: bench_data/a100/gemm.csv, ",
        ),
        (
            &["--model=llama-2-7b-hf", "--decode=1", "--tp=3"],
            "error: invalid step model: `tensor_parallel` is 3, which does not divide the 32 heads\n",
        ),
        (
            &[
                "--model=llama-2-7b-hf",
                "--decode=1",
                "--bandwidth-efficiency=1.5",
                "--peak-tflops=nan",
            ],
            "error: invalid hardware: `peak_flops_per_s` is NaN FLOP/s, expected 1e6 to 1e21 FLOP/s; \
             `bandwidth_efficiency` is 1.5, expected a share from 0.000001 to 1, or 0 for no derating\n",
        ),
        (
            &[
                "--model=llama-2-7b-hf",
                "--decode=1",
                "--bandwidth-efficiency=1e-9",
            ],
            "error: invalid hardware: `bandwidth_efficiency` is 0.000000001, expected a share from 0.000001 to 1, or 0 for no derating\n",
        ),
        (
            &[
                "--model=llama-2-7b-hf",
                "--decode=1",
                "--per-layer-overhead-us",
                "-5",
            ],
            "error: invalid hardware: `per_layer_overhead_us` is -5 us, expected 0 to 1e9 us\n",
        ),
        (
            &["--model=llama-2-7b-hf", "--decode=64x4294967295"],
            "error: --decode: a batch has 4294967295 requests of one kind, expected up to 16777216\n",
        ),
        (
            &["--model=llama-2-7b-hf", "--prefill=1+16777216"],
            "error: --prefill: a request has 16777217 tokens, expected up to 16777216\n",
        ),
    ];
    for (arguments, expected) in cases {
        let error = project.run(&[&["step"], *arguments].concat()).rejected();
        assert!(error.starts_with(expected), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}
