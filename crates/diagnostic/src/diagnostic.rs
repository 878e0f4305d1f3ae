use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{Group, Level, Origin, Renderer};

use crate::excerpt::Excerpt;
use crate::nearest::nearest;
use crate::quoted::steers;

/// Most choices that are listed.
const MOST_CHOICES: usize = 100;

/// Characters of a message that are shown: it may repeat text of the file.
const LONGEST_MESSAGE: usize = 2000;

/// A problem at a place of an input file.
///
/// `Display` shows the message, the file's own line with the place marked, and the help lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    path: PathBuf,
    message: String,
    /// In a box, so that results with a problem stay small.
    excerpt: Option<Box<Excerpt>>,
    help: Vec<String>,
    notes: Vec<Diagnostic>,
}

impl Diagnostic {
    /// A problem of the file at `path` as a whole.
    #[must_use]
    pub fn new(path: PathBuf, message: impl Into<String>) -> Self {
        Self {
            path,
            message: message.into(),
            excerpt: None,
            help: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Marks bytes of the file's text; only the lines that hold them are kept.
    #[must_use]
    pub fn with_excerpt(mut self, text: &str, span: Option<Range<usize>>) -> Self {
        self.excerpt = span.map(|span| Box::new(Excerpt::of_text(text, span)));
        self
    }

    /// Marks bytes of one line of a file, or of lines that belong together, the first of which has the one-based number
    /// `first_line`: for files that are not kept as a whole.
    #[must_use]
    pub fn with_lines(mut self, first_line: usize, text: &str, span: Range<usize>) -> Self {
        self.excerpt = Some(Box::new(Excerpt::of_lines(first_line, text, span)));
        self
    }

    /// Adds a line of help.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help.push(help.into());
        self
    }

    /// Adds what was perhaps meant in place of `given`, where one of the choices is near.
    pub fn nearest<'a>(
        &mut self,
        given: &str,
        choices: impl IntoIterator<Item = &'a str>,
    ) -> &mut Self {
        match nearest(given, choices) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Adds the valid choices, and the nearest of them where `given` looks like a slip of one.
    pub fn choices<'a>(
        &mut self,
        what: &str,
        given: &str,
        choices: impl IntoIterator<Item = &'a str>,
    ) -> &mut Self {
        let choices: Vec<&str> = choices.into_iter().collect();
        let shown = &choices[..choices.len().min(MOST_CHOICES)];
        let list = match (shown, choices.len() - shown.len()) {
            ([], _) => format!("{what}: none"),
            (shown, 0) => format!("{what}: {}", shown.join(", ")),
            (shown, more) => format!("{what}: {} and {more} more", shown.join(", ")),
        };
        self.nearest(given, choices.iter().copied()).help(list)
    }

    /// Adds the problems of another file that this one follows from; they are shown below.
    pub fn notes_of(&mut self, problems: Option<&impl AsRef<[Self]>>) -> &mut Self {
        let notes = problems.into_iter().flat_map(AsRef::as_ref);
        self.notes.extend(notes.cloned());
        self
    }

    /// The same as [`Diagnostic::help`], for a problem that is handed on.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help(help);
        self
    }

    /// Adds the help of another problem.
    #[must_use]
    pub fn with_help_of(mut self, other: &Self) -> Self {
        self.help.extend(other.help.iter().cloned());
        self
    }

    /// The same as [`Diagnostic::choices`], for a problem that is handed on.
    #[must_use]
    pub fn with_choices<'a>(
        mut self,
        what: &str,
        given: &str,
        choices: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.choices(what, given, choices);
        self
    }

    /// The same as [`Diagnostic::notes_of`], for a problem that is handed on.
    #[must_use]
    pub fn with_notes_of(mut self, problems: Option<&impl AsRef<[Self]>>) -> Self {
        self.notes_of(problems);
        self
    }

    /// The same problem, where the file is called by its path below `folder`.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        self.path = folder.join(self.path);
        self
    }

    /// The file the problem is in.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The one-based line of the problem, where it has one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.excerpt.as_deref().map(Excerpt::line)
    }

    /// The text at the place of the problem, where it has one.
    #[must_use]
    pub fn marked(&self) -> Option<&str> {
        self.excerpt.as_deref().and_then(Excerpt::marked)
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn render(&self, renderer: &Renderer) -> String {
        let notes = self.notes.iter().map(|note| note.group(Level::NOTE));
        let groups: Vec<Group<'_>> = std::iter::once(self.group(Level::ERROR))
            .chain(notes)
            .collect();
        let mut text = renderer.render(&groups);
        let mut mended = 0;
        for problem in std::iter::once(self).chain(&self.notes) {
            let moved = problem.excerpt.as_deref().and_then(Excerpt::moved_place);
            let Some((shown, place)) = moved else {
                continue;
            };
            let shown = format!("{}{shown}", problem.name());
            if let Some(at) = text[mended..].find(&shown) {
                let end = mended + at + shown.len();
                let place = format!("{}{place}", problem.name());
                text.replace_range(mended + at..end, &place);
                mended += at + place.len();
            }
        }
        text
    }

    /// What the file is called.
    fn name(&self) -> String {
        printable(&self.path.display().to_string())
    }

    fn group<'a>(&'a self, level: Level<'a>) -> Group<'a> {
        let message = match self.message.char_indices().nth(LONGEST_MESSAGE) {
            Some((end, _)) => format!("{}…", &self.message[..end]),
            None => self.message.clone(),
        };
        let mut group = Group::with_title(level.primary_title(message));
        group = match &self.excerpt {
            Some(excerpt) => group.element(excerpt.snippet(self.name())),
            None => group.element(Origin::path(self.name())),
        };
        for help in &self.help {
            group = group.element(Level::HELP.message(printable(help)));
        }
        group
    }
}

