use ground_truth::{Benchmark, ExclusionReason, Listed, Origin};
use request_metrics::{InvalidTimes, Metric};

use crate::experiment::{Experiment, good, report, request};

fn benchmark(successful: &[String], more: &str) -> (Benchmark, Vec<String>) {
    let mut run = Experiment::of_report(&report(successful, more)).load();
    let warnings = run
        .warnings
        .iter()
        .map(|warning| format!("{}: {}", warning.place.as_deref().unwrap(), warning.message))
        .collect();
    (run.benchmarks.remove(0), warnings)
}

fn mean(benchmark: &Benchmark, metric: Metric) -> f64 {
    benchmark.metric(metric).unwrap().mean
}

/// Times of day of about 1000 s resolve 1e-13 s.
fn assert_close(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
}

#[test]
fn keeps_both_token_times_apart() {
    let (benchmark, warnings) = benchmark(&[good()], "");
    assert_close(mean(&benchmark, Metric::Ttft), 50.0);
    assert_close(mean(&benchmark, Metric::Itl), 10.0);
    assert_close(mean(&benchmark, Metric::Tpot), 14.0);
    assert_close(mean(&benchmark, Metric::E2e), 150.0);
    assert_eq!(benchmark.listed, Listed::All);
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn excludes_counts_and_reports_what_cannot_be() {
    use ExclusionReason::InvalidTimes as Times;
    let cases = [
        (
            request(["null", "2.0", "3.0", "4.0"], "5"),
            ExclusionReason::NoStart,
        ),
        (
            request(["1.0", "null", "3.0", "4.0"], "5"),
            ExclusionReason::NoFirstToken,
        ),
        (
            request(["1.0", "2.0", "null", "4.0"], "5"),
            ExclusionReason::NoLastToken,
        ),
        (
            request(["1.0", "2.0", "3.0", "null"], "5"),
            ExclusionReason::NoEnd,
        ),
        (
            request(["1.0", "2.0", "3.0", "4.0"], "null"),
            ExclusionReason::NoOutputTokens,
        ),
        (
            request(["1.0", "2.0", "3.0", "4.0"], "1.5"),
            ExclusionReason::BadTokenCount,
        ),
        (
            request(["1.0", "2.0", "3.0", "4.0"], "-5"),
            ExclusionReason::BadTokenCount,
        ),
        (
            request(["1.0", "2.0", "3.0", "4.0"], "1e300"),
            ExclusionReason::BadTokenCount,
        ),
        (
            request(["1.0", "2.0", "3.0", "4.0"], "4294967296"),
            ExclusionReason::BadTokenCount,
        ),
        (
            request(["-1.0", "2.0", "3.0", "4.0"], "5"),
            ExclusionReason::NegativeTime,
        ),
        (
            request(["1.0", "2.0", "3.0", "1e308"], "5"),
            ExclusionReason::ImplausiblyLong,
        ),
        (
            request(["1.0", "2.0", "3.0", "4.0"], "0"),
            Times(InvalidTimes::NoOutput),
        ),
        (
            request(["2.0", "1.0", "3.0", "4.0"], "5"),
            Times(InvalidTimes::FirstTokenBeforeStart),
        ),
        (
            request(["1.0", "3.0", "2.0", "4.0"], "5"),
            Times(InvalidTimes::LastTokenBeforeFirst),
        ),
        (
            request(["1.0", "2.0", "4.0", "3.0"], "5"),
            Times(InvalidTimes::EndBeforeLastToken),
        ),
        ("{}".to_owned(), ExclusionReason::NoStart),
    ];
    for (wrong, reason) in cases {
        let (benchmark, warnings) = benchmark(&[good(), wrong, good()], "");
        let excluded: Vec<_> = benchmark
            .excluded
            .iter()
            .map(|exclusion| (exclusion.index, exclusion.reason))
            .collect();
        assert_eq!(excluded, [(1, reason)]);
        assert_eq!(benchmark.requests.len(), 2);
        assert_eq!(benchmark.metric(Metric::E2e).unwrap().count, Some(2));
        assert_eq!(
            warnings,
            [format!(
                "benchmarks[0].requests.successful[1]: 1 of 3 requests excluded from all figures, this one first: {reason}"
            )]
        );
    }
}

#[test]
fn counts_start_times_from_the_first_request() {
    let at = |start: f64| {
        let times = [start, start + 0.05, start + 0.14, start + 0.15].map(|time| time.to_string());
        request([&times[0], &times[1], &times[2], &times[3]], "10")
    };
    // Reports list requests as they end.
    let (benchmark, _) = benchmark(&[at(1002.0), at(1000.0), at(1000.5)], "");
    let starts: Vec<f64> = benchmark
        .requests
        .iter()
        .map(|request| request.start_s)
        .collect();
    assert_eq!(starts, [2.0, 0.0, 0.5]);
    assert_eq!(benchmark.prompt_tokens_mean, Some(7.0));
    assert_eq!(benchmark.output_tokens_mean, Some(10.0));
}

#[test]
fn leaves_warm_up_and_cool_down_out() {
    let at = |start: u32| {
        let time = |tenths: u32| format!("{start}.{tenths}");
        request([&time(0), &time(1), &time(2), &time(3)], "3")
    };
    let span = ", \"start_time\": 11.0, \"end_time\": 13.1";
    // What overlaps the measured span belongs to it, as GuideLLM has it.
    let (benchmark, warnings) = benchmark(&[at(10), at(11), at(12), at(13), at(14)], span);
    let excluded: Vec<usize> = benchmark
        .excluded
        .iter()
        .map(|exclusion| exclusion.index)
        .collect();
    assert_eq!(excluded, [0, 4]);
    assert_eq!(benchmark.listed, Listed::All);
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].contains("2 of 5 requests excluded"),
        "{}",
        warnings[0]
    );
    assert_close(benchmark.duration_s.unwrap(), 2.1);
}

