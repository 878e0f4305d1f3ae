//! Traces as CSV.

use std::collections::BTreeSet;

use crate::cell::{Cell, RawColumn, RawTable};

/// What is wrong with the text.
pub(crate) enum CsvProblem {
    Damaged(String),
    TwoColumns(String),
    TooManyRows,
}

/// Reads the wanted columns of a CSV with a header line. Columns that are not there are left out.
pub(crate) fn read(
    bytes: &[u8],
    wanted: &BTreeSet<&str>,
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
    let mut columns: Vec<(usize, RawColumn)> = Vec::new();
    for (index, name) in header.iter().enumerate() {
        if wanted.contains(name.as_str()) {
            if header[..index].contains(name) {
                return Err(CsvProblem::TwoColumns(name.clone()));
            }
            columns.push((index, RawColumn::default()));
        }
    }
    let mut rows = 0;
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|error| CsvProblem::Damaged(words(&error)))? {
            break;
        }
        rows += 1;
        if rows > most_rows {
            return Err(CsvProblem::TooManyRows);
        }
        for (index, column) in &mut columns {
            push_text(column, record.get(*index).unwrap_or(""));
        }
    }
    let columns = columns
        .into_iter()
        .map(|(index, column)| (header[index].clone(), column))
        .collect();
    Ok((RawTable { rows, columns }, header))
}

/// A number where the text is one: JSON's spelling, or what languages write for numbers that are none.
fn push_text(column: &mut RawColumn, text: &str) {
    if text.is_empty() {
        column.push(Cell::Null);
    } else if let Ok(whole) = text.parse::<i64>() {
        column.push(Cell::Whole(whole));
    } else if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && let Ok(number) = text.parse::<f64>()
    {
        column.push(Cell::Number(number));
    } else {
        column.push_word(text);
    }
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
