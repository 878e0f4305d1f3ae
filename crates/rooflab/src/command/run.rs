//! `rooflab run`: re-derives findings and writes them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use experiment::{
    CheckOutcome, Difference, Drift, Hypothesis, LoadOptions, Outcome, Project, Staleness, Verdict,
};
use serde::Serialize;

use crate::exit_status::ExitStatus;
use crate::format::{Format, write_json_line};
use crate::jobs::JobsArgs;
use crate::loading::load_all;
use crate::message;
use crate::project_args::ProjectArgs;
use crate::shown_path::ShownPaths;
use crate::standard_output::StandardOutput;
use crate::text_table::{Align, TextTable};

/// Re-derive findings and write FINDINGS.md and the result tables
///
/// All selected hypotheses are checked before the first one runs. Exits with 1 if a published verdict or value is not
/// reproduced and the hypothesis does not say why.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab run                     re-derive every finding
  rooflab run H28 H33             re-derive two of them
  rooflab run H28 --out try       write to try/H28-... and leave the project as it is")]
pub(crate) struct RunArgs {
    /// Hypotheses to run, each by its id (H28) or the name of its folder [default: all]
    #[arg(value_name = "ID", conflicts_with = "all")]
    ids: Vec<String>,
    /// Run all hypotheses, as without any ID
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    jobs: JobsArgs,
    /// Write below DIR, one folder for each hypothesis, instead of beside the hypotheses
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
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
    id: &'o str,
    title: &'o str,
    verdict: Verdict,
    published_verdict: Option<Verdict>,
    /// Published values that ours agree with, of `published`.
    reproduced: usize,
    published: usize,
    differing: &'o [Difference],
    drift: Vec<String>,
    checks: &'o [CheckOutcome],
    findings: Option<String>,
    tables: Vec<String>,
}

/// An outcome that was written.
struct Written {
    outcome: Outcome,
    folder: PathBuf,
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
    };
    let Some(hypotheses) = pool.install(|| load_all(&project, &args.ids, options)) else {
        return Ok(ExitStatus::Rejected);
    };
    let paths = ShownPaths::from_here();
    let folders = make_folders(&project, args.out.as_deref(), &hypotheses)?;
    let mut written = Vec::with_capacity(hypotheses.len());
    let mut status = ExitStatus::Fine;
    for (hypothesis, folder) in hypotheses.iter().zip(folders) {
        let result = pool
            .install(|| hypothesis.run())
            .and_then(|outcome| Ok((outcome.write(&folder)?, outcome)));
        match result {
            Ok((_, outcome)) => {
                if args.format == Format::Json {
                    write_json_line(out, &json_line(&outcome, &folder, &paths))?;
                    out.flush()?;
                }
                written.push(Written { outcome, folder });
            }
            Err(problem) => {
                message::experiment_error(&problem);
                status = ExitStatus::Rejected;
            }
        }
    }
    if args.format == Format::Table && !written.is_empty() {
        write!(out, "{}", table(&written, &paths))?;
        write_explained(&written, out)?;
        out.flush()?;
    }
    for Written { outcome, folder } in &written {
        for drift in outcome.drift() {
            message::drift(format_args!("{}: {drift}", outcome.id));
            status = status.max(ExitStatus::Drifted);
        }
        warn_of_leftovers(outcome, folder, &paths)?;
    }
    Ok(status)
}

/// The folders to write to, which exist then: what stands in the way shows before a long run rather than after it.
fn make_folders(
    project: &Project,
    out: Option<&Path>,
    hypotheses: &[Hypothesis],
) -> anyhow::Result<Vec<PathBuf>> {
    hypotheses
        .iter()
        .map(|hypothesis| {
            let folder = match out {
                Some(out) => out.join(hypothesis.folder().name()),
                None => project.root().join(hypothesis.folder().path()),
            };
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
            Ok(folder)
        })
        .collect()
}

fn json_line<'o>(outcome: &'o Outcome, folder: &Path, paths: &ShownPaths) -> RunLine<'o> {
    let (tables, findings): (Vec<_>, Vec<_>) = outcome
        .files
        .iter()
        .map(|file| file.path.as_path())
        .partition(|path| path.extension().is_some_and(|kind| kind == "csv"));
    let shown = |file: &Path| paths.show(&folder.join(file));
    RunLine {
        id: &outcome.id,
        title: &outcome.title,
        verdict: outcome.verdict,
        published_verdict: outcome.published_verdict,
        reproduced: outcome.comparison.reproduced,
        published: outcome.comparison.total(),
        differing: &outcome.comparison.differing,
        drift: outcome.drift().iter().map(Drift::to_string).collect(),
        checks: &outcome.checks,
        findings: findings.first().map(|file| shown(file)),
        tables: tables.into_iter().map(shown).collect(),
    }
}

fn table(written: &[Written], paths: &ShownPaths) -> TextTable {
    let mut table = TextTable::new([
        ("ID", Align::Left),
        ("VERDICT", Align::Left),
        ("PUBLISHED", Align::Left),
        ("REPRODUCED", Align::Right),
        ("DIFFERING", Align::Right),
        ("FILES", Align::Right),
        ("WRITTEN TO", Align::Left),
    ]);
    for Written { outcome, folder } in written {
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
            outcome.files.len().to_string(),
            paths.show(folder),
        ]);
    }
    table
}

/// What the published findings got wrong, as far as the hypotheses say why; the rest is drift.
fn write_explained(written: &[Written], out: &mut StandardOutput) -> std::io::Result<()> {
    for Written { outcome, .. } in written {
        let explained: Vec<(&Difference, &str)> = outcome
            .comparison
            .differing
            .iter()
            .filter_map(|value| Some((value, value.why.as_deref()?)))
            .collect();
        if outcome.verdict_differs.is_none() && explained.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n{}: what was published and is not reproduced",
            outcome.id
        )?;
        if let (Some(why), Some(published)) = (&outcome.verdict_differs, outcome.published_verdict)
        {
            writeln!(
                out,
                "  verdict: published {}, ours {}",
                published.name(),
                outcome.verdict.name()
            )?;
            writeln!(out, "    {}", one_line(why))?;
        }
        for (value, why) in explained {
            writeln!(out, "  {}", one_line(&value.to_string()))?;
            writeln!(out, "    {}", one_line(why))?;
        }
    }
    Ok(())
}

/// Words of a file on one line, without what could steer a terminal.
fn one_line(text: &str) -> String {
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