/// Text without characters that a terminal would obey; line breaks stay.
fn printable(text: &str) -> String {
    text.replace(|one: char| steers(one) && one != '\n', "?")
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Diagnostic {
        Diagnostic::new("t.csv".into(), "column `n`: no number")
    }

    #[test]
    fn the_place_is_marked_and_help_follows() {
        let text = "k,n\r\n64,abc\r\n1,2\r\n";
        insta::assert_snapshot!(problem().with_excerpt(text, Some(8..11)).with_choices("columns", "m", ["k", "n"]), @"
        error: column `n`: no number
         --> t.csv:2:4
          |
        2 | 64,abc
          |    ^^^
          |
          = help: columns: k, n
        ");
    }

    #[test]
    fn tabs_and_control_characters_are_shown_and_not_obeyed() {
        let rendered = problem()
            .with_excerpt("a\tb\u{1b}[31mc", Some(2..3))
            .with_help("a\u{1b}b")
            .to_string();
        assert!(!rendered.contains('\u{1b}'), "{rendered}");
        insta::assert_snapshot!(rendered, @"
        error: column `n`: no number
         --> t.csv:1:3
          |
        1 | a    b␛[31mc
          |      ^
          |
          = help: a?b
        ");
    }

    #[test]
    fn a_line_of_megabytes_is_cut_around_the_place() {
        let text = format!(
            "k,n\n{}abc{}\n",
            "é,".repeat(2_000_000),
            ",x".repeat(3_000_000)
        );
        let at = text.find("abc").unwrap();
        let rendered = problem().with_excerpt(&text, Some(at..at + 3)).to_string();
        assert!(rendered.len() < 1000, "{} bytes", rendered.len());
        insta::assert_snapshot!(rendered, @"
        error: column `n`: no number
         --> t.csv:2:4000001
          |
        2 | …é,é,é,é,é,é,é,é,é,é,é,é,é,é,é,é,é,é,é,é,abc,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,…
          |                                          ^^^
        ");
    }

    #[test]
    fn a_place_of_megabytes_is_cut_as_well() {
        let text = format!("k,n\n1,{}\n", "x".repeat(10_000_000));
        let rendered = problem()
            .with_excerpt(&text, Some(6..text.len() - 1))
            .to_string();
        assert!(rendered.len() < 1000, "{} bytes", rendered.len());
        insta::assert_snapshot!(rendered, @"
        error: column `n`: no number
         --> t.csv:2:3
          |
        2 | 1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        ");
    }

    #[test]
    fn a_note_shows_the_file_that_a_problem_comes_from() {
        let note = problem()
            .with_lines(7, "64,abc", 3..6)
            .with_help("docs/data.md");
        let outer = Diagnostic::new("h.yaml".into(), "gpu `toy` cannot be read")
            .with_excerpt("gpu: toy\n", Some(5..8))
            .with_notes_of(Some(&[note.below(Path::new("bench_data"))]));
        insta::assert_snapshot!(outer, @"
        error: gpu `toy` cannot be read
         --> h.yaml:1:6
          |
        1 | gpu: toy
          |      ^^^
          |
        note: column `n`: no number
         --> bench_data/t.csv:7:4
          |
        7 | 64,abc
          |    ^^^
          = help: docs/data.md
        ");
    }

    #[test]
    fn spans_outside_of_the_text_do_not_panic() {
        for span in [0..0, 100..200, 1..2, 2..100, 4..4] {
            let rendered = problem()
                .with_excerpt("é\r\nb", Some(span.clone()))
                .to_string();
            assert!(rendered.contains("t.csv"), "{rendered}");
            let rendered = problem().with_lines(1, "é\r\n", span).to_string();
            assert!(rendered.contains("t.csv"), "{rendered}");
        }
    }
}
