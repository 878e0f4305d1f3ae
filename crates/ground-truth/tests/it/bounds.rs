//! Small files that unfold to much.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::experiment::{Experiment, good, report};

fn error_of(text: &str) -> String {
    Experiment::of_report(text).error()
}

#[test]
fn refuses_a_file_that_inflates_without_end() {
    let experiment = Experiment::empty();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(b"{\"note\": \"").unwrap();
    let megabyte = vec![b'x'; 1 << 20];
    for _ in 0..257 {
        encoder.write_all(&megabyte).unwrap();
    }
    encoder.write_all(b"\"}").unwrap();
    experiment.write("benchmarks.json.gz", &encoder.finish().unwrap());
    assert_eq!(
        experiment.error(),
        "x/benchmarks.json.gz: inflates to more than 268435456 bytes, which no report of its size does"
    );
}

/// In every field of which something is kept, and over several of them.
#[test]
fn refuses_more_values_than_a_report_has() {
    let list = format!("[{}0]", "0,".repeat(600_000));
    let map: Vec<String> = (0..300_000).map(|key| format!("\"k{key}\":0")).collect();
    let map = format!("{{{}}}", map.join(","));
    let reason = "more than 500000 values outside the lists of requests, which is more than any such file has";
    for text in [
        format!("{{\"args\": {list}}}"),
        format!("{{\"metadata\": {{\"version\": {map}}}}}"),
        report(&[good()], &format!(", \"worker\": {list}")),
    ] {
        let message = error_of(&text);
        assert!(message.ends_with(reason), "{message}");
        assert!(message.starts_with("x/guidellm-results.json:"), "{message}");
    }
    let some = format!("{{\"args\": [{}0]}}", "0,".repeat(100_000));
    let small = ["{}", "{\"benchmarks\": [{}]}"].map(|benchmark| (benchmark, 20_000));
    for (benchmark, times) in small.into_iter().chain([(some.as_str(), 6)]) {
        let benchmarks = vec![benchmark; times].join(",");
        let message = error_of(&format!("{{\"benchmarks\": [{benchmarks}]}}"));
        assert!(
            message.contains("`benchmarks`: ") && message.ends_with(reason),
            "{message}"
        );
    }
    // What nothing is kept of may be as large as it likes.
    let text = report(&[good()], &format!(", \"extras\": {list}"));
    assert_eq!(Experiment::of_report(&text).load().warnings, []);
}
