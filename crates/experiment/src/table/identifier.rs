//! Names that SQL takes without quotes.

use diagnostic::Reporter;
use serde_yaml::Spanned;

/// Whether a name can stand in SQL without quotes: a letter, then letters, digits and underscores.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What to say of a name that is no identifier.
pub(crate) const NOT_AN_IDENTIFIER: &str =
    "names used in SQL begin with a letter and have letters, digits and underscores";

/// Checks that a run, an axis or a table has a name that SQL takes without quotes.
pub(crate) fn check_identifier(reporter: &mut Reporter<'_>, noun: &str, name: &Spanned<String>) {
    if !is_identifier(&name.value) {
        reporter
            .at(name, format!("{noun} `{}` has no usable name", name.value))
            .help(NOT_AN_IDENTIFIER);
    }
}
