//! Reports of every layout, made by released clients: see `fixtures/README.md`.

use std::io::Read as _;
use std::path::Path;

use ground_truth::{Benchmark, Listed, MeasuredRun, Origin, Schema, Strategy, Warning, load};
use request_metrics::Metric;
use serde_json::Value;

use crate::experiment::{Experiment, fixtures, report};

/// Both are sums of the same numbers in another order.
const TOLERANCE: f64 = 1e-9;

fn run(name: &str) -> MeasuredRun {
    load(&fixtures().join(name)).unwrap()
}

const NONE: [&Warning; 0] = [];

/// The warnings, without those of prompts that are shorter than was told: the mock server that the fixtures were made with
/// counts words, of which there are fewer than tokens.
fn warnings_but_of_prompts(run: &MeasuredRun) -> Vec<&Warning> {
    let is_of_prompts = |warning: &&Warning| {
        let place = warning.place.as_deref().unwrap_or_default();
        warning.message.contains(" contradicts ")
            && ["data.prompt_tokens_min", "data.prefix_tokens"]
                .iter()
                .any(|field| place.ends_with(field))
    };
    let warnings = run.warnings.iter();
    warnings.filter(|warning| !is_of_prompts(warning)).collect()
}

fn json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap();
    let ending = path.extension().unwrap();
    if ending == "gz" {
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        serde_json::from_str(&text).unwrap()
    } else if ending == "yaml" {
        serde_yaml::from_slice(&bytes).unwrap()
    } else {
        serde_json::from_slice(&bytes).unwrap()
    }
}

/// Compares what was recomputed from requests with what the file states: means and deviations closely, all else to the bit.
pub(crate) fn assert_states_its_figures(path: &Path, run: &MeasuredRun) {
    let report = json(path);
    let benchmarks = report["benchmarks"].as_array().unwrap();
    assert_eq!(benchmarks.len(), run.benchmarks.len());
    for (benchmark, stated) in run.benchmarks.iter().zip(benchmarks) {
        assert_eq!(benchmark.listed, Listed::All);
        let metrics = &stated["metrics"];
        for (metric, name, unit_ms) in [
            (Metric::Ttft, "time_to_first_token_ms", 1.0),
            (Metric::Itl, "inter_token_latency_ms", 1.0),
            (Metric::Tpot, "time_per_output_token_ms", 1.0),
            (Metric::E2e, "request_latency", 1000.0),
        ] {
            if metric == Metric::Tpot && run.client.schema == Schema::V0_2 {
                continue;
            }
            assert_states(benchmark, metric, &metrics[name]["successful"], unit_ms);
        }
        assert_tokens_add_up(benchmark, metrics);
    }
}

fn assert_states(benchmark: &Benchmark, metric: Metric, stated: &Value, unit_ms: f64) {
    let figures = benchmark.metric(metric).unwrap();
    assert_eq!(figures.origin, Origin::Requests);
    let number = |value: &Value| value.as_f64().unwrap() * unit_ms;
    let close = |ours: f64, theirs: &Value| {
        assert!(
            (ours - number(theirs)).abs() <= TOLERANCE * ours,
            "{metric}: {ours} is not {theirs}"
        );
    };
    close(figures.mean, &stated["mean"]);
    let std_dev = figures.std_dev.unwrap();
    // A deviation of nearly equal values keeps half of the digits.
    assert!(
        (std_dev - number(&stated["std_dev"])).abs() <= 1e-6 * figures.mean,
        "{metric}"
    );
    let percentiles = &stated["percentiles"];
    for (ours, theirs) in [
        (figures.min, &stated["min"]),
        (figures.max, &stated["max"]),
        (figures.p50, &stated["median"]),
        (figures.p90, &percentiles["p90"]),
        (figures.p95, &percentiles["p95"]),
        (figures.p99, &percentiles["p99"]),
    ] {
        assert_eq!(ours, Some(number(theirs)), "{metric} {theirs} of {stated}");
    }
}

/// Times per token are weighted so that the whole is the sum of its parts: n TPOT = TTFT + (n - 1) ITL, for means too.
fn assert_tokens_add_up(benchmark: &Benchmark, metrics: &Value) {
    let stated = |name: &str| metrics[name]["successful"]["mean"].as_f64().unwrap();
    let tokens = stated("output_token_count");
    let parts =
        stated("time_to_first_token_ms") + (tokens - 1.0) * stated("inter_token_latency_ms");
    let whole = tokens * benchmark.metric(Metric::Tpot).unwrap().mean;
    assert!(
        (whole / parts - 1.0).abs() < TOLERANCE,
        "{whole} is not {parts}"
    );
}

fn assert_fixture(
    name: &str,
    file: &str,
    schema: Schema,
    version: Option<&str>,
    strategies: &[Strategy],
) -> MeasuredRun {
    let run = run(name);
    assert_eq!(run.client.schema, schema, "{name}");
    assert_eq!(run.client.version.as_deref(), version, "{name}");
    let read: Vec<Strategy> = run
        .benchmarks
        .iter()
        .map(|benchmark| benchmark.strategy)
        .collect();
    assert_eq!(read, strategies, "{name}");
    assert_states_its_figures(&fixtures().join(name).join(file), &run);
    run
}

