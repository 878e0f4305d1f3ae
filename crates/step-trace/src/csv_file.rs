//! Traces as CSV.

use std::collections::BTreeSet;

use crate::cell::{RawColumn, RawTable, Reading, WordProblem};

/// What is wrong with the text.
pub(crate) enum CsvProblem {
    Damaged {
        line: Option<u64>,
        reason: String,
    },
    Word {
        column: String,
        row: usize,
        problem: WordProblem,
    },
    TwoColumns(String),
    TooManyRows,
}

/// Reads the wanted columns of a CSV with a header line. Columns that are not there are left out.
pub(crate) fn read(
    bytes: &[u8],
    wanted: &BTreeSet<(&str, Reading)>,
    most_rows: usize,
) -> Result<(RawTable, Vec<String>), CsvProblem> {
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
        if !more.map_err(|error| damaged(&error))? {
            break;
        }
        table.rows += 1;
        if table.rows > most_rows {
            return Err(CsvProblem::TooManyRows);
        }
        for (index, name, column) in &mut columns {
            column
                .push_text(record.get(*index).unwrap_or(""))
                .map_err(|problem| CsvProblem::Word {
                    column: (*name).to_owned(),
                    row: table.rows,
                    problem,
                })?;
        }
    }
    for (_, name, column) in columns {
        table.insert(name.to_owned(), column);
    }
    Ok((table, header))
}

/// The text without a byte order mark.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The error in words, with its line.
fn damaged(error: &csv::Error) -> CsvProblem {
    let line = error.position().map(csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("the row has {len} values, and the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "neither Parquet nor text: it is not UTF-8".to_owned(),
        _ => "the CSV cannot be read".to_owned(),
    };
    CsvProblem::Damaged { line, reason }
}
