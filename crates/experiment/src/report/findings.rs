//! `FINDINGS.md` from what a run came to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::{Diagnostic, SourceText};
use serde::Serialize;
use serde_yaml::Spanned;
use settings::Inputs;
use tera::Context;

use super::data_context::data_context;
use super::deciding::deciding_sentence;
use super::design::{Design, describe};
use super::interval_words::{interval_heading, interval_words};
use super::locks::CriteriaContext;
use super::markdown;
use super::markdown::MarkdownColumn;
use super::narrative::{MOST_KEY_NUMBERS, Sections, reflow};
use super::pictures::Picture;
use super::remarks::{Defect, Remarks};
use super::reproducing::command_line;
use super::template::render;
use super::template_functions::Facts;
use crate::check::CheckedQueries;
use crate::decide::{CheckOutcome, Comparison, Difference, Reproduction};
use crate::format::{HypothesisSpec, PublishedSpec, Role, Verdict};
use crate::project::{
    INPUTS_FILE, OUTCOME_FILE, PUBLISHED_VALUES_FILE, TraceData, Traces, Warning, path_text,
};
use crate::sweep::Run;
use crate::table::{ColumnKind, ShownTable};

/// The template that serves every hypothesis without one of its own.
const DEFAULT_TEMPLATE: &str = include_str!("findings.md.tera");

/// Rows of a table that the findings show where the table does not say.
const DEFAULT_ROWS: usize = 15;

/// Everything that findings speak of.
pub(crate) struct FindingsInput<'a> {
    pub(crate) spec: &'a HypothesisSpec,
    pub(crate) criteria: CriteriaContext,
    pub(crate) runs: &'a [Run],
    pub(crate) queries: &'a CheckedQueries,
    pub(crate) inputs: &'a Inputs,
    pub(crate) verdict: Verdict,
    pub(crate) checks: &'a [CheckOutcome],
    pub(crate) comparison: &'a Comparison,
    pub(crate) facts: &'a Arc<Facts>,
    pub(crate) narrative: Option<&'a SourceText>,
    pub(crate) template: Option<&'a SourceText>,
    /// Input files with their SHA-256.
    pub(crate) hashes: &'a [(PathBuf, String)],
    /// The SHA-256 of the file that lists them.
    pub(crate) inputs_sha256: String,
    /// What was published of the very inputs.
    pub(crate) published: Option<&'a PublishedSpec>,
    /// What the hypothesis says of it, with the numbers of the run.
    pub(crate) remarks: &'a Remarks,
    /// Pictures of the tables.
    pub(crate) pictures: &'a [Picture],
    /// What the measured runs are called that were given in place of the project's own.
    pub(crate) other_ground_truth: Option<&'a Path>,
    /// The data that the hypothesis describes.
    pub(crate) traces: &'a Traces,
    /// What a reader should know of the measured runs and of the sweeps.
    pub(crate) warnings: &'a [Warning],
}

#[derive(Serialize)]
struct HypothesisContext<'a> {
    id: &'a str,
    title: String,
    /// The title, as a claim where it is not confirmed.
    heading: String,
    family: crate::format::Family,
    r#type: crate::format::Kind,
    date: &'a str,
    statement: &'a str,
    refuted_if: &'a str,
}

#[derive(Serialize)]
struct PublishedContext<'a> {
    verdict: &'static str,
    /// The verdict in the words of the publication.
    status: String,
    source: &'a str,
    /// The published claim and criterion of refutation, on a line each; empty where they are not quoted.
    statement: String,
    refuted_if: String,
    agrees: bool,
    verdict_differs: &'a str,
    criterion_differs: &'a str,
    defects: &'a [Defect],
    /// All that were compared.
    total: usize,
    /// How closely the values are reproduced.
    reproduction: Reproduction,
    /// The same in words.
    values: String,
    /// Markdown table of what differs, empty where nothing does.
    differences: String,
    differing: usize,
    /// Values that need data which is not at hand, in words, for each data.
    waiting: Vec<String>,
    unexplained: usize,
    /// Stated tolerances in words, empty where none is stated.
    tolerances: String,
}

