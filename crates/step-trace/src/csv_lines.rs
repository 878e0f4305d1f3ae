//! Errors of CSV traces with the line that they speak of.

use std::ops::Range;

use diagnostic::{Diagnostic, csv_cells, nearest};

use crate::csv_file::without_mark;
use crate::error::TraceError;
use crate::field::Field;
use crate::mapping::{Mapping, Source};

/// Longest record that is shown, in bytes.
const SHOWN_RECORD_BYTES: usize = 16 << 20;

/// What to do about a value or a column.
const MAPPING: &str =
    "which column is which field stands under `data` of the hypothesis: docs/hypothesis-format.md";

/// What to do about rows that are no steps of one server.
const EXPERIMENTS: &str = "a trace of several servers or loads has a column that tells them apart: map it to `experiment`, see docs/hypothesis-format.md";

/// What to do about a row that is none.
const CELLS: &str = "a value that was not recorded is nothing between two commas; one with a comma needs double quotes; traces are UTF-8";

/// The place that an error speaks of.
enum Place<'e> {
    /// A column of a row; the row as a whole where the column is not known.
    Row { row: usize, column: Option<&'e str> },
    /// The header line, at the last column of a name or at the column nearest to it.
    Header { column: &'e str },
    /// A line by its number.
    Line(u64),
    /// The file as a whole.
    File,
}

/// The same error, with the line of the file where it speaks of one.
pub(crate) fn with_line(error: TraceError, bytes: &[u8], mapping: &Mapping) -> TraceError {
    let path = error.path();
    let text = error.to_string();
    let message = text
        .strip_prefix(&format!("{}: ", path.display()))
        .unwrap_or(&text);
    let shown = Diagnostic::new(path.to_owned(), message);
    let record = match place(&error, mapping) {
        Place::Row { row, column } => record_of_row(bytes, row).map(|record| {
            let index = column.and_then(|column| position(&header(bytes)?, column));
            let span = index.and_then(|index| csv_cells(&record.text).nth(index));
            (record, span)
        }),
        Place::Header { column } => header(bytes).map(|record| {
            let index = position(&record, column).or_else(|| {
                let names = record.cells();
                let near = nearest(column, names.iter().map(String::as_str))?;
                position(&record, near)
            });
            let span = index.and_then(|index| csv_cells(&record.text).nth(index));
            (record, span)
        }),
        Place::Line(line) => record_of_line(bytes, line).map(|record| (record, None)),
        Place::File => None,
    };
    let Some((record, span)) = record else {
        return error;
    };
    let whole = 0..record.text.trim_end().len();
    let shown = shown.with_lines(record.line, &record.text, span.unwrap_or(whole));
    TraceError::InText {
        diagnostics: shown.with_help(next_step(&error)).into(),
        error: Box::new(error),
    }
}

fn next_step(error: &TraceError) -> &'static str {
    match error {
        TraceError::Damaged { .. } => CELLS,
        TraceError::SameStep { .. }
        | TraceError::ClockRunsBack { .. }
        | TraceError::TwoSettings { .. } => EXPERIMENTS,
        TraceError::Value { .. }
        | TraceError::Word { .. }
        | TraceError::NoColumn { .. }
        | TraceError::TwoColumns { .. }
        | TraceError::Read { .. }
        | TraceError::NotAFile { .. }
        | TraceError::TooLarge { .. }
        | TraceError::TooManyRows { .. }
        | TraceError::UnsupportedType { .. }
        | TraceError::NotMapped { .. }
        | TraceError::NoSteps { .. }
        | TraceError::InText { .. } => MAPPING,
    }
}

fn place<'e>(error: &'e TraceError, mapping: &'e Mapping) -> Place<'e> {
    let of_row = |row: usize, field: Field| Place::Row {
        row,
        column: mapping.get(field).and_then(Source::column_name),
    };
    match error {
        TraceError::Value { row, field, .. } | TraceError::TwoSettings { row, field, .. } => {
            of_row(*row, *field)
        }
        TraceError::SameStep { second, .. } => of_row(*second, Field::StepId),
        TraceError::ClockRunsBack { row, .. } => of_row(*row, Field::StartNs),
        TraceError::Word { row, column, .. } => Place::Row {
            row: *row,
            column: Some(column),
        },
        TraceError::NoColumn { column, .. } | TraceError::TwoColumns { column, .. } => {
            Place::Header { column }
        }
        TraceError::Damaged {
            line: Some(line), ..
        } => Place::Line(*line),
        TraceError::Damaged { line: None, .. }
        | TraceError::Read { .. }
        | TraceError::NotAFile { .. }
        | TraceError::TooLarge { .. }
        | TraceError::TooManyRows { .. }
        | TraceError::UnsupportedType { .. }
        | TraceError::NotMapped { .. }
        | TraceError::NoSteps { .. }
        | TraceError::InText { .. } => Place::File,
    }
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
