//! Explanations for people.

use std::io::{self, Write};

use experiment::{ExplainedCheck, Explanation, Locked, Role, VerdictRule};

use crate::screen::{Screen, Tone};
use crate::standard_output::StandardOutput;
use crate::table_layout::lines_of;
use crate::text_table::without_controls;
use crate::wrapped_text::{one_line, wrapped};

/// The longest lines of prose, also on a wider screen.
const PROSE: usize = 110;

/// What paragraphs are indented by.
const INDENT: &str = "  ";

/// What the facts of a check are indented by.
const FACTS: &str = "     ";

/// The columns that the name of a fact takes.
const NAME: usize = 11;

/// Writes paragraphs: the verdict, the claim, the checks, and the rules by which they decide; `with_tables` also the queries
/// of the tables that the checks read.
pub(super) fn write_text(
    out: &mut StandardOutput,
    explanation: &Explanation<'_>,
    with_tables: bool,
) -> io::Result<()> {
    let mut text = Text {
        screen: out.screen(),
        out,
        explanation,
    };
    let title = format!("{}: {}", explanation.id, one_line(explanation.title));
    for line in wrapped(&title, text.prose()) {
        writeln!(text.out, "{}", text.screen.paint(Tone::Head, &line))?;
    }
    text.decision()?;
    text.part("Claim", explanation.statement)?;
    text.part("Refuted if", explanation.refuted_if)?;
    text.part("Criteria", &criteria(explanation))?;
    text.head("Checks")?;
    for (index, check) in explanation.checks.iter().enumerate() {
        text.check(index + 1, check)?;
    }
    if with_tables && !explanation.tables.is_empty() {
        text.tables()?;
    }
    text.rules()?;
    if let Some(why) = explanation
        .verdict_differs
        .filter(|_| explanation.is_decided)
    {
        text.part("Why the published verdict is another", why)?;
    }
    if !explanation.defects.is_empty() {
        text.head("What the published findings get wrong")?;
        for defect in explanation.defects {
            text.paragraph(INDENT, &format!("{}: {}", defect.id, defect.what))?;
        }
    }
    Ok(())
}

struct Text<'t> {
    out: &'t mut StandardOutput,
    screen: Screen,
    explanation: &'t Explanation<'t>,
}

