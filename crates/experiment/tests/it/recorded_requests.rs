//! Benchmarks whose requests were recorded one by one.

use crate::measured_project::{PROFILE, Recorded, SYNCHRONOUS, means, report, requests};
use crate::measured_rows::{Row, chat, number, row, with_keys};
use crate::step_oracle::{StepOracle, assert_ms};

/// Three requests a second apart, far longer than each takes.
const APART: [Recorded; 3] = [
    Recorded {
        start_s: 0.0,
        first_token_s: 0.002,
        end_s: 0.010,
        prompt_tokens: 100,
        output_tokens: 5,
    },
    Recorded {
        start_s: 1.0,
        first_token_s: 1.004,
        end_s: 1.008,
        prompt_tokens: 200,
        output_tokens: 3,
    },
    Recorded {
        start_s: 2.0,
        first_token_s: 2.003,
        end_s: 2.003,
        prompt_tokens: 60,
        output_tokens: 1,
    },
];

const POISSON: &str = r#"{"type_": "poisson", "rate": 50.0}"#;

#[test]
fn recorded_requests_are_replayed_one_by_one() {
    let project = chat(PROFILE, &report(&[requests(POISSON, &APART)]));
    let oracle = StepOracle::of(&project);
    let prefills_ms: Vec<f64> = APART
        .iter()
        .map(|request| oracle.step_ms(&[(0, request.prompt_tokens)], &[]))
        .collect();
    let decodes_ms: Vec<f64> = APART
        .iter()
        .flat_map(|request| oracle.decodes_ms(request.prompt_tokens, request.output_tokens))
        .collect();
    let total_ms: f64 = prefills_ms.iter().chain(&decodes_ms).sum();
    let row = row(project);
    assert_ms(
        number(&row, "predicted_ttft_ms"),
        prefills_ms.iter().sum::<f64>() / 3.0,
    );
    assert_ms(
        number(&row, "predicted_itl_ms"),
        decodes_ms.iter().sum::<f64>() / 6.0,
    );
    assert_ms(number(&row, "predicted_tpot_ms"), total_ms / 9.0);
    assert_ms(number(&row, "predicted_e2e_ms"), total_ms / 3.0);
    // The last of three requests ends a little after two seconds.
    let ours_per_s = number(&row, "predicted_requests_per_s");
    assert!(
        (ours_per_s - 3.0 / (2.0 + prefills_ms[2] / 1000.0)).abs() < 1e-6,
        "{ours_per_s}"
    );
    assert_eq!(
        [
            &row["lengths_from"],
            &row["at_recorded_times"],
            &row["measured_requests"],
            &row["served_requests"],
            &row["rate_per_s"],
            &row["concurrency"]
        ],
        ["requests", "true", "3", "3", "50.0", ""]
    );
}

#[test]
fn measured_figures_of_recorded_requests() {
    let row = row(chat(PROFILE, &report(&[requests(POISSON, &APART)])));
    // Stamps of seconds since the epoch are exact to a quarter of a microsecond.
    let assert_near = |column: &str, expected_ms: f64| {
        let ours = number(&row, column);
        assert!((ours - expected_ms).abs() < 1e-3, "{column}: {ours}");
    };
    // TTFT 2, 4 and 3 ms; gaps of 2 ms four times and twice; 10, 8 and 3 ms of E2E for 9 tokens.
    assert_near("measured_ttft_ms", 3.0);
    assert_near("measured_ttft_p50_ms", 3.0);
    assert_near("measured_ttft_p99_ms", 4.0);
    assert_near("measured_itl_ms", 2.0);
    assert_near("measured_tpot_ms", 21.0 / 9.0);
    assert_near("measured_e2e_ms", 7.0);
    for metric in ["ttft", "itl", "tpot", "e2e"] {
        assert_eq!(row[&format!("measured_{metric}_from")], "requests");
        let predicted_ms = number(&row, &format!("predicted_{metric}_ms"));
        let measured_ms = number(&row, &format!("measured_{metric}_ms"));
        let error_pct = number(&row, &format!("{metric}_error_pct"));
        let back_ms = measured_ms + measured_ms * error_pct / 100.0;
        assert_ms(back_ms, predicted_ms);
        assert_eq!(
            row[&format!("{metric}_ape_pct")],
            row[&format!("{metric}_error_pct")].trim_start_matches('-')
        );
    }
    assert_eq!(row["measured_prompt_tokens"], "120.0");
    assert_eq!(row["measured_output_tokens"], "3.0");
}

#[test]
fn requests_at_the_same_time_share_their_steps() {
    let mut together = APART;
    together[1].start_s = 0.0;
    together[1].output_tokens = 5;
    let project = chat(PROFILE, &report(&[requests(POISSON, &together[..2])]));
    let oracle = StepOracle::of(&project);
    let prefill_ms = oracle.step_ms(&[(0, 100), (0, 200)], &[]);
    let decodes_ms: f64 = (0..4)
        .map(|token| oracle.step_ms(&[], &[100 + token, 200 + token]))
        .sum();
    let row = row(project);
    assert_ms(number(&row, "predicted_ttft_ms"), prefill_ms);
    assert_ms(number(&row, "predicted_itl_ms"), decodes_ms / 4.0);
    assert_ms(number(&row, "predicted_e2e_ms"), prefill_ms + decodes_ms);
}

