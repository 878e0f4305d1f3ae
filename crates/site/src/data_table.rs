//! A result table as HTML.

use crate::escape::Escaped;
use crate::html::{Column, push, table};
use crate::number::{is_number, number_cell};

/// Most rows of a page; the file beside it has all.
const MOST_ROWS: usize = 5000;

/// Columns and rows of a result table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataTable {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl DataTable {
    /// Reads comma-separated values, the first line of which has the names.
    ///
    /// # Errors
    ///
    /// The bytes are no such table.
    pub(crate) fn read(csv: &[u8]) -> Result<Self, csv::Error> {
        let mut reader = csv::Reader::from_reader(csv);
        let columns = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .map(|record| Ok(record?.iter().map(str::to_owned).collect()))
            .collect::<Result<_, csv::Error>>()?;
        Ok(Self { columns, rows })
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many columns there are.
    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The table with a caption. Columns of numbers are aligned to the right.
    pub(crate) fn html(&self, caption: &str) -> String {
        let kinds: Vec<Column> = (0..self.columns.len())
            .map(|column| self.kind(column))
            .collect();
        let names = self.columns.iter().map(String::as_str);
        let rows = self.rows.iter().take(MOST_ROWS).map(|row| {
            let cells = row.iter().zip(&kinds).map(|(cell, kind)| match kind {
                Column::Numbers => number_cell(cell),
                Column::Words => format!("<td>{}</td>", Escaped(cell)),
            });
            cells.collect()
        });
        let mut html = table(caption, names.zip(kinds.iter().copied()), rows);
        let all = self.rows.len();
        if all > MOST_ROWS {
            push!(&mut html, "<p>The first {MOST_ROWS} of {all} rows.</p>\n");
        }
        html
    }

    /// Numbers where every cell of the column is a number or empty, and some is a number.
    fn kind(&self, column: usize) -> Column {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let mut cells = cells.filter(|cell| !cell.is_empty()).peekable();
        if cells.peek().is_some() && cells.all(|cell| is_number(cell)) {
            Column::Numbers
        } else {
            Column::Words
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right_and_words_are_escaped() {
        let table =
            DataTable::read(b"name,us,mixed,none\n<b>,7.644048880000001,1,\n\"a,\"\"b\",2,x,\n")
                .unwrap();
        assert_eq!((table.rows(), table.columns()), (2, 4));
        assert_eq!(
            table.html("Times & <more>"),
            "<div class=\"table\" role=\"region\" aria-label=\"Times &amp; &lt;more&gt;\" tabindex=\"0\"><table>\
             <caption>Times &amp; &lt;more&gt;</caption>\n\
             <thead><tr><th scope=\"col\">name</th><th scope=\"col\" class=\"n\">us</th><th scope=\"col\">mixed</th>\
             <th scope=\"col\">none</th></tr></thead>\n<tbody>\n\
             <tr><td>&lt;b&gt;</td><td class=\"n\" title=\"7.644048880000001\">7.64405</td><td>1</td><td></td></tr>\n\
             <tr><td>a,&quot;b</td><td class=\"n\">2</td><td>x</td><td></td></tr>\n\
             </tbody></table></div>\n"
        );
    }

    #[test]
    fn long_tables_end_and_say_so() {
        let rows: Vec<String> = (0..MOST_ROWS + 3).map(|row| row.to_string()).collect();
        let table = DataTable::read(
            format!(
                "row
{}
",
                rows.join(
                    "
"
                )
            )
            .as_bytes(),
        )
        .unwrap();
        let html = table.html("Rows");
        assert_eq!(html.matches("<td").count(), MOST_ROWS);
        assert!(
            html.ends_with("<p>The first 5000 of 5003 rows.</p>\n"),
            "{html}"
        );
    }

    #[test]
    fn ragged_rows_are_refused() {
        let problem = DataTable::read(b"a,b\n1\n").unwrap_err().to_string();
        assert!(problem.contains("found record with 1 fields"), "{problem}");
    }
}
