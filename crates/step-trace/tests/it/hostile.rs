//! Damaged Parquet is an error, never a panic of the program and never more memory than its rows may take.

use std::panic;
use std::sync::Once;
use std::thread;

use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{ParquetMetaDataWriter, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::*;
use step_trace::{Field, Mapping, PARQUET_THREAD, Source};

use crate::files::{Column, TraceFile, Values, column, least_mapping, longs, parquet, with};

/// Lets the thread that decodes panic in silence, as the program does. All others tell of theirs.
fn expect_panics_of_the_decoder() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(PARQUET_THREAD) {
                usual(panic);
            }
        }));
    });
}

fn columns() -> [Column; 5] {
    [
        longs("id", &[1, 2, 3, 4]),
        column("prefill", Values::Int([0, 5, 0, 7].map(Some).to_vec())),
        longs("decode", &[1, 1, 2, 2]),
        column(
            "usage",
            Values::Double(vec![Some(0.5), None, None, Some(0.25)]),
        ),
        Column {
            annotation: "(STRING)",
            ..column(
                "load",
                Values::Text(vec![Some("chat"), Some("chat"), None, Some("code")]),
            )
        },
    ]
}

fn all_columns() -> Mapping {
    let mapping = with(least_mapping(), Field::KvUsage, Source::column("usage"));
    with(mapping, Field::Workload, Source::column("load"))
}

/// Reads the file, which is an answer or an error: a panic beside the decoder's fails the test.
fn read(file: &TraceFile, bytes: &[u8], mapping: &Mapping) -> bool {
    file.replace(bytes);
    match file.read(mapping) {
        Ok(trace) => {
            assert!(trace.rows() > 0);
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    expect_panics_of_the_decoder();
    let mapping = all_columns();
    let file = TraceFile::new("");
    let bytes = parquet(&columns(), Compression::UNCOMPRESSED, 2);
    assert!(read(&file, &bytes, &mapping));
    for end in 4..bytes.len() {
        assert!(!read(&file, &bytes[..end], &mapping), "cut at {end}");
    }
}

#[test]
fn a_changed_byte_is_an_answer_or_an_error() {
    expect_panics_of_the_decoder();
    let mapping = all_columns();
    let file = TraceFile::new("");
    for (compression, masks) in [
        (Compression::UNCOMPRESSED, &[0x01, 0x80, 0xff][..]),
        (Compression::SNAPPY, &[0x80]),
        (Compression::ZSTD(ZstdLevel::default()), &[0xff]),
    ] {
        let bytes = parquet(&columns(), compression, 2);
        let mut errors = 0;
        // The first four bytes say that it is Parquet.
        for place in (4..bytes.len()).step_by(5) {
            for mask in masks {
                let mut damaged = bytes.clone();
                damaged[place] ^= mask;
                errors += usize::from(!read(&file, &damaged, &mapping));
            }
        }
        assert!(
            errors > bytes.len() / 40,
            "{errors} errors of {}",
            bytes.len()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn changes_at_many_places_are_an_answer_or_an_error(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        rows_per_group in 1_usize..5,
    ) {
        expect_panics_of_the_decoder();
        let mut bytes = parquet(&columns(), Compression::SNAPPY, rows_per_group);
        for (place, byte) in changes {
            let place = 4 + place.index(bytes.len() - 4);
            bytes[place] = byte;
        }
        read(&TraceFile::new(""), &bytes, &all_columns());
    }
}

/// The file with a footer that claims so many rows of its only row group.
fn claiming(rows: i64) -> Vec<u8> {
    let mut bytes = parquet(&columns(), Compression::UNCOMPRESSED, 4);
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
    let metadata = reader.metadata().clone();
    let groups: Vec<RowGroupMetaData> = metadata
        .row_groups()
        .iter()
        .map(|group| {
            let group = group.clone().into_builder().set_num_rows(rows);
            group.build().unwrap()
        })
        .collect();
    let metadata = metadata.into_builder().set_row_groups(groups).build();
    // Another footer behind the first: the last one counts.
    ParquetMetaDataWriter::new(&mut bytes, &metadata)
        .finish()
        .unwrap();
    bytes
}

#[test]
fn rows_that_are_claimed_take_no_memory() {
    expect_panics_of_the_decoder();
    let error = |rows: i64| TraceFile::new(claiming(rows)).error(&all_columns());
    TraceFile::new(claiming(4)).trace(&all_columns());
    assert_eq!(error(1_000_000_000_000), "steps: more than 5000000 rows");
    assert_eq!(error(5_000_001), "steps: more than 5000000 rows");
    assert_eq!(error(i64::MAX), "steps: more than 5000000 rows");
    assert_eq!(
        error(5_000_000),
        "steps: the Parquet file is damaged: column `decode` ends at row 4, and the file has more"
    );
    assert_eq!(
        error(-1),
        "steps: the Parquet file is damaged: a row group has a negative number of rows"
    );
}

/// One byte of a page header is another. The decoder panics at it, at least in the version that the file is from.
#[test]
fn a_decoder_that_gives_up_is_an_error_of_the_file() {
    expect_panics_of_the_decoder();
    let bytes = include_bytes!("../fixtures/damaged-page-header.parquet");
    assert_eq!(
        TraceFile::new(bytes).error(&least_mapping()),
        "steps: the Parquet file is damaged: its decoder gave up"
    );
}
