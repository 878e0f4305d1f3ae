//! Rows as comma-separated values, with `\n` line ends.

use std::io::Write;

use crate::column::{Cells, Column, ColumnHead};
use crate::error::TableFileError;

/// Writes CSV.
pub(crate) struct CsvBody<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvBody<W> {
    pub(crate) fn begin(out: W, heads: &[ColumnHead]) -> Result<Self, TableFileError> {
        let mut writer = csv::WriterBuilder::new().from_writer(out);
        writer.write_record(heads.iter().map(|head| head.name.as_str()))?;
        Ok(Self { writer })
    }

    pub(crate) fn append(
        &mut self,
        columns: &[Column<'_>],
        rows: usize,
    ) -> Result<(), TableFileError> {
        for row in 0..rows {
            for column in columns {
                self.writer.write_field(shown(column.cells, row))?;
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

/// Numbers by the fewest digits that give the same number back, a number that may have a fraction always with a point or an
/// exponent; no value as nothing.
fn shown(cells: Cells<'_>, row: usize) -> String {
    match cells {
        Cells::Int(cells) => cells[row].map(|number| number.to_string()),
        Cells::Float(cells) => cells[row].map(|number| format!("{number:?}")),
        Cells::Text(cells) => cells[row].clone(),
        Cells::Bool(cells) => cells[row].map(|truth| truth.to_string()),
    }
    .unwrap_or_default()
}
