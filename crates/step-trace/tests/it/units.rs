//! Numbers in other units, and what Parquet says of its own.

use parquet::basic::Compression;
use step_trace::{Field, MeasuredStep, Source, WrongSource};

use crate::files::{Column, TraceFile, Values, column, least_mapping, longs, parquet, with};

fn scaled(column: &str, scale: f64) -> Source {
    let name = column.to_owned();
    Source::Column { name, scale }
}

fn first(bytes: impl AsRef<[u8]>, field: Field, source: Source) -> MeasuredStep {
    let trace = TraceFile::new(bytes).trace(&with(least_mapping(), field, source));
    trace.experiments[0].steps[0]
}

fn error(bytes: impl AsRef<[u8]>, field: Field, source: Source) -> String {
    TraceFile::new(bytes).error(&with(least_mapping(), field, source))
}

#[test]
fn a_scale_turns_other_units_into_ours() {
    let text = |value: &str| format!("id,prefill,decode,x\n1,0,1,{value}\n");
    let ms = first(text("2.5"), Field::DurationUs, scaled("x", 1e3));
    assert_eq!(ms.duration.map(|one| one.sum_us), Some(2500.0));
    let ns = first(text("1500"), Field::DurationUs, scaled("x", 0.001));
    assert_eq!(ns.duration.map(|one| one.sum_us), Some(1.5));
    // Microseconds since 1970 are exact, though in nanoseconds they are beyond what `f64` counts.
    let us = first(text("1700000000123457"), Field::StartNs, scaled("x", 1e3));
    assert_eq!(us.start_ns, Some(1_700_000_000_123_457_000));
    // Seconds with a fraction are as exact as the file is: a unit in the last place of 1.7e9 s is 238 ns.
    let s = first(text("1700000000.5"), Field::StartNs, scaled("x", 1e9));
    assert_eq!(s.start_ns, Some(1_700_000_000_500_000_000));
    let ticks = first(text("3"), Field::StartNs, scaled("x", 0.5));
    assert_eq!(ticks.start_ns, Some(2));
    let thousands = first(text("0.007"), Field::KvBlocks, scaled("x", 1000.0));
    assert_eq!(thousands.kv_tokens, None);
    assert_eq!(
        error(text("0.0075"), Field::KvBlocks, scaled("x", 1000.0)),
        "steps: column `x`, row 1: `0.0075`, and `kv_blocks` is a whole number from 0 to 4294967295"
    );
    assert_eq!(
        error(
            text("9223372036854775807"),
            Field::StartNs,
            scaled("x", 1e3)
        ),
        "steps: column `x`, row 1: `9223372036854775807`, and `start_ns` is a whole number"
    );
    assert_eq!(
        error(text("1e300"), Field::DurationUs, scaled("x", 1e300)),
        "steps: column `x`, row 1: `1e300`, and `duration_us` is a finite number, 0 or more"
    );
}

#[test]
fn a_source_must_fit_its_field() {
    let wrong = |field: Field, source: Source| -> String {
        let problem: WrongSource = least_mapping().set(field, source).unwrap_err();
        problem.to_string()
    };
    let words = || Source::Words {
        name: "x".to_owned(),
        values: [("a".to_owned(), None)].into(),
    };
    assert_eq!(
        wrong(Field::Model, Source::Constant(1.0)),
        "`model` is text: it has no `constant`"
    );
    assert_eq!(
        wrong(Field::Workload, scaled("x", 2.0)),
        "`workload` is text: it has no `scale`"
    );
    assert_eq!(
        wrong(Field::KvTokens, words()),
        "`kv_tokens` is a finite number, 0 or more: it has no `values`"
    );
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            wrong(Field::StartNs, scaled("x", scale)),
            "the `scale` of `start_ns` must be a finite number above 0"
        );
    }
    for (field, number, expected) in [
        (
            Field::BlockSize,
            1.5,
            "`block_size` cannot be 1.5: it is a whole number from 0 to 4294967295",
        ),
        (
            Field::TensorParallel,
            -1.0,
            "`tensor_parallel` cannot be -1: it is a whole number from 0 to 4294967295",
        ),
        (
            Field::KvBlocks,
            4_294_967_296.0,
            "`kv_blocks` cannot be 4294967296: it is a whole number from 0 to 4294967295",
        ),
        (
            Field::KvUsage,
            1.01,
            "`kv_usage` cannot be 1.01: it is a share from 0 to 1",
        ),
        (
            Field::StepId,
            0.5,
            "`step_id` cannot be 0.5: it is a whole number",
        ),
        (
            Field::DurationUs,
            f64::NAN,
            "`duration_us` cannot be NaN: it is a finite number, 0 or more",
        ),
    ] {
        assert_eq!(wrong(field, Source::Constant(number)), expected);
    }
}