impl Text<'_> {
    fn prose(&self) -> usize {
        self.screen.columns().unwrap_or(PROSE).min(PROSE)
    }

    fn head(&mut self, head: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", self.screen.paint(Tone::Head, head))
    }

    fn paragraph(&mut self, indent: &str, text: &str) -> io::Result<()> {
        let columns = self.prose().saturating_sub(indent.len());
        for line in wrapped(&one_line(text), columns) {
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    /// A head and the paragraph below it.
    fn part(&mut self, head: &str, text: &str) -> io::Result<()> {
        self.head(head)?;
        self.paragraph(INDENT, text)
    }

    /// A name, and lines beside it.
    fn named(&mut self, name: &str, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
        let mut name = name;
        for line in lines {
            writeln!(self.out, "{FACTS}{name:<NAME$}{line}")?;
            name = "";
        }
        Ok(())
    }

    /// A fact of a check: its name, and its words beside it.
    fn fact(&mut self, name: &str, text: &str) -> io::Result<()> {
        let columns = self.prose().saturating_sub(FACTS.len() + NAME);
        self.named(name, wrapped(&one_line(text), columns))
    }

    /// A query with the lines that it has in the file, which are as long as they are.
    fn sql(&mut self, name: &str, sql: &str) -> io::Result<()> {
        let others = sql.lines().skip(1).filter(|line| !line.trim().is_empty());
        let margin = others
            .map(|line| line.len() - line.trim_start().len())
            .min();
        let columns = self.screen.columns();
        let columns = columns.map_or(usize::MAX, |all| all.saturating_sub(FACTS.len() + NAME));
        let lines = sql.trim().lines().enumerate().flat_map(|(index, line)| {
            let begin = if index == 0 { 0 } else { margin.unwrap_or(0) };
            let text = line.get(begin..).unwrap_or_default();
            lines_of(&without_controls(text), columns)
        });
        self.named(name, lines)
    }

    fn decision(&mut self) -> io::Result<()> {
        let explanation = self.explanation;
        write!(
            self.out,
            "{}",
            self.screen.paint_state(explanation.verdict.name())
        )?;
        if let Some(published) = explanation.published_verdict {
            let published = self.screen.paint_state(published.name());
            write!(self.out, ", published as {published}")?;
        }
        writeln!(self.out)?;
        let by = explanation.decided_by.join(", ");
        let because = match explanation.rule {
            VerdictRule::NothingAgainst => nothing_against(explanation),
            rule @ (VerdictRule::UnmetPrecondition
            | VerdictRule::RefutationHolds
            | VerdictRule::PrimaryFails
            | VerdictRule::AcceptanceFails) => format!("By {by}: {}.", rule.words()),
        };
        self.paragraph("", &because)?;
        if !explanation.is_decided {
            let waits = format!(
                "It waits for data that is not at hand: {} (`rooflab run {} --data NAME=FILE`).",
                explanation.waits_for.join(", "),
                explanation.id
            );
            self.paragraph("", &waits)?;
        }
        Ok(())
    }

    fn check(&mut self, number: usize, check: &ExplainedCheck<'_>) -> io::Result<()> {
        let outcome = check.outcome;
        let title = format!(
            "{} ({})",
            without_controls(&outcome.id),
            outcome.role.name()
        );
        writeln!(
            self.out,
            "{number:>3}. {}",
            self.screen.paint(Tone::Head, &title)
        )?;
        self.paragraph(FACTS, &outcome.claim)?;
        if let Some(condition) = &check.condition {
            self.fact("holds if", condition)?;
        }
        self.fact("observed", &outcome.observed)?;
        for one in &check.thresholds {
            let limit = format!("{} {} {}", one.measure, one.relation, one.limit);
            // Where that is the whole condition it was said.
            if check.condition.as_deref() != Some(limit.as_str()) {
                self.fact("limit", &limit)?;
            }
        }
        if let Some(interval) = &outcome.interval {
            self.fact("interval", &interval.shown)?;
            self.fact("", &format!("{}; {}", interval.of, interval.drawn))?;
        }
        self.fact("so", effect(outcome.role, outcome.holds))?;
        self.sql("query", check.sql)?;
        if number < self.explanation.checks.len() {
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn tables(&mut self) -> io::Result<()> {
        self.head("Tables that the checks read")?;
        for table in &self.explanation.tables {
            let name = self.screen.paint(Tone::Head, table.name);
            writeln!(self.out, "{INDENT}{name}: {}", one_line(table.title))?;
            for query in &table.queries {
                if let Some(figure) = query.figure {
                    self.fact("figure", figure)?;
                }
                self.sql("query", query.sql)?;
            }
        }
        Ok(())
    }

    fn rules(&mut self) -> io::Result<()> {
        self.head("How checks decide: the first that applies")?;
        for (index, rule) in VerdictRule::ALL.iter().enumerate() {
            let applies = *rule == self.explanation.rule;
            let mark = if applies { ">" } else { " " };
            let (number, words, verdict) = (index + 1, rule.words(), rule.verdict().name());
            let line = format!("{mark} {number}. {words:<50} {verdict}");
            let line = self.screen.paint(applies.then_some(Tone::Head), &line);
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }
}

/// The checks that could have spoken against the hypothesis and do not.
fn nothing_against(explanation: &Explanation<'_>) -> String {
    let of_role = |role: Role| {
        let checks = explanation.checks.iter();
        let ids: Vec<String> = checks
            .filter(|check| check.outcome.role == role)
            .map(|check| without_controls(&check.outcome.id))
            .collect();
        (!ids.is_empty()).then(|| format!("{} ({})", role.name(), ids.join(", ")))
    };
    let holding = [Role::Precondition, Role::Primary, Role::Acceptance];
    let holding: Vec<String> = holding.into_iter().filter_map(of_role).collect();
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

fn criteria(explanation: &Explanation<'_>) -> String {
    let criteria = &explanation.criteria;
    let date = criteria.date.unwrap_or_default();
    let because = criteria
        .because
        .map_or_else(String::new, |why| format!(" ({why})"));
    match criteria.locked {
        Locked::No => {
            "They were never locked: nothing shows whether they were written before the numbers were known.".to_owned()
        }
        Locked::Lost => {
            "They were locked, and that lock is gone: nothing shows whether they are still those.".to_owned()
        }
        Locked::Yes => format!("Locked on {date}{because}, and unchanged since."),
        Locked::Changed => {
            let changed: Vec<&str> = criteria.changed.iter().map(|section| section.name()).collect();
            format!("Locked on {date}{because}, and CHANGED since: {}.", changed.join(", "))
        }
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
