//! `FINDINGS.md` from what a run came to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::{Diagnostic, SourceText};
use serde::Serialize;
use settings::Inputs;
use tera::Context;

use super::data_context::data_context;
use super::design::{Design, describe};
use super::interval_words::{interval_heading, interval_words};
use super::locks::CriteriaContext;
use super::markdown;
use super::markdown::MarkdownColumn;
use super::pictures::Picture;
use super::remarks::{Defect, Remarks};
use super::reproducing::command_line;
use super::template::render;
use super::template_functions::Facts;
use crate::decide::{CheckOutcome, ComparedValue, Comparison, Difference, Reproduction};
use crate::format::{HypothesisSpec, PublishedSpec, Role, TableSpec, Verdict};
use crate::project::{TraceData, Traces, Warning, path_text};
use crate::sweep::Run;
use crate::table::{ColumnKind, ShownTable};

/// The template that serves every hypothesis without one of its own.
const DEFAULT_TEMPLATE: &str = include_str!("findings.md.tera");

/// Rows of a table that the findings show where the table does not say.
const DEFAULT_ROWS: usize = 60;

/// Everything that findings speak of.
pub(crate) struct FindingsInput<'a> {
    pub(crate) spec: &'a HypothesisSpec,
    pub(crate) criteria: CriteriaContext,
    pub(crate) runs: &'a [Run],
    pub(crate) inputs: &'a Inputs,
    pub(crate) verdict: Verdict,
    pub(crate) checks: &'a [CheckOutcome],
    pub(crate) comparison: &'a Comparison,
    pub(crate) facts: &'a Arc<Facts>,
    pub(crate) narrative: Option<&'a SourceText>,
    pub(crate) template: Option<&'a SourceText>,
    /// Input files with their SHA-256.
    pub(crate) hashes: &'a [(PathBuf, String)],
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
    family: crate::format::Family,
    r#type: crate::format::Kind,
    date: &'a str,
    statement: &'a str,
    refuted_if: &'a str,
}

#[derive(Serialize)]
struct PublishedContext<'a> {
    verdict: &'static str,
    source: &'a str,
    agrees: bool,
    verdict_differs: &'a str,
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
    /// Markdown table of every published value beside ours.
    all: String,
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

/// In place of a narrative that other measurements have not the rows for.
const WORDS_LEFT_OUT: &str = "*The words of this hypothesis are about the measured runs of the project and are left out here";

/// Renders the findings.
///
/// # Errors
///
/// A template asks for something that is not there.
pub(crate) fn render_findings(input: &FindingsInput<'_>) -> Result<String, Diagnostic> {
    let mut context = context(input);
    let narrative = match input.narrative {
        Some(narrative) => match render(narrative, &context, input.facts) {
            Ok(text) => text.trim().to_owned(),
            // It may name experiments of the project, which other measurements lack. The checks stand without it.
            Err(problem) if input.other_ground_truth.is_some() => {
                format!("{WORDS_LEFT_OUT}: {}.*", problem.message())
            }
            Err(problem) => return Err(problem),
        },
        None => String::new(),
    };
    context.insert("narrative", &narrative);
    let default = SourceText::new(
        PathBuf::from("findings.md.tera"),
        DEFAULT_TEMPLATE.to_owned(),
    );
    let text = render(input.template.unwrap_or(&default), &context, input.facts)?;
    Ok(tidy(&text))
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
            family: spec.family,
            r#type: spec.kind,
            date: &spec.date.value,
            statement: spec.statement.trim(),
            refuted_if: spec.refuted_if.trim(),
        },
    );
    context.insert("criteria", &input.criteria);
    context.insert("verdict", input.verdict.name());
    context.insert("version", env!("CARGO_PKG_VERSION"));
    let design: Design = describe(input.runs, &spec.runs, input.inputs);
    context.insert("design", &design);
    context.insert("settings_table", &settings_table(&design));
    context.insert("checks_table", &checks_table(input.checks));
    let (tables, waiting): (Vec<_>, Vec<_>) = tables(spec, &input.facts.tables, input.pictures)
        .into_iter()
        .partition(|table| table.rows > 0 || !is_undecided_without_data(input));
    context.insert("tables", &tables);
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
                    markdown_of(table, shown, limit)
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

fn markdown_of(spec: &TableSpec, shown: &ShownTable, rows: usize) -> String {
    let columns: Vec<MarkdownColumn> = shown
        .table
        .columns()
        .iter()
        .map(|column| MarkdownColumn {
            heading: spec
                .columns
                .get(&column.name)
                .and_then(|format| format.label.clone())
                .unwrap_or_else(|| column.name.clone()),
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

/// The table of values that differ. A reason that several share stands below it, once.
fn differences_table(differing: &[Difference]) -> String {
    let mut shared: Vec<&str> = Vec::new();
    let has_company = |why: &str| {
        let same = differing
            .iter()
            .filter(|other| other.why.as_deref() == Some(why));
        same.count() > 1
    };
    let rows: Vec<Vec<String>> = differing
        .iter()
        .map(|difference| {
            let why = match difference.why.as_deref() {
                None => "**not explained**".to_owned(),
                Some(why) if has_company(why) => {
                    let number = shared.iter().position(|known| *known == why);
                    let number = number.unwrap_or_else(|| {
                        shared.push(why);
                        shared.len() - 1
                    });
                    format!("({})", number + 1)
                }
                Some(why) => why.to_owned(),
            };
            difference_row(difference, why)
        })
        .collect();
    let headings = ["Table", "Row", "Column", "Published", "Ours", "Why"];
    let mut text = markdown::words_table(&headings, rows);
    for (index, why) in shared.iter().enumerate() {
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str("\n\n(");
        text.push_str(&(index + 1).to_string());
        text.push_str(") ");
        text.push_str(&why);
    }
    text
}

/// Every published value beside ours, which is shown with one digit more.
fn all_table(all: &[ComparedValue]) -> String {
    let rows = all.iter().map(|compared| {
        let value = &compared.value;
        let decimals = value
            .published
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        let ours = match value.ours.parse::<f64>() {
            Ok(number) if value.ours.contains('.') => format!("{number:.*}", decimals + 1),
            Ok(_) | Err(_) => value.ours.clone(),
        };
        vec![
            format!("`{}`", value.table),
            row_words(value),
            value.column.clone(),
            value.published.clone(),
            ours,
            compared.closeness.to_string(),
        ]
    });
    let headings = ["Table", "Row", "Column", "Published", "Ours", "Agreement"];
    markdown::words_table(&headings, rows)
}

/// The row of a published value, by its key.
fn row_words(value: &Difference) -> String {
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
        difference.ours.clone(),
        why,
    ]
}

fn published<'a>(input: &FindingsInput<'a>) -> Option<PublishedContext<'a>> {
    let published = input.published?;
    let comparison = input.comparison;
    Some(PublishedContext {
        verdict: published.verdict.name(),
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
            .map(|(data, values)| format!("{values} more need the data `{data}`"))
            .collect(),
        unexplained: comparison.unexplained().count(),
        tolerances: tolerances(published),
        all: all_table(&comparison.all),
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

/// Every tolerance that the hypothesis states, by table and column.
fn tolerances(published: &PublishedSpec) -> String {
    let stated = published.tables.iter().flat_map(|(table, spec)| {
        spec.tolerance
            .iter()
            .map(|(column, allowed)| format!("`{}.{}` {allowed}", table.value, column.value))
    });
    stated.collect::<Vec<_>>().join(", ")
}
