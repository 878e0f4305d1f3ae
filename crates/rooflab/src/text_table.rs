//! Columns aligned with spaces.

use std::fmt;

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::screen::{Screen, Tone};

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

impl TextTable {
    /// The table as a screen has room for it: where it is too wide, the text of its widest columns goes on in the next
    /// line.
    pub(crate) fn on(&self, screen: Screen) -> OnScreen<'_> {
        OnScreen {
            table: self,
            screen,
        }
    }

    fn fitted(&self, screen: Screen) -> String {
        let mut widths: Vec<usize> = self
            .table
            .column_max_content_widths()
            .into_iter()
            .map(usize::from)
            .collect();
        let mut table = self.table.clone();
        if let Some(columns) = screen.columns()
            && shrink(&mut widths, &self.longest_words(), columns)
        {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            for (column, width) in table.column_iter_mut().zip(&widths) {
                let width = u16::try_from(width + GAP).unwrap_or(u16::MAX);
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
            }
        }
        let mut text = String::new();
        let mut is_head = true;
        for line in table.lines() {
            // The head is as many lines as its longest cell needs, and rows hold no heads.
            is_head = is_head && self.is_part_of_head(&line);
            text.push_str(&painted(line.trim_end(), &widths, screen, is_head));
            text.push('\n');
        }
        text
    }

    /// The length of the longest word of each column.
    fn longest_words(&self) -> Vec<usize> {
        let longest = |text: &str| text.split_whitespace().map(UnicodeWidthStr::width).max();
        let rows = self.table.header().into_iter().chain(self.table.row_iter());
        let mut all = vec![0; self.alignments.len()];
        for row in rows {
            for (word, cell) in all.iter_mut().zip(row.cell_iter()) {
                *word = (*word).max(longest(&cell.content()).unwrap_or(0));
            }
        }
        all
    }

    fn is_part_of_head(&self, line: &str) -> bool {
        let heads: Vec<String> = self
            .table
            .header()
            .into_iter()
            .flat_map(|row| row.cell_iter().map(comfy_table::Cell::content))
            .collect();
        line.split_whitespace()
            .all(|word| heads.iter().any(|head| head.contains(word)))
    }
}

/// Columns between the cells of a row.
const GAP: usize = 2;

/// The least width that a column is given: narrower ones are no longer read.
const NARROWEST: usize = 6;

/// Takes from the widest columns until the table fits, and breaks words only where that does not suffice; whether any
/// column gave way.
fn shrink(widths: &mut [usize], longest_words: &[usize], columns: usize) -> bool {
    let mut has_shrunk = false;
    for least in [longest_words, &vec![NARROWEST; widths.len()]] {
        // The gap behind the last column is never printed.
        while widths.iter().map(|width| width + GAP).sum::<usize>() > columns + GAP {
            let can_give = widths.iter_mut().zip(least);
            let widest = can_give
                .filter(|(width, least)| **width > **least)
                .map(|(width, _)| width)
                .max();
            let Some(widest) = widest else { break };
            *widest -= 1;
            has_shrunk = true;
        }
    }
    has_shrunk
}

/// A line whose cells have the colours of their words.
fn painted(line: &str, widths: &[usize], screen: Screen, is_head: bool) -> String {
    if !screen.is_colored() {
        return line.to_owned();
    }
    if is_head {
        return screen.paint(Tone::Head, line);
    }
    let mut text = String::new();
    let mut rest = line;
    for width in widths {
        let (cell, behind) = rest.split_at(width_in_bytes(rest, width + GAP));
        let word = cell.trim();
        match Tone::of_cell(word) {
            Some(tone) => text.push_str(&cell.replacen(word, &screen.paint(tone, word), 1)),
            None => text.push_str(cell),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// How many bytes take so many columns of a screen.
fn width_in_bytes(text: &str, columns: usize) -> usize {
    let mut taken = 0;
    text.char_indices()
        .find(|(_, character)| {
            taken += character.width().unwrap_or(0);
            taken > columns
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Displays as the table on a screen.
#[derive(Debug)]
pub(crate) struct OnScreen<'t> {
    table: &'t TextTable,
    screen: Screen,
}

impl fmt::Display for OnScreen<'_> {
    /// The lines of the table, each with its line break and without blanks at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table.fitted(self.screen))
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
    fn the_widest_column_goes_on_in_the_next_line() {
        let table = verdicts().on(Screen::new(Some(60), false)).to_string();
        assert_eq!(
            table,
            "ID  VERDICT              LOCKED ON  TITLE\n\
             H1  PARTIALLY CONFIRMED          -  Decode attention charges\n\
             \x20                                   every request the\n\
             \x20                                   longest KV length\n\
             H2  REFUTED                      -  REFUTED is a word of\n\
             \x20                                   this title\n"
        );
    }

    #[test]
    fn no_screen_is_too_narrow() {
        for columns in 1..70 {
            let table = verdicts().on(Screen::new(Some(columns), true)).to_string();
            let plain = anstream::adapter::strip_str(&table).to_string();
            let widest = plain.lines().map(str::len).max();
            // Narrower, the three columns with more than that do not become.
            let least = "ID".len() + 3 * NARROWEST + 3 * GAP;
            assert!(widest.unwrap() <= columns.max(least), "{columns}: {plain}");
            // Broken or not, every letter is there.
            let letters = |text: &str| text.chars().filter(|c| c.is_uppercase()).count();
            let whole = verdicts().on(Screen::default()).to_string();
            assert_eq!(letters(&plain), letters(&whole), "{columns}: {plain}");
        }
    }

    #[test]
    fn words_are_broken_only_where_nothing_else_helps() {
        let table = verdicts().on(Screen::new(Some(48), false)).to_string();
        assert!(table.contains("PARTIALLY  "), "{table}");
        assert!(table.contains("CONFIRMED  "), "{table}");
        assert!(table.contains("LOCKED ON"), "{table}");
    }

    #[test]
    fn a_state_has_a_colour_where_it_is_the_whole_cell() {
        let table = verdicts().on(Screen::new(None, true)).to_string();
        let red = "\u{1b}[1m\u{1b}[31mREFUTED\u{1b}[0m";
        assert_eq!(table.matches(red).count(), 1, "{table}");
        let plain = verdicts().on(Screen::default()).to_string();
        assert_eq!(anstream::adapter::strip_str(&table).to_string(), plain);
        assert!(table.starts_with("\u{1b}[1mID  VERDICT"), "{table}");
    }
}
