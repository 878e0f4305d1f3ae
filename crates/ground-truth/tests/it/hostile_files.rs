use std::io::Write as _;

use crate::experiment::{Experiment, REPORT, good, report, request};

fn error_of(text: &str) -> String {
    Experiment::of_report(text).error()
}

#[test]
fn says_where_a_torn_file_ends() {
    let whole = report(&[good(), good()], "");
    let torn = &whole[..whole.len() - 60];
    let message = error_of(torn);
    assert!(
        message.starts_with("x/guidellm-results.json:5:"),
        "{message}"
    );
    assert!(
        message.contains("`benchmarks[0].requests.successful[1].info.timings"),
        "{message}"
    );
    assert!(
        message.contains("the text ends in the middle of the report"),
        "{message}"
    );
    assert_eq!(
        error_of(""),
        "x/guidellm-results.json:1:1: the text ends in the middle of the report: EOF while parsing a value"
    );
}

/// Wherever a file is cut, it is refused with its name.
#[test]
fn refuses_every_torn_file() {
    let whole = report(&[good()], "");
    let experiment = Experiment::empty();
    for length in 0..whole.len() {
        experiment.write(REPORT, &whole.as_bytes()[..length]);
        let message = experiment.error();
        assert!(message.starts_with("x/guidellm-results.json:"), "{message}");
    }
}

#[test]
fn names_line_column_and_field_of_wrong_json() {
    assert_eq!(
        error_of("{\"metadata\": {\"version\": 2},\n \"benchmarks\": [x]}"),
        "x/guidellm-results.json:2:17: `benchmarks[0]`: expected value"
    );
    assert_eq!(
        error_of("log line\n{}"),
        "x/guidellm-results.json:1:1: expected value"
    );
    assert_eq!(
        error_of("{\"benchmarks\": {}}"),
        "x/guidellm-results.json:1:16: `benchmarks`: invalid type: map, expected a list of benchmarks"
    );
    assert_eq!(
        error_of("{\"benchmarks\": [{\"requests\": {\"successful\": [[1, 2, 3]]}}]}"),
        "x/guidellm-results.json:1:46: `benchmarks[0].requests.successful[0]`: invalid type: sequence, expected an object"
    );
    assert_eq!(
        error_of("[]"),
        "x/guidellm-results.json:1:1: invalid type: sequence, expected an object"
    );
}

#[test]
fn refuses_numbers_that_json_does_not_have() {
    for number in ["NaN", "Infinity", "-Infinity"] {
        let text = report(&[request(["1.0", number, "2.0", "2.0"], "3")], "");
        let message = error_of(&text);
        assert!(
            message.contains("x/guidellm-results.json:3:")
                && message.contains("NaN and Infinity are no JSON numbers"),
            "{message}"
        );
    }
    let huge = report(&[request(["1.0", "1e400", "2.0", "2.0"], "3")], "");
    assert!(
        error_of(&huge).contains("number out of range"),
        "{}",
        error_of(&huge)
    );
}

#[test]
fn refuses_duplicate_keys() {
    let text = report(&[good()], ", \"duration\": 1, \"duration\": 2");
    assert!(error_of(&text).contains("duplicate field `duration`"));
    let text = report(&[good()], ", \"requests\": {\"successful\": []}");
    assert!(error_of(&text).contains("duplicate field `requests`"));
    let text = text.replace(
        "\"type_\": \"synchronous\"",
        "\"type_\": \"a\", \"type_\": \"b\"",
    );
    assert!(
        error_of(&text).contains("duplicate key `type_`"),
        "{}",
        error_of(&text)
    );
}

#[test]
fn survives_deep_nesting() {
    let deep = 1_000_000;
    for open in ["[", "{\"a\":"] {
        let text = open.repeat(deep);
        assert!(error_of(&text).starts_with("x/guidellm-results.json:1:"));
        // Where nothing is read, and where something is.
        for key in ["other", "config", "metadata", "benchmarks"] {
            let message = error_of(&format!("{{\"{key}\": {text}"));
            assert!(
                message.starts_with("x/guidellm-results.json:1:"),
                "{message}"
            );
        }
    }
    let nested = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
    let message = error_of(&format!("{{\"config\": {nested}}}"));
    assert!(message.contains("recursion limit exceeded"), "{message}");
    let text = report(&[good()], &format!(", \"extras\": {nested}"));
    assert_eq!(
        Experiment::of_report(&text).load().benchmarks[0]
            .requests
            .len(),
        1
    );
}

