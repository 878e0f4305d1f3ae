//! Traces as CSV.

use std::collections::BTreeSet;

use crate::cell::{RawColumn, RawTable, Reading};
use crate::error::{Place, Problem};
use crate::header::{place_of, too_many_rows};

/// Reads the wanted columns of a CSV with a header line. Columns that are not there are left out.
pub(crate) fn read(
    bytes: &[u8],
    wanted: &BTreeSet<(&str, Reading)>,
    most_rows: usize,
) -> Result<(RawTable, Vec<String>), Problem> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(without_mark(bytes));
    let header: Vec<String> = reader
        .headers()
        .map_err(|error| damaged(&error))?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns: Vec<(usize, &str, RawColumn)> = Vec::new();
    for (name, reading) in wanted {
        if let Some(index) = place_of(name, &header)? {
            columns.push((index, name, RawColumn::new(*reading)));
        }
    }
    let mut table = RawTable::default();
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|error| damaged(&error))? {
            break;
        }
        table.rows += 1;
        if table.rows > most_rows {
            return Err(too_many_rows(most_rows));
        }
        for (index, name, column) in &mut columns {
            column
                .push_text(record.get(*index).unwrap_or(""))
                .map_err(|problem| Problem::of_cell(name, table.rows, problem))?;
        }
    }
    let columns = columns.into_iter();
    table.columns = columns
        .map(|(_, name, column)| (name.to_owned(), column))
        .collect();
    Ok((table, header))
}

/// The text without a byte order mark.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The error in words, with its line.
fn damaged(error: &csv::Error) -> Problem {
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("the row has {len} values, and the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "neither Parquet nor text: it is not UTF-8".to_owned(),
        _ => "the CSV cannot be read".to_owned(),
    };
    match error.position().map(csv::Position::line) {
        Some(line) => Problem::new(Place::Line(line), format!("line {line}: {reason}")),
        None => Problem::of_file(reason),
    }
}
