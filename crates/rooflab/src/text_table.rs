//! Columns aligned with spaces.

use diagnostic::steers;
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

/// A column of a row: its head, its side and its cell.
pub(crate) type TextColumn<R> = (&'static str, Align, fn(&R) -> String);

impl TextTable {
    /// A table with these columns and no rows.
    pub(crate) fn new<'h>(columns: impl IntoIterator<Item = (&'h str, Align)>) -> Self {
        let columns = columns
            .into_iter()
            .map(|(head, align)| (head.to_owned(), align));
        let (heads, columns) = columns.unzip();
        let rows = Vec::new();
        Self {
            columns,
            heads,
            rows,
        }
    }

    /// The table of these rows.
    pub(crate) fn of<R>(rows: impl IntoIterator<Item = R>, columns: &[TextColumn<R>]) -> Self {
        let mut table = Self::new(columns.iter().map(|(head, align, _)| (*head, *align)));
        for row in rows {
            table.push(columns.iter().map(|(_, _, cell)| cell(&row)));
        }
        table
    }

    /// Adds a row. Control characters are shown by their codes: cells can hold words of files that anybody wrote.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().map(|text| without_controls(&text));
        let mut row: Vec<String> = cells.collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// The table as a screen has room for it: lines, each with its line break and without blanks at its end. Words are
    /// never broken: cells go on in the next line, or below their row.
    pub(crate) fn on(&self, screen: Screen) -> String {
        let all = || [&self.heads].into_iter().chain(&self.rows);
        let columns: Vec<ColumnCells<'_>> = (0..self.columns.len())
            .map(|at| ColumnCells {
                cells: all().map(|row| row[at].as_str()).collect(),
            })
            .collect();
        let layout = TableLayout::of(&columns, screen.columns());
        let mut lines = Lines {
            table: self,
            screen,
            text: String::new(),
        };
        let is_in_blocks = layout == TableLayout::Blocks;
        if !is_in_blocks {
            lines.row(&layout, &self.heads, Some(Tone::Head));
        }
        for (index, row) in self.rows.iter().enumerate() {
            if is_in_blocks && index > 0 {
                lines.text.push('\n');
            }
            lines.row(&layout, row, None);
        }
        lines.text
    }
}

/// The lines of a table on a screen.
struct Lines<'t> {
    table: &'t TextTable,
    screen: Screen,
    text: String,
}

impl Lines<'_> {
    /// Adds text behind blanks, in its tone. A cell that is a state has its colour.
    fn add(&mut self, blanks: usize, text: &str, cell: &str, tone: Option<Tone>) {
        self.text.push_str(&" ".repeat(blanks));
        let tone = tone.or_else(|| Tone::of_cell(cell));
        self.text.push_str(&self.screen.paint(tone, text));
    }

    /// Cells beside each other, behind blanks.
    fn beside(
        &mut self,
        indent: usize,
        (cells, aligns): (&[String], &[Align]),
        widths: &[usize],
        tone: Option<Tone>,
    ) {
        let cells = cells.iter().zip(aligns).zip(widths);
        let cells: Vec<_> = cells
            .map(|cell| (lines_of(cell.0.0, *cell.1), cell))
            .collect();
        let height = cells.iter().map(|(lines, _)| lines.len()).max();
        for at in 0..height.unwrap_or(0) {
            // Blanks are written once something follows them, so that no line ends with any.
            let mut blanks = indent;
            for (lines, ((cell, align), width)) in &cells {
                let text = lines.get(at).map_or("", String::as_str);
                let rest = width.saturating_sub(text.width());
                let (before, behind) = match align {
                    Align::Left => (0, rest),
                    Align::Right => (rest, 0),
                };
                blanks += before;
                if !text.is_empty() {
                    self.add(blanks, text, cell, tone);
                    blanks = 0;
                }
                blanks += behind + GAP;
            }
            self.text.push('\n');
        }
    }

    /// How many columns are left behind blanks.
    fn room(&self, blanks: usize) -> usize {
        let columns = self.screen.columns().unwrap_or(usize::MAX);
        columns.saturating_sub(blanks)
    }

    /// A cell on lines of its own, behind blanks.
    fn alone(&mut self, indent: usize, cell: &str, tone: Option<Tone>) {
        for line in lines_of(cell, self.room(indent)) {
            if !line.is_empty() {
                self.add(indent, &line, cell, tone);
                self.text.push('\n');
            }
        }
    }

    fn row(&mut self, layout: &TableLayout, cells: &[String], tone: Option<Tone>) {
        let aligns = self.table.columns.as_slice();
        match layout {
            TableLayout::Columns(widths) => self.beside(0, (cells, aligns), widths, tone),
            TableLayout::FirstAbove(widths) => {
                self.alone(0, &cells[0], tone);
                self.beside(GAP, (&cells[1..], &aligns[1..]), widths, tone);
            }
            TableLayout::LastBelow(widths) => {
                self.beside(0, (cells, aligns), widths, tone);
                let indent = widths.first().map_or(GAP, |first| first + GAP);
                self.alone(indent, &cells[cells.len() - 1], tone);
            }
            TableLayout::Blocks => self.block(cells),
        }
    }

    /// A row as lines, each of them the head of a column and its cell.
    fn block(&mut self, cells: &[String]) {
        let heads = &self.table.heads;
        let label = heads.iter().map(|head| head.width()).max().unwrap_or(0) + GAP;
        for (head, cell) in heads.iter().zip(cells) {
            let mut head = head.as_str();
            for line in lines_of(cell.trim(), self.room(label)) {
                if !line.is_empty() {
                    self.add(0, head, head, Some(Tone::Head));
                    self.add(label - head.width(), &line, cell, None);
                    self.text.push('\n');
                    head = "";
                }
            }
        }
    }
}

/// Text with its control characters and direction marks as their codes, so that it cannot steer a terminal.
pub(crate) fn without_controls(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
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
            table.on(Screen::default()),
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
        let table = verdicts().on(Screen::new(Some(60), false));
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
        let plain = verdicts().on(Screen::default());
        let words: Vec<&str> = plain.split_whitespace().collect();
        for columns in 1..100 {
            let table = verdicts().on(Screen::new(Some(columns), true));
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
        let table = verdicts().on(Screen::new(Some(42), false));
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
        let table = verdicts().on(Screen::new(Some(20), false));
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
        let table = verdicts().on(Screen::new(None, true));
        let red = "\u{1b}[1m\u{1b}[31mREFUTED\u{1b}[0m";
        assert_eq!(table.matches(red).count(), 1, "{table}");
        let plain = verdicts().on(Screen::default());
        assert_eq!(anstream::adapter::strip_str(&table).to_string(), plain);
        assert!(
            table.starts_with("\u{1b}[1mID\u{1b}[0m  \u{1b}[1mVERDICT"),
            "{table}"
        );
    }
}
