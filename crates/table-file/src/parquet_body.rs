//! Columns as Parquet.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::column::{Column, Values};
use crate::column_kind::ColumnKind;
use crate::error::TableFileError;

/// What the file says of its writer: no clock, no machine.
const CREATED_BY: &str = concat!("rooflab version ", env!("CARGO_PKG_VERSION"));

/// What that begins with in every release.
const CREATED_BY_ANY: &[u8] = b"rooflab version ";

/// Whether these last bytes are those of a file that this crate wrote.
pub(crate) fn is_created_by_us(tail: &[u8]) -> bool {
    let mut places = tail.windows(CREATED_BY_ANY.len());
    tail.ends_with(b"PAR1") && places.any(|at| at == CREATED_BY_ANY)
}

/// The definition level of a cell with a value; one without has 0.
const PRESENT: i16 = 1;

/// Writes Parquet. Rows that are appended together are a row group.
pub(crate) struct ParquetBody<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> ParquetBody<W> {
    pub(crate) fn begin(out: W, columns: &[Column]) -> Result<Self, TableFileError> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("table")
            .with_fields(fields)
            .build()?;
        let properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { writer })
    }

    pub(crate) fn append(&mut self, columns: &[Column], rows: usize) -> Result<(), TableFileError> {
        if rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in columns {
            let mut writer = group.next_column()?.ok_or_else(|| {
                ParquetError::General(format!("no place for column `{}`", column.name))
            })?;
            match &column.values {
                Values::Int(cells) => write::<Int64Type, _>(&mut writer, cells, |number| *number),
                Values::Float(cells) => {
                    write::<DoubleType, _>(&mut writer, cells, |number| *number)
                }
                Values::Text(cells) => write::<ByteArrayType, _>(&mut writer, cells, |words| {
                    ByteArray::from(words.as_str())
                }),
                Values::Bool(cells) => write::<BoolType, _>(&mut writer, cells, |truth| *truth),
            }?;
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<W, TableFileError> {
        Ok(self.writer.into_inner()?)
    }
}

/// Every column may lack values.
fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.values.kind() {
        ColumnKind::Int => (PhysicalType::INT64, None),
        ColumnKind::Float => (PhysicalType::DOUBLE, None),
        ColumnKind::Text => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Bool => (PhysicalType::BOOLEAN, None),
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

fn write<T: DataType, V>(
    writer: &mut SerializedColumnWriter<'_>,
    cells: &[Option<V>],
    stored: impl Fn(&V) -> T::T,
) -> Result<(), ParquetError> {
    let present: Vec<T::T> = cells.iter().flatten().map(stored).collect();
    let levels: Vec<i16> = cells
        .iter()
        .map(|cell| cell.as_ref().map_or(0, |_| PRESENT))
        .collect();
    writer
        .typed::<T>()
        .write_batch(&present, Some(&levels), None)?;
    Ok(())
}