const JSON: &str = "guidellm-results.json";

#[test]
fn reads_0_2_and_0_3() {
    let run = assert_fixture(
        "guidellm-0.2.1-concurrent",
        JSON,
        Schema::V0_2,
        None,
        &[Strategy::Concurrent { streams: 2 }],
    );
    assert_eq!(warnings_but_of_prompts(&run), NONE);
    let run = assert_fixture(
        "guidellm-0.3.1-poisson",
        JSON,
        Schema::V0_2,
        None,
        &[Strategy::Poisson {
            rate_per_s: 8.0,
            max_concurrency: Some(512),
        }],
    );
    assert_eq!(warnings_but_of_prompts(&run), NONE);
    // The TPOT that 0.3 states leaves the first token out of the time: it is no figure of ours.
    let report = json(&fixtures().join("guidellm-0.3.1-poisson").join(JSON));
    let stated =
        report["benchmarks"][0]["metrics"]["time_per_output_token_ms"]["successful"]["mean"]
            .as_f64()
            .unwrap();
    let benchmark = &run.benchmarks[0];
    assert!(stated < benchmark.metric(Metric::Itl).unwrap().mean);
    assert!(stated < benchmark.metric(Metric::Tpot).unwrap().mean / 2.0);
}

#[test]
fn reads_0_4() {
    let run = assert_fixture(
        "guidellm-0.4.0-constant",
        JSON,
        Schema::V0_4,
        None,
        &[Strategy::Constant {
            rate_per_s: 8.0,
            max_concurrency: Some(512),
        }],
    );
    assert_eq!(warnings_but_of_prompts(&run), NONE);
    assert_eq!(run.workload.as_deref(), Some("chatsweep"));
}

#[test]
fn reads_0_5_and_0_6() {
    let run = assert_fixture(
        "guidellm-0.5.4-throughput",
        "guidellm-results.yaml",
        Schema::V0_5,
        Some("0.5.4"),
        &[Strategy::Throughput {
            max_concurrency: Some(4),
        }],
    );
    assert_eq!(warnings_but_of_prompts(&run), NONE);
    let run = assert_fixture(
        "guidellm-0.6.1-synchronous",
        JSON,
        Schema::V0_5,
        Some("0.6.1"),
        &[Strategy::Synchronous],
    );
    assert_eq!(warnings_but_of_prompts(&run), NONE);
}

#[test]
fn reads_0_7_and_0_8() {
    assert_fixture(
        "guidellm-0.7.4-poisson",
        JSON,
        Schema::V0_7,
        Some("0.7.4"),
        &[Strategy::Poisson {
            rate_per_s: 8.0,
            max_concurrency: Some(10_240),
        }],
    );
    let run = assert_fixture(
        "guidellm-0.8.1-concurrent",
        JSON,
        Schema::V0_7,
        Some("0.8.1"),
        &[Strategy::Concurrent { streams: 2 }],
    );
    assert_eq!(warnings_but_of_prompts(&run), NONE);
    let run = assert_fixture(
        "guidellm-0.8.1-replay",
        JSON,
        Schema::V0_7,
        Some("0.8.1"),
        &[Strategy::Trace {
            time_scale: Some(1.0),
            max_concurrency: Some(10_240),
        }],
    );
    assert_eq!(run.profile.unwrap().data, None);
    let sweep = load(&fixtures().join("guidellm-0.8.1-sweep")).unwrap();
    let names: Vec<&str> = sweep
        .benchmarks
        .iter()
        .map(|benchmark| benchmark.strategy.name())
        .collect();
    assert_eq!(names, ["synchronous", "throughput", "constant", "constant"]);
    assert_eq!(sweep.gpu.as_deref(), Some("h100"));
    assert_eq!(warnings_but_of_prompts(&sweep), NONE);
    // One for each key that is contradicted, however many benchmarks contradict it.
    let others: Vec<String> = sweep
        .warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    assert_eq!(others.len(), 2, "{others:?}");
    assert!(others[0].ends_with(
        "`benchmarks[0]`: the shortest prompt has 17 tokens (and so in 2 more benchmarks)"
    ));
    assert!(
        others[1]
            .ends_with("`benchmarks[2]`: 3 of 5 prompts are shorter, the shortest has 15 tokens")
    );
    assert_states_its_figures(
        &fixtures().join("guidellm-0.8.1-sweep/guidellm-results.json.gz"),
        &sweep,
    );
}

/// 0.1 has no aggregates. The figures are those of a Python script over `first_token_time` and `decode_times`, in which
/// the times between the tokens are kept one by one.
#[test]
fn reads_0_1() {
    let run = run("guidellm-0.1.0-poisson");
    assert_eq!(run.client.schema, Schema::V0_1);
    assert_eq!(run.model.as_deref(), Some("meta-llama/Llama-2-7b-hf"));
    let benchmark = &run.benchmarks[0];
    assert_eq!(
        benchmark.strategy,
        Strategy::Poisson {
            rate_per_s: 5.0,
            max_concurrency: Some(511)
        }
    );
    assert_eq!(
        (benchmark.counts.successful, benchmark.counts.errored),
        (Some(4), Some(0))
    );
    let mean = |metric| benchmark.metric(metric).unwrap().mean;
    assert!((mean(Metric::Ttft) / 25.193_154_811_859_13 - 1.0).abs() < 1e-9);
    // The last token has a time of day as well, which lies 1 to 3 us after the sum of the gaps.
    assert!((mean(Metric::Itl) - 3.997_178_304_763_067).abs() < 1e-3);
}

