use std::ops::Range;

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The bytes of each mention of `word` at or after `from` that is not part of a longer word.
pub fn find_words<'t>(
    text: &'t str,
    from: usize,
    word: &'t str,
) -> impl Iterator<Item = Range<usize>> + 't {
    let from = text.ceil_char_boundary(from);
    text[from..]
        .match_indices(word)
        .filter(move |_| !word.is_empty())
        .map(move |(at, _)| from + at..from + at + word.len())
        .filter(|span| {
            !text[..span.start].chars().next_back().is_some_and(is_word)
                && !text[span.end..].chars().next().is_some_and(is_word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_whole_only() {
        let text = "SELECT step_us_exact, step_us FROM x";
        let first = |from: usize, word: &str| find_words(text, from, word).next();
        assert_eq!(first(0, "step_us"), Some(22..29));
        assert_eq!(first(0, "step"), None);
        assert_eq!(first(25, "step_us"), None);
        assert_eq!(first(0, ""), None);
        assert_eq!(first(1000, "step_us"), None);
    }
}