#[derive(Serialize)]
struct TableContext<'a> {
    name: &'a str,
    title: String,
    note: &'a str,
    csv: String,
    rows: usize,
    shown: usize,
    markdown: String,
    /// Markdown of the pictures of the table.
    pictures: Vec<String>,
}

#[derive(Serialize)]
struct FileContext {
    path: String,
    sha256: String,
}

/// The files in `results/`.
#[derive(Serialize)]
struct ResultsContext {
    /// Links to the tables.
    tables: String,
    /// How many pictures there are.
    pictures: usize,
    outcome: String,
    /// Empty where no published value is compared.
    published: String,
    inputs: String,
}

/// In place of a narrative that other measurements have not the rows for.
const WORDS_LEFT_OUT: &str = "*The words of this hypothesis are about the measured runs of the project and are left out here";

/// Renders the findings, and adds to `absent` what their words name and the data do not have.
///
/// # Errors
///
/// A template asks for something that is not there.
pub(crate) fn render_findings(
    input: &FindingsInput<'_>,
    absent: &mut Vec<String>,
) -> Result<String, Diagnostic> {
    let mut context = context(input);
    let (narrative, sections) = match input.narrative {
        Some(narrative) => match render(narrative, &context, input.facts) {
            // It names experiments of the project, which other measurements lack. The checks stand without it.
            Ok(rendered) if input.other_ground_truth.is_some() && !rendered.absent.is_empty() => {
                words_left_out(&rendered.absent.join("; "))
            }
            Ok(rendered) => {
                absent.extend(rendered.absent);
                let text = reflow(rendered.text.trim());
                let sections = Sections::of(&text);
                check_key_numbers(narrative, &sections)?;
                (text, sections)
            }
            Err(problem) if input.other_ground_truth.is_some() => words_left_out(problem.message()),
            Err(problem) => return Err(problem),
        },
        None => (String::new(), Sections::default()),
    };
    context.insert("narrative", &narrative);
    context.insert("sections", &sections);
    let default = SourceText::new(
        PathBuf::from("findings.md.tera"),
        DEFAULT_TEMPLATE.to_owned(),
    );
    let rendered = render(input.template.unwrap_or(&default), &context, input.facts)?;
    absent.extend(rendered.absent);
    Ok(tidy(&rendered.text))
}

/// What stands in place of a narrative that names what other measurements lack.
fn words_left_out(why: &str) -> (String, Sections) {
    let words = format!("{WORDS_LEFT_OUT}: {why}.*");
    (words.clone(), Sections::of_lead(words))
}

/// Makes sure that the key numbers can be read at a glance.
fn check_key_numbers(narrative: &SourceText, sections: &Sections) -> Result<(), Diagnostic> {
    let numbers = sections.key_numbers();
    if numbers <= MOST_KEY_NUMBERS {
        return Ok(());
    }
    let message = format!(
        "the section `Key numbers` has {numbers} items: {MOST_KEY_NUMBERS} at most are what a reader keeps in mind"
    );
    Err(Diagnostic::new(narrative.path().to_owned(), message))
}

