//! A trace is the same from CSV and from Parquet, however the latter is laid out.

use parquet::basic::{Compression, ZstdLevel};
use step_trace::{Field, Mapping, StepTrace};

use crate::files::{Column, TraceFile, Values, column, csv, longs, mapping, parquet};

/// Every field, with values of every type; `duration`, `kv` and `load` have rows without one.
fn columns() -> Vec<Column> {
    vec![
        Column {
            annotation: "(STRING)",
            ..column(
                "experiment",
                Values::Text(["a", "b", "a", "b", "a"].map(Some).to_vec()),
            )
        },
        Column {
            annotation: "(UTF8)",
            ..column(
                "model",
                Values::Text(["x", "y", "x", "y", "x"].map(Some).to_vec()),
            )
        },
        column(
            "load",
            Values::Text(vec![Some("chat"), None, Some("code"), Some("chat"), None]),
        ),
        column("tp", Values::Int([1, 2, 1, 2, 1].map(Some).to_vec())),
        longs("id", &[7, 1, 8, 2, 9]),
        longs(
            "start",
            &[
                1_700_000_000_000_000_001,
                5,
                1_700_000_000_000_250_002,
                1_005,
                1_700_000_000_001_000_000,
            ],
        ),
        column(
            "duration",
            Values::Double(vec![Some(250.5), Some(1.0), None, Some(0.1), None]),
        ),
        column("prompts", Values::Int([1, 0, 2, 0, 1].map(Some).to_vec())),
        longs("prefill", &[512, 0, 30, 0, 1]),
        longs("context", &[512, 0, 64, 0, 1]),
        column(
            "decodes",
            Values::Float([3.0, 4.0, 0.0, 2.0, 1.0].map(Some).to_vec()),
        ),
        column(
            "decode",
            Values::Double([3.0, 8.0, 0.0, 2.0, 1.0].map(Some).to_vec()),
        ),
        column(
            "kv",
            Values::Long(vec![Some(300), None, None, Some(20), Some(1)]),
        ),
        column(
            "usage",
            Values::Float([0.5, 0.25, 0.0, 1.0, 0.125].map(Some).to_vec()),
        ),
        longs("blocks", &[1000; 5]),
        column("block", Values::Int([16; 5].map(Some).to_vec())),
    ]
}

fn all_fields() -> Mapping {
    mapping(&[
        (Field::Experiment, "experiment"),
        (Field::Model, "model"),
        (Field::Workload, "load"),
        (Field::TensorParallel, "tp"),
        (Field::StepId, "id"),
        (Field::StartNs, "start"),
        (Field::DurationUs, "duration"),
        (Field::PrefillRequests, "prompts"),
        (Field::PrefillTokens, "prefill"),
        (Field::PrefillContextTokens, "context"),
        (Field::DecodeRequests, "decodes"),
        (Field::DecodeTokens, "decode"),
        (Field::DecodeKvTokens, "kv"),
        (Field::KvUsage, "usage"),
        (Field::KvBlocks, "blocks"),
        (Field::BlockSize, "block"),
    ])
}

fn without_hash(mut trace: StepTrace) -> StepTrace {
    trace.sha256.clear();
    trace
}

