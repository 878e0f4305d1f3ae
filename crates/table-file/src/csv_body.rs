//! Rows as comma-separated values, with `\n` line ends.

use std::io::Write;

use crate::column::Column;
use crate::error::TableFileError;

/// Writes CSV.
pub(crate) struct CsvBody<W: Write> {
    writer: csv::Writer<W>,
}

/// The line of names.
pub(crate) fn csv_head(names: &[&str]) -> Result<Vec<u8>, TableFileError> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(names)?;
    writer
        .into_inner()
        .map_err(|error| TableFileError::Write(error.into_error()))
}

impl<W: Write> CsvBody<W> {
    pub(crate) fn begin(out: W, columns: &[Column]) -> Result<Self, TableFileError> {
        let mut writer = csv::WriterBuilder::new().from_writer(out);
        writer.write_record(columns.iter().map(|column| column.name.as_str()))?;
        Ok(Self { writer })
    }

    pub(crate) fn append(&mut self, columns: &[Column], rows: usize) -> Result<(), TableFileError> {
        for row in 0..rows {
            for column in columns {
                self.writer.write_field(column.values.at(row).to_string())?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<W, TableFileError> {
        self.writer
            .into_inner()
            .map_err(|error| TableFileError::Write(error.into_error()))
    }
}
