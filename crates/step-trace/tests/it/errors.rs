//! Every error by its text.

use std::fmt::Write;
use std::fs::{self, File};

use parquet::basic::Compression;
use parquet::file::reader::{FileReader, SerializedFileReader};
use step_trace::{Field, Mapping, Source, StepTrace};

use crate::files::{TraceFile, Values, column, least_mapping, longs, mapping, parquet, with};

#[track_caller]
fn refused(text: &str, mapping: &Mapping) -> String {
    TraceFile::new(text).error(mapping)
}

fn extended(field: Field, column: &str) -> Mapping {
    with(least_mapping(), field, Source::column(column))
}

#[test]
fn a_file_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let error = |name: &str| {
        let path = folder.path().join(name);
        let error = StepTrace::read(&path, &least_mapping()).unwrap_err();
        error
            .to_string()
            .replace(&format!("{}/", folder.path().display()), "")
    };
    assert_eq!(
        error("nothing"),
        "nothing: cannot be read: No such file or directory (os error 2)"
    );
    fs::create_dir(folder.path().join("below")).unwrap();
    assert_eq!(error("below"), "below: is not a file");
    // As large as it says, with nothing in it.
    let large = File::create(folder.path().join("large")).unwrap();
    large.set_len((1 << 30) + 1).unwrap();
    assert_eq!(error("large"), "large: more than 1073741824 bytes");
}

#[test]
fn a_mapping_without_what_every_step_has() {
    let lacking = mapping(&[(Field::StepId, "id"), (Field::DecodeTokens, "decode")]);
    assert_eq!(
        lacking.missing().collect::<Vec<_>>(),
        [Field::PrefillTokens]
    );
    assert_eq!(
        refused("id,prefill,decode\n1,0,1\n", &lacking),
        "steps: the mapping has no `prefill_tokens`"
    );
}

#[test]
fn columns_that_are_not_there_or_twice() {
    assert_eq!(
        refused("id,prefil,decode\n1,0,1\n", &least_mapping()),
        "steps: there is no column `prefill`, which `prefill_tokens` comes from (did you mean `prefil`? columns: id, prefil, decode)"
    );
    assert_eq!(
        refused("id,prompt,decode\n1,0,1\n", &least_mapping()),
        "steps: there is no column `prefill`, which `prefill_tokens` comes from (columns: id, prompt, decode)"
    );
    assert_eq!(
        refused("id,prefill,decode,id\n1,0,1,1\n", &least_mapping()),
        "steps: column `id` stands twice"
    );
    // Twice a name that nothing reads is nothing to complain of.
    TraceFile::new("id,prefill,decode,x,x\n1,0,1,1,2\n").trace(&least_mapping());
    let columns = [
        longs("id", &[1]),
        longs("prefil", &[0]),
        longs("decode", &[1]),
    ];
    assert_eq!(
        TraceFile::new(parquet(&columns, Compression::UNCOMPRESSED, 1)).error(&least_mapping()),
        "steps: there is no column `prefill`, which `prefill_tokens` comes from (did you mean `prefil`? columns: id, prefil, decode)"
    );
}

#[test]
fn a_thousand_columns_are_not_all_named() {
    let names: Vec<String> = (0..1000).map(|index| format!("c{index}")).collect();
    let error = refused(&format!("{}\n", names.join(",")), &least_mapping());
    assert!(error.ends_with("c98, c99 and 900 more)"), "{error}");
    let long = "x".repeat(1_000_000);
    let error = refused(&format!("{long},\u{1b}[31m\n1,2\n"), &least_mapping());
    assert!(error.len() < 400, "{} bytes", error.len());
    assert!(error.ends_with("xxx, ?[31m)"), "{error}");
}

