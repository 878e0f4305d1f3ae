//! `rooflab check`: is what is committed still what running comes to?

use std::fs;
use std::io::{self, Write};

use anyhow::Context;
use clap::Args;
use experiment::{
    Audit, AuditRow, Drift, Hypothesis, LoadOptions, Locked, Project, Reproduction, Staleness,
    Verdict,
};
use outputs::leftovers_in;
use serde::Serialize;

use super::schema::Description;
use crate::counted::{counted, joined};
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_lines};
use crate::jobs::JobsArgs;
use crate::loading::Loaded;
use crate::message;
use crate::progress::Bar;
use crate::screen::Tone;
use crate::session::Session;
use crate::shown_path::shown;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

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

/// What was found. Each part is a line of `--format json`.
struct Report {
    hypotheses: Vec<HypothesisReport>,
    documents: Vec<DocumentReport>,
    /// Hypotheses that could not be checked.
    failed: usize,
}

#[derive(Serialize)]
#[serde(tag = "checked", rename = "hypothesis")]
struct HypothesisReport {
    id: String,
    title: String,
    verdict: Verdict,
    published_verdict: Option<Verdict>,
    reproduction: Reproduction,
    locked: Locked,
    drift: Vec<String>,
    files: Vec<StaleFile>,
}

#[derive(Serialize)]
#[serde(tag = "checked", rename = "document")]
struct DocumentReport {
    #[serde(flatten)]
    file: StaleFile,
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

/// The generated files that `rooflab schema` prints: the folder, the name, what they describe and the command.
const DOCUMENTS: [(&str, &str, Description, &str); 4] = [
    (
        "hypotheses",
        "hypothesis.schema.json",
        Description::Hypothesis,
        "rooflab schema",
    ),
    ("docs", "keys.md", Description::Keys, "rooflab schema keys"),
    (
        "docs",
        "columns.md",
        Description::Columns,
        "rooflab schema columns",
    ),
    (
        "docs",
        "commands.md",
        Description::Commands,
        "rooflab schema commands",
    ),
];

pub(super) fn run(args: &CheckArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let loaded = Loaded::readable(&project, &args.ids, &LoadOptions::default(), args.jobs)?;
    let mut hypotheses = Vec::new();
    let mut rows = Vec::new();
    let compare = |one: &Hypothesis, bar: &Bar| check_hypothesis(&project, one, bar);
    let failed = loaded.each(session.bars, compare, |_, (report, row)| {
        hypotheses.push(report);
        rows.push(row);
        Ok(())
    })?;
    let mut documents = Vec::new();
    if args.ids.is_empty() {
        documents.extend(check_leftovers(&project)?);
        for (folder, name, description, command) in DOCUMENTS {
            let text = description.text(session.program)?;
            let remedy = |path: &str| format!("write it with `{command} > {path}`");
            documents.extend(check_document(&project, (folder, name), &text, remedy)?);
        }
        if failed == 0 {
            let text = Audit { rows }.to_markdown();
            let remedy = |_: &str| "write it with `rooflab run`".to_owned();
            documents.extend(check_document(
                &project,
                ("hypotheses", Audit::FILE),
                &text,
                remedy,
            )?);
        } else {
            message::warning(format_args!(
                "hypotheses/{} is not compared: it needs every hypothesis",
                Audit::FILE
            ));
        }
    }
    let report = Report {
        hypotheses,
        documents,
        failed,
    };
    match args.format {
        Format::Json => {
            write_json_lines(&mut session.out, &report.hypotheses)?;
            write_json_lines(&mut session.out, &report.documents)?;
        }
        Format::Table => write_report(&mut session.out, &report)?,
    }
    let drifted = if report.off() == 0 {
        ExitStatus::Fine
    } else {
        ExitStatus::Drifted
    };
    Ok(ExitStatus::of_failed(failed).max(drifted))
}

fn check_hypothesis(
    project: &Project,
    hypothesis: &Hypothesis,
    bar: &Bar,
) -> anyhow::Result<(HypothesisReport, AuditRow)> {
    let folder = project.root().join(hypothesis.folder().path());
    let outcome = hypothesis.run_observed(bar)?;
    let files = outcome
        .stale_files(&folder)?
        .into_iter()
        .map(|(path, state)| StaleFile {
            path: shown(&folder.join(path)),
            state: Some(state),
            remedy: match state {
                Staleness::Leftover => "remove it".to_owned(),
                Staleness::CutOff => format!(
                    "a run was cut off here, so that files may be of two runs: `rooflab run {}` mends it",
                    outcome.id
                ),
                Staleness::Missing | Staleness::Differs => {
                    format!("write it with `rooflab run {}`", outcome.id)
                }
            },
        });
    let files = files.collect();
    let row = AuditRow::of(&outcome);
    let report = HypothesisReport {
        drift: outcome.drift().iter().map(Drift::to_string).collect(),
        reproduction: outcome.comparison.reproduction,
        locked: hypothesis.lock_state().locked(),
        id: outcome.id,
        title: outcome.title,
        verdict: outcome.verdict,
        published_verdict: outcome.published_verdict,
        files,
    };
    Ok((report, row))
}

/// A generated file that belongs to no single hypothesis, by its folder and its name. `None` in a project without the
/// folder: it does not keep the document.
fn check_document(
    project: &Project,
    (folder, name): (&str, &str),
    text: &str,
    remedy: impl Fn(&str) -> String,
) -> anyhow::Result<Option<DocumentReport>> {
    let folder = project.root().join(folder);
    if !folder.is_dir() {
        return Ok(None);
    }
    let full = folder.join(name);
    let path = shown(&full);
    let state = match fs::read(&full) {
        Ok(bytes) if bytes == text.as_bytes() => None,
        Ok(_) => Some(Staleness::Differs),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Staleness::Missing),
        Err(error) => return Err(error).context(format!("cannot read `{path}`")),
    };
    let remedy = remedy(&path);
    Ok(Some(DocumentReport {
        file: StaleFile {
            path,
            state,
            remedy,
        },
    }))
}

