//! Values that a finding was published with.

use diagnostic::{Diagnostic, SourceText, csv_cells};

use super::csv_problem::csv_problem;

/// One published table, read and checked against the columns of ours.
#[derive(Debug, Clone)]
pub(crate) struct PublishedTable {
    /// The name that it shares with our table.
    pub(crate) table: String,
    /// Data without which our table has no rows, and which is not at hand.
    pub(crate) waits_for: Option<String>,
    pub(crate) key: Vec<String>,
    pub(crate) columns: Vec<PublishedColumn>,
    pub(crate) rows: Vec<PublishedRow>,
    pub(crate) known: Vec<KnownDifference>,
}

impl PublishedTable {
    /// What is known of a value: of its very row, else of its column.
    pub(crate) fn known_of(&self, row: &PublishedRow, column: &str) -> Option<&KnownDifference> {
        let of_column = || self.known.iter().filter(|known| known.column == column);
        let of_row = of_column().find(|known| {
            known
                .key
                .as_ref()
                .is_some_and(|wanted| has_key(row, wanted))
        });
        of_row.or_else(|| of_column().find(|known| known.key.is_none()))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct PublishedColumn {
    pub(crate) name: String,
    /// Largest absolute difference; half a unit of the last published digit where absent.
    pub(crate) tolerance: Option<f64>,
}

/// The key and the values of a row as they were printed; `None` was not published.
#[derive(Debug, Clone)]
pub(crate) struct PublishedRow {
    pub(crate) key: Vec<String>,
    pub(crate) values: Vec<Option<String>>,
}

/// A published value that is known not to be reproduced, or a whole column of them.
#[derive(Debug, Clone)]
pub(crate) struct KnownDifference {
    /// The row; none for every row of the column.
    pub(crate) key: Option<Vec<String>>,
    pub(crate) column: String,
    /// The reason, or the data that it needs.
    pub(crate) why: String,
    /// Whether it needs data that is not at hand.
    pub(crate) needs_data: bool,
}

/// A plain decimal number: no exponent, since its digits say how exact it is.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain {
        text.parse().ok().filter(|number: &f64| number.is_finite())
    } else {
        None
    }
}

/// Keys agree by value: 1024 is 1024.0.
pub(crate) fn normal_key(text: &str) -> String {
    parse_number(text).map_or_else(|| text.to_owned(), |number| number.to_string())
}

/// Whether a published row is the one of a normal key.
pub(crate) fn has_key(row: &PublishedRow, key: &[String]) -> bool {
    row.key.len() == key.len()
        && row
            .key
            .iter()
            .zip(key)
            .all(|(ours, wanted)| normal_key(ours) == *wanted)
}

/// The rows of a published CSV.
pub(crate) struct PublishedCsv {
    pub(crate) header: Vec<String>,
    pub(crate) records: Vec<(u64, Vec<String>)>,
}

impl PublishedCsv {
    /// The one-based place of a column's last mention in the header line, which a plain header has at its name.
    pub(crate) fn place_of(&self, column: &str) -> u64 {
        let last = self.header.iter().rposition(|name| name == column);
        let before = self.header.iter().take(last.unwrap_or(0));
        let width: usize = before.map(|name| name.chars().count() + 1).sum();
        u64::try_from(width + 1).unwrap_or(1)
    }
}

/// Reads a published CSV: a header, then records of the same length.
pub(crate) fn read_csv(source: &SourceText) -> Result<PublishedCsv, Diagnostic> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.text().as_bytes());
    let failed = |error: &csv::Error| {
        let problem = csv_problem(source, error);
        if !matches!(error.kind(), csv::ErrorKind::UnequalLengths { .. }) {
            return problem;
        }
        let header = source.text().lines().next().unwrap_or_default().trim();
        problem
            .with_help(format!("the header is {header}"))
            .with_help(
                "a cell that was not published is empty; one with a comma needs double quotes",
            )
    };
    if let Some(line) = line_of_open_quote(source.text()) {
        let problem = source.error_at(line, 1, "a double quote of this row is not closed");
        return Err(
            problem.with_help("a cell begins and ends with one; inside it is written twice")
        );
    }
    let header: Vec<String> = reader
        .headers()
        .map_err(|error| failed(&error))?
        .iter()
        .map(str::to_owned)
        .collect();
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| failed(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        records.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(PublishedCsv { header, records })
}

/// The line of the quote without which the others come in pairs: the reader would take the rest of the file for one cell.
fn line_of_open_quote(text: &str) -> Option<u64> {
    let quotes = text.matches('"').count();
    let open = text.rfind('"').filter(|_| quotes % 2 == 1)?;
    Some(text[..open].matches('\n').count() as u64 + 1)
}

/// The column, counted from one, at which a cell of a line begins.
pub(crate) fn column_of_cell(line: &str, cell: usize) -> u64 {
    let start = csv_cells(line).nth(cell).map_or(0, |span| span.start);
    line[..start].chars().count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_behind_quoted_commas() {
        assert_eq!(column_of_cell("64,1.5", 0), 1);
        assert_eq!(column_of_cell("64,1.5", 1), 4);
        assert_eq!(column_of_cell("\"a, b\",x,y", 2), 10);
    }
}
