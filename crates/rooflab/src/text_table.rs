//! Columns aligned with spaces.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::screen::{Screen, Tone};
use crate::table_layout::{ColumnCells, GAP, TableLayout, lines_of};

/// A table of plain text.
#[derive(Debug)]
pub(crate) struct TextTable {
    columns: Vec<Align>,
    /// As many cells as columns in each.
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
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
        let (heads, columns) = columns
            .into_iter()
            .map(|(head, align)| (head.to_owned(), align))
            .unzip();
        Self {
            columns,
            heads,
            rows: Vec::new(),
        }
    }

    /// Adds a row. Control characters are shown by their codes: cells can hold words of files that anybody wrote.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut row: Vec<String> = cells
            .into_iter()
            .map(|text| without_controls(&text))
            .collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// The table as a screen has room for it. Words are never broken: cells go on in the next line, or below their row.
    pub(crate) fn on(&self, screen: Screen) -> OnScreen<'_> {
        OnScreen {
            table: self,
            screen,
        }
    }

    fn layout(&self, screen: Screen) -> TableLayout {
        let columns: Vec<ColumnCells<'_>> = (0..self.columns.len())
            .map(|at| ColumnCells {
                cells: [&self.heads]
                    .into_iter()
                    .chain(&self.rows)
                    .map(|row| row[at].as_str())
                    .collect(),
            })
            .collect();
        TableLayout::of(&columns, screen.columns())
    }
}

/// Displays as the table on a screen.
#[derive(Debug)]
pub(crate) struct OnScreen<'t> {
    table: &'t TextTable,
    screen: Screen,
}

/// Whether a row is the head of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Row,
}

