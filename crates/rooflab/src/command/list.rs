//! `rooflab list`: the hypotheses of the project.

use anyhow::ensure;
use clap::Args;
use experiment::{Family, Hypothesis, Kind, LoadOptions, Locked, Verdict};
use serde::Serialize;

use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_lines};
use crate::jobs::JobsArgs;
use crate::loading::{load_each, select};
use crate::message;
use crate::session::Session;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// List the hypotheses with what was published about them
///
/// Each is read and checked, none is run. Those with problems are left out, and their problems are shown.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab list
  rooflab list --format json | jq -r .id")]
pub(crate) struct ListArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Listed<'h> {
    id: &'h str,
    title: &'h str,
    family: Family,
    #[serde(rename = "type")]
    kind: Kind,
    date: &'h str,
    published_verdict: Option<Verdict>,
    locked: Locked,
    cells: usize,
    folder: &'h str,
}

impl<'h> From<&'h Hypothesis> for Listed<'h> {
    fn from(hypothesis: &'h Hypothesis) -> Self {
        Self {
            id: hypothesis.id(),
            title: hypothesis.title(),
            family: hypothesis.family(),
            kind: hypothesis.kind(),
            date: hypothesis.date(),
            published_verdict: hypothesis.published_verdict(),
            locked: hypothesis.lock_state().locked(),
            cells: hypothesis.cells(),
            folder: hypothesis.folder().name(),
        }
    }
}

pub(super) fn run(args: &ListArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let folders = select(&project, &[])?;
    if folders.is_empty() {
        message::warning("there are no hypotheses (make one with `rooflab new H1 my-idea`)");
        return Ok(ExitStatus::Fine);
    }
    let pool = JobsArgs::default().pool()?;
    let (hypotheses, problems) =
        pool.install(|| load_each(&project, &folders, &LoadOptions::default()));
    let listed = hypotheses.iter().map(Listed::from);
    match args.format {
        Format::Json => write_json_lines(&mut session.out, listed)?,
        Format::Table => session.out.table(&TextTable::of(
            listed,
            &[
                ("ID", Left, |row| row.id.into()),
                ("DATE", Left, |row| row.date.into()),
                ("PUBLISHED", Left, |row| {
                    row.published_verdict.map_or("-", Verdict::name).into()
                }),
                ("LOCKED", Left, |row| row.locked.name().into()),
                ("CELLS", Right, |row| row.cells.to_string()),
                ("FAMILY", Left, |row| row.family.name().into()),
                ("TYPE", Left, |row| row.kind.name().into()),
                ("TITLE", Left, |row| row.title.into()),
            ],
        ))?,
    }
    ensure!(problems.0.is_empty(), problems);
    Ok(ExitStatus::Fine)
}
