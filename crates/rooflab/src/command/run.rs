//! `rooflab run`: re-derives findings and writes them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use experiment::{
    Audit, Difference, Drift, Hypothesis, LoadOptions, Outcome, OutcomeSummary, Project, Staleness,
    Verdict,
};
use serde::Serialize;

use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::project_args::ProjectArgs;
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};

/// Re-derive findings and write FINDINGS.md and the result tables
///
/// All selected hypotheses are checked before the first one runs. Without any ID it also writes the audit of all,
/// hypotheses/README.md. Exits with 1 if a published verdict or value is not reproduced and the hypothesis does not say
/// why, or if criteria changed after they were locked or that lock is gone.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab run                     re-derive every finding
  rooflab run H28 H33             re-derive two of them
  rooflab run H28 --out try       write to try/H28-... and leave the project as it is
  rooflab run H5 --ground-truth ~/sweeps
                                  decide it on measured runs of one's own, and write nothing
  rooflab run I2-H1 --data step_trace=steps.parquet --out try
                                  decide it on a trace of one's own")]
pub(crate) struct RunArgs {
    /// Hypotheses to run, each by its id (H28) or the name of its folder [default: all]
    #[arg(value_name = "ID", conflicts_with = "all")]
    ids: Vec<String>,
    /// Run all hypotheses, as without any ID
    #[arg(long, conflicts_with_all = ["ground_truth", "data"])]
    all: bool,
    #[command(flatten)]
    jobs: JobsArgs,
    /// Write below DIR, one folder for each hypothesis, instead of beside the hypotheses
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    other_data: OtherDataArgs,
    /// Most cells that one run may have, over what the hypotheses say
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_cells: Option<u64>,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// One line of `--format json`.
#[derive(Serialize)]
struct RunLine<'o> {
    #[serde(flatten)]
    summary: OutcomeSummary<'o>,
    drift: Vec<String>,
    /// What to know of the measured runs and of the requests that are in no figure.
    warnings: &'o [String],
    findings: Option<String>,
    tables: Vec<String>,
}

/// An outcome, and where it was written.
struct Derived {
    outcome: Outcome,
    folder: Option<PathBuf>,
}

pub(super) fn run(
    args: &RunArgs,
    project: &ProjectArgs,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let project = project.open()?;
    let pool = args.jobs.pool()?;
    let options = LoadOptions {
        max_cells: args.max_cells,
        ..args.other_data.options()?
    };
    let Some(hypotheses) = pool.install(|| load_all(&project, &args.ids, &options)) else {
        return Ok(ExitStatus::Rejected);
    };
    args.other_data.refuse_unread(&hypotheses)?;
    let paths = ShownPaths::from_here();
    let folders = make_folders(args, &project, &hypotheses)?;
    let mut derived = Vec::with_capacity(hypotheses.len());
    let mut status = ExitStatus::Fine;
    for (hypothesis, folder) in hypotheses.iter().zip(folders) {
        let result = pool.install(|| hypothesis.run()).and_then(|outcome| {
            if let Some(folder) = &folder {
                outcome.write(folder)?;
            }
            Ok(outcome)
        });
        match result {
            Ok(outcome) => {
                if args.format == Format::Json {
                    write_json_line(out, &json_line(&outcome, folder.as_deref(), &paths))?;
                    out.flush()?;
                }
                derived.push(Derived { outcome, folder });
            }
            Err(problem) => {
                message::experiment_error(&problem);
                status = ExitStatus::Rejected;
            }
        }
    }
    let audit = write_audit(args, &project, &derived, hypotheses.len())?;
    if args.format == Format::Table && !derived.is_empty() {
        write!(out, "{}", table(&derived, &paths))?;
        if let Some(path) = &audit {
            writeln!(out, "\naudit of all: {}", paths.show(path))?;
        }
        write_undecided(&derived, out)?;
        if args.other_data.is_given() {
            write_checks(&derived, out)?;
        }
        write_explained(&derived, out)?;
        out.flush()?;
    }
    for Derived { outcome, folder } in &derived {
        for warning in &outcome.warnings {
            message::warning(format_args!("{}: {warning}", outcome.id));
        }
        for drift in outcome.drift() {
            message::drift(format_args!("{}: {drift}", outcome.id));
            status = status.max(ExitStatus::Drifted);
        }
        if let Some(folder) = folder {
            warn_of_leftovers(outcome, folder, &paths)?;
        }
    }
    Ok(status)
}

