//! How fast a large report is loaded, and in how much memory.
//!
//! The report has 200 MB, of which most is prompts, as real ones are. `cargo bench -p ground-truth`
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a benchmark that cannot write its file ends, and shows the memory that it took"
)]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use criterion::{Criterion, Throughput};
use flate2::Compression;
use flate2::write::GzEncoder;

const TARGET_BYTES: usize = 200_000_000;

/// Length of a request's arguments in a sweep with prompts of 2,000 tokens.
const ARGUMENTS_BYTES: usize = 15_500;

fn main() {
    let root = tempfile::tempdir().unwrap();
    let plain = root.path().join("plain");
    let zipped = root.path().join("zipped");
    std::fs::create_dir(&plain).unwrap();
    std::fs::create_dir(&zipped).unwrap();
    let mut file = BufWriter::new(File::create(plain.join("benchmarks.json")).unwrap());
    write_report(&mut file);
    file.flush().unwrap();
    let gzip = File::create(zipped.join("benchmarks.json.gz")).unwrap();
    let mut gzip = GzEncoder::new(BufWriter::new(gzip), Compression::fast());
    write_report(&mut gzip);
    gzip.finish().unwrap().flush().unwrap();

    let bytes = std::fs::metadata(plain.join("benchmarks.json"))
        .unwrap()
        .len();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("json", |bencher| bencher.iter(|| load(&plain)));
    group.bench_function("json.gz", |bencher| bencher.iter(|| load(&zipped)));
    group.finish();
    criterion.final_summary();
    if let Some(peak) = peak_memory() {
        eprintln!("peak memory: {peak} for a report of {bytes} bytes");
    }
}

fn load(dir: &Path) -> usize {
    ground_truth::load(dir).unwrap().benchmarks[0]
        .requests
        .len()
}

/// The most memory that this process had, as Linux tells it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}

/// A report of GuideLLM 0.6 with one benchmark.
fn write_report(out: &mut impl std::io::Write) {
    let text =
        "Nice century offer budget common wide.\\nDamage if hear winter, it\\\"s least press. ";
    let arguments = text.repeat(ARGUMENTS_BYTES / text.len());
    write!(
        out,
        r#"{{"metadata": {{"version": 1, "guidellm_version": "0.6.0"}}, "args": {{"profile": "synchronous"}}, "benchmarks": [{{"type_": "generative_benchmark",
 "config": {{"strategy": {{"type_": "synchronous", "worker_count": 1, "max_concurrency": 1}}}}, "requests": {{"successful": ["#
    )
    .unwrap();
    let mut written = 0;
    let mut start = 1_768_918_269.310_933_6;
    while written < TARGET_BYTES {
        let comma = if written == 0 { "" } else { ", " };
        let request = request(start, &arguments);
        write!(out, "{comma}{request}").unwrap();
        written += request.len();
        start += 2.8;
    }
    write!(
        out,
        r#"], "errored": [], "incomplete": [], "total": null}}}}]}}"#
    )
    .unwrap();
}

/// A request with all fields that GuideLLM 0.6 writes.
fn request(start: f64, arguments: &str) -> String {
    let at = |seconds: f64| start + seconds;
    let unused = r#""image_tokens": null, "image_count": null, "image_pixels": null, "image_bytes": null, "video_tokens": null,
 "video_frames": null, "video_seconds": null, "video_bytes": null, "audio_tokens": null, "audio_samples": null,
 "audio_seconds": null, "audio_bytes": null, "#;
    format!(
        r#"{{"type_": "generative_request_stats", "request_id": "5a28c248-a4fa-43a7-9af7-8dad34fbf289", "request_type": "text_completions",
 "response_id": "cmpl-b9e42a436fb44c0ca55be73e8fe2bb64", "request_args": "{arguments}", "output": "As audience depth establish. Performance pull property after control.",
 "info": {{"request_id": "5a28c248-a4fa-43a7-9af7-8dad34fbf289", "status": "completed", "scheduler_node_id": -1, "scheduler_process_id": 0,
 "scheduler_start_time": {}, "timings": {{"targeted_start": {}, "queued": {}, "dequeued": {}, "scheduled_at": {}, "resolve_start": {}, "request_start": {},
 "first_request_iteration": {}, "first_token_iteration": {}, "last_token_iteration": {}, "last_request_iteration": {}, "request_iterations": 116,
 "token_iterations": 56, "request_end": {}, "resolve_end": {}, "finalized": {}}}, "error": null}},
 "input_metrics": {{"text_tokens": 2998, "text_words": 2189, "text_characters": 14882, {unused}"total_tokens": 2998}},
 "output_metrics": {{"text_tokens": 56, "text_words": 42, "text_characters": 268, {unused}"total_tokens": 56}},
 "request_start_time": {}, "request_end_time": {}, "request_latency": 2.784649133682251, "prompt_tokens": 2998, "input_tokens": 2998,
 "output_tokens": 56, "total_tokens": 3054, "time_to_first_token_ms": 1353.1036376953125, "time_per_output_token_ms": 49.72072158540998,
 "inter_token_latency_ms": 26.022850383411754, "tokens_per_second": 1096.7270393457347, "output_tokens_per_second": 20.110253504702403}}"#,
        at(0.0),
        at(0.0),
        at(-1.0),
        at(0.0),
        at(0.0),
        at(0.0),
        at(0.0),
        at(1.353),
        at(1.353),
        at(2.784),
        at(2.784),
        at(2.7846),
        at(2.7847),
        at(2.7865),
        at(0.0),
        at(2.7846),
    )
}
