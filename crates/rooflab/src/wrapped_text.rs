//! Paragraphs on lines of limited length.

use diagnostic::steers;
use unicode_width::UnicodeWidthStr;

use crate::screen::Screen;

/// The lines of a paragraph, words being kept whole.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Words of a file on one line, without what could steer a terminal.
pub(crate) fn one_line(text: &str) -> String {
    let plain = text.replace(steers, " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines of text, each with its line break, as a screen has room for them: one that is too long goes on in the next
/// line, below its text.
pub(crate) fn on_screen(text: &str, screen: Screen) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.lines() {
        let is_too_long = |columns: &usize| line.width() > *columns;
        let Some(columns) = screen.columns().filter(is_too_long) else {
            shown.push_str(line);
            shown.push('\n');
            continue;
        };
        let (front, rest) = line.split_at(hanging_at(line));
        let blank = " ".repeat(front.width());
        let lines = wrapped(rest, columns.saturating_sub(blank.len()));
        for (index, part) in lines.iter().enumerate() {
            shown.push_str(if index == 0 { front } else { &blank });
            shown.push_str(part);
            shown.push('\n');
        }
    }
    shown
}

/// Up to which column a label can stand that the further lines of its text keep clear of.
const WIDEST_LABEL: usize = 20;

/// Where the lines that continue a line begin, in bytes: below the text behind its label, else where the line begins.
fn hanging_at(line: &str) -> usize {
    let begin = line.len() - line.trim_start().len();
    let text = &line[begin..];
    let behind_label = text.find("  ").map(|blank| {
        let behind = text[blank..].trim_start();
        line.len() - behind.len()
    });
    behind_label
        .filter(|at| line[..*at].width() <= WIDEST_LABEL)
        .unwrap_or(begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_before_the_word_that_is_too_much() {
        assert_eq!(
            wrapped("a bb  ccc\ndddd e", 5),
            ["a bb", "ccc", "dddd", "e"]
        );
        assert_eq!(wrapped("unbreakable", 3), ["unbreakable"]);
        assert_eq!(wrapped(" ", 3), [""; 0]);
    }

    #[test]
    fn long_lines_go_on_below_their_text() {
        let text = "model   one of two words\n  H1: as it is\n\nshort\n";
        assert_eq!(
            on_screen(text, Screen::new(Some(15), false)),
            "model   one of\n        two\n        words\n  H1: as it is\n\nshort\n"
        );
        assert_eq!(
            on_screen("  H1: it is long", Screen::new(Some(12), false)),
            "  H1: it is\n  long\n"
        );
        assert_eq!(on_screen(text, Screen::default()), text);
    }
}
