//! A result table as HTML.

use std::fmt::Write;

use crate::escape::{Escaped, escaped};
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
        let mut html = table_start(caption);
        let numeric: Vec<bool> = (0..self.columns.len())
            .map(|column| self.is_numeric(column))
            .collect();
        html.push_str("<thead><tr>");
        for (name, is_numeric) in self.columns.iter().zip(&numeric) {
            let class = if *is_numeric { " class=\"n\"" } else { "" };
            push(
                &mut html,
                format_args!("<th scope=\"col\"{class}>{}</th>", Escaped(name)),
            );
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for row in self.rows.iter().take(MOST_ROWS) {
            html.push_str("<tr>");
            for (cell, is_numeric) in row.iter().zip(&numeric) {
                if *is_numeric {
                    html.push_str(&number_cell(cell));
                } else {
                    push(&mut html, format_args!("<td>{}</td>", Escaped(cell)));
                }
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table></div>\n");
        if self.rows.len() > MOST_ROWS {
            push(
                &mut html,
                format_args!(
                    "<p>The first {MOST_ROWS} of {} rows.</p>\n",
                    self.rows.len()
                ),
            );
        }
        html
    }

    /// Whether every cell of the column is a number or empty, and some is a number.
    fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self
            .rows
            .iter()
            .filter_map(|row| row.get(column))
            .filter(|cell| !cell.is_empty())
            .peekable();
        cells.peek().is_some() && cells.all(|cell| is_number(cell))
    }
}

/// The beginning of a table that scrolls on its own where it is wide, up to its caption.
pub(crate) fn table_start(caption: &str) -> String {
    started(caption, "<table>")
}

/// The same of a table whose order is a part of it: nothing sorts or filters it.
pub(crate) fn fixed_table_start(caption: &str) -> String {
    started(caption, "<table class=\"plain\">")
}

fn started(caption: &str, table: &str) -> String {
    let caption = escaped(caption);
    format!(
        "<div class=\"table\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">{table}<caption>{caption}</caption>\n"
    )
}

/// Adds formatted text.
pub(crate) fn push(html: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let written = html.write_fmt(text);
    debug_assert!(written.is_ok());
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