#[test]
fn values_that_a_field_cannot_have() {
    let duration = extended(Field::DurationUs, "x");
    let blocks = extended(Field::KvBlocks, "x");
    let usage = extended(Field::KvUsage, "x");
    let start = extended(Field::StartNs, "x");
    let degree = extended(Field::TensorParallel, "x");
    let model = extended(Field::Model, "x");
    for (mapping, value, expected) in [
        (
            &duration,
            "NaN",
            "the text `NaN`, and `duration_us` is a finite number, 0 or more",
        ),
        (
            &duration,
            "-nan",
            "`NaN`, and `duration_us` is a finite number, 0 or more",
        ),
        (
            &duration,
            "+inf",
            "`inf`, and `duration_us` is a finite number, 0 or more",
        ),
        (
            &duration,
            "1e999",
            "`inf`, and `duration_us` is a finite number, 0 or more",
        ),
        (
            &duration,
            "-0.5",
            "`-0.5`, and `duration_us` is a finite number, 0 or more",
        ),
        (
            &duration,
            "2 ms",
            "the text `2 ms`, and `duration_us` is a finite number, 0 or more",
        ),
        (
            &blocks,
            "-1",
            "`-1`, and `kv_blocks` is a whole number from 0 to 4294967295",
        ),
        (
            &blocks,
            "1.5",
            "`1.5`, and `kv_blocks` is a whole number from 0 to 4294967295",
        ),
        (
            &blocks,
            "4294967296",
            "`4294967296`, and `kv_blocks` is a whole number from 0 to 4294967295",
        ),
        (
            &usage,
            "1.001",
            "`1.001`, and `kv_usage` is a share from 0 to 1",
        ),
        (
            &usage,
            "-0.1",
            "`-0.1`, and `kv_usage` is a share from 0 to 1",
        ),
        (&start, "0.5", "`0.5`, and `start_ns` is a whole number"),
        (
            &start,
            "9223372036854775808",
            "`9.223372036854776e18`, and `start_ns` is a whole number",
        ),
        (
            &start,
            "2026-01-31",
            "the text `2026-01-31`, and `start_ns` is a whole number",
        ),
        (
            &degree,
            "",
            "nothing, and `tensor_parallel` is a whole number from 0 to 4294967295",
        ),
        (&model, "", "nothing, and `model` is text"),
    ] {
        let text = format!("id,prefill,decode,x\n1,0,1,{value}\n");
        assert_eq!(
            refused(&text, mapping),
            format!("steps: column `x`, row 1: {expected}")
        );
    }
    let long = "x".repeat(100);
    assert_eq!(
        refused(&format!("id,prefill,decode,x\n1,0,1,{long}\n"), &blocks),
        format!(
            "steps: column `x`, row 1: the text `{}`, and `kv_blocks` is a whole number from 0 to 4294967295",
            "x".repeat(60)
        )
    );
}

#[test]
fn steps_without_what_every_step_has() {
    assert_eq!(
        refused("id,prefill,decode\n1,0,1\n,0,1\n", &least_mapping()),
        "steps: column `id`, row 2: nothing, and `step_id` is a whole number"
    );
    assert_eq!(
        refused("id,prefill,decode\n1,,1\n", &least_mapping()),
        "steps: column `prefill`, row 1: nothing, and `prefill_tokens` is a whole number from 0 to 4294967295"
    );
    assert_eq!(
        refused("id,prefill,decode\n1.5,0,1\n", &least_mapping()),
        "steps: column `id`, row 1: `1.5`, and `step_id` is a whole number"
    );
}

#[test]
fn requests_that_contradict_their_tokens() {
    let prefill = extended(Field::PrefillRequests, "x");
    let decode = extended(Field::DecodeRequests, "x");
    for (mapping, row, expected) in [
        (
            &prefill,
            "1,5,0,0",
            "`0`, and `prefill_requests` is at least 1 where there are prompt tokens",
        ),
        (
            &prefill,
            "1,5,0,6",
            "`6`, and `prefill_requests` is at most the prompt tokens of the step",
        ),
        (
            &decode,
            "1,0,5,0",
            "`0`, and `decode_requests` is at least 1 where tokens are produced",
        ),
        (
            &decode,
            "1,0,5,6",
            "`6`, and `decode_requests` is at most the tokens that the step produced",
        ),
    ] {
        assert_eq!(
            refused(&format!("id,prefill,decode,x\n{row}\n"), mapping),
            format!("steps: column `x`, row 1: {expected}")
        );
    }
    let constant = with(
        least_mapping(),
        Field::PrefillRequests,
        Source::Constant(1.0),
    );
    assert_eq!(
        refused("id,prefill,decode\n1,0,1\n", &constant),
        "steps: a constant of the mapping, row 1: `1`, and `prefill_requests` is at most the prompt tokens of the step"
    );
}

#[test]
fn rows_that_contradict_each_other() {
    let named = with(
        with(
            extended(Field::Experiment, "run"),
            Field::StartNs,
            Source::column("start"),
        ),
        Field::Model,
        Source::column("model"),
    );
    let error = |rows: &str| {
        refused(
            &format!("run,model,id,start,prefill,decode\n{rows}"),
            &named,
        )
    };
    assert_eq!(
        error("a,m,1,0,0,1\nb,m,1,0,0,1\na,m,2,9,0,1\na,m,1,5,0,1\n"),
        "steps: rows 1 and 4 both are step 1 of experiment `a`"
    );
    assert_eq!(
        error("a,m,3,50,0,1\na,m,1,0,0,1\na,m,2,60,0,1\n"),
        "steps: step 3 of experiment `a` (row 1) starts before step 2: the clock runs back"
    );
    // A step whose start was not recorded does not hide it.
    assert_eq!(
        error("a,m,1,60,0,1\na,m,2,,0,1\na,m,3,50,0,1\n"),
        "steps: step 3 of experiment `a` (row 3) starts before step 1: the clock runs back"
    );
    assert_eq!(
        error("a,m,1,0,0,1\nb,n,1,0,0,1\na,n,2,0,0,1\n"),
        "steps: experiment `a` has two values of `model`: m and n (row 3)"
    );
    let degree = extended(Field::TensorParallel, "tp");
    assert_eq!(
        refused("id,prefill,decode,tp\n1,0,1,2\n2,0,1,4\n", &degree),
        "steps: experiment `all` has two values of `tensor_parallel`: 2 and 4 (row 2)"
    );
}

