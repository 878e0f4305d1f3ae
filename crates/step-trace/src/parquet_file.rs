//! Traces as Parquet.

use std::collections::BTreeSet;

use parquet::basic::{LogicalType, Type as PhysicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use crate::cell::{Cell, RawColumn, RawTable};

/// The first and last bytes of every Parquet file.
pub(crate) const MAGIC: &[u8] = b"PAR1";

/// Rows that are decoded at once.
const ROWS_AT_ONCE: usize = 8192;

/// What is wrong with the file.
pub(crate) enum ParquetProblem {
    Damaged(String),
    TwoColumns(String),
    UnsupportedType { column: String, kind: String },
    TooManyRows,
}

impl From<ParquetError> for ParquetProblem {
    fn from(error: ParquetError) -> Self {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or("no reason given");
        Self::Damaged(format!("the Parquet file is damaged: {line}"))
    }
}

/// Reads the wanted columns. Columns that are not there are left out.
pub(crate) fn read(
    bytes: Vec<u8>,
    wanted: &BTreeSet<&str>,
    most_rows: usize,
) -> Result<(RawTable, Vec<String>), ParquetProblem> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes))?;
    let metadata = reader.metadata();
    let schema = metadata.file_metadata().schema_descr();
    let mut header = Vec::new();
    let mut chosen: Vec<(usize, String, i16)> = Vec::new();
    for (index, column) in schema.columns().iter().enumerate() {
        let name = column.path().parts().join(".");
        if wanted.contains(name.as_str()) {
            if header.contains(&name) {
                return Err(ParquetProblem::TwoColumns(name));
            }
            check_type(&name, column)?;
            chosen.push((index, name.clone(), column.max_def_level()));
        }
        header.push(name);
    }
    let mut table = RawTable::default();
    for (_, name, _) in &chosen {
        table.columns.insert(name.clone(), RawColumn::default());
    }
    for group in 0..metadata.num_row_groups() {
        let rows = usize::try_from(metadata.row_group(group).num_rows()).map_err(|_| {
            ParquetProblem::Damaged(
                "the Parquet file is damaged: a row group has a negative number of rows".to_owned(),
            )
        })?;
        if rows > most_rows - table.rows.min(most_rows) {
            return Err(ParquetProblem::TooManyRows);
        }
        table.rows += rows;
        let group = reader.get_row_group(group)?;
        for (index, name, full_level) in &chosen {
            let Some(column) = table.columns.get_mut(name) else {
                continue;
            };
            read_column(group.get_column_reader(*index)?, rows, *full_level, column)?;
            if column.cells.len() != table.rows {
                let reason = format!(
                    "the Parquet file is damaged: column `{name}` ends at row {}, and the file has more",
                    column.cells.len()
                );
                return Err(ParquetProblem::Damaged(reason));
            }
        }
    }
    Ok((table, header))
}

/// Numbers, words and truth values that stand in rows, not in lists.
fn check_type(name: &str, column: &ColumnDescriptor) -> Result<(), ParquetProblem> {
    let is_number = matches!(
        column.logical_type_ref(),
        None | Some(
            LogicalType::Integer(_)
                | LogicalType::Timestamp(_)
                | LogicalType::Time(_)
                | LogicalType::String
                | LogicalType::Enum
        )
    );
    let kind = match column.physical_type() {
        _ if column.max_rep_level() > 0 => "list".to_owned(),
        PhysicalType::INT96 | PhysicalType::FIXED_LEN_BYTE_ARRAY => {
            column.physical_type().to_string()
        }
        _ if is_number => return Ok(()),
        other => column
            .logical_type_ref()
            .map_or_else(|| other.to_string(), |kind| format!("{kind:?}")),
    };
    Err(ParquetProblem::UnsupportedType {
        column: name.to_owned(),
        kind,
    })
}

fn read_column(
    reader: ColumnReader,
    rows: usize,
    full_level: i16,
    column: &mut RawColumn,
) -> Result<(), ParquetProblem> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            read_values(reader, rows, full_level, column, |column, value| {
                column.push(Cell::Whole(i64::from(*value)));
                Ok(())
            })
        }
        ColumnReader::Int32ColumnReader(reader) => {
            read_values(reader, rows, full_level, column, |column, value| {
                column.push(Cell::Whole(i64::from(*value)));
                Ok(())
            })
        }
        ColumnReader::Int64ColumnReader(reader) => {
            read_values(reader, rows, full_level, column, |column, value| {
                column.push(Cell::Whole(*value));
                Ok(())
            })
        }
        ColumnReader::FloatColumnReader(reader) => {
            read_values(reader, rows, full_level, column, |column, value| {
                column.push(Cell::Number(f64::from(*value)));
                Ok(())
            })
        }
        ColumnReader::DoubleColumnReader(reader) => {
            read_values(reader, rows, full_level, column, |column, value| {
                column.push(Cell::Number(*value));
                Ok(())
            })
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            read_values(reader, rows, full_level, column, push_words)
        }
        ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
            Err(ParquetProblem::Damaged(
                "the Parquet file is damaged: a column is not of the type that its schema says"
                    .to_owned(),
            ))
        }
    }
}

fn push_words(column: &mut RawColumn, value: &ByteArray) -> Result<(), ParquetProblem> {
    let word = value.as_utf8().map_err(|_| {
        ParquetProblem::Damaged("a text column holds bytes that are not UTF-8".to_owned())
    })?;
    column.push_word(word);
    Ok(())
}

/// Reads a column of one type. A row whose definition level is below `full_level` has no value.
fn read_values<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    full_level: i16,
    column: &mut RawColumn,
    push: impl Fn(&mut RawColumn, &T::T) -> Result<(), ParquetProblem>,
) -> Result<(), ParquetProblem> {
    let mut left = rows;
    let mut values = Vec::new();
    let mut levels = Vec::new();
    while left > 0 {
        values.clear();
        levels.clear();
        let at_once = left.min(ROWS_AT_ONCE);
        let (read, _, _) = reader.read_records(at_once, Some(&mut levels), None, &mut values)?;
        if read == 0 {
            break;
        }
        left -= read.min(left);
        if full_level == 0 {
            for value in &values {
                push(column, value)?;
            }
            continue;
        }
        let mut present = values.iter();
        for level in &levels {
            match present.as_slice().first().filter(|_| *level == full_level) {
                Some(value) => {
                    present.next();
                    push(column, value)?;
                }
                None => column.push(Cell::Null),
            }
        }
    }
    Ok(())
}
