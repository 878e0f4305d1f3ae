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
                "{} at least `2000` behind a prefix of 3 {other} `benchmarks[0]`: the shortest prompt has 7 tokens",
                here("data.prompt_tokens")
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

fn data_of(data: &str) -> (Option<LengthProfile>, Vec<String>) {
    let experiment = experiment(&format!("max-requests: 5\ndata: {data}\n"), "");
    let run = experiment.load();
    let warnings = run.warnings.iter();
    let warnings = warnings
        .filter(|warning| warning.place.as_deref() == Some("data"))
        .map(|warning| warning.message.clone());
    (run.profile.unwrap().data, warnings.collect())
}

/// As `SyntheticTextDatasetConfig` of GuideLLM makes buckets of the short form.
#[test]
fn takes_no_one_of_several_prefixes_for_all() {
    let shared = |prefixes: &str| {
        let (data, warnings) = data_of(&format!(
            "{{prompt_tokens: 5, output_tokens: 3, {prefixes}}}"
        ));
        assert_eq!(warnings, [""; 0], "{prefixes}");
        data.unwrap().prefix_tokens
    };
    assert_eq!(shared("prefix_tokens: 100"), 100);
    assert_eq!(shared("prefix_tokens: 100, prefix_count: 1"), 100);
    assert_eq!(shared("prefix_tokens: 100, prefix_count: 0"), 100);
    assert_eq!(shared("prefix_tokens: 0, prefix_count: 25"), 0);
    assert_eq!(shared("prefix_count: 25"), 0);
    assert_eq!(shared("prefix_buckets: [{prefix_tokens: 7}]"), 7);
    assert_eq!(
        shared("prefix_buckets: [{bucket_weight: 1}, {prefix_count: 3}]"),
        0
    );
    let several = |prefixes: &str, count: u32| {
        let (data, warnings) = data_of(&format!(
            "{{prompt_tokens: 5, output_tokens: 3, {prefixes}}}"
        ));
        let warning = format!(
            "prompts start with one of {count} prefixes: what they share is not known, and no lengths are taken from here"
        );
        assert_eq!((data, warnings), (None, vec![warning]), "{prefixes}");
    };
    several("prefix_tokens: 100, prefix_count: 25", 25);
    several("prefix_buckets: [{prefix_tokens: 7, prefix_count: 4}]", 4);
    several("prefix_buckets: [{prefix_tokens: 7}, {prefix_count: 2}]", 3);
    let wrong = "{prompt_tokens: 5, output_tokens: 3, prefix_tokens: 9, prefix_count: many}";
    assert_eq!(
        experiment(&format!("data: {wrong}\n"), "").error(),
        "x/profile.yaml: `data.prefix_count` is `many`, expected a whole number of prefixes"
    );
}

/// The recorded prompts have 7 tokens.
#[test]
fn says_where_recorded_prompts_are_others() {
    let messages = |data: &str| -> Vec<String> {
        let text = format!("data: {{output_tokens: 10, {data}}}\n");
        experiment(&text, "").problems()
    };
    let message = |key: &str, here: &str, there: &str| {
        format!(
            "warning: x/profile.yaml: `data.{key}`: {here} contradicts x/guidellm-results.json: `benchmarks[0]`: {there}"
        )
    };
    let one = "1 of 1 prompts are shorter, the shortest has 7 tokens";
    assert_eq!(
        messages("prefix_tokens: 8, prompt_tokens: 2"),
        [message("prefix_tokens", "`8`", one)]
    );
    let short = "the shortest prompt has 7 tokens";
    assert_eq!(
        messages("prompt_tokens: 9, prompt_tokens_min: 8, prompt_tokens_max: 20"),
        [message("prompt_tokens_min", "at least `8`", short)]
    );
    assert_eq!(
        messages("prefix_tokens: 3, prompt_tokens: 8"),
        [message(
            "prompt_tokens",
            "at least `8` behind a prefix of 3",
            short
        )]
    );
    assert_eq!(messages("prompt_tokens: 7"), [""; 0]);
    assert_eq!(
        messages("prompt_tokens: 20, prompt_tokens_stdev: 3"),
        [""; 0]
    );
    // A chat template makes prompts longer.
    assert_eq!(messages("prompt_tokens: 1, prompt_tokens_max: 2"), [""; 0]);
    let means = |tokens: u32| {
        let metrics = format!(
            ", \"metrics\": {{\"request_totals\": {{\"successful\": 3}}, \"prompt_token_count\": {{\"successful\": {{\"mean\": {tokens}}}}}}}"
        );
        let profile = "data: {output_tokens: 10, prompt_tokens: 50, prompt_tokens_max: 90, prefix_tokens: 30}\n";
        let files = [
            (REPORT, report(&[], &metrics)),
            ("profile.yaml", profile.to_owned()),
        ];
        Experiment::new(&files.each_ref().map(|(name, text)| (*name, text.as_str()))).problems()
    };
    assert_eq!(
        means(500),
        [message(
            "prompt_tokens_max",
            "at most `90` behind a prefix of 30",
            "prompts have 500.0 tokens on average"
        )]
    );
    assert_eq!(
        means(20),
        [message(
            "prefix_tokens",
            "`30`",
            "prompts have 20.0 tokens on average"
        )]
    );
    assert_eq!(means(81), [""; 0]);
}

#[test]
fn says_what_it_does_not_take_from_a_report() {
    let told = |spec: &str| {
        let text = report(&[good()], "").replacen(
            '{',
            &format!("{{\"config\": {{\"spec\": {spec}}}, "),
            1,
        );
        Experiment::of_report(&text).problems()
    };
    let place = "warning: x/guidellm-results.json: `config.spec";
    assert_eq!(
        told(r#"{"max_requests": -3, "data": {"prompt_tokens": 7, "output_tokens": "many"}}"#),
        [
            format!(
                "{place}.max_requests`: is -3, expected a whole number above 0: not taken from the report"
            ),
            format!(
                "{place}.data.output_tokens`: is `many`, expected a whole number of tokens: not taken from the report"
            ),
        ]
    );
    assert_eq!(
        told(
            r#"{"data": {"prompt_tokens": 7, "output_tokens": 3, "prefix_tokens": 2, "prefix_count": 25}}"#
        ),
        [format!(
            "{place}.data`: prompts start with one of 25 prefixes: what they share is not known, and no lengths are taken from here"
        )]
    );
    assert_eq!(told(r#"{"max_requests": 3}"#), [""; 0]);
}
