//! What was written, read back: Parquet by the reader of the same library, NDJSON and CSV by those of others.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]

use bytes::Bytes;
use parquet::basic::{LogicalType, Type as PhysicalType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use proptest::prelude::*;
use table_file::{Column, FileFormat, TableFileError, TableWriter, Values, table_bytes};

fn column(name: &str, values: Values) -> Column {
    Column {
        name: name.to_owned(),
        values,
    }
}

/// A table with all kinds, each with and without values.
#[derive(Clone, Debug)]
struct Sample {
    ints: Vec<Option<i64>>,
    floats: Vec<Option<f64>>,
    words: Vec<Option<String>>,
    truths: Vec<Option<bool>>,
}

impl Sample {
    fn hard() -> Self {
        Self {
            ints: vec![Some(i64::MIN), None, Some(9_007_199_254_740_993)],
            floats: vec![Some(0.1 + 0.2), Some(-0.0), None],
            words: vec![
                Some("a, \"b\"\n\u{0}".to_owned()),
                Some(String::new()),
                Some("µs \u{1F600}".to_owned()),
            ],
            truths: vec![None, Some(false), Some(true)],
        }
    }

    fn columns(&self) -> [Column; 4] {
        [
            ("n", Values::Int(self.ints.clone())),
            ("a.b \"x\"", Values::Float(self.floats.clone())),
            ("wörter", Values::Text(self.words.clone())),
            ("ok", Values::Bool(self.truths.clone())),
        ]
        .map(|(name, values)| column(name, values))
    }

    fn part(&self, from: usize, to: usize) -> Self {
        Self {
            ints: self.ints[from..to].to_vec(),
            floats: self.floats[from..to].to_vec(),
            words: self.words[from..to].to_vec(),
            truths: self.truths[from..to].to_vec(),
        }
    }

    /// The cells of a row as the Parquet reader has them.
    fn parquet_row(&self, row: usize) -> Vec<Field> {
        vec![
            self.ints[row].map_or(Field::Null, Field::Long),
            self.floats[row].map_or(Field::Null, Field::Double),
            self.words[row].clone().map_or(Field::Null, Field::Str),
            self.truths[row].map_or(Field::Null, Field::Bool),
        ]
    }
}

fn read_parquet(bytes: Vec<u8>) -> (Vec<String>, Vec<Vec<Field>>) {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    let names = schema
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    let rows = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let row = row.unwrap();
            row.get_column_iter()
                .map(|(_, field)| field.clone())
                .collect()
        })
        .collect();
    (names, rows)
}

#[test]
fn parquet_keeps_types_names_and_missing_values() {
    let sample = Sample::hard();
    let bytes = table_bytes(&sample.columns(), FileFormat::Parquet).unwrap();
    let reader = SerializedFileReader::new(Bytes::from(bytes.clone())).unwrap();
    let about = reader.metadata().file_metadata();
    let kinds: Vec<_> = about
        .schema_descr()
        .columns()
        .iter()
        .map(|column| (column.physical_type(), column.logical_type_ref().cloned()))
        .collect();
    assert_eq!(
        kinds,
        [
            (PhysicalType::INT64, None),
            (PhysicalType::DOUBLE, None),
            (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            (PhysicalType::BOOLEAN, None),
        ]
    );
    assert_eq!(
        about.created_by(),
        Some(concat!("rooflab version ", env!("CARGO_PKG_VERSION")))
    );
    assert!(about.key_value_metadata().is_none());
    let (names, rows) = read_parquet(bytes);
    assert_eq!(names, ["n", "a.b \"x\"", "wörter", "ok"]);
    let expected: Vec<_> = (0..3).map(|row| sample.parquet_row(row)).collect();
    assert_eq!(rows, expected);
}

#[test]
fn ndjson_has_every_key_in_order_and_every_digit() {
    let bytes = table_bytes(&Sample::hard().columns(), FileFormat::Ndjson).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        concat!(
            r#"{"n":-9223372036854775808,"a.b \"x\"":0.30000000000000004,"wörter":"a, \"b\"\n\u0000","ok":null}"#,
            "\n",
            r#"{"n":null,"a.b \"x\"":-0.0,"wörter":"","ok":false}"#,
            "\n",
            r#"{"n":9007199254740993,"a.b \"x\"":null,"wörter":"µs 😀","ok":true}"#,
            "\n",
        )
    );
}

#[test]
fn csv_quotes_what_needs_it() {
    let bytes = table_bytes(&Sample::hard().columns(), FileFormat::Csv).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "n,\"a.b \"\"x\"\"\",wörter,ok\n\
         -9223372036854775808,0.30000000000000004,\"a, \"\"b\"\"\n\u{0}\",\n\
         ,-0.0,,false\n\
         9007199254740993,,µs 😀,true\n"
    );
}

