//! Rows as JSON objects, one a line, with their keys in the order of the columns.

use std::io::Write;

use serde::Serialize;

use crate::column::Column;
use crate::error::TableFileError;

/// What stands before each value: a brace or a comma, the name and a colon.
pub(crate) fn names_before(names: &[&str]) -> Result<Vec<Vec<u8>>, TableFileError> {
    let mut before = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let mut bytes = vec![if index == 0 { b'{' } else { b',' }];
        push_json(&mut bytes, name)?;
        bytes.push(b':');
        before.push(bytes);
    }
    Ok(before)
}

/// Writes NDJSON.
pub(crate) struct NdjsonBody<W: Write> {
    out: W,
    /// What stands before each value: a brace or a comma, the name and a colon.
    before: Vec<Vec<u8>>,
}

impl<W: Write> NdjsonBody<W> {
    pub(crate) fn begin(out: W, columns: &[Column]) -> Result<Self, TableFileError> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let before = names_before(&names)?;
        Ok(Self { out, before })
    }

    pub(crate) fn append(&mut self, columns: &[Column], rows: usize) -> Result<(), TableFileError> {
        let mut line = Vec::new();
        for row in 0..rows {
            line.clear();
            for (column, before) in columns.iter().zip(&self.before) {
                line.extend_from_slice(before);
                // A number has the fewest digits that give the same number back.
                push_json(&mut line, &column.values.at(row))?;
            }
            line.extend_from_slice(b"}\n");
            self.out.write_all(&line)?;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> W {
        self.out
    }
}

fn push_json(bytes: &mut Vec<u8>, value: &impl Serialize) -> Result<(), TableFileError> {
    serde_json::to_writer(bytes, value).map_err(TableFileError::Json)
}
