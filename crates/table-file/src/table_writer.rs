//! A table on its way to a file.

use std::collections::BTreeSet;
use std::io::Write;

use crate::column::{CellKind, Column, ColumnHead};
use crate::csv_body::CsvBody;
use crate::error::TableFileError;
use crate::file_format::FileFormat;
use crate::ndjson_body::NdjsonBody;
use crate::parquet_body::ParquetBody;

/// Writes one table, some rows at a time.
///
/// Nothing is whole before [`TableWriter::finish`]: a Parquet file ends with what says where its columns are.
pub struct TableWriter<W: Write + Send> {
    heads: Vec<ColumnHead>,
    body: Body<W>,
}

enum Body<W: Write + Send> {
    Parquet(Box<ParquetBody<W>>),
    Ndjson(NdjsonBody<W>),
    Csv(Box<CsvBody<W>>),
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table with these columns.
    ///
    /// # Errors
    ///
    /// There are no columns, two have one name, or `out` fails.
    pub fn begin(
        out: W,
        format: FileFormat,
        heads: Vec<ColumnHead>,
    ) -> Result<Self, TableFileError> {
        if heads.is_empty() {
            return Err(TableFileError::NoColumns);
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = heads.iter().find(|head| !names.insert(head.name.as_str())) {
            return Err(TableFileError::TwoColumns(twice.name.clone()));
        }
        let body = match format {
            FileFormat::Parquet => Body::Parquet(Box::new(ParquetBody::begin(out, &heads)?)),
            FileFormat::Ndjson => Body::Ndjson(NdjsonBody::begin(out, &heads)?),
            FileFormat::Csv => Body::Csv(Box::new(CsvBody::begin(out, &heads)?)),
        };
        Ok(Self { heads, body })
    }

    /// Adds rows: the cells of the columns that the table began with, in the same order.
    ///
    /// # Errors
    ///
    /// The columns are others, have unequal lengths or a number that is not finite, or what is written to fails.
    pub fn append(&mut self, columns: &[Column<'_>]) -> Result<(), TableFileError> {
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
    fn rows_of(&self, columns: &[Column<'_>]) -> Result<usize, TableFileError> {
        let is_known = |column: &Column<'_>, head: &ColumnHead| {
            column.name == head.name && column.cells.kind() == head.kind
        };
        let are_known = columns.len() == self.heads.len()
            && columns
                .iter()
                .zip(&self.heads)
                .all(|(column, head)| is_known(column, head));
        if !are_known {
            let given: Vec<ColumnHead> = columns.iter().map(Column::head).collect();
            return Err(TableFileError::OtherColumns {
                expected: in_words(&self.heads),
                given: in_words(&given),
            });
        }
        let rows = columns.first().map_or(0, |column| column.cells.len());
        for column in columns {
            if column.cells.len() != rows {
                return Err(TableFileError::UnequalLengths {
                    column: column.name.to_owned(),
                    cells: column.cells.len(),
                    rows,
                });
            }
            if let Some(row) = column.cells.first_not_finite() {
                return Err(TableFileError::NotFinite {
                    column: column.name.to_owned(),
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
pub fn table_bytes(columns: &[Column<'_>], format: FileFormat) -> Result<Vec<u8>, TableFileError> {
    let heads = columns.iter().map(Column::head).collect();
    let mut writer = TableWriter::begin(Vec::new(), format, heads)?;
    writer.append(columns)?;
    writer.finish()
}

fn in_words(heads: &[ColumnHead]) -> String {
    let words: Vec<String> = heads
        .iter()
        .map(|head| {
            let kind = match head.kind {
                CellKind::Int => "integer",
                CellKind::Float => "number",
                CellKind::Text => "text",
                CellKind::Bool => "true/false",
            };
            format!("`{}` ({kind})", head.name)
        })
        .collect();
    words.join(", ")
}