/// A few lines that stand for a billion values.
#[test]
fn refuses_what_grows_without_end() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inside = format!("*a{}, ", level - 1).repeat(10);
        bomb = format!("{bomb}a{level}: &a{level} [{inside}]\n");
    }
    let text = format!("{bomb}benchmarks: *a11\n");
    let reason = "larger, nested deeper or repeated more often than any file of this kind";
    let message = Experiment::new(&[("benchmarks.yaml", &text)]).error();
    assert!(
        message.starts_with("x/benchmarks.yaml:") && message.ends_with(reason),
        "{message}"
    );
    let message =
        Experiment::new(&[(REPORT, &report(&[good()], "")), ("profile.yaml", &bomb)]).error();
    assert!(
        message.starts_with("x/profile.yaml:") && message.ends_with(reason),
        "{message}"
    );
}

#[test]
fn keeps_what_precedes_text_behind_the_report() {
    let text = report(&[good()], "") + "\nDefaulted container \"vllm out of: vllm, init";
    let run = Experiment::of_report(&text).load();
    assert_eq!(run.benchmarks[0].requests.len(), 1);
    let warnings: Vec<String> = run
        .warnings
        .iter()
        .map(|warning| warning.message.clone())
        .collect();
    assert_eq!(
        warnings,
        ["text after the report was left out: `Defaulted container \"vllm out of: vllm, init`"]
    );
    let blank = Experiment::of_report(&(report(&[good()], "") + " \n\n")).load();
    assert_eq!(blank.warnings, []);
}

#[test]
fn reads_a_report_with_a_byte_order_mark() {
    let text = format!("\u{feff}{}", report(&[good()], ""));
    assert_eq!(Experiment::of_report(&text).load().warnings, []);
}

#[test]
fn skips_long_texts_of_any_content() {
    let long = "\\\"]}, \\\\\\n é ".repeat(100_000);
    let request = good().replacen('{', &format!("{{\"output\": \"{long}\", "), 1);
    let run = Experiment::of_report(&report(&[request.clone(), request], "")).load();
    assert_eq!(run.benchmarks[0].requests.len(), 2);
}

#[test]
fn refuses_what_is_no_regular_file() {
    let experiment = Experiment::empty();
    std::fs::create_dir(experiment.dir().join(REPORT)).unwrap();
    assert_eq!(
        experiment.error(),
        "x/guidellm-results.json: not a regular file"
    );
}

/// Large reports are often kept elsewhere.
#[cfg(unix)]
#[test]
fn follows_links_to_regular_files() {
    use std::os::unix::fs::symlink;
    let experiment = Experiment::empty();
    let target = experiment.dir().join("elsewhere.txt");
    std::fs::write(&target, report(&[good()], "")).unwrap();
    symlink(target, experiment.dir().join(REPORT)).unwrap();
    assert_eq!(experiment.load().benchmarks[0].requests.len(), 1);

    let nowhere = Experiment::empty();
    symlink("missing.json", nowhere.dir().join(REPORT)).unwrap();
    assert!(nowhere.error().starts_with("x/guidellm-results.json: "));
    let folder = Experiment::empty();
    symlink(".", folder.dir().join(REPORT)).unwrap();
    assert_eq!(
        folder.error(),
        "x/guidellm-results.json: not a regular file"
    );
}

#[test]
fn refuses_a_pipe_without_opening_it() {
    let experiment = Experiment::empty();
    let made = std::process::Command::new("mkfifo")
        .arg(experiment.dir().join(REPORT))
        .status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(
            experiment.error(),
            "x/guidellm-results.json: not a regular file"
        );
    }
}

#[test]
fn refuses_a_file_beyond_the_bound() {
    let experiment = Experiment::empty();
    let file = std::fs::File::create(experiment.dir().join(REPORT)).unwrap();
    // The file has holes only, and takes no room.
    file.set_len((8 << 30) + 1).unwrap();
    assert_eq!(
        experiment.error(),
        "x/guidellm-results.json: larger than 8589934592 bytes"
    );
}

