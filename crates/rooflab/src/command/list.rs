//! `rooflab list`: the hypotheses of the project.

use std::io::Write;

use clap::Args;
use experiment::{Family, Hypothesis, Kind, LoadOptions, Locked, Verdict};
use serde::Serialize;

use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_each;
use crate::message;
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};

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

pub(super) fn run(
    args: &ListArgs,
    project: &ProjectArgs,
    out: &mut StandardOutput,
) -> anyhow::Result<ExitStatus> {
    let project = project.open()?;
    let folders = project.hypotheses()?;
    if folders.is_empty() {
        message::warning("there are no hypotheses (make one with `rooflab new H1 my-idea`)");
        return Ok(ExitStatus::Fine);
    }
    let pool = JobsArgs::default().pool()?;
    let (hypotheses, problems) =
        pool.install(|| load_each(&project, &folders, &LoadOptions::default()));
    let listed = hypotheses.iter().map(Listed::from);
    match args.format {
        Format::Json => {
            for row in listed {
                write_json_line(out, &row)?;
            }
        }
        Format::Table => {
            let screen = out.screen();
            write!(out, "{}", table(listed)?.on(screen))?;
        }
    }
    problems.iter().for_each(message::experiment_error);
    Ok(if problems.is_empty() {
        ExitStatus::Fine
    } else {
        ExitStatus::Rejected
    })
}

fn table<'h>(listed: impl Iterator<Item = Listed<'h>>) -> anyhow::Result<TextTable> {
    let mut table = TextTable::new([
        ("ID", Align::Left),
        ("DATE", Align::Left),
        ("PUBLISHED", Align::Left),
        ("LOCKED", Align::Left),
        ("CELLS", Align::Right),
        ("FAMILY", Align::Left),
        ("TYPE", Align::Left),
        ("TITLE", Align::Left),
    ]);
    for row in listed {
        table.push([
            row.id.to_owned(),
            row.date.to_owned(),
            row.published_verdict.map_or("-", Verdict::name).to_owned(),
            row.locked.name().to_owned(),
            row.cells.to_string(),
            name_in_files(row.family)?,
            name_in_files(row.kind)?,
            row.title.to_owned(),
        ]);
    }
    Ok(table)
}

/// The name that hypothesis files use for a choice.
fn name_in_files(choice: impl Serialize) -> anyhow::Result<String> {
    let name = serde_json::to_value(choice)?;
    Ok(name
        .as_str()
        .map_or_else(|| name.to_string(), str::to_owned))
}
