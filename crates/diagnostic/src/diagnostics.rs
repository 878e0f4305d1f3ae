use std::fmt;
use std::path::Path;

use annotate_snippets::Renderer;

use crate::diagnostic::Diagnostic;

/// Most problems that are kept; a file with more is wrong in one way many times.
const MAX_PROBLEMS: usize = 100;

/// All problems that were found in one go, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    problems: Vec<Diagnostic>,
    /// The last problem that is not kept: whoever found it may still add help to it.
    surplus: Option<Box<Diagnostic>>,
    not_shown: usize,
}

impl Diagnostics {
    /// Adds a problem, unless there are many already.
    pub fn push(&mut self, problem: Diagnostic) {
        self.add(problem);
    }

    /// The same, where help may follow.
    pub(crate) fn add(&mut self, problem: Diagnostic) -> &mut Diagnostic {
        if self.is_full() {
            return self.surplus.insert(Box::new(problem));
        }
        self.problems.push_mut(problem)
    }

    /// Says how many problems there are beside these.
    #[must_use]
    pub fn with_not_shown(mut self, count: usize) -> Self {
        self.not_shown = count;
        self
    }

    /// Whether further problems are not kept, and looking for them is of no use.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.problems.len() >= MAX_PROBLEMS
    }

    /// Whether there is no problem.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// How many problems are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.problems.len()
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter()
    }

    /// The same problems, where files are called by their paths below `folder`.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        let problems = self.problems.into_iter();
        self.problems = problems.map(|problem| problem.below(folder)).collect();
        self
    }

    /// The same as `Display`, in colour for a terminal.
    #[must_use]
    pub fn in_color(&self) -> String {
        self.render(&Renderer::styled())
    }

    fn render(&self, renderer: &Renderer) -> String {
        let problems = self.problems.iter().map(|problem| problem.render(renderer));
        let mut parts: Vec<String> = problems.collect();
        if self.not_shown > 0 {
            parts.push(format!("{} more of these are not shown", self.not_shown));
        } else if self.is_full() {
            parts.push(format!(
                "further problems are not shown: these {MAX_PROBLEMS} come first"
            ));
        }
        parts.join("\n\n")
    }
}

impl AsRef<[Diagnostic]> for Diagnostics {
    fn as_ref(&self) -> &[Diagnostic] {
        &self.problems
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(problem: Diagnostic) -> Self {
        [problem].into_iter().collect()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(problems: I) -> Self {
        let mut kept = Self::default();
        for problem in problems {
            kept.push(problem);
        }
        kept
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

    fn problem(message: &str) -> Diagnostic {
        Diagnostic::new("x".into(), message)
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let few = [problem("a"), problem("b")]
            .into_iter()
            .collect::<Diagnostics>();
        insta::assert_snapshot!(few.with_not_shown(7), @"
        error: a
        --> x

        error: b
        --> x

        7 more of these are not shown
        ");
        let many: Diagnostics = (0..1000).map(|index| problem(&index.to_string())).collect();
        assert_eq!(many.len(), MAX_PROBLEMS);
        assert!(many.to_string().ends_with("these 100 come first"));
    }
}
