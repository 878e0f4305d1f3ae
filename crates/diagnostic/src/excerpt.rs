use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Snippet};

/// Lines of more bytes are cut around the marked place.
const LONGEST_LINE_BYTES: usize = 1000;

/// Characters of a cut line before the marked place.
const CHARS_BEFORE: usize = 40;

/// Characters of a cut line from the beginning of the marked place on.
const CHARS_FROM: usize = 80;

/// What stands for the rest of a cut line.
const CUT: &str = "…";

/// The lines around the marked bytes: a whole file need not be kept for one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    first_line: usize,
    text: String,
    span: Range<usize>,
    /// The one-based column of the place, in characters, where the text is not the whole line.
    column_of_cut: Option<usize>,
}

impl Excerpt {
    /// The lines of `text` that hold the marked bytes.
    pub(crate) fn of_text(text: &str, span: Range<usize>) -> Self {
        let span = within(text, span);
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[span.end..]
            .find('\n')
            .map_or(text.len(), |at| span.end + at);
        let first_line = text[..start].matches('\n').count() + 1;
        Self::of_lines(
            first_line,
            &text[start..end],
            span.start - start..span.end - start,
        )
    }

    /// The lines in `text`, of which the first has the number `first_line`.
    pub(crate) fn of_lines(first_line: usize, text: &str, span: Range<usize>) -> Self {
        let text = text.trim_end_matches(['\r', '\n']);
        let span = within(text, span);
        if text.lines().all(|line| line.len() <= LONGEST_LINE_BYTES) {
            return Self {
                first_line,
                text: text.to_owned(),
                span,
                column_of_cut: None,
            };
        }
        Self::cut(first_line, text, span)
    }

    /// The surroundings of the place in the line that it begins in.
    fn cut(first_line: usize, text: &str, span: Range<usize>) -> Self {
        let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[span.start..]
            .find('\n')
            .map_or(text.len(), |at| span.start + at);
        let before = &text[line_start..span.start];
        let kept_before = before
            .char_indices()
            .rev()
            .take(CHARS_BEFORE)
            .last()
            .map_or("", |(at, _)| &before[at..]);
        let from = &text[span.start..line_end];
        let kept_from = from
            .char_indices()
            .nth(CHARS_FROM)
            .map_or(from, |(at, _)| &from[..at]);
        let mut shown = String::new();
        if kept_before.len() < before.len() {
            shown.push_str(CUT);
        }
        shown.push_str(kept_before);
        let start = shown.len();
        shown.push_str(kept_from);
        let end = start + span.len().min(kept_from.len());
        if kept_from.len() < from.len() {
            shown.push_str(CUT);
        }
        Self {
            first_line: first_line + text[..line_start].matches('\n').count(),
            text: shown,
            span: start..end,
            column_of_cut: Some(before.chars().count() + 1),
        }
    }

    /// The one-based line of the place.
    pub(crate) fn line(&self) -> usize {
        self.first_line
    }

    /// The marked text, as far as it is kept.
    pub(crate) fn marked(&self) -> Option<&str> {
        self.text.get(self.span.clone())
    }

    /// The lines with the mark, in a file that is called `path`.
    pub(crate) fn snippet(&self, path: String) -> Snippet<'_, Annotation<'_>> {
        Snippet::source(&self.text)
            .line_start(self.first_line)
            .path(path)
            .annotation(AnnotationKind::Primary.span(self.span.clone()))
    }

    /// Where the renderer takes the place to be, and where it is: another column, where the text is not the whole line.
    pub(crate) fn moved_place(&self) -> Option<(String, String)> {
        let column = self.column_of_cut?;
        let line = self.first_line;
        let shown = self.text[..self.span.start].chars().count() + 1;
        Some((format!(":{line}:{shown}"), format!(":{line}:{column}")))
    }
}

/// The bytes of a span that are there, as whole characters.
fn within(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.ceil_char_boundary(span.end).max(start)
}
