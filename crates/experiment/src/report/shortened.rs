//! Explanations cut to what fits a cell of a table.

/// As many whole sentences of a text as `limit` characters hold, on one line. A first sentence that is longer is kept
/// while it has at most half as many more, since half a sentence says little; else as many words of it and an ellipsis.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut end = 0;
    for at in sentence_ends(&line) {
        if end > 0 && line[..at].chars().count() > limit {
            break;
        }
        end = at;
    }
    let sentences = &line[..end];
    if sentences.chars().count() <= limit + limit / 2 {
        return sentences.to_owned();
    }
    let cut = sentences
        .char_indices()
        .nth(limit)
        .map_or(sentences.len(), |(at, _)| at);
    let words = &sentences[..cut];
    let whole = match words.rfind(' ') {
        Some(space) => &words[..space],
        None => words,
    };
    let trimmed =
        whole.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '%' | '`'));
    format!("{trimmed}…")
}

/// How many sentences a text has.
pub(super) fn sentences(text: &str) -> usize {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    sentence_ends(&line).count()
}

/// Behind each full stop that a blank and then a capital letter, a digit, code or a link follow, and at the end.
fn sentence_ends(line: &str) -> impl Iterator<Item = usize> + '_ {
    let stops = line.match_indices(". ").filter(|(at, _)| {
        let next = line[at + 2..].chars().next();
        next.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '`' | '['))
    });
    stops.map(|(at, _)| at + 1).chain([line.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_sentences_are_kept_as_far_as_they_fit() {
        let text = "One is short.\nTwo, i.e. this one, is longer. Three.";
        assert_eq!(shortened(text, 20), "One is short.");
        assert_eq!(
            shortened(text, 44),
            "One is short. Two, i.e. this one, is longer."
        );
        assert_eq!(
            shortened(text, 80),
            "One is short. Two, i.e. this one, is longer. Three."
        );
        assert_eq!(shortened("", 80), "");
    }

    #[test]
    fn a_long_sentence_ends_with_a_word_and_an_ellipsis() {
        assert_eq!(
            shortened("The engine of the time had a bug", 20),
            "The engine of the…"
        );
        assert_eq!(shortened("Rounded down, then up.", 14), "Rounded down…");
        assert_eq!(shortened("Ünbröken", 4), "Ünbr…");
    }

    #[test]
    fn a_first_sentence_is_kept_whole_where_little_is_missing() {
        let text = "The engine had a bug. See below.";
        assert_eq!(shortened(text, 14), "The engine had a bug.");
        assert_eq!(shortened(text, 13), "The engine…");
        let text = "It is so. [The table](x) says it.";
        assert_eq!(shortened(text, 12), "It is so.");
    }
}