#[test]
fn refuses_broken_gzip() {
    let experiment = Experiment::new(&[("benchmarks.json.gz", "{}")]);
    let message = experiment.error();
    assert!(
        message.starts_with("x/benchmarks.json.gz: cannot be inflated: "),
        "{message}"
    );

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(report(&[good()], "").as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    experiment.write("benchmarks.json.gz", &zipped[..zipped.len() - 20]);
    let message = experiment.error();
    assert!(
        message.starts_with("x/benchmarks.json.gz: cannot be inflated: "),
        "{message}"
    );
    experiment.write("benchmarks.json.gz", &zipped);
    assert_eq!(experiment.load().benchmarks[0].requests.len(), 1);
}

#[test]
fn says_what_is_no_report() {
    assert_eq!(
        error_of("{}"),
        "x/guidellm-results.json: `benchmarks` is missing, expected the benchmarks of a GuideLLM report"
    );
    assert_eq!(
        error_of("{\"benchmarks\": []}"),
        "x/guidellm-results.json: `benchmarks` is empty, expected the benchmarks of a GuideLLM report"
    );
    assert_eq!(
        error_of("{\"metadata\": {\"version\": 3}, \"benchmarks\": [{}]}"),
        "x/guidellm-results.json: `metadata.version` is 3, expected 1 (GuideLLM 0.5-0.6) or 2 (GuideLLM 0.7-0.8)"
    );
    assert!(error_of("{\"benchmarks\": [{}]}").contains("`benchmarks` has no known layout"));
}

#[test]
fn lists_every_unusable_field_at_once() {
    let benchmark = |strategy: &str| format!("{{\"config\": {{\"strategy\": {strategy}}}}}");
    let benchmarks = [
        benchmark("{\"type_\": \"sweep\"}"),
        benchmark("{\"type_\": \"constant\", \"rate\": -1}"),
        benchmark("{\"type_\": \"concurrent\"}"),
        benchmark("null"),
        "{\"config\": {\"strategy\": {\"type_\": \"synchronous\"}}, \"metrics\": {\"request_totals\": {\"successful\": 1e300}}}".to_owned(),
    ];
    let text = format!(
        "{{\"metadata\": {{\"version\": 1}}, \"benchmarks\": [{}]}}",
        benchmarks.join(", ")
    );
    let experiment = Experiment::of_report(&text);
    let names = "one of synchronous, concurrent, throughput, constant, poisson, trace";
    let place = "error: x/guidellm-results.json: `benchmarks";
    let errors: Vec<String> = experiment
        .problems()
        .into_iter()
        .filter(|problem| problem.starts_with("error"))
        .collect();
    assert_eq!(
        errors,
        [
            format!("{place}[0].config.strategy.type_` is `sweep`, expected {names}"),
            format!("{place}[1].config.strategy.rate` is -1, expected a number above 0"),
            format!("{place}[2].config.strategy.streams` is missing, expected a number above 0"),
            format!("{place}[3].config.strategy` is missing, expected {names}"),
            format!(
                "{place}[4].metrics.request_totals.successful` is 1e300, expected a whole number of requests"
            ),
        ]
    );
}

/// Every file is looked at, however wrong the others are.
#[test]
fn lists_the_problems_of_all_files() {
    let experiment = Experiment::new(&[
        (REPORT, "{"),
        ("profile.yaml", "rate-type: swep\nmax-requests: -4\n"),
        (
            "exp-config.yaml",
            "max_num_seqs: many\nmax_model_length: 3\n",
        ),
    ]);
    let problems = experiment.problems();
    let rate_types = "synchronous, concurrent, throughput, constant, poisson, async, sweep, replay, goodput, knee";
    assert_eq!(
        problems,
        [
            "error: x/guidellm-results.json:1:1: the text ends in the middle of the report: EOF while parsing an object".to_owned(),
            format!("error: x/profile.yaml: `rate_type` is `swep`, expected one of {rate_types} (did you mean `sweep`?)"),
            "error: x/profile.yaml: `max_requests` is -4, expected a whole number above 0".to_owned(),
            "error: x/exp-config.yaml: `max_num_seqs` is `many`, expected a whole number above 0".to_owned(),
            "warning: x/exp-config.yaml: `max_model_length`: unknown key, not read (did you mean `max_model_len`?)".to_owned(),
        ]
    );
}
