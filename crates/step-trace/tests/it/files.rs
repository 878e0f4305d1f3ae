//! Traces that tests write, as CSV and as Parquet.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use step_trace::{Field, Mapping, Source, StepTrace, TraceError};
use tempfile::TempDir;

/// A folder with one trace.
pub(crate) struct TraceFile {
    folder: TempDir,
    path: PathBuf,
}

impl TraceFile {
    pub(crate) fn new(bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("steps");
        fs::write(&path, bytes).unwrap();
        Self { folder, path }
    }

    pub(crate) fn replace(&self, bytes: &[u8]) {
        fs::write(&self.path, bytes).unwrap();
    }

    pub(crate) fn read(&self, mapping: &Mapping) -> Result<StepTrace, TraceError> {
        StepTrace::read(&self.path, mapping)
    }

    /// The trace of a file that is in order.
    #[track_caller]
    pub(crate) fn trace(&self, mapping: &Mapping) -> StepTrace {
        self.read(mapping).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The error of a file that is not, without the folder.
    #[track_caller]
    pub(crate) fn error(&self, mapping: &Mapping) -> String {
        let Err(error) = self.read(mapping) else {
            panic!("the file is read");
        };
        let folder = format!("{}/", self.folder.path().display());
        error.to_string().replace(&folder, "")
    }
}

/// The error of a CSV as a user sees it, without the folder.
#[track_caller]
pub(crate) fn shown(text: impl AsRef<[u8]>, mapping: &Mapping) -> String {
    let file = TraceFile::new(text);
    let error = file.read(mapping).unwrap_err();
    let folder = format!("{}/", file.folder.path().display());
    let shown = error.diagnostics().unwrap().to_string();
    shown.replace(&folder, "")
}

/// A mapping of fields to columns as they are.
pub(crate) fn mapping(columns: &[(Field, &str)]) -> Mapping {
    columns
        .iter()
        .fold(Mapping::default(), |mapping, (field, column)| {
            with(mapping, *field, Source::column(column))
        })
}

/// What every trace has.
pub(crate) fn least_mapping() -> Mapping {
    mapping(&[
        (Field::StepId, "id"),
        (Field::PrefillTokens, "prefill"),
        (Field::DecodeTokens, "decode"),
    ])
}

/// The same mapping with one more field.
#[track_caller]
pub(crate) fn with(mut mapping: Mapping, field: Field, source: Source) -> Mapping {
    mapping.set(field, source).unwrap();
    mapping
}

/// The values of a column.
pub(crate) enum Values {
    Long(Vec<Option<i64>>),
    Int(Vec<Option<i32>>),
    Float(Vec<Option<f32>>),
    Double(Vec<Option<f64>>),
    Text(Vec<Option<&'static str>>),
}

/// A column by its name, with the words behind its type in a Parquet schema.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) annotation: &'static str,
    pub(crate) values: Values,
}

impl Values {
    fn rows(&self) -> usize {
        match self {
            Self::Long(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    fn physical(&self) -> &'static str {
        match self {
            Self::Long(_) => "int64",
            Self::Int(_) => "int32",
            Self::Float(_) => "float",
            Self::Double(_) => "double",
            Self::Text(_) => "binary",
        }
    }

    fn has_nulls(&self) -> bool {
        match self {
            Self::Long(values) => values.contains(&None),
            Self::Int(values) => values.contains(&None),
            Self::Float(values) => values.contains(&None),
            Self::Double(values) => values.contains(&None),
            Self::Text(values) => values.contains(&None),
        }
    }

    fn text(&self, row: usize) -> String {
        let shown = match self {
            Self::Long(values) => values[row].map(|value| value.to_string()),
            Self::Int(values) => values[row].map(|value| value.to_string()),
            Self::Float(values) => values[row].map(|value| f64::from(value).to_string()),
            Self::Double(values) => values[row].map(|value| value.to_string()),
            Self::Text(values) => values[row].map(str::to_owned),
        };
        shown.unwrap_or_default()
    }
}

/// The columns as CSV. No value here has a comma.
pub(crate) fn csv(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..columns[0].values.rows() {
        let values: Vec<String> = columns
            .iter()
            .map(|column| column.values.text(row))
            .collect();
        text.push_str(&values.join(","));
        text.push('\n');
    }
    text
}

/// The columns as Parquet, in row groups of so many rows and in pages of two. Columns without nulls are required.
pub(crate) fn parquet(
    columns: &[Column],
    compression: Compression,
    rows_per_group: usize,
) -> Vec<u8> {
    let fields: Vec<String> = columns
        .iter()
        .map(|column| {
            let need = if column.values.has_nulls() {
                "optional"
            } else {
                "required"
            };
            let physical = column.values.physical();
            format!("{need} {physical} {} {};", column.name, column.annotation)
        })
        .collect();
    let schema = parse_message_type(&format!("message steps {{ {} }}", fields.concat())).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_data_page_row_count_limit(2)
        .set_write_batch_size(1)
        .build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).unwrap();
    let rows = columns[0].values.rows();
    for start in (0..rows).step_by(rows_per_group) {
        let range = start..rows.min(start + rows_per_group);
        let mut group = writer.next_row_group().unwrap();
        for column in columns {
            let mut place = group.next_column().unwrap().unwrap();
            write(place.untyped(), column, range.clone());
            place.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn write(writer: &mut ColumnWriter<'_>, column: &Column, range: std::ops::Range<usize>) {
    /// Definition levels and the values that are there.
    fn split<T: Copy, U>(values: &[Option<T>], convert: impl Fn(T) -> U) -> (Vec<i16>, Vec<U>) {
        let levels = values.iter().map(|value| i16::from(value.is_some()));
        let present = values.iter().flatten().map(|value| convert(*value));
        (levels.collect(), present.collect())
    }
    let is_optional = column.values.has_nulls();
    match (&column.values, writer) {
        (Values::Long(values), ColumnWriter::Int64ColumnWriter(writer)) => {
            let (levels, present) = split(&values[range], |value| value);
            writer.write_batch(&present, is_optional.then_some(&levels), None)
        }
        (Values::Int(values), ColumnWriter::Int32ColumnWriter(writer)) => {
            let (levels, present) = split(&values[range], |value| value);
            writer.write_batch(&present, is_optional.then_some(&levels), None)
        }
        (Values::Float(values), ColumnWriter::FloatColumnWriter(writer)) => {
            let (levels, present) = split(&values[range], |value| value);
            writer.write_batch(&present, is_optional.then_some(&levels), None)
        }
        (Values::Double(values), ColumnWriter::DoubleColumnWriter(writer)) => {
            let (levels, present) = split(&values[range], |value| value);
            writer.write_batch(&present, is_optional.then_some(&levels), None)
        }
        (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
            let (levels, present) = split(&values[range], ByteArray::from);
            writer.write_batch(&present, is_optional.then_some(&levels), None)
        }
        _ => panic!("column {} has a writer of another type", column.name),
    }
    .unwrap();
}

/// A column without annotation.
pub(crate) fn column(name: &'static str, values: Values) -> Column {
    Column {
        name,
        annotation: "",
        values,
    }
}

pub(crate) fn longs(name: &'static str, values: &[i64]) -> Column {
    column(
        name,
        Values::Long(values.iter().copied().map(Some).collect()),
    )
}
