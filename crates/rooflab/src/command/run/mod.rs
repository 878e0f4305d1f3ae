//! `rooflab run`: re-derives findings and writes them.

mod derived;
mod summary;
mod watch;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use experiment::{Audit, Hypothesis, Project};

use self::derived::Derived;
pub(super) use self::summary::write_checks;
use self::summary::{table, write_explained, write_undecided};
use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::{Loaded, select};
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::output_folder::make_folder;
use crate::replace_args::ReplaceArgs;
use crate::session::Session;
use crate::shown_path::shown;
use crate::standard_output::StandardOutput;

/// Re-derive findings and write FINDINGS.md and the result tables
///
/// All selected hypotheses are checked before the first one runs; those that cannot be read or computed are named, and the
/// command ends with 2 after the others. Without any ID it also writes the audit of all,
/// hypotheses/README.md. Exits with 1 if a published verdict or value is not reproduced and the hypothesis does not say
/// why, or if criteria changed after they were locked or that lock is gone.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab run                     re-derive every finding
  rooflab run H28 H33             re-derive two of them
  rooflab run H28 --watch         re-derive it whenever its folder, a model or a table changes
  rooflab run H28 --out try       write to try/H28-... and leave the project as it is
  rooflab run H5 --ground-truth ~/sweeps
                                  decide it on your own measured runs, and write nothing
  rooflab run I2-H1 --data step_trace=steps.parquet --out try
                                  decide it on your own trace")]
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
    #[command(flatten)]
    replace: ReplaceArgs,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &RunArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    if !args.watch {
        return run_once(args, &project, session);
    }
    // A slip in an id is no change to wait for.
    select(&project, &args.ids)?;
    let paths = || {
        let folders = select(&project, &args.ids).map(|folders| {
            let folders = folders.iter();
            folders
                .map(|folder| project.root().join(folder.path()))
                .collect()
        });
        let mut paths = folders.unwrap_or_else(|_| vec![project.hypotheses_folder()]);
        paths.extend(watch::SHARED.iter().map(|name| project.root().join(name)));
        paths.extend(args.other_data.paths().cloned());
        paths
    };
    watch::run(paths, args.out.as_deref(), session, |session| {
        run_once(args, &project, session)
    })
}

fn run_once(
    args: &RunArgs,
    project: &Project,
    session: &mut Session,
) -> anyhow::Result<ExitStatus> {
    let options = args.other_data.options(args.max_cells)?;
    let loaded = Loaded::readable(project, &args.ids, &options, args.jobs)?;
    args.other_data.refuse_unread(&loaded)?;
    // What stands in the way shows before a long run rather than after it.
    let rules = args.replace.rules(session);
    if let Some(out) = &args.out {
        rules.refuse_inputs(out)?;
    }
    if args.ids.is_empty() {
        Audit::claim(&args.audit_folder(project), args.replace.replace())?;
    }
    for hypothesis in &loaded.hypotheses {
        if let Some(folder) = args.folder(project, hypothesis) {
            if args.out.is_some() {
                rules.refuse_inputs(&folder)?;
            }
            hypothesis.claim(&folder, args.replace.replace())?;
            make_folder(&folder)?;
        }
    }
    let out = &mut session.out;
    let mut derived = Vec::with_capacity(loaded.hypotheses.len());
    let write = |hypothesis: &Hypothesis, outcome| {
        let folder = args.folder(project, hypothesis);
        Derived::write(outcome, folder, args.replace.replace())
    };
    let failed = loaded.each(
        session.bars,
        |one, bar| write(one, one.run_observed(bar)?),
        |_, one| {
            if args.format == Format::Json {
                write_json_line(out, &one.json_line())?;
                out.flush()?;
            }
            derived.push(one);
            Ok(())
        },
    )?;
    let audit = write_audit(args, project, &derived, failed)?;
    if args.format == Format::Table && !derived.is_empty() {
        write_summary(args, &derived, audit, out)?;
    }
    let mut status = ExitStatus::of_failed(failed);
    for one in &derived {
        message::warnings_of(&one.outcome);
        for drift in one.outcome.drift() {
            message::drift(format_args!("{}: {drift}", one.outcome.id));
            status = status.max(ExitStatus::Drifted);
        }
        one.warn_of_leftovers()?;
    }
    Ok(status)
}

impl RunArgs {
    /// The folder that a hypothesis is written to.
    fn folder(&self, project: &Project, hypothesis: &Hypothesis) -> Option<PathBuf> {
        let folder = hypothesis.folder();
        match &self.out {
            Some(out) => Some(out.join(folder.name())),
            None if self.other_data.is_given() => None,
            None => Some(project.root().join(folder.path())),
        }
    }

    /// The folder that the audit is written to.
    fn audit_folder(&self, project: &Project) -> PathBuf {
        let out = self.out.clone();
        out.unwrap_or_else(|| project.hypotheses_folder())
    }
}

/// Writes the audit where all hypotheses of the project were asked for, and says where it is.
fn write_audit(
    args: &RunArgs,
    project: &Project,
    derived: &[Derived],
    failed: usize,
) -> anyhow::Result<Option<PathBuf>> {
    if !args.ids.is_empty() {
        return Ok(None);
    }
    let folder = args.audit_folder(project);
    let path = folder.join(Audit::FILE);
    if failed > 0 {
        message::warning(format_args!(
            "{} is not written: it needs every hypothesis",
            shown(&path)
        ));
        return Ok(None);
    }
    Audit::of(derived.iter().map(|one| &one.outcome)).write(&folder)?;
    Ok(Some(path))
}

fn write_summary(
    args: &RunArgs,
    derived: &[Derived],
    audit: Option<PathBuf>,
    out: &mut StandardOutput,
) -> anyhow::Result<()> {
    out.table(&table(derived))?;
    if let Some(path) = audit {
        writeln!(out, "\naudit of all: {}", shown(&path))?;
    }
    write_undecided(derived, out)?;
    if args.other_data.is_given() {
        write_checks(derived.iter().map(|one| &one.outcome), out)?;
    }
    write_explained(derived, out)?;
    out.flush()?;
    Ok(())
}
