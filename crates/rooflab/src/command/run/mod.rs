//! `rooflab run`: re-derives findings and writes them.

mod summary;
mod watch;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use experiment::{
    Audit, Drift, Hypothesis, LoadOptions, Outcome, OutcomeSummary, Project, Staleness,
};
use rayon::ThreadPool;
use serde::Serialize;

pub(super) use self::summary::write_checks;
use self::summary::{table, write_explained, write_undecided};
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::progress::{ProgressBars, run_each};
use crate::project_args::ProjectArgs;
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;

/// Re-derive findings and write FINDINGS.md and the result tables
///
/// All selected hypotheses are checked before the first one runs. Without any ID it also writes the audit of all,
/// hypotheses/README.md. Exits with 1 if a published verdict or value is not reproduced and the hypothesis does not say
/// why, or if criteria changed after they were locked or that lock is gone.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab run                     re-derive every finding
  rooflab run H28 H33             re-derive two of them
  rooflab run H28 --watch         re-derive it whenever its folder, a model or a table changes
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
    /// Run again whenever a file changes that these hypotheses read, until Ctrl-C
    #[arg(long)]
    watch: bool,
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
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let project = project.open()?;
    let pool = args.jobs.pool()?;
    if args.watch {
        watch::run(args, &project, &pool, bars, out)
    } else {
        run_once(args, &project, &pool, bars, out)
    }
}

fn run_once(
    args: &RunArgs,
    project: &Project,
    pool: &ThreadPool,
    bars: ProgressBars,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let options = LoadOptions {
        max_cells: args.max_cells,
        ..args.other_data.options()?
    };
    let Some(hypotheses) = pool.install(|| load_all(project, &args.ids, &options)) else {
        return Ok(ExitStatus::Rejected);
    };
    args.other_data.refuse_unread(&hypotheses)?;
    let paths = ShownPaths::from_here();
    let folders = make_folders(args, project, &hypotheses)?;
    let mut derived = Vec::with_capacity(hypotheses.len());
    let mut status = ExitStatus::Fine;
    for ((_, outcome), folder) in run_each(&hypotheses, pool, bars).zip(folders) {
        let result = outcome.and_then(|outcome| {
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
    let audit = write_audit(args, project, &derived, hypotheses.len())?;
    if args.format == Format::Table && !derived.is_empty() {
        let screen = out.screen();
        write!(out, "{}", table(&derived, &paths).on(screen))?;
        if let Some(path) = &audit {
            writeln!(out, "\naudit of all: {}", paths.show(path))?;
        }
        write_undecided(&derived, out)?;
        if args.other_data.is_given() {
            write_checks(derived.iter().map(|one| &one.outcome), out)?;
        }
        write_explained(&derived, &paths, out)?;
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

/// Words of a file on one line, without what could steer a terminal.
pub(in crate::command) fn one_line(text: &str) -> String {
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
