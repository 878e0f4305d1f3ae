//! Words that a hypothesis file must have.

use diagnostic::Reporter;
use serde_yaml::Spanned;

/// The words of a name, as a title has them: `by_factor` is "By factor".
pub(super) fn name_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Checks that a text says something; messages call it `what` and stand at `place`.
pub(crate) fn check_words<T>(
    reporter: &mut Reporter<'_>,
    place: &Spanned<T>,
    what: &str,
    text: &str,
) {
    if text.trim().is_empty() {
        reporter.at(place, format!("{what} says nothing"));
    }
}

/// Checks that a title stays a title: a line break in it would begin another part of the findings.
pub(crate) fn check_one_line<T>(
    reporter: &mut Reporter<'_>,
    place: &Spanned<T>,
    what: &str,
    title: &str,
) {
    let breaks = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    if title.trim().contains(breaks) {
        reporter.at(place, format!("{what} is more than one line of words"));
    }
}
