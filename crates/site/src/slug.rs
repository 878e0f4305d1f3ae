//! Names for files and anchors, of any text.

use std::collections::BTreeSet;

/// Longest name of a file; file systems take 255 bytes.
const LONGEST: usize = 120;

/// A part of a path without anything that a path, a URL or a file system could take for more than a letter.
pub(crate) fn file_slug(text: &str) -> String {
    let mut slug: String = text
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => letter,
            _ => '-',
        })
        .take(LONGEST)
        .collect();
    // `.` and `..` are no names, and those that begin with a point are hidden.
    if slug.starts_with('.') || slug.is_empty() {
        slug.insert(0, '-');
    }
    slug
}

/// A folder of the site for each item, in order.
pub(crate) fn folders<'n>(below: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut unique = Unique::default();
    // The page of all is beside the folders.
    unique.take("index.html");
    names
        .map(|name| format!("{below}/{}", unique.take(&file_slug(name))))
        .collect()
}

/// A path whose every part is a slug.
pub(crate) fn path_slug(path: &str) -> String {
    let parts: Vec<String> = path.split(['/', '\\']).map(file_slug).collect();
    parts.join("/")
}

/// The anchor of a heading, as GitHub has it: links in findings are written for that.
pub(crate) fn anchor(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            other if other.is_alphanumeric() => Some(other),
            _ => None,
        })
        .collect()
}

/// Hands out names, each once: the second of a name gets a number.
#[derive(Debug, Default)]
pub(crate) struct Unique {
    /// In small letters, since some file systems know no other.
    taken: BTreeSet<String>,
}

impl Unique {
    /// Whether the name was not handed out.
    pub(crate) fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(&name.to_lowercase())
    }

    /// The name, or the first of `name-1`, `name-2`, ... that is free.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 0_u32;
        while !self.taken.insert(candidate.to_lowercase()) {
            number += 1;
            candidate = format!("{name}-{number}");
        }
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_where_they_are_put() {
        for (text, slug) in [
            ("H28-decode_kv.v2", "H28-decode_kv.v2"),
            ("..", "-.."),
            ("", "-"),
            (".git", "-.git"),
            ("a b/c", "a-b-c"),
            ("x?<y>#z", "x--y--z"),
        ] {
            assert_eq!(file_slug(text), slug);
        }
        assert_eq!(path_slug("../a/./b"), "-../a/-./b");
        assert_eq!(file_slug(&"x".repeat(500)).len(), LONGEST);
    }

    #[test]
    fn names_are_handed_out_once_whatever_their_case() {
        let mut unique = Unique::default();
        let names = ["a", "A", "a-1", "a"].map(|name| unique.take(name));
        assert_eq!(names, ["a", "A-1", "a-1-1", "a-2"]);
    }

    #[test]
    fn anchors_are_those_of_github() {
        for (heading, expected) in [
            ("Published against computed", "published-against-computed"),
            (
                "What a prefill step consists of",
                "what-a-prefill-step-consists-of",
            ),
            ("Errors, like for like (82%)", "errors-like-for-like-82"),
            ("`tpot_pp` & more", "tpot_pp--more"),
        ] {
            assert_eq!(anchor(heading), expected);
        }
    }
}
