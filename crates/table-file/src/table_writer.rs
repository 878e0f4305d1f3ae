//! A table on its way to a file.

use std::collections::BTreeSet;
use std::io::Write;

use crate::column::Column;
use crate::column_kind::ColumnKind;
use crate::csv_body::CsvBody;
use crate::error::TableFileError;
use crate::file_format::FileFormat;
use crate::ndjson_body::NdjsonBody;
use crate::parquet_body::ParquetBody;

/// Writes one table, some rows at a time.
///
/// Nothing is whole before [`TableWriter::finish`]: a Parquet file ends with what says where its columns are.
pub struct TableWriter<W: Write + Send> {
    /// Names and kinds.
    heads: Vec<(String, ColumnKind)>,
    body: Body<W>,
}

enum Body<W: Write + Send> {
    Parquet(Box<ParquetBody<W>>),
    Ndjson(NdjsonBody<W>),
    Csv(Box<CsvBody<W>>),
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table with these columns; their values are not written.
    ///
    /// # Errors
    ///
    /// There are no columns, two have one name, or `out` fails.
    pub fn begin(out: W, format: FileFormat, columns: &[Column]) -> Result<Self, TableFileError> {
        if columns.is_empty() {
            return Err(TableFileError::NoColumns);
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = columns.iter().find(|column| !names.insert(&column.name)) {
            return Err(TableFileError::TwoColumns(twice.name.clone()));
        }
        let body = match format {
            FileFormat::Parquet => Body::Parquet(Box::new(ParquetBody::begin(out, columns)?)),
            FileFormat::Ndjson => Body::Ndjson(NdjsonBody::begin(out, columns)?),
            FileFormat::Csv => Body::Csv(Box::new(CsvBody::begin(out, columns)?)),
        };
        let heads = heads_of(columns);
        Ok(Self { heads, body })
    }

    /// Adds rows: the cells of the columns that the table began with, in the same order.
    ///
    /// # Errors
    ///
    /// The columns are others, have unequal lengths or a number that is not finite, or what is written to fails.
    pub fn append(&mut self, columns: &[Column]) -> Result<(), TableFileError> {
        let rows = self.rows_of(columns)?;
        match &mut self.body {
            Body::Parquet(body) => body.append(columns, rows),
            Body::Ndjson(body) => body.append(columns, rows),
            Body::Csv(body) => body.append(columns, rows),
        }
    }

    /// Ends the table and gives back what it was written to.
    ///
    /// # Errors
    ///
    /// What is written to fails.
    pub fn finish(self) -> Result<W, TableFileError> {
        match self.body {
            Body::Parquet(body) => body.finish(),
            Body::Ndjson(body) => Ok(body.finish()),
            Body::Csv(body) => body.finish(),
        }
    }

    /// How many rows the columns have.
    fn rows_of(&self, columns: &[Column]) -> Result<usize, TableFileError> {
        let given = heads_of(columns);
        if given != self.heads {
            return Err(TableFileError::OtherColumns {
                expected: in_words(&self.heads),
                given: in_words(&given),
            });
        }
        let rows = columns.first().map_or(0, |column| column.values.len());
        for column in columns {
            if column.values.len() != rows {
                return Err(TableFileError::UnequalLengths {
                    column: column.name.clone(),
                    cells: column.values.len(),
                    rows,
                });
            }
            if let Some(row) = column.values.first_not_finite() {
                return Err(TableFileError::NotFinite {
                    column: column.name.clone(),
                    row,
                });
            }
        }
        Ok(rows)
    }
}

/// The bytes of a whole table.
///
/// # Errors
///
/// As [`TableWriter::begin`] and [`TableWriter::append`].
pub fn table_bytes(columns: &[Column], format: FileFormat) -> Result<Vec<u8>, TableFileError> {
    let mut writer = TableWriter::begin(Vec::new(), format, columns)?;
    writer.append(columns)?;
    writer.finish()
}

fn heads_of(columns: &[Column]) -> Vec<(String, ColumnKind)> {
    let heads = columns.iter();
    heads
        .map(|column| (column.name.clone(), column.values.kind()))
        .collect()
}

fn in_words(heads: &[(String, ColumnKind)]) -> String {
    let words: Vec<String> = heads
        .iter()
        .map(|(name, kind)| format!("`{name}` ({})", kind.name()))
        .collect();
    words.join(", ")
}