#[test]
fn says_that_no_request_was_successful() {
    let none = ", \"metrics\": {\"request_totals\": {\"successful\": 0, \"errored\": 3, \"incomplete\": 1},
        \"time_to_first_token_ms\": {\"successful\": {\"mean\": 0.0, \"count\": 0}}}";
    let (benchmark, warnings) = benchmark(&[], none);
    assert_eq!(benchmark.counts.errored, Some(3));
    assert_eq!(benchmark.listed, Listed::None);
    for metric in Metric::ALL {
        assert_eq!(benchmark.metric(metric), None);
    }
    assert_eq!(
        warnings,
        ["benchmarks[0]: no successful request, so no figures"]
    );
}

#[test]
fn takes_lists_that_are_null() {
    let text = report(&[], "").replace(
        "\"successful\": []",
        "\"successful\": null, \"errored\": null",
    );
    let run = Experiment::of_report(&text).load();
    assert_eq!(run.benchmarks[0].counts.successful, None);
    assert_eq!(run.warnings.len(), 1);
}

#[test]
fn figures_are_all_of_one_origin() {
    let stated = r#", "metrics": {"request_totals": {"successful": 9},
        "request_latency": {"successful": {"mean": 0.2, "count": 9}},
        "time_to_first_token_ms": {"successful": {"mean": 60.0, "median": 59.0, "count": 9, "percentiles": {"p90": 70.0}}}}"#;
    let (sampled, warnings) = benchmark(&[good()], stated);
    assert_eq!(sampled.listed, Listed::Sample);
    let ttft = sampled.metric(Metric::Ttft).unwrap();
    assert_eq!(
        (ttft.origin, ttft.mean.to_bits()),
        (Origin::Aggregate, 60.0_f64.to_bits())
    );
    assert_eq!(
        (ttft.p50, ttft.p90, ttft.p95, ttft.count),
        (Some(59.0), Some(70.0), None, Some(9))
    );
    assert_close(mean(&sampled, Metric::E2e), 200.0);
    // What the report does not state is known of the sample alone.
    assert_eq!(sampled.metric(Metric::Itl).unwrap().origin, Origin::Sample);
    assert_eq!(
        warnings,
        [
            "benchmarks[0].requests.successful: 1 of 9 successful requests are listed: figures are the report's own where it states them"
        ]
    );
    let (all, _) = benchmark(&[good()], &stated.replace("9}", "1}"));
    assert_eq!(all.metric(Metric::Ttft).unwrap().origin, Origin::Requests);
}

/// The names that machine-readable output has.
#[test]
fn serialises_with_units() {
    let run = Experiment::of_report(&report(&[good(), "{}".to_owned()], "")).load();
    let value = serde_json::to_value(&run).unwrap();
    let benchmark = &value["benchmarks"][0];
    assert_eq!(value["client"]["schema"], "0.7");
    assert_eq!(benchmark["strategy"]["type"], "synchronous");
    assert_eq!(benchmark["metrics"]["tpot_ms"]["origin"], "requests");
    assert_eq!(benchmark["requests"][0]["output_tokens"], 10);
    assert!((benchmark["requests"][0]["itl_ms"].as_f64().unwrap() - 10.0).abs() < 1e-6);
    assert_eq!(benchmark["excluded"][0]["reason"], "no_start");
    assert_eq!(benchmark["excluded"][0]["index"], 1);
    let place = "benchmarks[0].requests.successful[1]";
    assert_eq!(value["warnings"][0]["place"], place);
    assert_eq!(value["files"][0]["sha256"].as_str().unwrap().len(), 64);
}
