//! `rooflab lock`: fixes the criteria of hypotheses.

use std::io::Write;

use clap::{ArgGroup, Args};
use experiment::{LoadOptions, LockPlan};
use time::OffsetDateTime;

use crate::exit_status::ExitStatus;
use crate::jobs::JobsArgs;
use crate::loading::{Loaded, all_or_problems};
use crate::session::Session;
use crate::shown_path::shown;

/// Fix the criteria of hypotheses, so that a later change of them shows
///
/// Writes hashes of `statement`, `refuted_if`, `setup`, `runs`, `tables` and `checks` to criteria.lock beside each
/// hypothesis. The findings say whether the criteria are those that were locked last, and `rooflab check` fails where they
/// are not. Criteria that changed are locked anew only with a reason, which the file keeps with all earlier locks; so are
/// those whose results record a lock that the file no longer has. Nothing is written unless all of the hypotheses can be
/// locked.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("hypotheses").required(true).args(["ids", "all"])))]
#[command(after_help = "Examples:
  rooflab lock H28          lock the criteria before looking at a number
  rooflab lock --all        lock those of all hypotheses
  rooflab lock H28 --because \"The claim is about decode steps: prefill is no longer swept.\"
                            lock criteria that were changed")]
pub(crate) struct LockArgs {
    /// Hypotheses to lock, each by its id (H28) or the name of its folder
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Lock all hypotheses
    #[arg(long)]
    all: bool,
    /// Why the criteria changed since they were locked last, or that lock is gone
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
}

pub(super) fn run(args: &LockArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    // Each lock keeps those before it: nobody adds one between reading them and writing.
    let _held = project.hold_locks()?;
    let options = LoadOptions::default();
    let loaded = Loaded::of(&project, &args.ids, &options, JobsArgs::default())?;
    let today = OffsetDateTime::now_utc().date().to_string();
    let plans = all_or_problems(loaded.hypotheses.iter().map(|hypothesis| {
        let plan = hypothesis.plan_lock(&today, args.because.as_deref())?;
        Ok((hypothesis.id(), plan))
    }))?;
    let out = &mut session.out;
    let mut locked = Vec::new();
    for (id, plan) in plans {
        match plan {
            LockPlan::Unchanged { locked_on } => {
                writeln!(out, "{id} is unchanged since its lock of {locked_on}")?;
            }
            LockPlan::New(lock) => {
                lock.write(&project)?;
                let path = shown(&project.root().join(lock.path()));
                let hash = lock.criteria().combined();
                writeln!(out, "locked {id} as {} in {path}", hash.short())?;
                locked.push(id);
            }
        }
    }
    if !locked.is_empty() {
        writeln!(out, "next: rooflab run {}", locked.join(" "))?;
    }
    Ok(ExitStatus::Fine)
}
