//! The command that computes findings again.

use std::path::{Path, PathBuf};

use crate::project::{NamedBy, Traces, path_text};

/// The inputs of a run with their hashes, as `sha256sum` prints and checks them in the root of the project.
pub(crate) fn inputs_text(hashes: &[(PathBuf, String)]) -> String {
    let lines = hashes.iter().map(|(path, hash)| {
        let path = path_text(path).replace(char::is_control, "?");
        format!("{hash}  {path}\n")
    });
    lines.collect()
}

/// The command line for a hypothesis on the measurements that it was run with. Files are called as findings call them:
/// by their names alone.
pub(super) fn command_line(id: &str, other_ground_truth: Option<&Path>, traces: &Traces) -> String {
    let mut words = vec![id.to_owned()];
    if let Some(folder) = other_ground_truth {
        words.extend(["--ground-truth".to_owned(), path_text(folder)]);
    }
    for (name, data) in traces {
        let given = data.given.as_ref();
        if let Some(given) = given.filter(|given| given.named_by == NamedBy::User) {
            words.push("--data".to_owned());
            words.push(format!("{name}={}", path_text(&given.shown)));
        }
    }
    if words.len() > 1 {
        words.extend(["--out".to_owned(), "DIR".to_owned()]);
    }
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("rooflab run {}", words.join(" "))
}

/// A word of a shell's command line. What could end the line is shown as a question mark, which stands for any
/// character of a file's name.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '=' | '+');
    if word.chars().all(is_plain) {
        return word.to_owned();
    }
    let visible = word.replace(char::is_control, "?");
    format!("'{}'", visible.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_them() {
        for (word, shown) in [
            ("step_trace=steps-2.parquet", "step_trace=steps-2.parquet"),
            ("t=my steps.csv", "'t=my steps.csv'"),
            ("t=$(x)`y`", "'t=$(x)`y`'"),
            ("it's", "'it'\\''s'"),
            ("a\n```\nb", "'a?```?b'"),
        ] {
            assert_eq!(quoted(word), shown);
        }
    }
}