/// The folders to write to, which exist then: what stands in the way shows before a long run rather than after it.
fn make_folders(
    args: &RunArgs,
    project: &Project,
    hypotheses: &[Hypothesis],
) -> anyhow::Result<Vec<Option<PathBuf>>> {
    hypotheses
        .iter()
        .map(|hypothesis| {
            let folder = match &args.out {
                Some(out) => out.join(hypothesis.folder().name()),
                None if args.other_data.is_given() => return Ok(None),
                None => project.root().join(hypothesis.folder().path()),
            };
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            Ok(Some(folder))
        })
        .collect()
}

/// Writes the audit where all hypotheses of the project were asked for, and says where it is.
fn write_audit(
    args: &RunArgs,
    project: &Project,
    derived: &[Derived],
    hypotheses: usize,
) -> anyhow::Result<Option<PathBuf>> {
    if !args.ids.is_empty() {
        return Ok(None);
    }
    let folder = args
        .out
        .clone()
        .unwrap_or_else(|| project.hypotheses_folder());
    let path = folder.join(Audit::FILE);
    if derived.len() < hypotheses {
        message::warning(format_args!(
            "{} is not written: it needs every hypothesis",
            ShownPaths::from_here().show(&path)
        ));
        return Ok(None);
    }
    Audit::of(derived.iter().map(|one| &one.outcome)).write(&folder)?;
    Ok(Some(path))
}

fn json_line<'o>(outcome: &'o Outcome, folder: Option<&Path>, paths: &ShownPaths) -> RunLine<'o> {
    let written = folder.map_or(&[][..], |_| &outcome.files);
    let (tables, findings): (Vec<_>, Vec<_>) = written
        .iter()
        .map(|file| file.path.as_path())
        .partition(|path| path.extension().is_some_and(|kind| kind == "csv"));
    let shown = |file: &Path| {
        paths.show(&folder.map_or_else(|| file.to_owned(), |folder| folder.join(file)))
    };
    RunLine {
        summary: outcome.summary(),
        drift: outcome.drift().iter().map(Drift::to_string).collect(),
        warnings: &outcome.warnings,
        findings: findings.first().map(|file| shown(file)),
        tables: tables.into_iter().map(shown).collect(),
    }
}

fn table(derived: &[Derived], paths: &ShownPaths) -> TextTable {
    let mut table = TextTable::new([
        ("ID", Align::Left),
        ("VERDICT", Align::Left),
        ("PUBLISHED", Align::Left),
        ("REPRODUCED", Align::Right),
        ("DIFFERING", Align::Right),
        ("FILES", Align::Right),
        ("WRITTEN TO", Align::Left),
    ]);
    for Derived { outcome, folder } in derived {
        let comparison = &outcome.comparison;
        table.push([
            outcome.id.clone(),
            outcome.verdict.name().to_owned(),
            outcome
                .published_verdict
                .map_or("-", Verdict::name)
                .to_owned(),
            format!("{}/{}", comparison.reproduced, comparison.total()),
            comparison.differing.len().to_string(),
            folder
                .as_ref()
                .map_or(0, |_| outcome.files.len())
                .to_string(),
            folder
                .as_deref()
                .map_or_else(|| "nothing (--out)".to_owned(), |folder| paths.show(folder)),
        ]);
    }
    table
}

