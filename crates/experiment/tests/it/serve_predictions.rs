//! What simulations of measured benchmarks come to, by closed forms.

use crate::measured_project::{CONFIG, PROFILE, SYNCHRONOUS, means, report, synchronous};
use crate::measured_rows::{chat, number, row, rows, with_keys};
use crate::step_oracle::{StepOracle, assert_ms};
use crate::test_project::TestProject;

#[test]
fn one_request_at_a_time() {
    let project = chat(PROFILE, &synchronous());
    let oracle = StepOracle::of(&project);
    let prefill_ms = oracle.step_ms(&[(0, 100)], &[]);
    let decodes_ms: f64 = oracle.decodes_ms(100, 5).iter().sum();
    let row = row(project);
    assert_ms(number(&row, "predicted_ttft_ms"), prefill_ms);
    assert_ms(number(&row, "predicted_itl_ms"), decodes_ms / 4.0);
    assert_ms(number(&row, "predicted_e2e_ms"), prefill_ms + decodes_ms);
    assert_ms(
        number(&row, "predicted_tpot_ms"),
        (prefill_ms + decodes_ms) / 5.0,
    );
    // All three requests are the same.
    for percentile in ["p50", "p90", "p99"] {
        let column = format!("predicted_ttft_{percentile}_ms");
        assert_ms(number(&row, &column), prefill_ms);
    }
    let shown = [
        "served_requests",
        "rejected_requests",
        "steps",
        "mixed_steps",
        "mean_batch",
        "preemptions",
        "prefix_hit_tokens",
        "predicted_queueing_ms",
        "simulated_prompt_tokens",
        "simulated_output_tokens",
        "concurrency",
        "lengths_from",
        "at_recorded_times",
    ]
    .map(|column| format!("{column} {}", row[column]));
    insta::assert_snapshot!(shown.join("\n"), @"
    served_requests 3
    rejected_requests 0
    steps 15
    mixed_steps 0
    mean_batch 1.0
    preemptions 0
    prefix_hit_tokens 0
    predicted_queueing_ms 0.0
    simulated_prompt_tokens 100.0
    simulated_output_tokens 5.0
    concurrency 1
    lengths_from profile
    at_recorded_times false
    ");
    let per_s = 1000.0 / (prefill_ms + decodes_ms);
    let ours_per_s = number(&row, "predicted_requests_per_s");
    // A nanosecond a step, relative to requests of half a millisecond.
    assert!(
        (ours_per_s / per_s - 1.0).abs() < 1e-5,
        "{ours_per_s}, {per_s}"
    );
}

#[test]
fn errors_are_of_the_measured_means() {
    let oracle = StepOracle::of(&TestProject::measured());
    let prefill_ms = oracle.step_ms(&[(0, 100)], &[]);
    let e2e_ms = prefill_ms + oracle.decodes_ms(100, 5).iter().sum::<f64>();
    // Measured are 0.8 of the TTFT, twice the TPOT and four times the E2E that are predicted.
    let measured = report(&[means(
        SYNCHRONOUS,
        0.8 * prefill_ms,
        2.0 * e2e_ms / 5.0,
        4.0 * e2e_ms / 1000.0,
    )]);
    let row = row(chat(PROFILE, &measured));
    for (column, expected) in [
        ("ttft_error_pct", 25.0),
        ("ttft_ape_pct", 25.0),
        ("tpot_error_pct", -50.0),
        ("tpot_ape_pct", 50.0),
        ("e2e_error_pct", -75.0),
        ("e2e_ape_pct", 75.0),
    ] {
        let ours = number(&row, column);
        // Nanoseconds of simulated time, relative to tenths of a millisecond.
        assert!((ours - expected).abs() < 1e-2, "{column}: {ours}");
    }
    assert_ms(number(&row, "measured_ttft_ms"), 0.8 * prefill_ms);
    for column in [
        "measured_ttft_from",
        "measured_tpot_from",
        "measured_e2e_from",
    ] {
        assert_eq!(row[column], "aggregate", "{column}");
    }
}

#[test]
fn what_was_not_measured_has_no_error() {
    let row = row(chat(PROFILE, &synchronous()));
    for column in [
        "measured_itl_ms",
        "measured_itl_from",
        "measured_itl_p50_ms",
        "measured_ttft_p99_ms",
        "itl_error_pct",
        "itl_ape_pct",
        "measured_requests",
        "measured_prompt_tokens",
        "measured_requests_per_s",
        "rate_per_s",
    ] {
        assert_eq!(row[column], "", "{column}");
    }
    assert!(number(&row, "predicted_itl_ms") > 0.0);
}

/// The means of a run with `overhead` or other keys less those of the same run without.
#[track_caller]
fn rise_ms(keys: &str) -> [f64; 4] {
    let columns = ["ttft", "itl", "tpot", "e2e"].map(|name| format!("predicted_{name}_ms"));
    let base = row(chat(PROFILE, &synchronous()));
    let raised = row(with_keys(chat(PROFILE, &synchronous()), keys));
    columns.map(|column| number(&raised, &column) - number(&base, &column))
}

#[track_caller]
fn assert_rise(keys: &str, expected_ms: [f64; 4]) {
    for (ours, expected) in rise_ms(keys).into_iter().zip(expected_ms) {
        assert_ms(ours, expected);
    }
}

#[test]
fn overheads_come_on_top_of_their_steps() {
    // TTFT, ITL, TPOT (four decodes over five tokens), E2E.
    assert_rise("      overhead: {decode_us: 250}\n", [0.0, 0.25, 0.2, 1.0]);
    assert_rise("      overhead: {prefill_us: 1500}\n", [1.5, 0.0, 0.3, 1.5]);
    assert_rise("      overhead: {mixed_us: 1500}\n", [0.0; 4]);
    assert_rise(
        "      overhead: {decode_us: 0.5, prefill_us: 100}\n",
        [0.1, 0.000_5, 0.020_4, 0.102],
    );
    // Two layers, on one GPU.
    assert_rise(
        "      setup: {hardware: {per_layer_overhead_us: 100}}\n",
        [0.2, 0.2, 0.2, 1.0],
    );
}

#[test]
fn an_axis_gives_overheads() {
    let project = with_keys(
        chat(PROFILE, &synchronous()),
        "        x: [0, 250]\n      overhead: {decode_us: x}\n",
    );
    let rows = rows(project);
    let itl_ms: Vec<f64> = rows
        .iter()
        .map(|row| number(row, "predicted_itl_ms"))
        .collect();
    assert_eq!(rows[0]["x"], "0");
    assert_ms(itl_ms[1] - itl_ms[0], 0.25);
    let sql = with_keys(
        chat(PROFILE, &synchronous()),
        "        x: {sql: SELECT 125.0 AS value}\n      overhead: {decode_us: x}\n",
    );
    assert_ms(number(&row(sql), "predicted_itl_ms") - itl_ms[0], 0.125);
}

#[test]
fn two_streams_share_their_steps() {
    let strategy = r#"{"type_": "concurrent", "streams": 2}"#;
    let project = chat(
        &PROFILE.replace("max-requests: 3", "max-requests: 4"),
        &report(&[means(strategy, 1.0, 1.0, 1.0)]),
    );
    let oracle = StepOracle::of(&project);
    // Two rounds of two requests that begin and end together.
    let prefill_ms = oracle.step_ms(&[(0, 100), (0, 100)], &[]);
    let decodes_ms: f64 = (100..104).map(|kv| oracle.step_ms(&[], &[kv, kv])).sum();
    let row = row(project);
    assert_ms(number(&row, "predicted_ttft_ms"), prefill_ms);
    assert_ms(number(&row, "predicted_itl_ms"), decodes_ms / 4.0);
    assert_ms(number(&row, "predicted_e2e_ms"), prefill_ms + decodes_ms);
    assert_eq!(
        [&row["steps"], &row["mean_batch"], &row["concurrency"]],
        ["10", "2.0", "2"]
    );
}

#[test]
fn a_long_prompt_is_split_beside_a_decode() {
    let strategy = r#"{"type_": "concurrent", "streams": 2}"#;
    let project = with_keys(
        chat(
            &PROFILE
                .replace("max-requests: 3", "max-requests: 2")
                .replace("output_tokens: 5", "output_tokens: 2"),
            &report(&[means(strategy, 1.0, 1.0, 1.0)]),
        ),
        "      server: {max_num_batched_tokens: 128, max_num_seqs: 2}\n      overhead: {mixed_us: 1000}\n",
    );
    let oracle = StepOracle::of(&project);
    // The first prompt and 28 tokens of the second; the other 72 beside a decode; the decode of the second.
    let first_ms = oracle.step_ms(&[(0, 100), (0, 28)], &[]);
    let second_ms = oracle.step_ms(&[(28, 72)], &[100]) + 1.0;
    let third_ms = oracle.step_ms(&[], &[100]);
    let row = row(project);
    assert_ms(
        number(&row, "predicted_ttft_ms"),
        first_ms + second_ms / 2.0,
    );
    assert_ms(
        number(&row, "predicted_itl_ms"),
        f64::midpoint(second_ms, third_ms),
    );
    assert_ms(
        number(&row, "predicted_e2e_ms"),
        first_ms + second_ms + third_ms / 2.0,
    );
    assert_eq!([&row["steps"], &row["mixed_steps"]], ["3", "1"]);
}

#[test]
fn a_shared_prefix_is_computed_once() {
    // Four blocks of 16 tokens are the same in every prompt.
    let profile = PROFILE.replace(
        "  prompt_tokens: 100",
        "  prefix_tokens: 64\n  prompt_tokens: 36",
    );
    let project = || chat(&profile, &synchronous());
    let oracle = StepOracle::of(&project());
    let whole_ms = oracle.step_ms(&[(0, 100)], &[]);
    let rest_ms = oracle.step_ms(&[(64, 36)], &[]);
    let cached = row(project());
    assert_ms(
        number(&cached, "predicted_ttft_ms"),
        (whole_ms + 2.0 * rest_ms) / 3.0,
    );
    assert_eq!(cached["prefix_hit_tokens"], "128");
    assert_eq!(cached["simulated_prompt_tokens"], "100.0");
    let stated = TestProject::measured()
        .with_experiment(
            "chat-tp1",
            &format!("{CONFIG}enable_prefix_caching: false\n"),
            &profile,
            &synchronous(),
        )
        .measured_chat();
    let bypassed = with_keys(project(), "      server: {prefix_caching: false}\n");
    for project in [stated, bypassed] {
        let row = row(project);
        assert_ms(number(&row, "predicted_ttft_ms"), whole_ms);
        assert_eq!(row["prefix_hit_tokens"], "0");
    }
}

#[test]
fn an_axis_switches_the_prefix_cache() {
    let profile = PROFILE.replace(
        "  prompt_tokens: 100",
        "  prefix_tokens: 64\n  prompt_tokens: 36",
    );
    for axis in [
        "[true, false]",
        "{sql: SELECT TRUE AS value UNION ALL SELECT FALSE AS value ORDER BY value DESC}",
    ] {
        let project = with_keys(
            chat(&profile, &synchronous()),
            &format!("        cache: {axis}\n      server: {{prefix_caching: cache}}\n"),
        );
        let shown: Vec<String> = rows(project)
            .iter()
            .map(|row| format!("{} {}", row["cache"], row["prefix_hit_tokens"]))
            .collect();
        assert_eq!(shown, ["true 128", "false 0"]);
    }
}

#[test]
fn what_the_server_can_never_hold_is_rejected() {
    let project = with_keys(
        chat(PROFILE, &synchronous()),
        "      server: {max_model_len: 104}\n",
    );
    let row = row(project);
    assert_eq!(
        [&row["served_requests"], &row["rejected_requests"]],
        ["0", "3"]
    );
    for column in [
        "predicted_ttft_ms",
        "predicted_e2e_p99_ms",
        "ttft_error_pct",
        "simulated_prompt_tokens",
    ] {
        assert_eq!(row[column], "", "{column}");
    }
}

#[test]
fn the_server_is_that_of_the_experiment_unless_the_run_says_otherwise() {
    let config = format!("{CONFIG}num_gpu_blocks: 1000\nblock_size: 32\n");
    let project = || {
        TestProject::measured()
            .with_experiment("chat-tp1", &config, PROFILE, &synchronous())
            .measured_chat()
    };
    assert_eq!(row(project())["kv_blocks"], "1000");
    let own = with_keys(project(), "      server: {kv_blocks: 77}\n");
    assert_eq!(row(own)["kv_blocks"], "77");
    // From memory: twice the block, half as many.
    let from_memory = |keys: &str| {
        let row = row(with_keys(chat(PROFILE, &synchronous()), keys));
        number(&row, "kv_blocks")
    };
    let blocks = from_memory("");
    assert!((from_memory("      server: {block_size: 32}\n") - blocks / 2.0).abs() < 1.0);
}

#[test]
fn the_setup_of_the_run_comes_before_the_experiment() {
    let of = |experiment: &str, keys: &str| {
        let project = TestProject::measured().edit(
            "{ground_truth: {}}\n",
            &format!("{{ground_truth: {{experiment: {experiment}}}}}\n{keys}"),
        );
        row(project)
    };
    let chat = of("chat-tp1", "");
    let code = of("code-tp2", "");
    assert_ne!(code["predicted_ttft_ms"], chat["predicted_ttft_ms"]);
    let same = of(
        "code-tp2",
        "      setup: {model: tiny, tensor_parallel: 1}\n",
    );
    assert_eq!(same["predicted_ttft_ms"], chat["predicted_ttft_ms"]);
    assert_eq!(same["predicted_e2e_ms"], chat["predicted_e2e_ms"]);
    // The columns say what was measured.
    assert_eq!([&same["model"], &same["tensor_parallel"]], ["small", "2"]);
    let varied = TestProject::measured().edit(
        "{ground_truth: {}}\n",
        "{ground_truth: {experiment: code-tp2}}\n        tp: [1, 2]\n      setup: {model: tiny, tensor_parallel: tp}\n",
    );
    let varied = rows(varied);
    assert_eq!(varied[0]["predicted_ttft_ms"], chat["predicted_ttft_ms"]);
    assert_ne!(varied[1]["predicted_ttft_ms"], chat["predicted_ttft_ms"]);
}

#[test]
fn what_the_experiment_does_not_say_the_setup_does() {
    let chat_row = row(chat(PROFILE, &synchronous()));
    let of = |config: &str, setup: &str, keys: &str| {
        let project = TestProject::measured()
            .with_experiment("chat-tp1", config, PROFILE, &synchronous())
            .measured_chat()
            .edit("setup:\n", setup);
        row(with_keys(project, keys))
    };
    let shared = of(
        &CONFIG.replace("gpu: toy\n", ""),
        "setup:\n  gpu: Toy\n",
        "",
    );
    assert_eq!(shared["predicted_e2e_ms"], chat_row["predicted_e2e_ms"]);
    let own = of(
        "app: chat\n",
        "setup:\n",
        "      setup: {model: tiny, gpu: toy, tensor_parallel: 1}\n",
    );
    assert_eq!(own["predicted_e2e_ms"], chat_row["predicted_e2e_ms"]);
    assert_eq!(
        [&own["model"], &own["tensor_parallel"], &own["gpu"]],
        ["tiny", "1", "toy"]
    );
}

/// Prompts and outputs of many lengths.
const SPREAD: &str = "\
rate-type: synchronous
max-requests: 40
data:
  prompt_tokens: 200
  prompt_tokens_stdev: 40
  prompt_tokens_min: 20
  prompt_tokens_max: 400
  output_tokens: 20
  output_tokens_stdev: 5
";

#[test]
fn lengths_are_drawn_from_the_profile() {
    let of = |lengths: &str, seed: u32| {
        let keys = format!("      lengths: {lengths}\n      seed: {seed}\n");
        row(with_keys(chat(SPREAD, &synchronous()), &keys))
    };
    let stratified = of("stratified", 1);
    assert_eq!(stratified["lengths_from"], "profile");
    assert_eq!(stratified["served_requests"], "40");
    // The quantiles are symmetric about the mean: it is off by no more than the rounding to whole tokens.
    assert!((number(&stratified, "simulated_prompt_tokens") - 200.0).abs() <= 0.5);
    assert!((number(&stratified, "simulated_output_tokens") - 20.0).abs() <= 0.5);
    // The seed decides about the order alone, and one request at a time does not feel it.
    assert_eq!(stratified, of("stratified", 2));
    let seeded = of("seeded", 1);
    assert_eq!(seeded, of("seeded", 1));
    assert_ne!(
        seeded["simulated_prompt_tokens"],
        of("seeded", 2)["simulated_prompt_tokens"]
    );
    // Stratified with seed 42 is what a run without a word has.
    assert_eq!(of("stratified", 42), row(chat(SPREAD, &synchronous())));
}

#[test]
fn axes_give_lengths_arrivals_and_seeds() {
    let project = with_keys(
        chat(SPREAD, &synchronous()),
        "        way: [stratified, seeded]
        when: [as-measured, as-configured]
        draw: {range: [1, 2]}
      lengths: way
      arrivals: when
      seed: draw
",
    );
    let rows = rows(project);
    assert_eq!(rows.len(), 8);
    let prompts: Vec<&str> = rows
        .iter()
        .map(|row| row["simulated_prompt_tokens"].as_str())
        .collect();
    // Way, when, draw: the last changes first, and one request at a time always comes when the last one ended.
    assert_eq!(prompts[..4], [prompts[0]; 4]);
    assert_eq!(prompts[4..6], prompts[6..8]);
    assert_ne!(prompts[4], prompts[5]);
}

#[test]
fn each_benchmark_has_its_own_load() {
    let project = TestProject::measured().edit(
        "{ground_truth: {}}",
        "{ground_truth: {experiment: sweep-tp1}}",
    );
    let shown: Vec<String> = rows(project)
        .iter()
        .map(|row| {
            [
                "benchmark",
                "strategy",
                "rate_per_s",
                "concurrency",
                "measured_ttft_ms",
                "workload",
            ]
            .map(|column| row[column].clone())
            .join(" ")
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    0 synchronous  1 0.5 chat
    1 concurrent  2 0.75 chat
    2 constant 100.0  0.5 chat
    ");
}
