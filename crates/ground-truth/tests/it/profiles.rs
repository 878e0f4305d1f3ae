use ground_truth::{LengthProfile, Profile, RateType, TokenLengths};

use crate::experiment::{Experiment, REPORT, fixtures, good, report};

fn experiment(profile: &str, more: &str) -> Experiment {
    Experiment::new(&[
        (REPORT, &report(&[good()], more)),
        ("profile.yaml", profile),
    ])
}

fn profile(text: &str) -> Profile {
    experiment(text, "").load().profile.unwrap()
}

const LENGTHS: LengthProfile = LengthProfile {
    prefix_tokens: 284,
    prompt: TokenLengths {
        mean: 70,
        std_dev: Some(35),
        min: Some(2),
        max: Some(200),
    },
    output: TokenLengths {
        mean: 215,
        std_dev: None,
        min: None,
        max: None,
    },
};

#[test]
fn reads_the_keys_of_every_release() {
    let data = "{prefix_tokens: 284, prompt_tokens: 70, prompt_tokens_stdev: 35, prompt_tokens_min: 2, prompt_tokens_max: 200, output_tokens: 215}";
    let old =
        format!("rate-type: sweep\nrate: 5\nmax-requests: 50\nrandom-seed: 42\ndata: {data}\n");
    let expected = Profile {
        rate_type: Some(RateType::Sweep),
        rates: vec![5.0],
        max_requests: Some(50),
        max_seconds: None,
        random_seed: Some(42),
        data: Some(LENGTHS),
    };
    assert_eq!(profile(&old), expected);
    assert_eq!(
        profile(&old.replace("rate-type", "profile").replace('-', "_")),
        expected
    );
    let quoted = data
        .replace(": ", "\": ")
        .replace('{', "{\"")
        .replace(", ", ", \"");
    assert_eq!(
        profile(&old.replace(data, &format!("'{quoted}'"))),
        expected
    );
    let options = data.replace(": ", "=").replace(['{', '}', ' '], "");
    assert_eq!(profile(&old.replace(data, &options)), expected);

    let spec_data = data.replace(
        "{prefix_tokens: 284, ",
        "{kind: synthetic_text, prefix_buckets: [{prefix_count: 1, prefix_tokens: 284}], ",
    );
    let new = format!(
        "spec:\n  profile: {{kind: sweep, sweep_size: 5}}\n  constraints: [{{kind: max_requests, count: 50}}]\n  data: [{spec_data}]\n  seed: {{kind: static, value: 42}}\n"
    );
    assert_eq!(profile(&new), expected);
    let short = new
        .replace("{kind: sweep, sweep_size: 5}", "kind=sweep,sweep_size=5")
        .replace(
            "{kind: max_requests, count: 50}",
            "\"kind=max_requests,count=50\"",
        );
    assert_eq!(profile(&short), expected);
}

