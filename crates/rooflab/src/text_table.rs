//! Columns aligned with spaces.

use std::fmt;

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

/// A table of plain text.
#[derive(Debug)]
pub(crate) struct TextTable {
    alignments: Vec<CellAlignment>,
    table: Table,
}

/// On which side a column is flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

impl TextTable {
    /// A table with these columns and no rows.
    pub(crate) fn new<'h>(columns: impl IntoIterator<Item = (&'h str, Align)>) -> Self {
        let mut table = Table::new();
        table
            .load_style(NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled);
        let mut alignments = Vec::new();
        let mut heads = Vec::new();
        for (head, align) in columns {
            let alignment = match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            };
            alignments.push(alignment);
            heads.push(Cell::new(head).set_alignment(alignment));
        }
        table.set_header(heads);
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        Self { alignments, table }
    }

    /// Adds a row. Control characters are shown by their codes: cells can hold words of files that anybody wrote.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells
            .into_iter()
            .zip(&self.alignments)
            .map(|(text, alignment)| Cell::new(without_controls(&text)).set_alignment(*alignment));
        self.table.add_row(cells);
    }
}

impl fmt::Display for TextTable {
    /// The lines of the table, each with its line break and without blanks at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.table.lines() {
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Text with its control characters as their codes, so that it cannot steer a terminal.
pub(crate) fn without_controls(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_end_with_text() {
        let mut table = TextTable::new([("NAME", Align::Left), ("COUNT", Align::Right)]);
        table.push(["a".to_owned(), "1".to_owned()]);
        table.push(["longer name".to_owned(), "1234567".to_owned()]);
        table.push(["é\u{1b}[31m\n".to_owned(), String::new()]);
        assert_eq!(
            table.to_string(),
            "NAME             COUNT\n\
             a                    1\n\
             longer name    1234567\n\
             é\\u{1b}[31m\\n\n"
        );
    }
}
