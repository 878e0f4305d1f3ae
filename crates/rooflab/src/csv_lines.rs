//! Comma-separated values on any stream.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

/// Writes lines of cells, quoted where they need it.
pub(crate) struct CsvLines<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> CsvLines<W> {
    /// Lines on a stream.
    pub(crate) fn new(stream: W) -> Self {
        Self {
            writer: WriterBuilder::new()
                .terminator(Terminator::Any(b'\n'))
                .from_writer(stream),
        }
    }

    /// Writes one line.
    pub(crate) fn line<C: AsRef<[u8]>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
    ) -> anyhow::Result<()> {
        Ok(self.writer.write_record(cells).map_err(io_error)?)
    }

    /// The stream, with all lines written to it.
    pub(crate) fn into_stream(self) -> anyhow::Result<W> {
        self.writer
            .into_inner()
            .map_err(|error| error.into_error().into())
    }
}

/// A column of a row: its name and its cell.
pub(crate) type CsvColumn<R> = (&'static str, fn(&R) -> String);

/// A column that is put together while the program runs.
pub(crate) type OwnedCsvColumn<'c, R> = (String, Box<dyn Fn(&R) -> String + 'c>);

/// Puts one together.
pub(crate) fn column<'c, R>(
    name: impl Into<String>,
    cell: impl Fn(&R) -> String + 'c,
) -> OwnedCsvColumn<'c, R> {
    (name.into(), Box::new(cell))
}

/// Writes a line of names, and a line for each row.
pub(crate) fn write_csv<'r, R: 'r>(
    stream: impl Write,
    columns: &[(impl AsRef<str>, impl Fn(&R) -> String)],
    rows: impl IntoIterator<Item = &'r R>,
) -> anyhow::Result<()> {
    let mut lines = CsvLines::new(stream);
    lines.line(columns.iter().map(|(name, _)| name.as_ref()))?;
    for row in rows {
        lines.line(columns.iter().map(|(_, cell)| cell(row)))?;
    }
    lines.into_stream()?;
    Ok(())
}

/// A value as a cell; what is not known is empty.
pub(crate) fn cell(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Cells are of any length and bytes: only the stream can fail.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
