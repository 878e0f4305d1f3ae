//! Traces as Parquet.

use std::collections::BTreeSet;

use parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use crate::cell::{RawColumn, RawTable, Reading, WordProblem};
use crate::error::Problem;
use crate::header::{place_of, too_many_rows};

/// The first and last bytes of every Parquet file.
pub(crate) const MAGIC: &[u8] = b"PAR1";

/// Rows that are decoded at once.
const ROWS_AT_ONCE: usize = 8192;

impl From<ParquetError> for Problem {
    fn from(error: ParquetError) -> Self {
        if let ParquetError::NYI(what) = &error {
            return Self::of_file(format!("the Parquet file is not supported: {what}"));
        }
        let text = error.to_string();
        damaged(text.lines().next().unwrap_or("no reason given"))
    }
}

/// What the whole numbers of a column mean.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// What they say.
    Signed,
    /// Bits of a number without sign.
    Unsigned,
    /// A time in units of so many nanoseconds.
    Time(i64),
}

/// A column that is read.
struct Chosen {
    index: usize,
    name: String,
    meaning: Meaning,
    /// The definition level of a row that has a value.
    full_level: i16,
    column: RawColumn,
}

/// Reads the wanted columns. Columns that are not there are left out.
pub(crate) fn read(
    bytes: Vec<u8>,
    wanted: &BTreeSet<(&str, Reading)>,
    most_rows: usize,
) -> Result<(RawTable, Vec<String>), Problem> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes))?;
    let metadata = reader.metadata();
    let columns = metadata.file_metadata().schema_descr().columns();
    let header: Vec<String> = columns
        .iter()
        .map(|column| column.path().parts().join("."))
        .collect();
    let mut all_chosen = Vec::new();
    for (name, reading) in wanted {
        let Some(index) = place_of(name, &header)? else {
            continue;
        };
        all_chosen.push(Chosen {
            index,
            name: (*name).to_owned(),
            meaning: meaning(name, &columns[index])?,
            full_level: columns[index].max_def_level(),
            column: RawColumn::new(*reading),
        });
    }
    let mut table = RawTable::default();
    for index in 0..metadata.num_row_groups() {
        let rows = usize::try_from(metadata.row_group(index).num_rows())
            .map_err(|_| damaged("a row group has a negative number of rows"))?;
        if rows > most_rows - table.rows {
            return Err(too_many_rows(most_rows));
        }
        table.rows += rows;
        for chosen in &all_chosen {
            let chunk = metadata.row_group(index).column(chosen.index);
            refuse_compression(&chosen.name, chunk.compression())?;
        }
        let group = reader.get_row_group(index)?;
        for chosen in &mut all_chosen {
            chosen.read(group.get_column_reader(chosen.index)?, rows)?;
            if chosen.column.rows() != table.rows {
                return Err(damaged(&format!(
                    "column `{}` ends at row {}, and the file has more",
                    chosen.name,
                    chosen.column.rows()
                )));
            }
        }
    }
    let chosen = all_chosen.into_iter();
    table.columns = chosen.map(|one| (one.name, one.column)).collect();
    Ok((table, header))
}

/// Refuses compressions that this build has no decoder for: the file is in order.
fn refuse_compression(column: &str, compression: Compression) -> Result<(), Problem> {
    let name = match compression {
        Compression::UNCOMPRESSED
        | Compression::SNAPPY
        | Compression::GZIP(_)
        | Compression::LZ4
        | Compression::LZ4_RAW
        | Compression::ZSTD(_) => return Ok(()),
        Compression::BROTLI(_) => "Brotli",
        Compression::LZO => "LZO",
    };
    Err(Problem::of_file(format!(
        "column `{column}` is compressed with {name}, which is not supported (supported: none, Snappy, gzip, LZ4, Zstandard; \
         write the file anew with one of them)"
    )))
}

pub(crate) fn damaged(reason: &str) -> Problem {
    Problem::of_file(format!("the Parquet file is damaged: {reason}"))
}