#[test]
fn the_order_of_the_report_does_not_matter() {
    let mut shuffled = APART;
    shuffled.reverse();
    let of = |recorded: &[Recorded]| row(chat(PROFILE, &report(&[requests(POISSON, recorded)])));
    assert_eq!(of(&APART), of(&shuffled));
}

#[test]
fn arrivals_as_configured_ignore_the_recorded_times() {
    let of = |arrivals: &str, seed: u32| {
        let project = chat(PROFILE, &report(&[requests(POISSON, &APART)]));
        let keys = format!("      arrivals: {arrivals}\n      seed: {seed}\n");
        row(with_keys(project, &keys))
    };
    let duration_s = |row: &Row| 3.0 / number(row, "predicted_requests_per_s");
    let configured = of("as-configured", 1);
    assert_eq!(configured["at_recorded_times"], "false");
    assert_eq!(configured["lengths_from"], "requests");
    // Fifty a second, not one.
    assert!(duration_s(&configured) < 0.5);
    assert_ne!(
        duration_s(&configured).to_bits(),
        duration_s(&of("as-configured", 2)).to_bits()
    );
    assert_eq!(of("as-measured", 1), of("as-measured", 2));
}

#[test]
fn arrivals_at_the_measured_rate() {
    // A request a second was measured, and each is alone: as one after the other.
    let slow = report(&[means(SYNCHRONOUS, 0.5, 0.25, 1.0)]);
    let base = row(chat(PROFILE, &slow));
    for arrivals in ["constant-at-measured-rate", "poisson-at-measured-rate"] {
        let keys = format!("      arrivals: {arrivals}\n");
        let row = row(with_keys(chat(PROFILE, &slow), &keys));
        assert_eq!(
            row["predicted_e2e_ms"], base["predicted_e2e_ms"],
            "{arrivals}"
        );
        assert_eq!(row["at_recorded_times"], "false");
        assert!(number(&row, "predicted_requests_per_s") < 100.0);
    }
}

/// The report of these requests, of which it counts more than it lists.
fn sampled(recorded: &[Recorded], successful: u32) -> String {
    let whole = report(&[requests(POISSON, recorded)]);
    whole.replace(
        "\"requests\":",
        &format!(
            "\"metrics\": {{\"request_totals\": {{\"successful\": {successful}}}}}, \"requests\":"
        ),
    )
}

#[test]
fn a_sample_leaves_lengths_to_the_profile() {
    let row = row(chat(PROFILE, &sampled(&APART, 7)));
    let shown = [
        "lengths_from",
        "at_recorded_times",
        "served_requests",
        "measured_ttft_from",
    ];
    assert_eq!(
        shown.map(|column| row[column].as_str()),
        ["profile", "false", "7", "sample"]
    );
    assert_eq!(row["simulated_prompt_tokens"], "100.0");
}

#[test]
fn a_sample_without_a_profile_is_repeated() {
    let row = row(chat("rate-type: poisson\n", &sampled(&APART, 7)));
    let shown = [
        "lengths_from",
        "at_recorded_times",
        "served_requests",
        "measured_requests",
    ];
    assert_eq!(
        shown.map(|column| row[column].as_str()),
        ["sample", "false", "7", "7"]
    );
    // Prompts of 100, 200 and 60 tokens, twice over, and the first of them.
    assert_eq!(
        number(&row, "simulated_prompt_tokens").to_bits(),
        (820.0_f64 / 7.0).to_bits()
    );
}

#[test]
fn requests_without_a_prompt_length_leave_lengths_to_the_profile() {
    let unknown = report(&[requests(POISSON, &APART)])
        .replace("\"prompt_tokens\": 200", "\"prompt_tokens\": null");
    let row = row(chat(PROFILE, &unknown));
    let shown = [
        "lengths_from",
        "at_recorded_times",
        "served_requests",
        "measured_prompt_tokens",
    ];
    assert_eq!(
        shown.map(|column| row[column].as_str()),
        ["profile", "false", "3", ""]
    );
}

#[test]
fn requests_that_make_no_sense_are_neither_measured_nor_simulated() {
    let mut broken = APART;
    broken[1].first_token_s = 0.5;
    let row = row(chat(PROFILE, &report(&[requests(POISSON, &broken)])));
    let shown = [
        "lengths_from",
        "at_recorded_times",
        "served_requests",
        "measured_prompt_tokens",
    ];
    assert_eq!(
        shown.map(|column| row[column].as_str()),
        ["requests", "true", "2", "80.0"]
    );
}

#[test]
fn a_benchmark_without_a_success_has_no_errors() {
    let none = report(&[requests(POISSON, &[])]);
    let row = row(chat(PROFILE, &none));
    assert_eq!(
        [&row["measured_requests"], &row["served_requests"]],
        ["0", "3"]
    );
    for column in [
        "measured_ttft_ms",
        "ttft_error_pct",
        "e2e_ape_pct",
        "measured_requests_per_s",
    ] {
        assert_eq!(row[column], "", "{column}");
    }
}
