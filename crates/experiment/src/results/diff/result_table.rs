//! A result table as it was written to a file.

use std::collections::BTreeSet;
use std::path::Path;

use csv::StringRecord;
use diagnostic::{Diagnostic, SourceText};

use crate::project::{ExperimentError, read_result_text};
use crate::table::csv_problem;

/// Cells as text, all rows of one length.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResultTable {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<StringRecord>,
}

impl ResultTable {
    /// Reads a file of `results/`.
    ///
    /// # Errors
    ///
    /// It cannot be read, is no table, or is only the beginning of one; with file and line.
    pub(crate) fn read(path: &Path) -> Result<Self, ExperimentError> {
        Ok(Self::parse(&read_result_text(path)?)?)
    }

    fn parse(source: &SourceText) -> Result<Self, Diagnostic> {
        let text = source.text();
        if text.trim().is_empty() {
            return Err(source.error_at(
                0,
                1,
                "the table is empty, without a line of column names",
            ));
        }
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let columns: Vec<String> = reader
            .headers()
            .map_err(|error| csv_problem(source, &error))?
            .iter()
            .map(str::to_owned)
            .collect();
        let mut seen = BTreeSet::new();
        if let Some(column) = columns.iter().find(|column| !seen.insert(column.as_str())) {
            return Err(source.error_at(1, 1, format!("column `{column}` stands twice")));
        }
        let rows = reader
            .records()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| csv_problem(source, &error))?;
        if !text.ends_with('\n') {
            let last = u64::try_from(text.lines().count()).unwrap_or(0);
            let problem = source.error_at(last, 1, "the file ends within its last line");
            return Err(problem
                .with_help("it was not copied or written whole: every line ends in a line break"));
        }
        Ok(Self { columns, rows })
    }

    /// The place of a column.
    pub(crate) fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }

    /// A cell; rows have as many cells as there are columns.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        self.rows
            .get(row)
            .and_then(|row| row.get(column))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn parse(text: &str) -> Result<ResultTable, Diagnostic> {
        ResultTable::parse(&SourceText::new(PathBuf::from("t.csv"), text.to_owned()))
    }

    #[test]
    fn cells_keep_their_text() {
        let table = parse("a,b\n1,\"x, y\"\n,-0.5\n").unwrap();
        assert_eq!(table.columns, ["a", "b"]);
        assert_eq!((table.cell(0, 1), table.cell(1, 0)), ("x, y", ""));
        assert_eq!(table.position("b"), Some(1));
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        for (text, line, message) in [
            (
                "",
                None,
                "the table is empty, without a line of column names",
            ),
            ("a,a\n1,2\n", Some(1), "column `a` stands twice"),
            (
                "a,b\n1,2\n3\n",
                Some(3),
                "the row has 1 values, and the header has 2",
            ),
            (
                "a,b\n1,2\n3,4",
                Some(3),
                "the file ends within its last line",
            ),
            (
                "a,b\n1,2\n3,\"4",
                Some(3),
                "the file ends within its last line",
            ),
        ] {
            let problem = parse(text).unwrap_err();
            assert_eq!(
                (problem.line(), problem.message()),
                (line, message),
                "{text}"
            );
        }
    }
}