/// What the values of a column mean, where they are numbers, times, words or truth values that stand in rows.
fn meaning(name: &str, column: &ColumnDescriptor) -> Result<Meaning, Problem> {
    let unsupported = |kind: String| {
        Problem::of_file(format!(
            "column `{name}` is of the type {kind}, and a step has numbers and words only"
        ))
    };
    if column.max_rep_level() > 0 {
        return Err(unsupported("list".to_owned()));
    }
    if let physical @ (PhysicalType::INT96 | PhysicalType::FIXED_LEN_BYTE_ARRAY) =
        column.physical_type()
    {
        return Err(unsupported(physical.to_string()));
    }
    match column.logical_type_ref() {
        None => match column.converted_type() {
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Ok(Meaning::Unsigned),
            ConvertedType::TIME_MILLIS | ConvertedType::TIMESTAMP_MILLIS => {
                Ok(Meaning::Time(nanoseconds_of(TimeUnit::MILLIS)))
            }
            ConvertedType::TIME_MICROS | ConvertedType::TIMESTAMP_MICROS => {
                Ok(Meaning::Time(nanoseconds_of(TimeUnit::MICROS)))
            }
            ConvertedType::NONE
            | ConvertedType::UTF8
            | ConvertedType::ENUM
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64 => Ok(Meaning::Signed),
            other => Err(unsupported(other.to_string())),
        },
        // A column without any value is of no known type.
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Unknown) => Ok(Meaning::Signed),
        Some(LogicalType::Integer(kind)) if kind.is_signed => Ok(Meaning::Signed),
        Some(LogicalType::Integer(_)) => Ok(Meaning::Unsigned),
        Some(LogicalType::Timestamp(kind) | LogicalType::Time(kind)) => {
            Ok(Meaning::Time(nanoseconds_of(kind.unit)))
        }
        Some(other) => Err(unsupported(format!("{other:?}"))),
    }
}

fn nanoseconds_of(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000_000,
        TimeUnit::MICROS => 1_000,
        TimeUnit::NANOS => 1,
    }
}

impl Chosen {
    /// Reads the values of a row group.
    fn read(&mut self, reader: ColumnReader, rows: usize) -> Result<(), Problem> {
        let meaning = self.meaning;
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                self.read_values(reader, rows, |column, value| {
                    column.push_whole(i64::from(*value))
                })
            }
            ColumnReader::Int32ColumnReader(reader) => {
                self.read_values(reader, rows, |column, value| match meaning {
                    Meaning::Unsigned => column.push_whole(i64::from(value.cast_unsigned())),
                    Meaning::Signed | Meaning::Time(_) => {
                        push_long(column, meaning, i64::from(*value))
                    }
                })
            }
            ColumnReader::Int64ColumnReader(reader) => {
                self.read_values(reader, rows, |column, value| {
                    push_long(column, meaning, *value)
                })
            }
            ColumnReader::FloatColumnReader(reader) => {
                self.read_values(reader, rows, |column, value| {
                    column.push_number(f64::from(*value))
                })
            }
            ColumnReader::DoubleColumnReader(reader) => {
                self.read_values(reader, rows, |column, value| column.push_number(*value))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                self.read_values(reader, rows, push_bytes)
            }
            ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
                Err(damaged("a column is not of the type that its schema says"))
            }
        }
    }

    /// Reads values of one type. A row whose definition level is below the full one has no value.
    fn read_values<T: DataType>(
        &mut self,
        mut reader: ColumnReaderImpl<T>,
        rows: usize,
        push: impl Fn(&mut RawColumn, &T::T) -> Result<(), WordProblem>,
    ) -> Result<(), Problem> {
        let mut left = rows;
        let mut values = Vec::new();
        let mut levels = Vec::new();
        while left > 0 {
            values.clear();
            levels.clear();
            let at_once = left.min(ROWS_AT_ONCE);
            let (read, _, _) =
                reader.read_records(at_once, Some(&mut levels), None, &mut values)?;
            if read == 0 {
                break;
            }
            left -= read.min(left);
            let mut present = values.iter();
            let mut push_next = |column: &mut RawColumn| {
                let value = present.next().ok_or_else(|| {
                    damaged(&format!("column `{}` has too few values", self.name))
                })?;
                push(column, value).map_err(|problem| {
                    let row = column.rows() + 1;
                    Problem::of_cell(&self.name, row, problem)
                })
            };
            if self.full_level == 0 {
                for _ in 0..read {
                    push_next(&mut self.column)?;
                }
                continue;
            }
            for level in &levels {
                if *level == self.full_level {
                    push_next(&mut self.column)?;
                } else {
                    self.column.push_null();
                }
            }
        }
        Ok(())
    }
}

fn push_long(column: &mut RawColumn, meaning: Meaning, value: i64) -> Result<(), WordProblem> {
    match meaning {
        Meaning::Signed => column.push_whole(value),
        Meaning::Unsigned => match i64::try_from(value.cast_unsigned()) {
            Ok(value) => column.push_whole(value),
            #[expect(clippy::cast_precision_loss, reason = "beyond what any field takes")]
            Err(_) => column.push_number(value.cast_unsigned() as f64),
        },
        Meaning::Time(nanoseconds) => match value.checked_mul(nanoseconds) {
            Some(value) => column.push_whole(value),
            #[expect(clippy::cast_precision_loss, reason = "beyond what any field takes")]
            None => column.push_number(value as f64 * nanoseconds as f64),
        },
    }
}

/// A word; no letters are no value, as in CSV.
fn push_bytes(column: &mut RawColumn, value: &ByteArray) -> Result<(), WordProblem> {
    match value.as_utf8() {
        Ok("") => {
            column.push_null();
            Ok(())
        }
        Ok(word) => column.push_word(word),
        Err(_) => Err(WordProblem::NotText),
    }
}
