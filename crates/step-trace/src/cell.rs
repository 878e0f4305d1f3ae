//! The values of one column as a file has them.

use std::collections::BTreeMap;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Null,
    Whole(i64),
    Number(f64),
    /// A word, by its number in the column.
    Word(u32),
}

/// One column; its words are kept once.
#[derive(Debug, Default)]
pub(crate) struct RawColumn {
    pub(crate) cells: Vec<Cell>,
    words: Vec<String>,
    code_of: BTreeMap<String, u32>,
}

impl RawColumn {
    pub(crate) fn push(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    pub(crate) fn push_word(&mut self, word: &str) {
        let code = match self.code_of.get(word) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
                self.words.push(word.to_owned());
                self.code_of.insert(word.to_owned(), code);
                code
            }
        };
        self.cells.push(Cell::Word(code));
    }

    pub(crate) fn word(&self, code: u32) -> &str {
        self.words.get(code as usize).map_or("", String::as_str)
    }

    /// A value as messages show it.
    pub(crate) fn show(&self, cell: Cell) -> String {
        const LONGEST: usize = 60;
        match cell {
            Cell::Null => "nothing".to_owned(),
            Cell::Whole(value) => format!("`{value}`"),
            Cell::Number(value) => format!("`{value:?}`"),
            Cell::Word(code) => {
                let word: String = self.word(code).chars().take(LONGEST).collect();
                format!("the text `{}`", word.escape_debug())
            }
        }
    }
}

/// The columns of a file that a mapping asks for.
#[derive(Debug, Default)]
pub(crate) struct RawTable {
    pub(crate) rows: usize,
    pub(crate) columns: BTreeMap<String, RawColumn>,
}