fn one_row(column: Column) -> Vec<u8> {
    let columns = [
        longs("id", &[1]),
        longs("prefill", &[0]),
        longs("decode", &[1]),
        column,
    ];
    parquet(&columns, Compression::UNCOMPRESSED, 1)
}

fn long(annotation: &'static str, value: i64) -> Vec<u8> {
    one_row(Column {
        annotation,
        ..longs("x", &[value])
    })
}

fn int(annotation: &'static str, value: i32) -> Vec<u8> {
    one_row(Column {
        annotation,
        ..column("x", Values::Int(vec![Some(value)]))
    })
}

#[test]
fn timestamps_are_nanoseconds() {
    for (annotation, value) in [
        ("(TIMESTAMP(NANOS,true))", 1_700_000_000_000_000_000),
        ("(TIMESTAMP(MICROS,false))", 1_700_000_000_000_000),
        ("(TIMESTAMP(MILLIS,true))", 1_700_000_000_000),
        ("(TIMESTAMP_MICROS)", 1_700_000_000_000_000),
        ("(TIMESTAMP_MILLIS)", 1_700_000_000_000),
    ] {
        let step = first(long(annotation, value), Field::StartNs, Source::column("x"));
        assert_eq!(
            step.start_ns,
            Some(1_700_000_000_000_000_000),
            "{annotation}"
        );
    }
    assert_eq!(
        error(
            long("(TIMESTAMP_MILLIS)", i64::MAX),
            Field::StartNs,
            Source::column("x")
        ),
        "steps: column `x`, row 1: `9.223372036854776e24`, and `start_ns` is a whole number"
    );
}

#[test]
fn numbers_without_sign_have_all_their_bits() {
    for annotation in ["(INTEGER(32,false))", "(UINT_32)"] {
        let step = first(
            int(annotation, -1),
            Field::PrefillContextTokens,
            Source::column("x"),
        );
        assert_eq!(step.prefill_context_tokens, Some(u32::MAX), "{annotation}");
    }
    assert_eq!(
        error(
            long("(INTEGER(64,false))", -1),
            Field::PrefillContextTokens,
            Source::column("x")
        ),
        "steps: column `x`, row 1: `1.8446744073709552e19`, and `prefill_context_tokens` is a whole number from 0 to 4294967295"
    );
    assert_eq!(
        error(
            int("", -1),
            Field::PrefillContextTokens,
            Source::column("x")
        ),
        "steps: column `x`, row 1: `-1`, and `prefill_context_tokens` is a whole number from 0 to 4294967295"
    );
}

#[test]
fn types_that_are_no_plain_numbers_are_refused() {
    for (file, kind) in [
        (int("(DATE)", 1), "Date"),
        (
            long("(DECIMAL(10,2))", 1),
            "Decimal(DecimalType { scale: 2, precision: 10 })",
        ),
    ] {
        assert_eq!(
            error(file, Field::KvTokens, Source::column("x")),
            format!(
                "steps: column `x` is of the type {kind}, and a step has numbers and words only"
            )
        );
    }
}