#[test]
fn tells_how_requests_ended() {
    for (name, successful, errored, incomplete) in [
        ("guidellm-0.3.1-errored", 2, 4, 0),
        ("guidellm-0.6.1-errored", 6, 2, 0),
        ("guidellm-0.8.1-cut-off", 4, 2, 2),
    ] {
        let run = run(name);
        let counts = run.benchmarks[0].counts;
        assert_eq!(
            (counts.successful, counts.errored, counts.incomplete),
            (Some(successful), Some(errored), Some(incomplete)),
            "{name}"
        );
        assert_states_its_figures(&fixtures().join(name).join(JSON), &run);
    }
}

#[test]
fn takes_aggregates_where_requests_are_sampled() {
    let run = run("guidellm-0.6.1-subsampled");
    let benchmark = &run.benchmarks[0];
    assert_eq!(
        (benchmark.listed, benchmark.requests.len()),
        (Listed::Sample, 2)
    );
    let report = json(&fixtures().join("guidellm-0.6.1-subsampled").join(JSON));
    let stated = &report["benchmarks"][0]["metrics"]["time_per_output_token_ms"]["successful"];
    let tpot = benchmark.metric(Metric::Tpot).unwrap();
    assert_eq!(tpot.origin, Origin::Aggregate);
    assert_eq!(Some(tpot.mean), stated["mean"].as_f64());
    // The stated count is that of the tokens.
    assert_eq!((stated["count"].as_u64(), tpot.count), (Some(50), None));
    let messages: Vec<String> = run
        .warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    assert_eq!(
        messages,
        [
            "2 of 6 successful requests are listed: figures are the report's own where it states them"
        ]
    );
}

/// The client ignored the key, and said nothing.
#[test]
fn says_that_the_profile_was_ignored() {
    let run = run("guidellm-0.4.0-ignored-rate-type");
    let messages: Vec<String> = warnings_but_of_prompts(&run)
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    assert_eq!(messages.len(), 1);
    assert!(
        messages[0].starts_with("`poisson` contradicts "),
        "{}",
        messages[0]
    );
    assert!(
        messages[0].ends_with(": `args.profile`: `sweep`"),
        "{}",
        messages[0]
    );
}

#[test]
fn every_fixture_is_tested() {
    let mut names: Vec<String> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("profile.yaml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !include_str!("versions.rs").contains(&format!("\"{name}\"")))
        .collect();
    names.sort();
    assert_eq!(names, [""; 0]);
}

/// What a report leaves open is what the client of its release does.
#[test]
fn bounds_what_is_in_flight_as_the_client_did() {
    let old = |strategy: &str| {
        let text = format!("{{\"benchmarks\": [{{\"args\": {{\"strategy\": {strategy}}}}}]}}");
        Experiment::of_report(&text).load().benchmarks[0]
            .strategy
            .concurrency()
    };
    let new = |strategy: &str| {
        let text = report(&[], "").replace("{\"type_\": \"synchronous\"}", strategy);
        Experiment::of_report(&text).load().benchmarks[0]
            .strategy
            .concurrency()
    };
    for kind in ["throughput", "constant", "poisson"] {
        let strategy = format!("{{\"type_\": \"{kind}\", \"rate\": 2.0}}");
        assert_eq!((old(&strategy), new(&strategy)), (Some(512), None));
        let unset = strategy.replace('}', ", \"max_concurrency\": null}");
        assert_eq!((old(&unset), new(&unset)), (Some(512), None));
        let set = strategy.replace('}', ", \"max_concurrency\": 7}");
        assert_eq!((old(&set), new(&set)), (Some(7), Some(7)));
    }
    let message = Experiment::of_report(&report(&[], "").replace(
        "{\"type_\": \"synchronous\"}",
        "{\"type_\": \"constant\", \"rate\": 2.0, \"max_concurrency\": 0}",
    ))
    .error();
    assert_eq!(
        message,
        "x/guidellm-results.json: `benchmarks[0].config.strategy.max_concurrency` is 0, expected a number above 0"
    );
}

#[test]
fn counts_requests_per_second() {
    let with = |more: &str| {
        let text = report(&[], more);
        Experiment::of_report(&text).load().benchmarks[0].requests_per_s()
    };
    let totals = "\"metrics\": {\"request_totals\": {\"successful\": 30}}";
    assert_eq!(with(&format!(", {totals}, \"duration\": 12.0")), Some(2.5));
    assert_eq!(with(&format!(", {totals}, \"duration\": 0.0")), None);
    assert_eq!(with(&format!(", {totals}")), None);
}
