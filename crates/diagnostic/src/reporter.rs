use crate::diagnostic::Diagnostic;
use crate::diagnostics::Diagnostics;
use crate::source_text::SourceText;

/// An input file that is being checked, and the problems found so far.
///
/// `reporter.at(&place, "no such run").choices("runs", name, names).help("name one of them")`
#[derive(Debug)]
pub struct Reporter<'s> {
    source: &'s SourceText,
    problems: Diagnostics,
}

impl<'s> Reporter<'s> {
    /// Of a file in which no problem was found yet.
    #[must_use]
    pub fn new(source: &'s SourceText) -> Self {
        Self {
            source,
            problems: Diagnostics::default(),
        }
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &'s SourceText {
        self.source
    }

    /// The problems so far.
    #[must_use]
    pub fn problems(&self) -> &Diagnostics {
        &self.problems
    }

    /// Adds a problem at the place of a value; what is to be done about it can follow.
    pub fn at<T>(
        &mut self,
        value: &serde_yaml::Spanned<T>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(self.source.error_for(value, message))
    }

    /// Adds a problem at the first whole-word `word` from the place of a value on.
    pub fn at_word<T>(
        &mut self,
        value: &serde_yaml::Spanned<T>,
        word: &str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.at_occurrence(value, word, 0, message)
    }

    /// The same at a later mention of the word, behind `skipped` others.
    pub fn at_occurrence<T>(
        &mut self,
        value: &serde_yaml::Spanned<T>,
        word: &str,
        skipped: usize,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(
            self.source
                .error_at_occurrence(value, word, skipped, message),
        )
    }

    /// Adds a problem of another place or another file.
    pub fn push(&mut self, problem: Diagnostic) -> &mut Diagnostic {
        self.problems.add(problem)
    }

    /// Adds the problem that a name stands for nothing, with the names that there are; `what` is what these are called.
    pub fn unknown<'n>(
        &mut self,
        name: &serde_yaml::Spanned<String>,
        message: impl Into<String>,
        what: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> &mut Diagnostic {
        self.at(name, message).choices(what, &name.value, names)
    }

    /// What was read, or else nothing and its problem.
    pub fn ok<T>(&mut self, read: Result<T, Diagnostic>) -> Option<T> {
        read.map_err(|problem| self.push(problem)).ok()
    }

    /// Ends a stage of the check: what comes next would go wrong on what is wrong already.
    ///
    /// # Errors
    ///
    /// The problems so far, where there are any.
    pub fn finish(&mut self) -> Result<(), Diagnostics> {
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(std::mem::take(&mut self.problems))
    }
}

#[cfg(test)]
mod tests {
    use serde_yaml::Spanned;

    use super::*;
    use crate::yaml::{YamlBounds, parse_yaml};

    const BOUNDS: YamlBounds = YamlBounds {
        nodes: 100,
        depth: 10,
    };

    #[test]
    fn help_follows_a_problem_that_is_kept_already() {
        let source = SourceText::new("h.yaml".into(), "- rune\n- x\n".to_owned());
        let values: Vec<Spanned<String>> = parse_yaml(&source, "list", BOUNDS).unwrap();
        let mut reporter = Reporter::new(&source);
        reporter.finish().unwrap();
        reporter
            .at(&values[0], "no such run")
            .choices("runs", &values[0].value, ["runs", "tables"])
            .help("docs/runs.md");
        reporter.at(&values[1], "nothing");
        insta::assert_snapshot!(reporter.finish().unwrap_err(), @"
        error: no such run
         --> h.yaml:1:3
          |
        1 | - rune
          |   ^^^^
          |
          = help: did you mean `runs`?
          = help: runs: runs, tables
          = help: docs/runs.md

        error: nothing
         --> h.yaml:2:3
          |
        2 | - x
          |   ^
        ");
        assert!(reporter.problems().is_empty(), "the next stage begins anew");
    }

    #[test]
    fn help_for_a_problem_too_many_changes_no_other() {
        let source = SourceText::new("h.yaml".into(), String::new());
        let mut reporter = Reporter::new(&source);
        for index in 0..300 {
            let problem = source.error_at(0, 0, "one of many");
            reporter.push(problem).help(index.to_string());
        }
        let problems = reporter.finish().unwrap_err();
        assert_eq!(problems.len(), 100);
        let text = problems.to_string();
        assert!(text.contains("help: 99") && !text.contains("help: 100"));
    }
}
