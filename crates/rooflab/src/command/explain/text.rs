//! Explanations for people.

use std::fmt;

use experiment::{ExplainedCheck, Explanation, Locked, Role, Verdict, VerdictRule};
use unicode_width::UnicodeWidthStr;

use super::super::run::one_line;
use crate::screen::{Screen, Tone};
use crate::text_table::without_controls;
use crate::wrapped_text::wrapped;

/// Displays as paragraphs: the verdict, the claim, the checks, and the rules by which they decide.
#[derive(Debug)]
pub(super) struct ExplanationText<'e> {
    pub(super) explanation: &'e Explanation<'e>,
    /// With the queries of the tables that the checks read.
    pub(super) with_tables: bool,
    pub(super) screen: Screen,
}

/// The longest lines of prose, also on a wider screen.
const PROSE: usize = 110;

/// What paragraphs are indented by.
const INDENT: &str = "  ";

/// What the facts of a check are indented by.
const FACTS: &str = "     ";

impl ExplanationText<'_> {
    fn prose(&self) -> usize {
        self.screen.columns().unwrap_or(PROSE).min(PROSE)
    }

    fn verdict(&self, verdict: Verdict) -> String {
        let name = verdict.name();
        match Tone::of_cell(name) {
            Some(tone) => self.screen.paint(tone, name),
            None => name.to_owned(),
        }
    }

    fn head(&self, f: &mut fmt::Formatter<'_>, head: &str) -> fmt::Result {
        writeln!(f, "\n{}", self.screen.paint(Tone::Head, head))
    }

    fn paragraph(&self, f: &mut fmt::Formatter<'_>, indent: &str, text: &str) -> fmt::Result {
        let columns = self.prose().saturating_sub(indent.len());
        for line in wrapped(&one_line(text), columns) {
            writeln!(f, "{indent}{line}")?;
        }
        Ok(())
    }

    /// A fact of a check: its name, and its words beside it.
    fn fact(&self, f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
        let label = format!("{FACTS}{name:<10} ");
        let columns = self.prose().saturating_sub(label.len());
        let blank = " ".repeat(label.len());
        for (index, line) in wrapped(&one_line(text), columns).iter().enumerate() {
            let front = if index == 0 { &label } else { &blank };
            writeln!(f, "{front}{line}")?;
        }
        Ok(())
    }

    fn decision(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let explanation = self.explanation;
        write!(f, "{}", self.verdict(explanation.verdict))?;
        if let Some(published) = explanation.published_verdict {
            write!(f, ", published as {}", self.verdict(published))?;
        }
        writeln!(f)?;
        let by = explanation.decided_by.join(", ");
        let because = match explanation.rule {
            VerdictRule::NothingAgainst => self.nothing_against(),
            rule @ (VerdictRule::UnmetPrecondition
            | VerdictRule::RefutationHolds
            | VerdictRule::PrimaryFails
            | VerdictRule::AcceptanceFails) => format!("By {by}: {}.", rule.words()),
        };
        self.paragraph(f, "", &because)?;
        if !explanation.is_decided {
            let waits = format!(
                "It waits for data that is not at hand: {} (`rooflab run {} --data NAME=FILE`).",
                explanation.waits_for.join(", "),
                explanation.id
            );
            self.paragraph(f, "", &waits)?;
        }
        Ok(())
    }

    /// The checks that could have spoken against the hypothesis and do not.
    fn nothing_against(&self) -> String {
        let of_role = |role: Role| {
            let checks = self.explanation.checks.iter();
            let ids: Vec<String> = checks
                .filter(|check| check.outcome.role == role)
                .map(|check| without_controls(&check.outcome.id))
                .collect();
            (!ids.is_empty()).then(|| format!("{} ({})", role.name(), ids.join(", ")))
        };
        let holding: Vec<String> = [Role::Precondition, Role::Primary, Role::Acceptance]
            .into_iter()
            .filter_map(of_role)
            .collect();
        let holding = match holding.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [several @ .., last] => Some(format!("{} and {last}", several.join(", "))),
        };
        match (holding, of_role(Role::Refutation)) {
            (Some(holding), Some(refutation)) => {
                format!("Every {holding} holds, and no {refutation} does.")
            }
            (Some(holding), None) => format!("Every {holding} holds."),
            (None, Some(refutation)) => format!("No {refutation} holds."),
            (None, None) => "None of its checks can speak against it.".to_owned(),
        }
    }

    fn criteria(&self) -> String {
        let criteria = &self.explanation.criteria;
        let date = criteria.date.unwrap_or_default();
        let because = criteria
            .because
            .map_or_else(String::new, |why| format!(" ({why})"));
        match criteria.locked {
            Locked::No => {
                "They were never locked: nothing shows whether they were written before the numbers were known."
                    .to_owned()
            }
            Locked::Lost => {
                "They were locked, and that lock is gone: nothing shows whether they are still those."
                    .to_owned()
            }
            Locked::Yes => format!("Locked on {date}{because}, and unchanged since."),
            Locked::Changed => {
                let sections: Vec<&str> =
                    criteria.changed.iter().map(|section| section.name()).collect();
                format!(
                    "Locked on {date}{because}, and CHANGED since: {}.",
                    sections.join(", ")
                )
            }
        }
    }

    fn check(
        &self,
        f: &mut fmt::Formatter<'_>,
        number: usize,
        check: &ExplainedCheck<'_>,
    ) -> fmt::Result {
        let outcome = check.outcome;
        let title = format!(
            "{} ({})",
            without_controls(&outcome.id),
            outcome.role.name()
        );
        writeln!(f, "{number:>3}. {}", self.screen.paint(Tone::Head, &title))?;
        self.paragraph(f, FACTS, &outcome.claim)?;
        if let Some(condition) = &check.condition {
            self.fact(f, "holds if", condition)?;
        }
        self.fact(f, "observed", &outcome.observed)?;
        for threshold in &check.thresholds {
            let limit = format!(
                "{} {} {}",
                threshold.measure, threshold.relation, threshold.limit
            );
            // Where that is the whole condition it was said.
            if check.condition.as_deref() != Some(limit.as_str()) {
                self.fact(f, "limit", &limit)?;
            }
        }
        if let Some(interval) = &outcome.interval {
            self.fact(f, "interval", &interval.shown)?;
            self.fact(f, "", &format!("{}; {}", interval.of, interval.drawn))?;
        }
        self.fact(f, "so", effect(outcome.role, outcome.holds))?;
        self.sql(f, "query", check.sql)?;
        if number < self.explanation.checks.len() {
            writeln!(f)?;
        }
        Ok(())
    }

    /// A query with the lines that it has in the file, which are as long as they are.
    fn sql(&self, f: &mut fmt::Formatter<'_>, name: &str, sql: &str) -> fmt::Result {
        let margin = sql
            .lines()
            .skip(1)
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.len() - line.trim_start().len())
            .min()
            .unwrap_or(0);
        let label = format!("{FACTS}{name:<10} ");
        let blank = " ".repeat(label.len());
        for (index, line) in sql.trim().lines().enumerate() {
            let front = if index == 0 { &label } else { &blank };
            let text = if index == 0 {
                line
            } else {
                line.get(margin..).unwrap_or_default()
            };
            let columns = self
                .screen
                .columns()
                .map_or(usize::MAX, |columns| columns.saturating_sub(label.len()));
            let kept = " ".repeat(text.len() - text.trim_start().len());
            let text = without_controls(text);
            if text.width() <= columns {
                writeln!(f, "{front}{text}")?;
                continue;
            }
            for (part, line) in wrapped(&text, columns - kept.len().min(columns))
                .iter()
                .enumerate()
            {
                let front = if part == 0 { front } else { &blank };
                writeln!(f, "{front}{kept}{line}")?;
            }
        }
        Ok(())
    }

    fn tables(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.explanation.tables {
            writeln!(
                f,
                "{INDENT}{}: {}",
                self.screen.paint(Tone::Head, table.name),
                one_line(table.title)
            )?;
            for query in &table.queries {
                if let Some(figure) = query.figure {
                    self.fact(f, "figure", figure)?;
                }
                self.sql(f, "query", query.sql)?;
            }
        }
        Ok(())
    }

    fn rules(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let applied = self.explanation.rule;
        for (index, rule) in VerdictRule::ALL.iter().enumerate() {
            let mark = if *rule == applied { ">" } else { " " };
            let line = format!(
                "{mark} {}. {:<50} {}",
                index + 1,
                rule.words(),
                rule.verdict().name()
            );
            let line = if *rule == applied {
                self.screen.paint(Tone::Head, &line)
            } else {
                line
            };
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// What an answer did to the verdict.
fn effect(role: Role, holds: Option<bool>) -> &'static str {
    match (role, holds) {
        (_, None) => "no answer: the rows that it compares are missing",
        (Role::Precondition, Some(true)) => "it holds, and the other checks may decide",
        (Role::Precondition, Some(false)) => "it fails: nothing can be decided",
        (Role::Refutation, Some(true)) => "it holds: the hypothesis is refuted",
        (Role::Refutation, Some(false)) => "it does not hold, and refutes nothing",
        (Role::Primary, Some(true)) => "it holds, as the hypothesis needs",
        (Role::Primary, Some(false)) => "it fails: the hypothesis is refuted",
        (Role::Acceptance, Some(true)) => "it holds, as a confirmation needs",
        (Role::Acceptance, Some(false)) => "it fails: a part is confirmed at most",
        (Role::Control, Some(true)) => "it holds, and decides nothing: a control",
        (Role::Control, Some(false)) => "it fails, and decides nothing: a control",
    }
}

impl fmt::Display for ExplanationText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let explanation = self.explanation;
        let title = format!("{}: {}", explanation.id, one_line(explanation.title));
        for line in wrapped(&title, self.prose()) {
            writeln!(f, "{}", self.screen.paint(Tone::Head, &line))?;
        }
        self.decision(f)?;
        self.head(f, "Claim")?;
        self.paragraph(f, INDENT, explanation.statement)?;
        self.head(f, "Refuted if")?;
        self.paragraph(f, INDENT, explanation.refuted_if)?;
        self.head(f, "Criteria")?;
        self.paragraph(f, INDENT, &self.criteria())?;
        self.head(f, "Checks")?;
        for (index, check) in explanation.checks.iter().enumerate() {
            self.check(f, index + 1, check)?;
        }
        if self.with_tables && !explanation.tables.is_empty() {
            self.head(f, "Tables that the checks read")?;
            self.tables(f)?;
        }
        self.head(f, "How checks decide: the first that applies")?;
        self.rules(f)?;
        if let Some(why) = explanation
            .verdict_differs
            .filter(|_| explanation.is_decided)
        {
            self.head(f, "Why the published verdict is another")?;
            self.paragraph(f, INDENT, why)?;
        }
        if !explanation.defects.is_empty() {
            self.head(f, "What the published findings get wrong")?;
            for defect in explanation.defects {
                self.paragraph(f, INDENT, &format!("{}: {}", defect.id, defect.what))?;
            }
        }
        Ok(())
    }
}
