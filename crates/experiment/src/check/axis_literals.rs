//! Comparisons of an axis with what is none of its values: they never hold, or always, whatever is computed.

use std::collections::BTreeSet;

use diagnostic::find_words;
use serde_yaml::Spanned;

use super::query_checker::QueryChecker;
use crate::table::plain_columns;

impl QueryChecker<'_, '_> {
    /// Refuses comparisons of axes with what they never are, and notes what a table passes on.
    pub(super) fn check_literals(
        &mut self,
        what: &str,
        sql: &Spanned<String>,
        table: Option<&str>,
    ) {
        let (result, compared) = plain_columns(&sql.value, &self.axis_columns);
        let mut seen = BTreeSet::new();
        for one in compared {
            let Some((none_of, values)) = one.known.refuse(&one.literal) else {
                continue;
            };
            let message = format!(
                "{what} compares `{}` with {}, {none_of}",
                one.column, one.word
            );
            if !seen.insert(message.clone()) {
                continue;
            }
            let word = one.word.trim_matches(['\'', '-']);
            let skipped = mentions_before(&sql.value, word, &one.column);
            let values = values.iter().map(String::as_str);
            // Numbers that look alike are not near each other.
            let slip = if one.word.starts_with('\'') { word } else { "" };
            let problem = self.reporter.at_occurrence(sql, word, skipped, message);
            problem.choices("nearest values", slip, values);
        }
        if let (Some(table), Some(columns)) = (table, result) {
            self.axis_columns.insert(table.to_owned(), columns);
        }
    }
}

/// How often SQL mentions a word before the first mention of a column that has the word behind it.
fn mentions_before(sql: &str, word: &str, column: &str) -> usize {
    let column = find_words(sql, 0, column).next();
    let Some(start) = column.map(|place| place.start) else {
        return 0;
    };
    let before = find_words(sql, 0, word).filter(|place| place.start < start);
    let is_behind = find_words(sql, start, word).next().is_some();
    if is_behind { before.count() } else { 0 }
}