/// What templates may show, but for the narrative.
fn context(input: &FindingsInput<'_>) -> Context {
    let spec = input.spec;
    let mut context = Context::new();
    context.insert(
        "hypothesis",
        &HypothesisContext {
            id: &spec.id.value,
            title: markdown::without_tags(spec.title.trim()),
            heading: markdown::without_tags(&input.verdict.titled(spec.title.trim())),
            family: spec.family,
            r#type: spec.kind,
            date: &spec.date.value,
            statement: spec.statement.trim(),
            refuted_if: spec.refuted_if.trim(),
        },
    );
    context.insert("criteria", &input.criteria);
    context.insert("verdict", input.verdict.name());
    context.insert("verdict_sentence", &deciding_sentence(input.checks));
    context.insert("version", env!("CARGO_PKG_VERSION"));
    let design: Design = describe(input.runs, &spec.runs, input.queries, input.inputs);
    context.insert("design", &design);
    context.insert("settings_table", &settings_table(&design));
    context.insert("checks", input.checks);
    context.insert("checks_table", &checks_table(input.checks));
    context.insert("checks_legend", &checks_legend(input.checks));
    let (tables, waiting): (Vec<_>, Vec<_>) = tables(spec, &input.facts.tables, input.pictures)
        .into_iter()
        .partition(|table| table.rows > 0 || !is_undecided_without_data(input));
    let (only_files, tables): (Vec<_>, Vec<_>) = tables.into_iter().partition(is_only_a_file);
    context.insert("tables", &tables);
    context.insert("only_files", &only_files);
    let waiting: Vec<&str> = waiting.iter().map(|table| table.title.as_str()).collect();
    context.insert("tables_without_data", &waiting);
    context.insert("published", &published(input));
    context.insert(
        "other_ground_truth",
        &input.other_ground_truth.map(path_text),
    );
    context.insert("data", &data_context(input.traces));
    let reproduced_by = command_line(&spec.id.value, input.other_ground_truth, input.traces);
    context.insert("reproduced_by", &reproduced_by);
    let unmet: Vec<String> = input
        .checks
        .iter()
        .filter(|check| check.is_unmet_precondition())
        .map(|check| format!("{} (observed: {})", check.claim.trim(), check.observed))
        .collect();
    context.insert("unmet_preconditions", &unmet);
    let warnings = input.warnings.iter().map(Warning::to_string);
    context.insert("warnings", &warnings.collect::<Vec<_>>());
    let files: Vec<FileContext> = input
        .hashes
        .iter()
        .map(|(path, hash)| FileContext {
            path: path_text(path),
            sha256: hash.clone(),
        })
        .collect();
    context.insert("files", &files);
    context.insert("inputs_sha256", &input.inputs_sha256);
    context.insert("results", &result_files(input));
    context
}

/// One blank line between blocks, none at the ends of lines or of the file.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        tidied.push_str(line);
        tidied.push('\n');
    }
    let mut tidied = tidied.trim_end().to_owned();
    tidied.push('\n');
    tidied
}

fn settings_table(design: &Design) -> String {
    let rows = design.settings.iter().map(|row| {
        vec![
            format!("`{}`", row.name),
            row.value.clone(),
            row.from.clone(),
        ]
    });
    markdown::words_table(&["Setting", "Value", "From"], rows)
}

fn checks_table(checks: &[CheckOutcome]) -> String {
    let interval_heading = interval_heading(checks);
    let rows = checks.iter().map(|check| {
        let holds = check.answer();
        let mut row = vec![
            format!("`{}`", check.id),
            check.role.name().to_owned(),
            check.claim.trim().to_owned(),
            check.observed.clone(),
        ];
        if interval_heading.is_some() {
            let interval = check.interval.as_ref();
            row.push(interval.map_or_else(String::new, |interval| interval.shown.clone()));
        }
        row.push(if counts_against(check) {
            format!("**{holds}**")
        } else {
            holds.to_owned()
        });
        row
    });
    let mut headings = vec!["Check", "Role", "Claim", "Observed"];
    headings.extend(interval_heading.as_deref());
    headings.push("Holds");
    let table = markdown::words_table(&headings, rows);
    table + &interval_words(checks)
}

/// What the words of the table of checks mean, of the roles that it has.
fn checks_legend(checks: &[CheckOutcome]) -> String {
    let roles = Role::ALL
        .iter()
        .filter(|role| checks.iter().any(|check| check.role == **role));
    let meanings: Vec<String> = roles
        .map(|role| format!("{}: {}", role.name(), meaning(*role)))
        .collect();
    format!(
        "Holds: whether the claim is true of what was observed. An answer in bold speaks against the hypothesis. Roles: {}.",
        meanings.join("; ")
    )
}

fn meaning(role: Role) -> &'static str {
    match role {
        Role::Precondition => "where it fails nothing is decided",
        Role::Refutation => "where it holds the hypothesis is refuted",
        Role::Primary => "where it fails the hypothesis is refuted",
        Role::Acceptance => "where it fails the hypothesis is confirmed in part at most",
        Role::Control => "decides nothing",
    }
}

