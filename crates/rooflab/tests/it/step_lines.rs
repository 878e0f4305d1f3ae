//! `rooflab step --jsonl`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::test_project::{Answer, TestProject};

/// The golden steps are printed with four digits after the point of a microsecond.
const RELATIVE_TOLERANCE: f64 = 1e-6;

const LINE: &str =
    r#"{"model":"llama-2-7b-hf","gpu":"h100","tensor_parallel":1,"preset":"feb27","decode":[64]}"#;

/// The folder that `ROOFLAB_SHARED` names, else `shared` beside the workspace. `None`, with a note on standard error,
/// where it does not exist; with `ROOFLAB_REQUIRE_SHARED=1` that is a failure.
fn shared_dir() -> Option<PathBuf> {
    let dir = std::env::var_os("ROOFLAB_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if dir.is_dir() {
        return Some(dir);
    }
    let required = std::env::var_os("ROOFLAB_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "{} does not exist", dir.display());
    eprintln!("skipped: {} does not exist", dir.display());
    None
}

fn predict(input: impl Into<Vec<u8>>) -> Answer {
    let project = TestProject::new();
    let mut command = project.command(&["step", "--jsonl"]);
    command.write_stdin(input);
    project.answer(&mut command)
}

/// The answer without what was predicted.
fn without_prediction(line: &str) -> String {
    let start = line.find(r#""predicted": {"#).unwrap();
    assert!(line.ends_with("}}"), "{line}");
    format!("{}}}", line[..start].trim_end_matches([',', ' ']))
}

#[test]
fn golden_steps_are_reproduced() {
    let Some(shared) = shared_dir() else { return };
    let golden = std::fs::read_to_string(shared.join("golden/steps.jsonl")).unwrap();
    let answer = predict(golden.as_str()).success();
    assert_eq!(answer.lines().count(), 180);
    for (given, answered) in golden.lines().zip(answer.lines()) {
        assert_eq!(without_prediction(answered), given);
        let line: Value = serde_json::from_str(answered).unwrap();
        let expected_us = line["step_us_exact"].as_f64().unwrap();
        let predicted = &line["predicted"];
        let ours_us = predicted["step_us_exact"].as_f64().unwrap();
        assert!(
            (ours_us / expected_us - 1.0).abs() <= RELATIVE_TOLERANCE,
            "{}: {ours_us} instead of {expected_us}",
            line["id"]
        );
        assert_eq!(predicted["step_us"].as_f64(), Some(ours_us.round()));
        for phase in ["prefill", "decode"] {
            let has_requests = !line[phase].as_array().unwrap().is_empty();
            assert_eq!(predicted[phase].is_object(), has_requests, "{}", line["id"]);
        }
    }
}

#[test]
fn keys_of_the_user_stay_as_they_were() {
    let line = LINE.replace(
        r#"{"model""#,
        r#"{ "id" : 1e2, "näme":"\u00e9\n", "big": 123456789012345678901234567890, "model""#,
    );
    let answer = predict(format!("{line}\n")).success();
    assert_eq!(without_prediction(answer.trim_end()), line);
}

#[test]
fn a_prediction_that_is_there_already_is_replaced_in_its_place() {
    let fresh = predict(LINE).success();
    let stale = LINE.replace(r#""decode""#, r#""predicted": {"step_us": [1]}, "decode""#);
    let answer = predict(stale).success();
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap()["predicted"].clone();
    assert_eq!(parse(&answer), parse(&fresh));
    assert!(answer.ends_with("\"decode\":[64]}\n"), "{answer}");
    assert_eq!(predict(fresh.clone()).success(), fresh);
}

#[test]
fn blank_lines_and_line_ends_do_not_count() {
    let fresh = predict(LINE).success();
    let answer = predict(format!("\n{LINE}\r\n   \n{LINE}")).success();
    assert_eq!(answer, format!("{fresh}{fresh}"));
    assert_eq!(predict("").success(), "");
}

#[test]
fn a_bad_line_is_named_and_those_before_it_are_written() {
    let answer = predict(format!("{LINE}\n\n{LINE}\n{{\"model\":3}}\n{LINE}\n"));
    assert_eq!(answer.code, 2);
    assert_eq!(answer.stdout.lines().count(), 2);
    assert_eq!(
        answer.stderr,
        "error: standard input, line 4: field `model`: invalid type: integer `3`, expected a string\n"
    );
}

#[test]
fn what_a_line_can_have_wrong() {
    let with = |from: &str, to: &str| {
        assert_eq!(LINE.matches(from).count(), 1);
        LINE.replace(from, to)
    };
    let cases = [
        (
            "[1]".to_owned(),
            "cannot be read as a step: invalid type: sequence, expected a JSON object at column 0",
        ),
        (
            LINE[..LINE.len() - 1].to_owned(),
            "cannot be read as a step: EOF while parsing an object at column ",
        ),
        (
            with("}", "} {}"),
            "cannot be read as a step: trailing characters at column ",
        ),
        (
            with("\"decode\"", "\"model\":\"x\",\"decode\""),
            "cannot be read as a step: duplicate field `model` at column ",
        ),
        ("{}".to_owned(), "field `model` is missing"),
        (with("\"gpu\":\"h100\",", ""), "field `gpu` is missing"),
        (
            with("\"tensor_parallel\":1,", ""),
            "field `tensor_parallel` is missing",
        ),
        (
            with("\"preset\":\"feb27\",", ""),
            "field `preset` is missing",
        ),
        (
            with("tensor_parallel", "tensor_paralel"),
            "unknown field `tensor_paralel`; did you mean `tensor_parallel`?",
        ),
        (
            with("[64]", "[64],\"hardwear\":{}"),
            "unknown field `hardwear`; did you mean `hardware`?",
        ),
        (
            with("[64]", "[64],\"hardware\":{\"bandwith_efficiency\":1}"),
            "field `hardware`: unknown field `bandwith_efficiency`, expected one of `peak_tflops`, ",
        ),
        (
            with("[64]", "[64],\"assumptions\":{\"lm_hed\":\"included\"}"),
            "field `assumptions`: unknown field `lm_hed`, expected one of `mfu_lookup`, ",
        ),
        (
            with("[64]", "[64],\"assumptions\":{\"lm_head\":\"yes\"}"),
            "field `assumptions`: unknown variant `yes`, expected `excluded` or `included`",
        ),
        (
            with("[64]", "[64],\"assumptions\":{\"factors\":{\"kv\":1}}"),
            "field `assumptions`: unknown field `kv`, expected one of `kv_read_one_token`, ",
        ),
        (
            with("feb27", "feb28"),
            "field `preset`: unknown variant `feb28`, expected one of `feb24`, ",
        ),
        (
            with("\"tensor_parallel\":1", "\"tensor_parallel\":0"),
            "invalid step model: `tensor_parallel` is 0, expected at least 1",
        ),
        (
            with("[64]", "[64,1.5]"),
            "field `decode`: invalid type: floating point `1.5`, expected u32",
        ),
        (
            with("[64]", "[64,0]"),
            "field `decode`, entry 2: a decode request has a kv length of 0, expected at least 1",
        ),
        (
            with("[64]", "[64],\"prefill\":[{\"new\":1}]"),
            "field `prefill`: missing field `cached`",
        ),
        (
            with("[64]", "[],\"prefill\":[{\"new\":0,\"cached\":1}]"),
            "field `prefill`, entry 1: a prefill request has 0 new tokens, expected at least 1",
        ),
        (
            with("[64]", "[]"),
            "the batch is empty, expected at least one prefill or decode request",
        ),
        (
            with("llama-2-7b-hf", "gpt"),
            "model `gpt` not found (known models: ",
        ),
        (with("h100", "a100"), "gpu `a100` has no MFU tables yet: "),
    ];
    for (line, expected) in cases {
        let error = predict(line.as_str()).rejected();
        let expected = format!("error: standard input, line 1: {expected}");
        assert!(error.starts_with(&expected), "{line}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn bytes_that_are_no_text_and_endless_lines_are_refused() {
    assert_eq!(
        predict(b"{\"\xff".as_slice()).rejected(),
        "error: standard input, line 1: not UTF-8 at byte 3\n"
    );
    assert_eq!(
        predict(vec![b' '; 17 << 20]).rejected(),
        "error: standard input, line 1: longer than 16777216 bytes\n"
    );
}
