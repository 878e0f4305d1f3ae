//! One problem of an input file, with the place and the choices that would have been valid.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// How far a name may be from a known one, in Damerau-Levenshtein steps, to be offered as what was meant.
const NEAREST_MAX_DISTANCE: usize = 3;

/// How many letters a name must share with the beginning of a known one to be offered as what was meant.
const ALIKE_MIN: usize = 4;

/// Longest name that is compared with others.
const LONGEST_NAME: usize = 100;

/// Most problems that are kept; a file with more is wrong in one way many times.
const MAX_PROBLEMS: usize = 100;

/// A problem at a place of an input file.
///
/// `Display` shows the message, the file's own line with the place marked, and the help lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    path: PathBuf,
    message: String,
    excerpt: Option<Excerpt>,
    help: Vec<String>,
}

/// The lines around the marked bytes: a whole file need not be kept for one message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    first_line: usize,
    text: String,
    span: Range<usize>,
}

impl Diagnostic {
    /// A problem of the file at `path` as a whole.
    pub fn new(path: PathBuf, message: impl Into<String>) -> Self {
        Self {
            path,
            message: message.into(),
            excerpt: None,
            help: Vec::new(),
        }
    }

    /// Marks bytes of the file's text; only the lines that hold them are kept.
    #[must_use]
    pub(crate) fn with_excerpt(mut self, text: &str, span: Option<Range<usize>>) -> Self {
        self.excerpt = span.map(|span| {
            let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
            let end = text[span.end..]
                .find('\n')
                .map_or(text.len(), |at| span.end + at);
            Excerpt {
                first_line: text[..start].matches('\n').count() + 1,
                text: text[start..end].to_owned(),
                span: span.start - start..span.end - start,
            }
        });
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds the help of another problem.
    #[must_use]
    pub(crate) fn with_help_of(mut self, other: &Self) -> Self {
        self.help.extend(other.help.iter().cloned());
        self
    }

    /// Adds the valid choices, and the nearest of them where `given` looks like a slip of one.
    #[must_use]
    pub(crate) fn with_choices<'a>(
        self,
        what: &str,
        given: &str,
        choices: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let choices: Vec<&str> = choices.into_iter().collect();
        let near = nearest(given, &choices).map(|name| format!("did you mean `{name}`?"));
        let list = if choices.is_empty() {
            format!("{what}: none")
        } else {
            format!("{what}: {}", choices.join(", "))
        };
        let with_near = match near {
            Some(line) => self.with_help(line),
            None => self,
        };
        with_near.with_help(list)
    }

    /// The file the problem is in.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The one-based line of the problem, where it has one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.excerpt.as_ref().map(|excerpt| excerpt.first_line)
    }

    /// The text at the place of the problem, where it has one.
    pub(crate) fn marked(&self) -> Option<&str> {
        self.excerpt
            .as_ref()
            .and_then(|excerpt| excerpt.text.get(excerpt.span.clone()))
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The name nearest to `given`, where one is near enough to be a slip of it.
pub(crate) fn nearest<'a>(given: &str, choices: &[&'a str]) -> Option<&'a str> {
    // The distance takes time by the product of both lengths, and nobody slips in a name that long.
    let is_short = |name: &str| name.len() <= LONGEST_NAME;
    choices
        .iter()
        .filter(|choice| is_short(given) && is_short(choice))
        .map(|choice| {
            (
                strsim::damerau_levenshtein(&given.to_lowercase(), &choice.to_lowercase()),
                *choice,
            )
        })
        .filter(|(distance, choice)| {
            *distance <= NEAREST_MAX_DISTANCE && *distance * 2 <= choice.chars().count().max(2)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
        .or_else(|| begun_alike(given, choices))
}

/// The one choice whose beginning is that of `given`: a word that was cut short, or ends otherwise.
fn begun_alike<'a>(given: &str, choices: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase();
    let length = given.chars().count();
    let mut alike = choices.iter().filter(|choice| {
        let shared = given
            .chars()
            .zip(choice.to_lowercase().chars())
            .take_while(|(ours, theirs)| ours == theirs)
            .count();
        shared >= ALIKE_MIN && shared * 3 >= length * 2
    });
    let first = alike.next()?;
    alike.next().is_none().then_some(*first)
}

impl Diagnostic {
    fn render(&self, renderer: &Renderer) -> String {
        let path = self.path.display().to_string();
        let mut group =
            Level::ERROR
                .primary_title(&self.message)
                .elements(self.excerpt.iter().map(|excerpt| {
                    Snippet::source(&excerpt.text)
                        .line_start(excerpt.first_line)
                        .path(&path)
                        .annotation(AnnotationKind::Primary.span(excerpt.span.clone()))
                }));
        if self.excerpt.is_none() {
            group = group.element(annotate_snippets::Origin::path(&path));
        }
        for help in &self.help {
            group = group.element(Level::HELP.message(help));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

/// All problems that were found in one go, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn push(&mut self, problem: Diagnostic) {
        if !self.is_full() {
            self.0.push(problem);
        }
    }

    /// Whether further problems are not kept, and looking for them is of no use.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= MAX_PROBLEMS
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl Diagnostics {
    /// The same as `Display`, in colour for a terminal.
    #[must_use]
    pub fn in_color(&self) -> String {
        self.render(&Renderer::styled())
    }

    fn render(&self, renderer: &Renderer) -> String {
        let problems = self.0.iter().map(|problem| problem.render(renderer));
        let mut text = problems.collect::<Vec<_>>().join("\n\n");
        if self.is_full() {
            let rest =
                format!("\n\nfurther problems are not shown: these {MAX_PROBLEMS} come first");
            text.push_str(&rest);
        }
        text
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_offers_slips_and_nothing_far() {
        assert_eq!(
            nearest("step_uss", &["step_us", "memory_us"]),
            Some("step_us")
        );
        assert_eq!(
            nearest("Weighted", &["weighted", "max-kv"]),
            Some("weighted")
        );
        assert_eq!(nearest("banana", &["step_us", "memory_us"]), None);
        assert_eq!(nearest("k", &["kv"]), Some("kv"));
        let families = ["structural-model", "mfu-tables", "serving"];
        assert_eq!(nearest("structural", &families), Some("structural-model"));
        assert_eq!(nearest("structure-x", &families), Some("structural-model"));
        assert_eq!(
            nearest("qwen", &["qwen3-14b", "qwen2.5-7b-instruct"]),
            None,
            "two begin alike"
        );
    }
}
