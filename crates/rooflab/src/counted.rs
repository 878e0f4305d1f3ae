//! Counts and lists for people.

use std::fmt::Display;

/// `1 table`, `2 tables`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `one, two, three`.
pub(crate) fn joined(parts: impl IntoIterator<Item = impl Display>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    parts.join(", ")
}

/// A figure, or a dash for one that is not known.
pub(crate) fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// A figure with two decimals, or a dash.
pub(crate) fn decimals(value: Option<f64>) -> String {
    or_dash(value.map(|value| format!("{value:.2}")))
}