#[test]
fn refuses_values_by_name() {
    let wrong = "rate-type: concurrent\nrate: [1, -2]\nmax-requests: 1.5\nrandom-seed: x\nmax-seconds: 0\n\
        data: {prompt_tokens: 10, prompt_tokens_min: 9, prompt_tokens_max: 8, output_tokens: -1}\n";
    let problems = experiment(wrong, "").problems();
    assert_eq!(
        problems,
        [
            "error: x/profile.yaml: `rate` is a list, expected a number above 0 or a list of them",
            "error: x/profile.yaml: `max_requests` is 1.5, expected a whole number above 0",
            "error: x/profile.yaml: `max_seconds` is 0, expected a number above 0",
            "error: x/profile.yaml: `random_seed` is `x`, expected a whole number",
            "error: x/profile.yaml: `data.prompt_tokens_min` is 9, above `prompt_tokens_max`, which is 8",
            "error: x/profile.yaml: `data.output_tokens` is -1, expected a whole number of tokens",
        ]
    );
    for (text, message) in [
        (
            "- 1\n",
            "x/profile.yaml: `profile` is a list, expected a mapping",
        ),
        ("rate: 1\nrate: 2\n", "x/profile.yaml:2:1: "),
        ("a: &x [*x]\n", "x/profile.yaml:1:"),
        ("rate: [1\n", "x/profile.yaml:"),
    ] {
        let error = experiment(text, "").error();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn suggests_known_keys() {
    let text = "max-request: 5\nzebra: 1\ndata: {prompt_tokens: 1, output_tokens: 1, output_token_max: 1}\n";
    assert_eq!(
        experiment(text, "").problems(),
        [
            "warning: x/profile.yaml: `max-request`: unknown key, not read (did you mean `max_requests`?)",
            "warning: x/profile.yaml: `zebra`: unknown key, not read",
            "warning: x/profile.yaml: `data.output_token_max`: unknown key, not read (did you mean `output_tokens_max`?)",
        ]
    );
}

/// A report of layout 1 that says what its client was told.
fn told(args: &str) -> String {
    report(&[good(), good()], "").replace(
        "\"version\": 2}",
        &format!("\"version\": 1}}, \"args\": {args}"),
    )
}

#[test]
fn names_both_sides_of_a_contradiction() {
    let args = r#"{"profile": "concurrent", "rate": [4.0], "max_requests": 40, "random_seed": 42, "max_seconds": null,
        "data": ["{'prompt_tokens': 2048, 'prompt_tokens_max': 4096, 'output_tokens': 32}"]}"#;
    let profile = "rate-type: concurrent\nrate: 5\nmax-requests: 1\nrandom-seed: 7\n\
        data: {prompt_tokens: 2000, prompt_tokens_max: 4096, output_tokens: 32, output_tokens_max: 9, prefix_tokens: 3}\n";
    let experiment = Experiment::new(&[(REPORT, &told(args)), ("profile.yaml", profile)]);
    let other = "contradicts x/guidellm-results.json:";
    let here = |place: &str| format!("warning: x/profile.yaml: `{place}`:");
    assert_eq!(
        experiment.problems(),
        [
            format!("{} `5` {other} `args.rate`: `4`", here("rate")),
            format!(
                "{} `1` {other} `args.max_requests`: `40`",
                here("max_requests")
            ),
            format!(
                "{} `1` {other} `benchmarks[0]`: 2 requests were answered",
                here("max_requests")
            ),
            format!(
                "{} `7` {other} `args.random_seed`: `42`",
                here("random_seed")
            ),
            format!(
                "{} `3` {other} `args.data`: `prefix_tokens` is `0`",
                here("data.prefix_tokens")
            ),
            format!(
                "{} `2000` {other} `args.data`: `prompt_tokens` is `2048`",
                here("data.prompt_tokens")
            ),
            format!(
                "{} `9` {other} `args.data`: `output_tokens_max` is not set",
                here("data.output_tokens_max")
            ),
            format!(
                "{} `9` {other} `benchmarks[0]`: outputs have 10.0 tokens on average",
                here("data.output_tokens_max")
            ),
        ]
    );
}

/// Long texts are left out of reports: that is no contradiction, and no silence either.
#[test]
fn says_that_a_description_is_too_long_to_compare() {
    let args = format!(
        "{{\"data\": [\"{{'prompt_tokens': 7, 'output_tokens': 7, 'x': '{}'}}\"]}}",
        "x".repeat(2000)
    );
    let profile = "data: {prompt_tokens: 7, output_tokens: 7}\n";
    let experiment = Experiment::new(&[(REPORT, &told(&args)), ("profile.yaml", profile)]);
    assert_eq!(
        experiment.problems(),
        [
            "warning: x/profile.yaml: `data`: no description of synthetic data, compared with nothing: `args.data` of \
             x/guidellm-results.json is a text of more than 1024 bytes"
        ]
    );
}

#[test]
fn compares_with_what_was_done_where_nothing_is_told() {
    let problems = experiment("rate-type: concurrent\nrate: [1, 2]\n", "").problems();
    assert_eq!(
        problems,
        [
            "warning: x/profile.yaml: `rate`: `1, 2` contradicts x/guidellm-results.json: `benchmarks`: strategies with ``"
        ]
    );
    let problems = experiment("rate-type: sweep\nrate: 5\n", "").problems();
    assert_eq!(
        problems,
        [
            "warning: x/profile.yaml: `rate`: `5` contradicts x/guidellm-results.json: `benchmarks`: 1 benchmarks"
        ]
    );
}

/// The report of a released client on its own, which states what the client was told.
#[test]
fn without_a_profile_the_report_says_what_the_client_was_told() {
    for name in [
        "guidellm-0.6.1-synchronous",
        "guidellm-0.8.1-concurrent",
        "guidellm-0.4.0-constant",
    ] {
        let folder = fixtures().join(name);
        let report = std::fs::read(folder.join("guidellm-results.json")).unwrap();
        let alone = Experiment::empty();
        alone.write("guidellm-results.json", &report);
        let run = alone.load();
        let stated = ground_truth::load(&folder).unwrap().profile.unwrap().data;
        assert!(stated.is_some(), "{name}");
        assert_eq!(run.profile.unwrap().data, stated, "{name}");
        assert_eq!(run.files.len(), 1, "{name}");
    }
}

/// What a profile leaves open comes from the report, and what it states stays.
#[test]
fn a_profile_is_completed_by_the_report() {
    let folder = fixtures().join("guidellm-0.6.1-synchronous");
    let report = std::fs::read(folder.join("guidellm-results.json")).unwrap();
    let experiment = Experiment::empty();
    experiment.write("guidellm-results.json", &report);
    experiment.write("profile.yaml", b"max-requests: 7\n");
    let profile = experiment.load().profile.unwrap();
    assert_eq!(profile.max_requests, Some(7));
    assert_eq!(profile.random_seed, Some(42));
    assert_eq!(profile.data.unwrap().prefix_tokens, 16);
}
