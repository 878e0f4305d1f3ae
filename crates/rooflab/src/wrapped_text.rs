//! Paragraphs on lines of limited length.

use unicode_width::UnicodeWidthStr;

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
}
