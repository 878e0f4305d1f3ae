//! Traces as CSV.

use std::collections::BTreeSet;

use crate::cell::{RawColumn, RawTable, Reading};

/// What is wrong with the text.
pub(crate) enum CsvProblem {
    Damaged(String),
    TwoColumns(String),
    TooManyRows,
}

/// Reads the wanted columns of a CSV with a header line. Columns that are not there are left out.
pub(crate) fn read(
    bytes: &[u8],
    wanted: &BTreeSet<(&str, Reading)>,
    most_rows: usize,
) -> Result<(RawTable, Vec<String>), CsvProblem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let header: Vec<String> = reader
        .headers()
        .map_err(|error| CsvProblem::Damaged(words(&error)))?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns: Vec<(usize, &str, RawColumn)> = Vec::new();
    for (name, reading) in wanted {
        let mut places = (0..header.len()).filter(|index| header[*index] == *name);
        let Some(index) = places.next() else { continue };
        if places.next().is_some() {
            return Err(CsvProblem::TwoColumns((*name).to_owned()));
        }
        columns.push((index, name, RawColumn::new(*reading)));
    }
    let mut table = RawTable::default();
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|error| CsvProblem::Damaged(words(&error)))? {
            break;
        }
        table.rows += 1;
        if table.rows > most_rows {
            return Err(CsvProblem::TooManyRows);
        }
        for (index, name, column) in &mut columns {
            column
                .push_text(record.get(*index).unwrap_or(""))
                .map_err(|problem| {
                    let row = table.rows;
                    CsvProblem::Damaged(format!("column `{name}`, row {row}: {problem}"))
                })?;
        }
    }
    for (_, name, column) in columns {
        table.insert(name.to_owned(), column);
    }
    Ok((table, header))
}

/// The error in words, with its line.
fn words(error: &csv::Error) -> String {
    let line = error
        .position()
        .map_or(String::new(), |at| format!("line {}: ", at.line()));
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("{line}the row has {len} values, and the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => {
            format!("{line}neither Parquet nor text: it is not UTF-8")
        }
        _ => format!("{line}the CSV cannot be read"),
    }
}
