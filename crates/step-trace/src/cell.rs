//! The values of one column as a file has them.

use std::collections::BTreeMap;

/// Characters of a word up to which messages show it.
const LONGEST_SHOWN: usize = 60;

/// Longest word that is kept, in bytes: names of experiments, models and loads are far shorter.
const LIMIT_WORD_BYTES: usize = 1000;

/// Most different words of one column.
const LIMIT_WORDS: usize = 100_000;

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

/// What the values of a column are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    /// Numbers; text among them is kept as far as messages show it.
    Numbers,
    /// Words, whatever they look like.
    Words,
}

/// Why a column of words is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WordProblem {
    #[error("a word of {0} bytes, over the limit of {LIMIT_WORD_BYTES}")]
    TooLong(usize),
    #[error("more than {LIMIT_WORDS} different words")]
    TooMany,
    #[error("bytes that are not UTF-8")]
    NotText,
}

/// One column; its words are kept once.
#[derive(Debug)]
pub(crate) struct RawColumn {
    reading: Reading,
    cells: Vec<Cell>,
    words: Vec<String>,
    code_of: BTreeMap<String, u32>,
}

impl RawColumn {
    pub(crate) fn new(reading: Reading) -> Self {
        Self {
            reading,
            cells: Vec::new(),
            words: Vec::new(),
            code_of: BTreeMap::new(),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.cells.len()
    }

    /// The value of a row; nothing behind the last.
    pub(crate) fn cell(&self, row: usize) -> Cell {
        self.cells.get(row).copied().unwrap_or(Cell::Null)
    }

    pub(crate) fn push_null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(crate) fn push_whole(&mut self, value: i64) -> Result<(), WordProblem> {
        if self.reading == Reading::Words {
            return self.push_word(&value.to_string());
        }
        self.cells.push(Cell::Whole(value));
        Ok(())
    }

    pub(crate) fn push_number(&mut self, value: f64) -> Result<(), WordProblem> {
        if self.reading == Reading::Words {
            return self.push_word(&value.to_string());
        }
        self.cells.push(Cell::Number(value));
        Ok(())
    }

    pub(crate) fn push_word(&mut self, word: &str) -> Result<(), WordProblem> {
        let code = match self.reading {
            Reading::Words => self.code(word)?,
            Reading::Numbers => {
                // One word among numbers is an error, whichever it is: the first stands for all.
                if self.words.is_empty() {
                    self.words.push(word.chars().take(LONGEST_SHOWN).collect());
                }
                0
            }
        };
        self.cells.push(Cell::Word(code));
        Ok(())
    }

    /// The number where the text is one, else a word.
    pub(crate) fn push_text(&mut self, text: &str) -> Result<(), WordProblem> {
        if text.is_empty() {
            self.push_null();
            return Ok(());
        }
        if self.reading == Reading::Words {
            return self.push_word(text);
        }
        // What Rust reads as a number and no one writes on purpose, such as `inf`, is a word.
        let is_like_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        if let Ok(whole) = text.parse::<i64>() {
            self.push_whole(whole)
        } else if let Some(number) = text.parse().ok().filter(|_| is_like_number) {
            self.push_number(number)
        } else {
            self.push_word(text)
        }
    }

    /// The number of a word, which is kept.
    fn code(&mut self, word: &str) -> Result<u32, WordProblem> {
        if let Some(code) = self.code_of.get(word) {
            return Ok(*code);
        }
        if word.len() > LIMIT_WORD_BYTES {
            return Err(WordProblem::TooLong(word.len()));
        }
        if self.words.len() >= LIMIT_WORDS {
            return Err(WordProblem::TooMany);
        }
        let code = u32::try_from(self.words.len()).map_err(|_| WordProblem::TooMany)?;
        self.words.push(word.to_owned());
        self.code_of.insert(word.to_owned(), code);
        Ok(code)
    }

    pub(crate) fn word(&self, code: u32) -> &str {
        self.words.get(code as usize).map_or("", String::as_str)
    }
}

impl Cell {
    /// The value as messages show it; `column` knows the words.
    pub(crate) fn show(self, column: Option<&RawColumn>) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Whole(value) => format!("`{value}`"),
            Self::Number(value) => format!("`{value:?}`"),
            Self::Word(code) => {
                let word = column.map_or("", |column| column.word(code));
                let word: String = word.chars().take(LONGEST_SHOWN).collect();
                format!("the text `{}`", word.escape_debug())
            }
        }
    }
}

/// The columns of a file that a mapping asks for.
#[derive(Debug, Default)]
pub(crate) struct RawTable {
    pub(crate) rows: usize,
    /// By name; two of a name are read as different things.
    pub(crate) columns: Vec<(String, RawColumn)>,
}

impl RawTable {
    pub(crate) fn column(&self, name: &str, reading: Reading) -> Option<&RawColumn> {
        let mut columns = self.columns.iter();
        let found = columns.find(|(known, column)| column.reading == reading && known == name);
        found.map(|(_, column)| column)
    }
}
