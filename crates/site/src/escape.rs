//! Text that becomes a part of HTML.

use std::fmt::{self, Write};

/// Displays text so that it is text in HTML, between tags and in quoted attributes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escaped<'t>(pub(crate) &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // No character reference stands for these, and a page with a zero byte is no text.
                other if other.is_control() && !matches!(other, '\n' | '\t') => {
                    f.write_char('\u{fffd}')?;
                }
                // These turn the direction of the text around them.
                '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' => {
                    f.write_char('\u{fffd}')?;
                }
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// The text, escaped.
pub(crate) fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_tag_or_an_attribute() {
        for (text, html) in [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("</script>", "&lt;/script&gt;"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
            ("a\u{202e}b\u{2066}c\u{200f}", "a\u{fffd}b\u{fffd}c\u{fffd}"),
            ("\u{0}\u{1b}[1m\n\tä", "\u{fffd}\u{fffd}[1m\n\tä"),
        ] {
            assert_eq!(escaped(text), html);
        }
    }
}
