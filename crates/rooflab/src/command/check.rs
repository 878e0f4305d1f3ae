//! `rooflab check`: is what is committed still what running comes to?

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use clap::{Args, CommandFactory};
use experiment::{
    Audit, AuditRow, Drift, Hypothesis, LoadOptions, Locked, Project, Staleness, Verdict,
    columns_markdown, hypothesis_schema, keys_markdown,
};
use serde::Serialize;

use crate::cli::Cli;
use crate::commands_markdown::commands_markdown;
use crate::counted::counted;
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::progress::{Bar, ProgressBars, each_with_bar};
use crate::project_args::ProjectArgs;
use crate::screen::Tone;
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};

/// Compare the findings on disk with what running comes to, and write nothing
///
/// Reports published verdicts and values that are not reproduced, criteria that changed after they were locked, locks
/// that are gone though the results record them, and files that are missing, stale or left over.
/// Without any ID it also compares hypotheses/hypothesis.schema.json and docs/keys.md, columns.md and commands.md with what
/// `rooflab schema` prints, and hypotheses/README.md with the audit. Exits with 1 if anything is off.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab check                check everything that is generated
  rooflab check H28            check one hypothesis
  rooflab check --format json  the same for a program, one object a line")]
pub(crate) struct CheckArgs {
    /// Hypotheses to check, each by its id (H28) or the name of its folder [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    jobs: JobsArgs,
    /// How to print the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What was found about one hypothesis or one generated document: a line of `--format json`.
#[derive(Serialize)]
#[serde(tag = "checked", rename_all = "kebab-case")]
enum Report {
    Hypothesis(HypothesisReport),
    Document(StaleFile),
}

#[derive(Serialize)]
struct HypothesisReport {
    id: String,
    title: String,
    verdict: Verdict,
    published_verdict: Option<Verdict>,
    /// Published values that ours agree with, of `published`.
    reproduced: usize,
    published: usize,
    locked: Locked,
    drift: Vec<String>,
    files: Vec<StaleFile>,
}

/// A file that is not what would be written.
#[derive(Serialize)]
struct StaleFile {
    path: String,
    /// Absent for a document that is as it should be.
    state: Option<Staleness>,
    /// What to do about it.
    #[serde(skip)]
    remedy: String,
}

/// A generated file that belongs to no single hypothesis.
struct Document {
    folder: &'static str,
    name: &'static str,
    writer: Writer,
    text: String,
}

/// What writes a document.
enum Writer {
    /// A command that prints it.
    Printed(&'static str),
    /// A command that writes it among other files.
    Written(&'static str),
}

pub(super) fn run(
    args: &CheckArgs,
    project: &ProjectArgs,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let project = project.open()?;
    let pool = args.jobs.pool()?;
    let options = LoadOptions::default();
    let Some(hypotheses) = pool.install(|| load_all(&project, &args.ids, &options)) else {
        return Ok(ExitStatus::Rejected);
    };
    let paths = ShownPaths::from_here();
    let mut reports = Vec::new();
    let mut status = ExitStatus::Fine;
    let mut rows = Vec::with_capacity(hypotheses.len());
    let mut failed = 0;
    let compare = |one: &Hypothesis, bar: &Bar| check_hypothesis(&project, one, bar, &paths);
    for (_, checked) in each_with_bar(&hypotheses, &pool, bars, compare) {
        match checked {
            Ok((report, row)) => {
                reports.push(Report::Hypothesis(report));
                rows.push(row);
            }
            Err(problem) => {
                message::error(&problem);
                status = ExitStatus::Rejected;
                failed += 1;
            }
        }
    }
    if args.ids.is_empty() {
        let mut documents = documents()?;
        if failed == 0 {
            documents.push(audit_document(rows));
        } else {
            message::warning(format_args!(
                "hypotheses/{} is not compared: it needs every hypothesis",
                Audit::FILE
            ));
        }
        for document in documents {
            if let Some(report) = check_document(&project, &document, &paths)? {
                reports.push(Report::Document(report));
            }
        }
    }
    if !reports.iter().all(Report::is_in_order) {
        status = status.max(ExitStatus::Drifted);
    }
    match args.format {
        Format::Json => {
            for report in &reports {
                write_json_line(out, report)?;
            }
        }
        Format::Table => write_report(out, &reports, failed)?,
    }
    Ok(status)
}

fn check_hypothesis(
    project: &Project,
    hypothesis: &Hypothesis,
    bar: &Bar,
    paths: &ShownPaths,
) -> anyhow::Result<(HypothesisReport, AuditRow)> {
    let folder = project.root().join(hypothesis.folder().path());
    let outcome = hypothesis.run_observed(bar)?;
    let files = outcome
        .stale_files(&folder)?
        .into_iter()
        .map(|(path, state)| StaleFile {
            path: paths.show(&folder.join(path)),
            state: Some(state),
            remedy: match state {
                Staleness::Leftover => "remove it".to_owned(),
                Staleness::Missing | Staleness::Differs => {
                    format!("write it with `rooflab run {}`", outcome.id)
                }
            },
        })
        .collect();
    let row = AuditRow::of(&outcome);
    let report = HypothesisReport {
        drift: outcome.drift().iter().map(Drift::to_string).collect(),
        reproduced: outcome.comparison.reproduced,
        published: outcome.comparison.total(),
        locked: hypothesis.lock_state().locked(),
        id: outcome.id,
        title: outcome.title,
        verdict: outcome.verdict,
        published_verdict: outcome.published_verdict,
        files,
    };
    Ok((report, row))
}

/// The documents that are generated from the code alone.
fn documents() -> anyhow::Result<Vec<Document>> {
    Ok(vec![
        Document {
            folder: "hypotheses",
            name: "hypothesis.schema.json",
            writer: Writer::Printed("rooflab schema"),
            text: hypothesis_schema()?,
        },
        Document {
            folder: "docs",
            name: "keys.md",
            writer: Writer::Printed("rooflab schema keys"),
            text: keys_markdown()?,
        },
        Document {
            folder: "docs",
            name: "columns.md",
            writer: Writer::Printed("rooflab schema columns"),
            text: columns_markdown(),
        },
        Document {
            folder: "docs",
            name: "commands.md",
            writer: Writer::Printed("rooflab schema commands"),
            text: commands_markdown(Cli::command())?,
        },
    ])
}

fn audit_document(rows: Vec<AuditRow>) -> Document {
    Document {
        folder: "hypotheses",
        name: Audit::FILE,
        writer: Writer::Written("rooflab run"),
        text: Audit { rows }.to_markdown(),
    }
}

/// `None` in a project without the folder: it does not keep the document.
fn check_document(
    project: &Project,
    document: &Document,
    paths: &ShownPaths,
) -> anyhow::Result<Option<StaleFile>> {
    let folder = project.root().join(document.folder);
    if !folder.is_dir() {
        return Ok(None);
    }
    let full = folder.join(document.name);
    let path = paths.show(&full);
    let state = match read_if_there(&full).with_context(|| format!("cannot read `{path}`"))? {
        None => Some(Staleness::Missing),
        Some(bytes) if bytes == document.text.as_bytes() => None,
        Some(_) => Some(Staleness::Differs),
    };
    let remedy = match document.writer {
        Writer::Printed(command) => format!("write it with `{command} > {path}`"),
        Writer::Written(command) => format!("write it with `{command}`"),
    };
    Ok(Some(StaleFile {
        path,
        state,
        remedy,
    }))
}

fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Report {
    fn is_in_order(&self) -> bool {
        match self {
            Self::Hypothesis(report) => report.drift.is_empty() && report.files.is_empty(),
            Self::Document(file) => file.state.is_none(),
        }
    }

    fn stale_files(&self) -> &[StaleFile] {
        match self {
            Self::Hypothesis(report) => &report.files,
            Self::Document(file) => std::slice::from_ref(file),
        }
    }
}

fn write_report(out: &mut StandardOutput, reports: &[Report], failed: usize) -> anyhow::Result<()> {
    let screen = out.screen();
    let mut table = TextTable::new([
        ("ID", Align::Left),
        ("VERDICT", Align::Left),
        ("REPRODUCED", Align::Right),
        ("LOCKED", Align::Left),
        ("STATE", Align::Left),
    ]);
    for report in reports {
        if let Report::Hypothesis(report) = report {
            table.push([
                report.id.clone(),
                report.verdict.name().to_owned(),
                format!("{}/{}", report.reproduced, report.published),
                report.locked.name().to_owned(),
                state_of(report),
            ]);
        }
    }
    writeln!(out, "{}", table.on(screen))?;
    for report in reports {
        if let Report::Hypothesis(HypothesisReport { id, drift, .. }) = report {
            for drift in drift {
                let label = screen.paint(Tone::Bad, "drifted");
                writeln!(out, "{label}: {id}: {drift}")?;
            }
        }
        for StaleFile {
            path,
            state,
            remedy,
        } in report.stale_files()
        {
            if let Some(state) = state {
                let label = screen.paint(Tone::Bad, word(*state));
                writeln!(out, "{label}: {path} ({remedy})")?;
            }
        }
    }
    writeln!(out, "{}", summary(reports, failed))?;
    Ok(())
}

fn summary(reports: &[Report], failed: usize) -> String {
    let count = |name: &str, plural: &str, is_one: fn(&Report) -> bool| {
        let number = reports.iter().filter(|report| is_one(report)).count();
        counted(number, name, plural)
    };
    let mut checked = count("hypothesis", "hypotheses", |report| {
        matches!(report, Report::Hypothesis(_))
    });
    if reports
        .iter()
        .any(|report| matches!(report, Report::Document(_)))
    {
        let documents = count("generated document", "generated documents", |report| {
            matches!(report, Report::Document(_))
        });
        checked = format!("{checked} and {documents}");
    }
    let off = reports
        .iter()
        .filter(|report| !report.is_in_order())
        .count();
    let locked = locked(reports);
    let state = match (off, failed) {
        (0, 0) => "all in order".to_owned(),
        (0, failed) => format!("{failed} could not be checked"),
        (1, 0) => "1 is off".to_owned(),
        (off, 0) => format!("{off} are off"),
        (off, failed) => format!("{off} off, {failed} could not be checked"),
    };
    format!("checked {checked}: {state}; {locked}")
}

/// How many hypotheses are held to the criteria that were locked.
fn locked(reports: &[Report]) -> String {
    let states: Vec<Locked> = reports
        .iter()
        .filter_map(|report| match report {
            Report::Hypothesis(report) => Some(report.locked),
            Report::Document(_) => None,
        })
        .collect();
    let locked = states.iter().filter(|state| **state == Locked::Yes).count();
    format!("{locked} of {} locked", states.len())
}

fn state_of(report: &HypothesisReport) -> String {
    let drift = match report.drift.len() {
        0 => None,
        count => Some(format!("{count} drifted")),
    };
    let files = match report.files.len() {
        0 => None,
        1 => Some("1 file is off".to_owned()),
        count => Some(format!("{count} files are off")),
    };
    match (drift, files) {
        (None, None) => "in order".to_owned(),
        (Some(drift), None) => drift,
        (None, Some(files)) => files,
        (Some(drift), Some(files)) => format!("{drift}, {files}"),
    }
}

/// What a line about a file begins with.
fn word(state: Staleness) -> &'static str {
    match state {
        Staleness::Missing => "missing",
        Staleness::Differs => "stale",
        Staleness::Leftover => "left over",
    }
}