#[test]
fn files_without_steps() {
    assert_eq!(
        refused("id,prefill,decode\n", &least_mapping()),
        "steps: no step is in it"
    );
    assert_eq!(
        refused("", &least_mapping()),
        "steps: there is no column `id`, which `step_id` comes from (columns: )"
    );
    let columns = ["id", "prefill", "decode"].map(|name| longs(name, &[]));
    assert_eq!(
        TraceFile::new(parquet(&columns, Compression::UNCOMPRESSED, 1)).error(&least_mapping()),
        "steps: no step is in it"
    );
}

#[test]
fn files_that_are_neither() {
    let error = |bytes: &[u8]| TraceFile::new(bytes).error(&least_mapping());
    assert_eq!(
        error(b"id,prefill,decode\n1,0\n"),
        "steps: line 2: the row has 2 values, and the header has 3"
    );
    assert_eq!(
        error(b"id,prefill,decode\n1,0,1\n2,0,1,7\n"),
        "steps: line 3: the row has 4 values, and the header has 3"
    );
    assert_eq!(
        error(b"id,prefill,decode\n1,0,\xff\n"),
        "steps: line 2: neither Parquet nor text: it is not UTF-8"
    );
    assert_eq!(
        error(b"PAR1 and nothing more"),
        "steps: the Parquet file is damaged: Parquet error: Invalid Parquet file. Corrupt footer"
    );
}

#[test]
fn words_are_bounded() {
    let mapping = extended(Field::Workload, "x");
    let long = "x".repeat(1001);
    assert_eq!(
        refused(&format!("id,prefill,decode,x\n1,0,1,{long}\n"), &mapping),
        "steps: column `x`, row 1: a word of 1001 bytes, over the limit of 1000"
    );
    let mut text = "id,prefill,decode,x\n".to_owned();
    for row in 0..=100_000 {
        writeln!(text, "{row},0,1,w{row}").unwrap();
    }
    assert_eq!(
        refused(&text, &mapping),
        "steps: column `x`, row 100001: more than 100000 different words"
    );
    // Text in a column of numbers is one error, however many there are.
    assert_eq!(
        refused(&text, &extended(Field::KvTokens, "x")),
        "steps: column `x`, row 1: the text `w0`, and `kv_tokens` is a finite number, 0 or more"
    );
}

#[test]
fn words_of_parquet_are_text() {
    let columns = [
        longs("id", &[1]),
        longs("prefill", &[0]),
        column("decode", Values::Text(vec![Some("1")])),
    ];
    assert_eq!(
        TraceFile::new(parquet(&columns, Compression::SNAPPY, 1)).error(&least_mapping()),
        "steps: column `decode`, row 1: the text `1`, and `decode_tokens` is a whole number from 0 to 4294967295"
    );
}

/// The file with another compression in its metadata: no decoder of it is needed to say that there is none.
fn with_brotli(bytes: &[u8]) -> Vec<u8> {
    // Snappy and Brotli as the metadata have them: 1 and 4, twice that since they have a sign.
    const SNAPPY: u8 = 2;
    const BROTLI: u8 = 8;
    let has_brotli = |bytes: &Vec<u8>| {
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone()));
        reader.is_ok_and(|reader| {
            let group = reader.metadata().row_group(0);
            matches!(group.column(0).compression(), Compression::BROTLI(_))
        })
    };
    let places = (0..bytes.len()).filter(|place| bytes[*place] == SNAPPY);
    let mut changed = places.map(|place| {
        let mut changed = bytes.to_vec();
        changed[place] = BROTLI;
        changed
    });
    changed.rfind(has_brotli).unwrap()
}

#[test]
fn brotli_is_not_supported_and_no_damage() {
    let columns = ["id", "prefill", "decode"].map(|name| longs(name, &[1]));
    let file = with_brotli(&parquet(&columns, Compression::SNAPPY, 1));
    assert_eq!(
        TraceFile::new(file).error(&least_mapping()),
        "steps: column `id` is compressed with Brotli, which is not supported (supported: none, Snappy, gzip, LZ4, Zstandard; write the file anew with one of them)"
    );
}