impl OnScreen<'_> {
    /// Text that begins at a column of the screen, behind blanks. A cell that is a state has its colour.
    fn painted(&self, text: &str, cell: &str, part: Part) -> String {
        let tone = match part {
            Part::Head => Some(Tone::Head),
            Part::Row => Tone::of_cell(cell),
        };
        tone.map_or_else(|| text.to_owned(), |tone| self.screen.paint(tone, text))
    }

    /// Cells beside each other, behind blanks.
    fn beside(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: usize,
        (cells, aligns): (&[String], &[Align]),
        widths: &[usize],
        part: Part,
    ) -> fmt::Result {
        let lines: Vec<Vec<String>> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| lines_of(cell, *width))
            .collect();
        let height = lines.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            // Blanks are written once something follows them, so that no line ends with any.
            let mut blanks = indent;
            for (((lines, cell), align), width) in lines.iter().zip(cells).zip(aligns).zip(widths) {
                let text = lines.get(at).map_or("", String::as_str);
                let rest = width.saturating_sub(text.width());
                let (before, behind) = match align {
                    Align::Left => (0, rest),
                    Align::Right => (rest, 0),
                };
                blanks += before;
                if !text.is_empty() {
                    write!(f, "{:blanks$}{}", "", self.painted(text, cell, part))?;
                    blanks = 0;
                }
                blanks += behind + GAP;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    /// A cell on lines of its own, behind blanks.
    fn alone(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: usize,
        cell: &str,
        part: Part,
    ) -> fmt::Result {
        let columns = self.screen.columns().unwrap_or(usize::MAX);
        for line in lines_of(cell, columns.saturating_sub(indent)) {
            if !line.is_empty() {
                writeln!(f, "{:indent$}{}", "", self.painted(&line, cell, part))?;
            }
        }
        Ok(())
    }

    fn row(
        &self,
        f: &mut fmt::Formatter<'_>,
        layout: &TableLayout,
        cells: &[String],
        part: Part,
    ) -> fmt::Result {
        let aligns = self.table.columns.as_slice();
        match layout {
            TableLayout::Columns(widths) => self.beside(f, 0, (cells, aligns), widths, part),
            TableLayout::FirstAbove(widths) => {
                if let Some(first) = cells.first() {
                    self.alone(f, 0, first, part)?;
                }
                self.beside(f, GAP, (&cells[1..], &aligns[1..]), widths, part)
            }
            TableLayout::LastBelow(widths) => {
                self.beside(f, 0, (cells, aligns), widths, part)?;
                let indent = widths.first().map_or(GAP, |first| first + GAP);
                cells
                    .last()
                    .map_or(Ok(()), |last| self.alone(f, indent, last, part))
            }
            TableLayout::Blocks => self.block(f, cells),
        }
    }

    /// A row as lines, each of them the head of a column and its cell.
    fn block(&self, f: &mut fmt::Formatter<'_>, cells: &[String]) -> fmt::Result {
        let heads = &self.table.heads;
        let label = heads.iter().map(|head| head.width()).max().unwrap_or(0) + GAP;
        let columns = self.screen.columns().unwrap_or(usize::MAX);
        for (head, cell) in heads.iter().zip(cells) {
            for (index, line) in lines_of(cell.trim(), columns.saturating_sub(label))
                .iter()
                .filter(|line| !line.is_empty())
                .enumerate()
            {
                let head = if index == 0 { head } else { "" };
                let blanks = label - head.width();
                let head = self.painted(head, head, Part::Head);
                let text = self.painted(line, cell, Part::Row);
                writeln!(f, "{head}{:blanks$}{text}", "")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for OnScreen<'_> {
    /// The lines of the table, each with its line break and without blanks at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = self.table.layout(self.screen);
        let is_in_blocks = layout == TableLayout::Blocks;
        if !is_in_blocks {
            self.row(f, &layout, &self.table.heads, Part::Head)?;
        }
        for (index, row) in self.table.rows.iter().enumerate() {
            if is_in_blocks && index > 0 {
                writeln!(f)?;
            }
            self.row(f, &layout, row, Part::Row)?;
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
            table.on(Screen::default()).to_string(),
            "NAME             COUNT\n\
             a                    1\n\
             longer name    1234567\n\
             é\\u{1b}[31m\\n\n"
        );
    }

    fn verdicts() -> TextTable {
        let mut table = TextTable::new([
            ("ID", Align::Left),
            ("VERDICT", Align::Left),
            ("LOCKED ON", Align::Right),
            ("TITLE", Align::Left),
        ]);
        table.push(
            [
                "H1",
                "PARTIALLY CONFIRMED",
                "-",
                "Decode attention charges every request the longest KV length",
            ]
            .map(str::to_owned),
        );
        table.push(["H2", "REFUTED", "-", "REFUTED is a word of this title"].map(str::to_owned));
        table
    }

    #[test]
    fn cells_go_on_in_the_next_line_where_that_takes_fewest() {
        let table = verdicts().on(Screen::new(Some(60), false)).to_string();
        assert_eq!(
            table,
            "ID  VERDICT    LOCKED ON  TITLE\n\
             H1  PARTIALLY          -  Decode attention charges every\n\
             \x20   CONFIRMED             request the longest KV length\n\
             H2  REFUTED            -  REFUTED is a word of this title\n"
        );
    }

    #[test]
    fn words_are_whole_on_any_screen() {
        let plain = verdicts().on(Screen::default()).to_string();
        let words: Vec<&str> = plain.split_whitespace().collect();
        for columns in 1..100 {
            let table = verdicts().on(Screen::new(Some(columns), true)).to_string();
            let table = anstream::adapter::strip_str(&table).to_string();
            for word in &words {
                assert!(table.contains(word), "{columns}: {word} in {table}");
            }
            // Of blocks that is the longest head, its gap and the longest word.
            let widest = table.lines().map(str::len).max().unwrap();
            let least = "LOCKED ON".len() + GAP + "PARTIALLY".len();
            assert!(widest <= columns.max(least), "{columns}: {table}");
        }
    }

    #[test]
    fn a_title_that_would_be_squeezed_is_below_its_row() {
        let table = verdicts().on(Screen::new(Some(42), false)).to_string();
        assert_eq!(
            table,
            "ID  VERDICT              LOCKED ON\n\
             \x20   TITLE\n\
             H1  PARTIALLY CONFIRMED          -\n\
             \x20   Decode attention charges every request\n\
             \x20   the longest KV length\n\
             H2  REFUTED                      -\n\
             \x20   REFUTED is a word of this title\n"
        );
    }

    #[test]
    fn where_no_row_fits_its_cells_are_below_each_other() {
        let table = verdicts().on(Screen::new(Some(20), false)).to_string();
        assert!(
            table.starts_with(
                "ID         H1\n\
                 VERDICT    PARTIALLY\n\
                 \x20          CONFIRMED\n\
                 LOCKED ON  -\n\
                 TITLE      Decode\n"
            ),
            "{table}"
        );
        assert!(table.contains("\n\nID         H2\n"), "{table}");
    }

    #[test]
    fn a_state_has_a_colour_where_it_is_the_whole_cell() {
        let table = verdicts().on(Screen::new(None, true)).to_string();
        let red = "\u{1b}[1m\u{1b}[31mREFUTED\u{1b}[0m";
        assert_eq!(table.matches(red).count(), 1, "{table}");
        let plain = verdicts().on(Screen::default()).to_string();
        assert_eq!(anstream::adapter::strip_str(&table).to_string(), plain);
        assert!(
            table.starts_with("\u{1b}[1mID\u{1b}[0m  \u{1b}[1mVERDICT"),
            "{table}"
        );
    }
}