/// Whether a check speaks against the hypothesis: a refutation that holds, or anything else that decides and fails.
fn counts_against(check: &CheckOutcome) -> bool {
    match check.role {
        Role::Refutation => check.holds == Some(true),
        Role::Precondition | Role::Acceptance | Role::Primary => check.holds == Some(false),
        Role::Control => false,
    }
}

fn tables<'a>(
    spec: &'a HypothesisSpec,
    shown: &BTreeMap<String, ShownTable>,
    pictures: &[Picture],
) -> Vec<TableContext<'a>> {
    spec.tables
        .iter()
        .filter_map(|(name, table)| shown.get(&name.value).map(|shown| (name, table, shown)))
        .map(|(name, table, shown)| {
            let rows = shown.table.rows();
            let limit = table.rows.unwrap_or(DEFAULT_ROWS).min(rows);
            TableContext {
                name: &name.value,
                title: markdown::without_tags(table.title.trim()),
                note: table.note.as_deref().unwrap_or("").trim(),
                csv: format!("results/{}.csv", name.value),
                rows,
                shown: limit,
                markdown: if limit == 0 {
                    String::new()
                } else {
                    markdown_of(shown, limit)
                },
                pictures: pictures
                    .iter()
                    .filter(|picture| picture.table == name.value)
                    .map(picture_markdown)
                    .collect(),
            }
        })
        .collect()
}

/// Whether the findings show no row and no picture of a table.
fn is_only_a_file(table: &TableContext<'_>) -> bool {
    table.shown == 0 && table.rows > 0 && table.pictures.is_empty()
}

/// The picture with its title as a link to it, and what the reader should see in it.
fn picture_markdown(picture: &Picture) -> String {
    let note = picture.note.as_deref().unwrap_or("");
    let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = markdown::plain(
        &picture
            .title
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    );
    format!("![{title}]({})\n\n{note}", path_text(&picture.path))
}

fn markdown_of(shown: &ShownTable, rows: usize) -> String {
    let columns: Vec<MarkdownColumn> = shown
        .table
        .columns()
        .iter()
        .map(|column| MarkdownColumn {
            heading: shown.heading(&column.name).to_owned(),
            is_number: matches!(column.values.kind(), ColumnKind::Int | ColumnKind::Float),
        })
        .collect();
    let cells = (0..rows).map(|row| {
        shown
            .table
            .columns()
            .iter()
            .map(|column| shown.show(&column.name, row))
            .collect()
    });
    markdown::table(&columns, cells)
}

/// The table of values that differ, of each reason at least one as far as the rows go. A reason that several share
/// stands below it, once.
fn differences_table(differing: &[Difference]) -> String {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for why in differing.iter().filter_map(|value| value.why.as_deref()) {
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += 1,
            None => reasons.push((why, 1)),
        }
    }
    reasons.retain(|(_, count)| *count > 1);
    let shown = shown_differences(differing);
    let rows = shown.iter().map(|difference| {
        let number = |why: &str| reasons.iter().position(|(known, _)| *known == why);
        let why = match difference.why.as_deref() {
            None => "**not explained**".to_owned(),
            Some(why) => number(why).map_or_else(|| why.to_owned(), |at| format!("({})", at + 1)),
        };
        difference_row(difference, why)
    });
    let headings = ["Table", "Row", "Column", "Published", "Ours", "Why"];
    let mut text = markdown::words_table(&headings, rows);
    if shown.len() < differing.len() {
        let counts = format!("\n{} of {} values.", shown.len(), differing.len());
        text.push_str(&counts);
    }
    for (index, (why, count)) in reasons.iter().enumerate() {
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = format!("\n\n({}) {count} values: {why}", index + 1);
        text.push_str(&line);
    }
    text
}

/// As many values as a table has rows, in order: those without a reason and the first of each reason before others.
fn shown_differences(differing: &[Difference]) -> Vec<&Difference> {
    let is_first = |index: usize, difference: &Difference| {
        let before = differing.iter().take(index);
        difference.why.is_none() || before.into_iter().all(|other| other.why != difference.why)
    };
    let (firsts, others): (Vec<_>, Vec<_>) = differing
        .iter()
        .enumerate()
        .partition(|(index, difference)| is_first(*index, difference));
    let mut shown: Vec<(usize, &Difference)> = firsts
        .into_iter()
        .chain(others)
        .take(DEFAULT_ROWS)
        .collect();
    shown.sort_by_key(|(index, _)| *index);
    shown
        .into_iter()
        .map(|(_, difference)| difference)
        .collect()
}