#[test]
fn a_table_without_rows_keeps_its_columns_where_the_format_has_a_place_for_them() {
    let empty = Sample::hard().part(0, 0);
    let write = |format| table_bytes(&empty.columns(), format).unwrap();
    let (names, rows) = read_parquet(write(FileFormat::Parquet));
    assert_eq!(names, ["n", "a.b \"x\"", "wörter", "ok"]);
    assert_eq!(rows, Vec::<Vec<Field>>::new());
    assert_eq!(write(FileFormat::Ndjson), b"");
    assert_eq!(
        write(FileFormat::Csv),
        "n,\"a.b \"\"x\"\"\",wörter,ok\n".as_bytes()
    );
}

#[test]
fn a_column_without_any_value_keeps_its_type() {
    let column = column("x", Values::Float(vec![None, None]));
    let bytes = table_bytes(&[column], FileFormat::Parquet).unwrap();
    let reader = SerializedFileReader::new(Bytes::from(bytes.clone())).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    assert_eq!(schema.column(0).physical_type(), PhysicalType::DOUBLE);
    assert_eq!(read_parquet(bytes).1, [[Field::Null], [Field::Null]]);
}

#[test]
fn what_is_no_table_is_refused() {
    let int = |name: &str| column(name, Values::Int(Vec::new()));
    let begin = |columns: &[Column]| {
        TableWriter::begin(Vec::new(), FileFormat::Parquet, columns).map(|_| ())
    };
    assert!(matches!(begin(&[]), Err(TableFileError::NoColumns)));
    let twice = begin(&[int("a"), int("b"), int("a")]).unwrap_err();
    assert_eq!(twice.to_string(), "column `a` stands twice");

    let mut writer = TableWriter::begin(Vec::new(), FileFormat::Csv, &[int("a")]).unwrap();
    let other = [column("a", Values::Bool(vec![Some(true)]))];
    assert_eq!(
        writer.append(&other).unwrap_err().to_string(),
        "rows with the columns `a` (true/false) cannot follow rows with the columns `a` (integer)"
    );

    let uneven = [column("a", Values::Int(vec![Some(1)])), int("b")];
    assert_eq!(
        table_bytes(&uneven, FileFormat::Parquet)
            .unwrap_err()
            .to_string(),
        "column `b` has 0 cells, and the columns before it have 1"
    );

    for number in [f64::NAN, f64::INFINITY] {
        let columns = [column("x", Values::Float(vec![Some(1.0), Some(number)]))];
        for format in FileFormat::ALL {
            assert_eq!(
                table_bytes(&columns, *format).unwrap_err().to_string(),
                "column `x`, row 1 is not finite"
            );
        }
    }
}

fn samples() -> impl Strategy<Value = Sample> {
    let row = (
        any::<Option<i64>>(),
        proptest::option::of(any::<f64>().prop_filter("finite", |number| number.is_finite())),
        proptest::option::of(any::<String>()),
        any::<Option<bool>>(),
    );
    proptest::collection::vec(row, 0..20).prop_map(|rows| {
        let mut sample = Sample::hard().part(0, 0);
        for (int, float, words, truth) in rows {
            sample.ints.push(int);
            sample.floats.push(float);
            sample.words.push(words);
            sample.truths.push(truth);
        }
        sample
    })
}

proptest! {
    #[test]
    fn any_table_is_read_back_as_it_was(sample in samples(), cut in 0.0..=1.0) {
        let rows = sample.ints.len();
        let expected: Vec<_> = (0..rows).map(|row| sample.parquet_row(row)).collect();

        // In two parts, as long tables are written.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of at most twenty rows")]
        let at = (cut * rows as f64) as usize;
        for format in FileFormat::ALL {
            let mut writer = TableWriter::begin(Vec::new(), *format, &sample.columns()).unwrap();
            writer.append(&sample.part(0, at).columns()).unwrap();
            writer.append(&sample.part(at, rows).columns()).unwrap();
            let bytes = writer.finish().unwrap();
            let whole = table_bytes(&sample.columns(), *format).unwrap();
            prop_assert_eq!(&whole, &table_bytes(&sample.columns(), *format).unwrap());
            match format {
                FileFormat::Parquet => {
                    prop_assert_eq!(&read_parquet(bytes).1, &expected);
                    prop_assert_eq!(&read_parquet(whole).1, &expected);
                }
                FileFormat::Ndjson => {
                    prop_assert_eq!(&bytes, &whole);
                    let text = String::from_utf8(bytes).unwrap();
                    prop_assert_eq!(text.split_terminator('\n').count(), rows);
                    for (row, line) in text.split_terminator('\n').enumerate() {
                        let value: serde_json::Value = serde_json::from_str(line).unwrap();
                        prop_assert_eq!(value["n"].as_i64(), sample.ints[row]);
                        prop_assert_eq!(value["wörter"].as_str(), sample.words[row].as_deref());
                        prop_assert_eq!(value["ok"].as_bool(), sample.truths[row]);
                    }
                }
                FileFormat::Csv => {
                    prop_assert_eq!(&bytes, &whole);
                    let mut reader = csv::Reader::from_reader(bytes.as_slice());
                    for (row, record) in reader.records().enumerate() {
                        let record = record.unwrap();
                        prop_assert_eq!(record[1].parse().ok(), sample.floats[row]);
                        prop_assert_eq!(&record[2], sample.words[row].as_deref().unwrap_or(""));
                    }
                }
            }
        }
    }
}
