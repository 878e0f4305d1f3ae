//! Pieces of files and names, as messages repeat them.

use std::fmt;

/// Longest piece of a file or a name that a message repeats, in characters.
const QUOTED_CHARS: usize = 60;

/// Text of a file or of a caller between backticks, as [`shown`].
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", shown(self.0, QUOTED_CHARS))
    }
}

/// Whether a character steers a terminal, or turns the direction of the text around it.
#[must_use]
pub fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Text that is safe to put into a message: control characters and direction marks escaped, cut after `most_chars`.
#[must_use]
pub fn shown(text: &str, most_chars: usize) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == most_chars {
            shown.push('…');
            break;
        }
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
    fn escapes_control_characters_and_cuts_long_text() {
        assert_eq!(Quoted("a\u{1b}[31m\n").to_string(), "`a\\u{1b}[31m\\n`");
        assert_eq!(shown("a\u{202e}b", 9), "a\\u{202e}b");
        assert_eq!(shown("abc", 3), "abc");
        assert_eq!(shown("abcd", 3), "abc…");
    }
}
