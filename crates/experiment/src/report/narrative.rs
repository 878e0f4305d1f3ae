//! The sections of a narrative, each at its place in the findings.

use serde::Serialize;

/// Where a section of the narrative stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    KeyNumbers,
    Meaning,
    Mechanism,
    Scope,
    Sure,
}

/// The headings that have a place of their own; any other stands with the mechanism.
const PLACES: [(&str, Place); 13] = [
    ("key numbers", Place::KeyNumbers),
    ("what it means", Place::Meaning),
    ("what this means", Place::Meaning),
    ("what follows", Place::Meaning),
    ("impact", Place::Meaning),
    ("what to do", Place::Meaning),
    ("open questions", Place::Meaning),
    ("scope", Place::Scope),
    ("what was not tested", Place::Scope),
    ("how sure", Place::Sure),
    ("how sure it is", Place::Sure),
    ("devil's advocate", Place::Sure),
    ("classification", Place::Sure),
];

/// Most key numbers: more are no longer key.
pub(super) const MOST_KEY_NUMBERS: usize = 5;

/// A narrative by the place of its sections. Each is Markdown with its headings, and empty where it has none.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Sections {
    /// What stands before the first heading.
    lead: String,
    key_numbers: String,
    meaning: String,
    mechanism: String,
    scope: String,
    sure: String,
}

impl Sections {
    /// The sections of a rendered narrative.
    pub(super) fn of(narrative: &str) -> Self {
        let mut sections = Self::default();
        let mut place = None;
        let mut is_code = false;
        for line in narrative.lines() {
            is_code ^= is_fence(line);
            if let Some(heading) = line.strip_prefix("## ").filter(|_| !is_code) {
                place = Some(place_of(heading));
            }
            let text = sections.at(place);
            text.push_str(line);
            text.push('\n');
        }
        sections
    }

    /// What stands before the first heading in place of all sections.
    pub(super) fn of_lead(lead: String) -> Self {
        Self {
            lead,
            ..Self::default()
        }
    }

    /// How many numbers the list of key numbers has.
    pub(super) fn key_numbers(&self) -> usize {
        let lines = self.key_numbers.lines();
        lines.filter(|line| line.starts_with("- ")).count()
    }

    fn at(&mut self, place: Option<Place>) -> &mut String {
        match place {
            None => &mut self.lead,
            Some(Place::KeyNumbers) => &mut self.key_numbers,
            Some(Place::Meaning) => &mut self.meaning,
            Some(Place::Mechanism) => &mut self.mechanism,
            Some(Place::Scope) => &mut self.scope,
            Some(Place::Sure) => &mut self.sure,
        }
    }
}

fn place_of(heading: &str) -> Place {
    let heading = heading.trim().to_lowercase().replace('\u{2019}', "'");
    let known = PLACES.iter().find(|(name, _)| *name == heading);
    known.map_or(Place::Mechanism, |(_, place)| *place)
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// Every paragraph and every item of a list on one line: a template breaks its lines where its calls are long. Code,
/// tables, headings, quotes and HTML stay as they are.
pub(super) fn reflow(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    // Whether the last line is a paragraph that the next one may continue.
    let mut is_open = false;
    let mut is_code = false;
    for line in text.lines() {
        let words = line.trim();
        if is_fence(line) {
            is_code = !is_code;
            is_open = false;
        } else if is_open && !is_code && !words.is_empty() && !begins_block(words) {
            if let Some(last) = lines.last_mut() {
                last.push(' ');
                last.push_str(words);
            }
            is_open = !words.ends_with('\\');
            continue;
        } else {
            let is_verbatim =
                is_code || words.starts_with(['|', '#', '>', '<']) || line.starts_with("    ");
            is_open = !is_rule(words) && !is_verbatim && !words.ends_with('\\');
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

/// Whether a line begins something else than more words of the paragraph above it.
fn begins_block(words: &str) -> bool {
    let after_number = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = after_number.len() < words.len()
        && (after_number.starts_with(". ") || after_number.starts_with(") "));
    let is_item = ["- ", "* ", "+ "]
        .iter()
        .any(|mark| words.starts_with(mark));
    is_item || is_numbered || is_rule(words) || words.starts_with(['|', '#', '>', '<'])
}

/// Whether a line has no word, as rules, underlines of headings and blank lines.
fn is_rule(words: &str) -> bool {
    words.chars().all(|c| matches!(c, '-' | '=' | '*' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_its_place() {
        let sections = Sections::of(
            "First.\n## Scope\nA\n## The GEMM peak\nB\n```sh\n## no heading\n```\n## Key numbers\n- 1\n- 2\n\
             ## Devil\u{2019}s advocate\nC\n## How sure\nD\n## what it means\n### Impact\nE\n## Mechanism\nF\n",
        );
        let expected = Sections {
            lead: "First.\n".to_owned(),
            key_numbers: "## Key numbers\n- 1\n- 2\n".to_owned(),
            meaning: "## what it means\n### Impact\nE\n".to_owned(),
            mechanism: "## The GEMM peak\nB\n```sh\n## no heading\n```\n## Mechanism\nF\n"
                .to_owned(),
            scope: "## Scope\nA\n".to_owned(),
            sure: "## Devil\u{2019}s advocate\nC\n## How sure\nD\n".to_owned(),
        };
        assert_eq!(sections, expected);
        assert_eq!(sections.key_numbers(), 2);
    }

    #[test]
    fn paragraphs_and_items_are_one_line_each() {
        for (text, shown) in [
            (
                "It takes\n12\nus.\n\nNext\none.",
                "It takes 12 us.\n\nNext one.",
            ),
            (
                "- one\n  more\n- two\n1. three\n   more",
                "- one more\n- two\n1. three more",
            ),
            ("```sh\na\nb\n```\nc\nd", "```sh\na\nb\n```\nc d"),
            ("# h\na\nb\n| x |\n| - |\nc", "# h\na b\n| x |\n| - |\nc"),
            ("a\n---\nb", "a\n---\nb"),
            ("a\\\nb\nc", "a\\\nb c"),
            ("a\n\n    code\n    more\n", "a\n\n    code\n    more"),
            ("> a\n> b", "> a\n> b"),
        ] {
            assert_eq!(reflow(text), shown);
        }
    }
}