/// A quotation on one line of Markdown.
fn quoted(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("\"{}\"", markdown::plain(&words))
}

fn quoted_text(text: Option<&Spanned<String>>) -> String {
    text.map_or_else(String::new, |text| quoted(&text.value))
}

/// Our value with one digit more than the published one has.
fn with_one_more_digit(value: &Difference) -> String {
    let fraction = value
        .published
        .split_once('.')
        .map_or("", |(_, digits)| digits);
    match value.ours.parse::<f64>() {
        Ok(number) if value.ours.contains('.') => format!("{number:.*}", fraction.len() + 1),
        Ok(_) | Err(_) => value.ours.clone(),
    }
}

/// The row of a published value, by its key.
pub(crate) fn row_words(value: &Difference) -> String {
    let keys = value.row.iter();
    keys.map(|(key, value)| format!("{key} = {value}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn difference_row(difference: &Difference, why: String) -> Vec<String> {
    vec![
        format!("`{}`", difference.table),
        row_words(difference),
        difference.column.clone(),
        difference.published.clone(),
        with_one_more_digit(difference),
        why,
    ]
}

fn published<'a>(input: &FindingsInput<'a>) -> Option<PublishedContext<'a>> {
    let published = input.published?;
    let comparison = input.comparison;
    Some(PublishedContext {
        verdict: published.verdict.name(),
        status: published
            .status
            .as_deref()
            .map_or_else(|| published.verdict.name().to_owned(), quoted),
        statement: quoted_text(published.statement.as_ref()),
        refuted_if: quoted_text(published.refuted_if.as_ref()),
        criterion_differs: input.remarks.criterion_differs.as_deref().unwrap_or(""),
        source: published.source.trim(),
        agrees: published.verdict == input.verdict,
        verdict_differs: if is_undecided_without_data(input) {
            "Without the data nothing is decided here."
        } else {
            input.remarks.verdict_differs.as_deref().unwrap_or("")
        },
        defects: &input.remarks.defects,
        total: comparison.reproduction.compared(),
        reproduction: comparison.reproduction,
        values: comparison.reproduction.to_string(),
        differing: comparison.differing.len(),
        waiting: comparison
            .waiting
            .iter()
            .map(|(data, values)| {
                let need = if *values == 1 { "needs" } else { "need" };
                format!("{values} more {need} {data}")
            })
            .collect(),
        unexplained: comparison.unexplained().count(),
        tolerances: tolerances(published),
        differences: if comparison.differing.is_empty() {
            String::new()
        } else {
            differences_table(&comparison.differing)
        },
    })
}

/// Whether data is missing, and nothing is decided.
fn is_undecided_without_data(input: &FindingsInput<'_>) -> bool {
    let is_missing = |data: &TraceData| data.given.is_none();
    input.verdict == Verdict::Inconclusive && input.traces.values().any(is_missing)
}

/// The files in `results/`, as links, with what they are.
fn result_files(input: &FindingsInput<'_>) -> ResultsContext {
    let link = |name: &str| format!("[{name}](results/{name})");
    let names = input.spec.tables.names();
    let tables: Vec<String> = names.map(|name| link(&format!("{name}.csv"))).collect();
    ResultsContext {
        tables: tables.join(", "),
        pictures: input.pictures.len(),
        outcome: link(OUTCOME_FILE),
        published: if input.comparison.all.is_empty() {
            String::new()
        } else {
            link(PUBLISHED_VALUES_FILE)
        },
        inputs: link(INPUTS_FILE),
    }
}

/// Every tolerance that the hypothesis states, by table and column.
fn tolerances(published: &PublishedSpec) -> String {
    let stated = published.tables.iter().flat_map(|(table, spec)| {
        spec.tolerance
            .iter()
            .map(|(column, allowed)| format!("`{}.{}` {allowed}", table.value, column.value))
    });
    stated.collect::<Vec<_>>().join(", ")
}
