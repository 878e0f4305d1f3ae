//! Results of any number of hypotheses in one file.

use std::collections::BTreeMap;
use std::io::Write;

use table_file::{Column, FileFormat, TableFileError, TableWriter, Values};

use super::outcome::Outcome;
use super::result_record::{RECORD_COLUMNS, Record};
use crate::decide::ComparedValue;
use crate::table::Table;

/// Records that are written at once: memory does not grow with what is exported.
const RECORDS_AT_ONCE: usize = 1 << 17;

/// Writes outcomes as records of one form: the verdict, the checks, then the values of the tables row by row.
pub struct RecordWriter<W: Write + Send> {
    writer: TableWriter<W>,
    /// Records that are not yet written, by column.
    pending: Vec<Column>,
    pending_records: usize,
    written: usize,
}

impl<W: Write + Send> RecordWriter<W> {
    /// The names of the columns.
    pub fn columns() -> impl Iterator<Item = &'static str> {
        RECORD_COLUMNS.iter().map(|column| column.doc.name)
    }

    /// Begins the file.
    ///
    /// # Errors
    ///
    /// What is written to fails.
    pub fn begin(out: W, format: FileFormat) -> Result<Self, TableFileError> {
        let columns = RECORD_COLUMNS.iter().map(|column| Column {
            name: column.doc.name.to_owned(),
            values: Values::new(column.doc.kind),
        });
        let pending: Vec<Column> = columns.collect();
        Ok(Self {
            writer: TableWriter::begin(out, format, &pending)?,
            pending,
            pending_records: 0,
            written: 0,
        })
    }

    /// Adds an outcome with those of its tables that are wanted.
    ///
    /// # Errors
    ///
    /// What is written to fails.
    pub fn add(
        &mut self,
        outcome: &Outcome,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<(), TableFileError> {
        self.push(&Record::of_verdict(outcome))?;
        for check in &outcome.checks {
            self.push(&Record::of_check(outcome, check))?;
        }
        for (name, table) in outcome.tables.iter().filter(|(name, _)| is_wanted(name)) {
            self.add_table(outcome, name, table)?;
        }
        Ok(())
    }

    /// Ends the file; gives back what it was written to, and how many records it has.
    ///
    /// # Errors
    ///
    /// What is written to fails.
    pub fn finish(mut self) -> Result<(W, usize), TableFileError> {
        self.write_pending()?;
        Ok((self.writer.finish()?, self.written))
    }

    fn add_table(
        &mut self,
        outcome: &Outcome,
        name: &str,
        table: &Table,
    ) -> Result<(), TableFileError> {
        let of_table = outcome.comparison.all.iter();
        let (found, missing): (Vec<&ComparedValue>, Vec<&ComparedValue>) = of_table
            .filter(|compared| compared.value.table == name)
            .partition(|compared| compared.row.is_some());
        let by_place: BTreeMap<(Option<usize>, &str), &ComparedValue> = found
            .into_iter()
            .map(|compared| ((compared.row, compared.value.column.as_str()), compared))
            .collect();
        for row in 0..table.rows() {
            for column in table.columns() {
                let published = by_place.get(&(Some(row), column.name.as_str())).copied();
                self.push(&Record::of_value(outcome, name, row, column, published))?;
            }
        }
        for compared in missing {
            let column = table.column(&compared.value.column);
            let kind = column.map(|column| column.values.kind());
            self.push(&Record::of_missing(outcome, compared, kind))?;
        }
        Ok(())
    }

    fn push(&mut self, record: &Record<'_>) -> Result<(), TableFileError> {
        for (column, record_column) in self.pending.iter_mut().zip(RECORD_COLUMNS) {
            column.values.push((record_column.value)(record));
        }
        self.pending_records += 1;
        if self.pending_records == RECORDS_AT_ONCE {
            self.write_pending()?;
        }
        Ok(())
    }

    fn write_pending(&mut self) -> Result<(), TableFileError> {
        self.writer.append(&self.pending)?;
        self.written += self.pending_records;
        self.pending_records = 0;
        for column in &mut self.pending {
            column.values.clear();
        }
        Ok(())
    }
}
