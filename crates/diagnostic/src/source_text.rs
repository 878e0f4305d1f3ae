//! The text of an input file, kept so that an error can show the line it speaks of.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::words::find_words;

/// One input file: its path as shown to the user, and its text.
#[derive(Debug, Clone)]
pub struct SourceText {
    path: PathBuf,
    text: String,
}

impl SourceText {
    /// Keeps `text` under the name `path`.
    #[must_use]
    pub fn new(path: PathBuf, text: String) -> Self {
        Self { path, text }
    }

    /// The path, as it is shown in messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// An error at a one-based line and column (counted in characters); line 0 stands for the whole file.
    #[must_use]
    pub fn error_at(&self, line: u64, column: u64, message: impl Into<String>) -> Diagnostic {
        let span = self.span_at(line, column);
        Diagnostic::new(self.path.clone(), message).with_excerpt(&self.text, span)
    }

    /// An error at bytes of the text, up to the end of the line that they begin in.
    #[must_use]
    pub fn error_in(&self, bytes: Range<usize>, message: impl Into<String>) -> Diagnostic {
        let start = self.text.floor_char_boundary(bytes.start);
        let end_of_line = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |at| start + at);
        let end = self
            .text
            .ceil_char_boundary(bytes.end)
            .clamp(start, end_of_line);
        Diagnostic::new(self.path.clone(), message).with_excerpt(&self.text, Some(start..end))
    }

    /// An error at the place of a value that was read with its location.
    #[must_use]
    pub fn error_for<T>(
        &self,
        value: &serde_yaml::Spanned<T>,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.error_at(value.referenced.line(), value.referenced.column(), message)
    }

    /// An error at the first whole-word `word` from the place of `value` on, or at `value` where the word is
    /// not found: a folded YAML block loses its own line breaks, the file does not.
    #[must_use]
    pub fn error_at_word<T>(
        &self,
        value: &serde_yaml::Spanned<T>,
        word: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.error_at_occurrence(value, word, 0, message)
    }

    /// The same for a later mention of the word, behind `skipped` others.
    #[must_use]
    pub fn error_at_occurrence<T>(
        &self,
        value: &serde_yaml::Spanned<T>,
        word: &str,
        skipped: usize,
        message: impl Into<String>,
    ) -> Diagnostic {
        let (line, column) = (value.referenced.line(), value.referenced.column());
        let start = self.span_at(line, column).map(|span| span.start);
        match start.and_then(|from| find_words(&self.text, from, word).nth(skipped)) {
            Some(span) => {
                Diagnostic::new(self.path.clone(), message).with_excerpt(&self.text, Some(span))
            }
            None => self.error_for(value, message),
        }
    }

    /// The bytes of the word that begins at a line and column.
    fn span_at(&self, line: u64, column: u64) -> Option<Range<usize>> {
        let before = usize::try_from(line).ok()?.checked_sub(1)?;
        let mut lines = self.text.split_inclusive('\n');
        let line_start: usize = lines.by_ref().take(before).map(str::len).sum();
        let line_text = lines.next()?.trim_end_matches('\n');
        let skipped = usize::try_from(column.saturating_sub(1)).ok()?;
        let start = line_text
            .char_indices()
            .nth(skipped)
            .map_or(line_text.len(), |(at, _)| at);
        let word = line_text[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '}' | ']'))
            .unwrap_or(line_text.len() - start);
        Some(line_start + start..line_start + start + word.max(1).min(line_text.len() - start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_not_bytes() {
        let source = SourceText::new(PathBuf::from("x.yaml"), "é: wrong\n".to_owned());
        let rendered = source.error_at(1, 4, "bad").to_string();
        assert!(rendered.contains("x.yaml:1:4"), "{rendered}");
    }

    #[test]
    fn a_place_past_the_end_falls_back_to_the_file() {
        let source = SourceText::new(PathBuf::from("x.yaml"), "a\n".to_owned());
        let rendered = source.error_at(9, 1, "bad").to_string();
        assert!(
            rendered.contains("x.yaml") && rendered.contains("bad"),
            "{rendered}"
        );
    }
}