/// Why nothing can be said of a hypothesis.
fn write_undecided(derived: &[Derived], out: &mut StandardOutput) -> std::io::Result<()> {
    for Derived { outcome, .. } in derived {
        let unmet = outcome
            .checks
            .iter()
            .filter(|check| check.is_unmet_precondition());
        for check in unmet {
            writeln!(
                out,
                "\n{}: nothing is decided, since this does not hold: {} (observed {})",
                outcome.id,
                one_line(&check.claim),
                one_line(&check.observed)
            )?;
        }
    }
    Ok(())
}

/// Every check, for findings that no file has.
fn write_checks(derived: &[Derived], out: &mut StandardOutput) -> std::io::Result<()> {
    for Derived { outcome, .. } in derived {
        let has_intervals = outcome.checks.iter().any(|check| check.interval.is_some());
        let interval = has_intervals.then_some(("INTERVAL", Align::Left));
        let columns = [
            ("CHECK", Align::Left),
            ("ROLE", Align::Left),
            ("OBSERVED", Align::Right),
            ("HOLDS", Align::Left),
        ];
        let mut table = TextTable::new(columns.into_iter().chain(interval));
        for check in &outcome.checks {
            let interval = check.interval.as_ref();
            let shown = interval.map_or_else(String::new, |interval| interval.shown.clone());
            let cells = [
                check.id.clone(),
                check.role.name().to_owned(),
                check.observed.clone(),
                check.answer().to_owned(),
            ];
            table.push(cells.into_iter().chain(has_intervals.then_some(shown)));
        }
        write!(
            out,
            "\n{}: {}\n{table}",
            outcome.id,
            one_line(&outcome.title)
        )?;
    }
    Ok(())
}

/// Differences of one reason up to which each is printed.
const SPELLED_OUT: usize = 8;

/// What the published findings got wrong, as far as the hypotheses say why; the rest is drift.
fn write_explained(derived: &[Derived], out: &mut StandardOutput) -> std::io::Result<()> {
    for Derived { outcome, .. } in derived {
        let mut explained: Vec<(&str, Vec<&Difference>)> = Vec::new();
        for value in &outcome.comparison.differing {
            let Some(why) = value.why.as_deref() else {
                continue;
            };
            match explained.iter_mut().find(|(known, _)| *known == why) {
                Some((_, values)) => values.push(value),
                None => explained.push((why, vec![value])),
            }
        }
        let differs = outcome
            .verdict_differs
            .as_ref()
            .filter(|_| outcome.is_decided());
        if differs.is_none() && explained.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n{}: what was published and is not reproduced",
            outcome.id
        )?;
        if let (Some(why), Some(published)) = (differs, outcome.published_verdict) {
            writeln!(
                out,
                "  verdict: published {}, ours {}",
                published.name(),
                outcome.verdict.name()
            )?;
            writeln!(out, "    {}", one_line(why))?;
        }
        for (why, values) in explained {
            let shown = if values.len() > SPELLED_OUT {
                1
            } else {
                values.len()
            };
            for value in &values[..shown] {
                writeln!(out, "  {}", one_line(&value.to_string()))?;
            }
            if shown < values.len() {
                writeln!(
                    out,
                    "  and {} more, listed in its findings",
                    values.len() - shown
                )?;
            }
            writeln!(out, "    {}", one_line(why))?;
        }
    }
    Ok(())
}

/// Words of a file on one line, without what could steer a terminal.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names result files of tables that are no more; deleting is left to people.
fn warn_of_leftovers(outcome: &Outcome, folder: &Path, paths: &ShownPaths) -> anyhow::Result<()> {
    for (path, staleness) in outcome.stale_files(folder)? {
        if staleness == Staleness::Leftover {
            message::warning(format_args!(
                "{} is {} (remove it)",
                paths.show(&folder.join(path)),
                staleness.name()
            ));
        }
    }
    Ok(())
}
