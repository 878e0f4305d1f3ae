//! Figures that a report states, where it lists no requests, or beside them.

use ground_truth::{Benchmark, Origin};
use request_metrics::Metric;

use crate::experiment::{Experiment, good, report, request};

fn benchmark(text: &str) -> (Benchmark, Vec<String>) {
    let mut run = Experiment::of_report(text).load();
    let messages = run
        .warnings
        .into_iter()
        .map(|warning| warning.message)
        .collect();
    (run.benchmarks.remove(0), messages)
}

const MEANS: &str = r#", "metrics": {"request_totals": {"successful": 50},
    "request_latency": {"successful": {"mean": 1.2926}}, "time_to_first_token_ms": {"successful": {"mean": 13.9}},
    "time_per_output_token_ms": {"successful": {"mean": 6.2}}}"#;

#[test]
fn reads_means_alone() {
    let (benchmark, warnings) = benchmark(&report(&[], MEANS));
    assert!(benchmark.is_aggregate_only());
    let mean = |metric| {
        benchmark
            .metric(metric)
            .map(|figures| (figures.origin, figures.mean))
    };
    assert_eq!(mean(Metric::Ttft), Some((Origin::Aggregate, 13.9)));
    assert_eq!(mean(Metric::Tpot), Some((Origin::Aggregate, 6.2)));
    assert_eq!(mean(Metric::E2e), Some((Origin::Aggregate, 1292.6)));
    assert_eq!(mean(Metric::Itl), None);
    assert!(warnings.is_empty());
}

/// Up to 0.3 the field of that name leaves the first token out, so it is no TPOT of ours.
#[test]
fn derives_tpot_where_the_field_means_something_else() {
    let text = r#"{"benchmarks": [{"args": {"strategy": {"type_": "synchronous"}}, "request_totals": {"successful": 50},
        "metrics": {"request_latency": {"successful": {"mean": 1.0}}, "output_token_count": {"successful": {"mean": 100.0}},
        "time_per_output_token_ms": {"successful": {"mean": 6.2}}}}]}"#;
    let (benchmark, _) = benchmark(text);
    let tpot = benchmark.metric(Metric::Tpot).unwrap();
    assert_eq!(
        (tpot.origin, tpot.mean.to_bits()),
        (Origin::Derived, 10.0_f64.to_bits())
    );
}

#[test]
fn leaves_unusable_figures_out_and_says_so() {
    let text = report(&[], MEANS)
        .replace("13.9", "-13.9")
        .replace("1.2926", "1e308");
    let (benchmark, warnings) = benchmark(&text);
    assert_eq!(benchmark.metric(Metric::Ttft), None);
    assert_eq!(benchmark.metric(Metric::E2e), None);
    assert_eq!(
        warnings,
        [
            "-13.9 is no such figure (expected 0 to 2678400000): left out",
            "1e308 is no such figure (expected 0 to 2678400): left out"
        ]
    );
}

#[test]
fn says_where_a_stated_mean_is_another() {
    let metrics = r#", "metrics": {"time_to_first_token_ms": {"successful": {"mean": 50.1}}, "request_latency": {"successful": {"mean": 0.15}}}"#;
    let run = Experiment::of_report(&report(&[good()], metrics)).load();
    let messages: Vec<String> = run
        .warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    assert_eq!(
        messages,
        ["mean ttft_ms is 50.0000 over the listed requests, but the report states 50.1000"]
    );
}

/// GuideLLM 0.4 to 0.6 count a first token that never came as 0 ms: the mean of 50 ms and nothing is 25 ms there.
#[test]
fn says_that_missing_first_tokens_count_as_zero() {
    let missing = request(["1000.0", "null", "null", "1000.15"], "10");
    let metrics = r#", "metrics": {"request_totals": {"successful": 2}, "time_to_first_token_ms": {"successful": {"mean": 25.0, "min": 0.0}}}"#;
    let text = report(&[good(), missing], metrics).replace("\"version\": 2", "\"version\": 1");
    let (benchmark, warnings) = benchmark(&text);
    let ttft = benchmark.metric(Metric::Ttft).unwrap();
    assert_eq!((ttft.origin, ttft.count), (Origin::Requests, Some(1)));
    assert!((ttft.mean - 50.0).abs() < 1e-6);
    let messages: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert!(
        messages
            .iter()
            .any(|message| message.starts_with("1 requests without a first token count as 0 ms")),
        "{messages:?}"
    );
}

#[test]
fn a_client_that_does_not_stream_has_no_time_to_first_token() {
    let metrics = r#", "metrics": {"request_totals": {"successful": 2}, "time_to_first_token_ms": {"successful": {"mean": 0.0, "min": 0.0}},
        "request_latency": {"successful": {"mean": 0.15}}}"#;
    let (benchmark, _) = benchmark(&report(&[], metrics));
    assert_eq!(benchmark.metric(Metric::Ttft), None);
    assert!(benchmark.metric(Metric::E2e).is_some());
}

/// A mean that no request can have gives no time per token, and no message of 300 digits.
#[test]
fn derives_nothing_from_impossible_means() {
    let of = |tokens: &str| {
        let text = format!(
            r#"{{"benchmarks": [{{"args": {{"strategy": {{"type_": "synchronous"}}}}, "request_totals": {{"successful": 50}},
            "metrics": {{"request_latency": {{"successful": {{"mean": 1.0}}}}, "output_token_count": {{"successful": {{"mean": {tokens}}}}}}}}}]}}"#
        );
        let run = Experiment::of_report(&text).load();
        let messages: Vec<String> = run
            .warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect();
        (run.benchmarks[0].metric(Metric::Tpot).copied(), messages)
    };
    assert_eq!(of("1e-300"), (None, vec![]));
    assert_eq!(of("0.5"), (None, vec![]));
    assert_eq!(of("1.0").0.unwrap().mean.to_bits(), 1000.0_f64.to_bits());
    assert_eq!(
        of("1e308"),
        (
            None,
            vec!["1e308 is no such figure (expected 0 to 4294967296): left out".to_owned()]
        )
    );
}

#[test]
fn says_which_figures_contradict_each_other() {
    let warnings = |figures: &str| -> Vec<String> {
        let metrics = format!(
            ", \"metrics\": {{\"request_totals\": {{\"successful\": 5}}, \"inter_token_latency_ms\": {{\"successful\": {{{figures}}}}}}}"
        );
        let run = Experiment::of_report(&report(&[], &metrics)).load();
        assert!(run.benchmarks[0].metric(Metric::Itl).is_some());
        let place = Some("benchmarks[0].metrics.inter_token_latency_ms.successful");
        assert!(
            run.warnings
                .iter()
                .all(|warning| warning.place.as_deref() == place)
        );
        run.warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect()
    };
    assert_eq!(
        warnings(r#""mean": 5, "min": 7"#),
        ["min is 7, above mean, which is 5"]
    );
    assert_eq!(
        warnings(r#""mean": 9, "max": 7"#),
        ["mean is 9, above max, which is 7"]
    );
    let percentiles = r#""mean": 5, "percentiles": {"p50": 8, "p99": 6.5}"#;
    assert_eq!(warnings(percentiles), ["p50 is 8, above p99, which is 6.5"]);
    // Rounded figures, and a median above the mean, are no contradiction.
    let fine = r#""mean": 5.0001, "min": 5, "max": 5, "median": 5"#;
    assert_eq!(warnings(fine), [""; 0]);
    let fine =
        r#""mean": 2, "min": 1, "max": 9, "percentiles": {"p50": 4, "p90": 8, "p95": 9, "p99": 9}"#;
    assert_eq!(warnings(fine), [""; 0]);
}
