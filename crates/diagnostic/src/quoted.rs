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

/// Text that is safe to put into a message: control characters escaped, cut after `most_chars`.
#[must_use]
pub fn shown(text: &str, most_chars: usize) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == most_chars {
            shown.push('…');
            break;
        }
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
    fn escapes_control_characters_and_cuts_long_text() {
        assert_eq!(Quoted("a\u{1b}[31m\n").to_string(), "`a\\u{1b}[31m\\n`");
        assert_eq!(shown("abc", 3), "abc");
        assert_eq!(shown("abcd", 3), "abc…");
    }
}
