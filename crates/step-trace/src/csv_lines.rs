//! Problems of CSV traces with the line that they speak of.

use std::ops::Range;
use std::path::Path;

use diagnostic::{Diagnostic, csv_cells, nearest};

use crate::csv_file::without_mark;
use crate::error::{Place, Problem};

/// Longest record that is shown, in bytes.
const SHOWN_RECORD_BYTES: usize = 16 << 20;

/// What to do about a value or a column.
const MAPPING: &str =
    "which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md";

/// What to do about rows that are no steps of one server.
const EXPERIMENTS: &str = "a trace of several servers or loads has a column that tells them apart: map it to `experiment`, see docs/hypothesis-format.md";

/// What to do about a row that is none.
const CELLS: &str = "a value that was not recorded is nothing between two commas; one with a comma needs double quotes; traces are UTF-8";

/// The problem with the line of the file, where it speaks of one.
pub(crate) fn with_line(path: &Path, problem: &Problem, bytes: &[u8]) -> Option<Diagnostic> {
    let (record, index, next_step) = match &problem.place {
        Place::File => return None,
        Place::Line(line) => (record_of_line(bytes, *line)?, None, CELLS),
        Place::Header { column } => {
            let record = header(bytes)?;
            let index = position(&record, column).or_else(|| {
                let names = record.cells();
                position(&record, nearest(column, names.iter().map(String::as_str))?)
            });
            (record, index, MAPPING)
        }
        Place::Cell { row, column } | Place::OtherRow { row, column } => {
            let column = column.as_ref();
            let index = column.and_then(|column| position(&header(bytes)?, column));
            let is_value = matches!(problem.place, Place::Cell { .. });
            let next_step = if is_value { MAPPING } else { EXPERIMENTS };
            (record_of_row(bytes, *row)?, index, next_step)
        }
    };
    let span = index.and_then(|index| csv_cells(&record.text).nth(index));
    let whole = 0..record.text.trim_end().len();
    let shown = Diagnostic::new(path.to_owned(), &problem.message);
    let shown = shown.with_lines(record.line, &record.text, span.unwrap_or(whole));
    Some(shown.with_help(next_step))
}

/// A record as it stands in the file.
struct Record {
    /// The line it begins in, from 1.
    line: usize,
    text: String,
}

impl Record {
    fn of(bytes: &[u8], span: Range<usize>) -> Option<Self> {
        let record = bytes.get(span.clone())?;
        // Lines without anything are passed over, and belong to no record.
        let blank = record
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let start = span.start + blank;
        let before = bytes[..start].split(|byte| *byte == b'\n').count();
        let text = &bytes[start..span.end];
        let text = &text[..text.len().min(SHOWN_RECORD_BYTES)];
        Some(Self {
            line: before,
            text: String::from_utf8_lossy(text).into_owned(),
        })
    }

    fn cells(&self) -> Vec<String> {
        csv_cells(&self.text)
            .map(|span| self.text[span].trim_matches('"').to_owned())
            .collect()
    }
}

/// The place of the last column of a name.
fn position(header: &Record, column: &str) -> Option<usize> {
    header.cells().iter().rposition(|name| name == column)
}

fn header(bytes: &[u8]) -> Option<Record> {
    record_of_row(bytes, 0)
}

/// The record of a row, counted from 1; the header is row 0.
fn record_of_row(bytes: &[u8], row: usize) -> Option<Record> {
    let bytes = without_mark(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut start = 0;
    for _ in 0..=row {
        start = usize::try_from(reader.position().byte()).ok()?;
        if !reader.read_byte_record(&mut record).ok()? {
            return None;
        }
    }
    let end = usize::try_from(reader.position().byte()).ok()?;
    Record::of(bytes, start..end)
}

fn record_of_line(bytes: &[u8], line: u64) -> Option<Record> {
    let bytes = without_mark(bytes);
    let before = usize::try_from(line).ok()?.checked_sub(1)?;
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let start: usize = lines.by_ref().take(before).map(<[u8]>::len).sum();
    Record::of(bytes, start..start + lines.next()?.len())
}