#[test]
fn csv_and_parquet_are_the_same_trace() {
    let mapping = all_fields();
    let columns = columns();
    let from_csv = without_hash(TraceFile::new(csv(&columns)).trace(&mapping));
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ];
    for compression in compressions {
        for rows_per_group in [1, 2, 5] {
            let file = TraceFile::new(parquet(&columns, compression, rows_per_group));
            let trace = without_hash(file.trace(&mapping));
            assert_eq!(trace, from_csv, "{compression:?}, {rows_per_group}");
        }
    }
    // The values themselves, so that two readers cannot agree on nothing.
    let [a, b] = from_csv.experiments.as_slice() else {
        panic!("{} experiments", from_csv.experiments.len());
    };
    assert_eq!(
        (a.name.as_str(), a.model.as_deref(), a.tensor_parallel),
        ("a", Some("x"), Some(1))
    );
    assert_eq!(
        (b.name.as_str(), b.model.as_deref(), b.tensor_parallel),
        ("b", Some("y"), Some(2))
    );
    let rows: Vec<usize> = a.steps.iter().map(|step| step.row).collect();
    assert_eq!(rows, [1, 3, 5]);
    let first = a.steps[0];
    assert_eq!(first.step_id, Some(7));
    assert_eq!(first.start_ns, Some(1_700_000_000_000_000_001));
    assert_eq!(first.duration.map(|one| one.sum_us), Some(250.5));
    assert_eq!(first.interval.map(|one| one.sum_us), Some(250.001));
    assert_eq!((first.prefill_requests, first.prefill_tokens), (1, 512));
    assert_eq!(first.prefill_context_tokens, Some(512));
    assert_eq!((first.decode_requests, first.decode_tokens), (3, 3));
    assert_eq!(first.decode_kv_tokens, Some(300));
    assert_eq!(first.kv_tokens, Some(8000.0));
    assert_eq!(from_csv.workload(&first), Some("chat"));
    let second = b.steps[0];
    assert_eq!((second.decode_requests, second.decode_tokens), (4, 8));
    assert_eq!(second.decode_kv_tokens, None);
    assert_eq!(from_csv.workload(&second), None);
    let third = a.steps[1];
    assert_eq!((third.duration, third.decode_kv_tokens), (None, None));
    assert_eq!(from_csv.workload(&third), Some("code"));
    assert_eq!(from_csv.rows(), 5);
}

#[test]
fn words_may_look_like_numbers() {
    let numbers = || {
        vec![
            longs("experiment", &[7, 7]),
            longs("id", &[1, 2]),
            longs("prefill", &[0, 0]),
            longs("decode", &[1, 1]),
        ]
    };
    let words = [
        column("experiment", Values::Text(vec![Some("7"), Some("7")])),
        longs("id", &[1, 2]),
        longs("prefill", &[0, 0]),
        longs("decode", &[1, 1]),
    ];
    let mapping = mapping(&[
        (Field::Experiment, "experiment"),
        (Field::StepId, "id"),
        (Field::PrefillTokens, "prefill"),
        (Field::DecodeTokens, "decode"),
        // A column may be two things.
        (Field::Workload, "experiment"),
        (Field::PrefillContextTokens, "id"),
    ]);
    let files = [
        csv(&numbers()).into_bytes(),
        parquet(&numbers(), Compression::UNCOMPRESSED, 2),
        parquet(&words, Compression::UNCOMPRESSED, 2),
    ];
    for file in files {
        let trace = TraceFile::new(file).trace(&mapping);
        assert_eq!(trace.experiments.len(), 1);
        assert_eq!(trace.experiments[0].name, "7");
        let step = trace.experiments[0].steps[1];
        assert_eq!(trace.workload(&step), Some("7"));
        assert_eq!(step.prefill_context_tokens, Some(2));
    }
    // As words of CSV stand there: neither 7 nor 7.0 nor 0x7.
    let trace =
        TraceFile::new("experiment,id,prefill,decode\n007,1,0,1\n1e3,2,0,1\n").trace(&mapping);
    let names: Vec<&str> = trace
        .experiments
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["007", "1e3"]);
}

#[test]
fn csv_may_have_a_mark_blanks_and_quotes() {
    let text = "\u{feff}id ,\"prefill\",decode,note\r\n 1 ,\"0\", 2 ,\"a, b\"\r\n2,0,3.0,\r\n+3,0,1e1,x\r\n";
    let trace = TraceFile::new(text).trace(&crate::files::least_mapping());
    let steps: Vec<(i64, u32)> = trace.experiments[0]
        .steps
        .iter()
        .map(|step| (step.step_id.unwrap(), step.decode_tokens))
        .collect();
    assert_eq!(steps, [(1, 2), (2, 3), (3, 10)]);
    // Without a column for it there is one experiment.
    assert_eq!(trace.experiments[0].name, "all");
}

#[test]
fn the_hash_is_that_of_the_file() {
    let trace = TraceFile::new("id,prefill,decode\n1,0,1\n").trace(&crate::files::least_mapping());
    // printf 'id,prefill,decode\n1,0,1\n' | sha256sum
    assert_eq!(
        trace.sha256,
        "826bd0fa0cc616073c23f8a51cf6bc63b57b1bb7c6c85833b3b007ed4e6d6e52"
    );
}