/// What killed commands left outside the folders of hypotheses.
fn check_leftovers(project: &Project) -> anyhow::Result<Vec<DocumentReport>> {
    let mut found = Vec::new();
    for folder in ["", "docs", "hypotheses"] {
        let folder = project.root().join(folder);
        let leftovers =
            leftovers_in(&folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
        found.extend(leftovers.iter().map(|path| DocumentReport {
            file: StaleFile {
                path: shown(path),
                state: Some(Staleness::CutOff),
                remedy: "its command is gone: remove it".to_owned(),
            },
        }));
    }
    Ok(found)
}

impl Report {
    /// How many hypotheses and documents are not as they should be.
    fn off(&self) -> usize {
        let hypotheses = self.hypotheses.iter();
        let hypotheses = hypotheses.filter(|one| !one.drift.is_empty() || !one.files.is_empty());
        let documents = self.documents.iter().filter(|one| one.file.state.is_some());
        hypotheses.count() + documents.count()
    }

    fn summary(&self) -> String {
        let mut checked = counted(self.hypotheses.len(), "hypothesis", "hypotheses");
        if !self.documents.is_empty() {
            let documents = self.documents.len();
            let documents = counted(documents, "generated document", "generated documents");
            checked = format!("{checked} and {documents}");
        }
        let state = match (self.off(), self.failed) {
            (0, 0) => "all in order".to_owned(),
            (0, failed) => format!("{failed} could not be checked"),
            (off, 0) => counted(off, "is off", "are off"),
            (off, failed) => format!("{off} off, {failed} could not be checked"),
        };
        let locked = self
            .hypotheses
            .iter()
            .filter(|one| one.locked == Locked::Yes)
            .count();
        let all = self.hypotheses.len();
        format!("checked {checked}: {state}; {locked} of {all} locked")
    }
}

fn write_report(out: &mut StandardOutput, report: &Report) -> io::Result<()> {
    out.table(&TextTable::of(
        &report.hypotheses,
        &[
            ("ID", Left, |one| one.id.clone()),
            ("VERDICT", Left, |one| one.verdict.name().into()),
            ("EQUAL", Right, |one| {
                let values = one.reproduction;
                format!("{}/{}", values.equal, values.compared())
            }),
            ("WITHIN", Right, |one| {
                one.reproduction.within_tolerance.to_string()
            }),
            ("DIFFERENT", Right, |one| {
                one.reproduction.different.to_string()
            }),
            ("LOCKED", Left, |one| one.locked.name().into()),
            ("STATE", Left, |one| state_of(one)),
        ],
    ))?;
    writeln!(out)?;
    for HypothesisReport {
        id, drift, files, ..
    } in &report.hypotheses
    {
        for drift in drift {
            let label = out.screen().paint(Tone::Bad, "drifted");
            writeln!(out, "{label}: {id}: {drift}")?;
        }
        files.iter().try_for_each(|file| write_stale(out, file))?;
    }
    for document in &report.documents {
        write_stale(out, &document.file)?;
    }
    writeln!(out, "{}", report.summary())
}

fn write_stale(out: &mut StandardOutput, file: &StaleFile) -> io::Result<()> {
    let word = match file.state {
        None => return Ok(()),
        Some(Staleness::Missing) => "missing",
        Some(Staleness::Differs) => "stale",
        Some(Staleness::Leftover) => "left over",
        Some(Staleness::CutOff) => "cut off",
    };
    let label = out.screen().paint(Tone::Bad, word);
    writeln!(out, "{label}: {} ({})", file.path, file.remedy)
}

fn state_of(report: &HypothesisReport) -> String {
    let drift = report.drift.len();
    let drift = (drift > 0).then(|| format!("{drift} drifted"));
    let files = report.files.len();
    let files = (files > 0).then(|| counted(files, "file is off", "files are off"));
    if drift.is_none() && files.is_none() {
        return "in order".to_owned();
    }
    joined(drift.into_iter().chain(files))
}
