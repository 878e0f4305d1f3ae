//! `rooflab diff`: what changed between two sets of results.

mod line;
mod text;

use std::path::{Path, PathBuf};

use clap::Args;
use experiment::{Absence, DiffRemark, ResultSet, ResultsDiff};

use self::line::{COLUMNS, DiffLine};
use crate::csv_lines::write_csv;
use crate::exit_status::ExitStatus;
use crate::format::{FlatFormat, write_json_lines};
use crate::message;
use crate::session::Session;
use crate::shown_path::shown;

/// Compare two sets of results: verdicts that flipped, values that moved
///
/// With two folders the first is the older. With one, the committed results of the project are the older, and hypotheses
/// that the folder does not have are left out. A folder is what `rooflab run --out DIR` wrote, the hypotheses of a
/// project, or the folder of one hypothesis, compared with the same hypothesis of the other. Values are sorted by their
/// relative change; one that was 0 comes first. Exits with 0 if nothing differs, with 1 if something does.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab run --out new && rooflab diff new    what a change of the model moves
  rooflab diff old new --threshold 0.001       between two folders, moves of 0.1% and more
  rooflab diff old/H28-decode-attention-max-kv new --format csv > moved.csv")]
pub(crate) struct DiffArgs {
    /// Folder of results: the older where there are two, else the newer
    #[arg(value_name = "DIR")]
    first: PathBuf,
    /// Folder of newer results
    #[arg(value_name = "NEWER")]
    second: Option<PathBuf>,
    /// Leave out numbers that moved by less than this share of themselves; they are no difference then
    #[arg(long, value_name = "REL", value_parser = parse_share, default_value = "0", hide_default_value = true)]
    threshold: f64,
    /// Most lines of each kind in the table
    #[arg(long, value_name = "N", default_value_t = 40)]
    limit: usize,
    /// How to print the differences
    #[arg(long, value_enum, default_value_t)]
    format: FlatFormat,
}

fn parse_share(text: &str) -> Result<f64, String> {
    text.parse::<f64>()
        .ok()
        .filter(|share| share.is_finite() && *share >= 0.0)
        .ok_or_else(|| "expected a share from 0, such as 0.001 for 0.1%".to_owned())
}

pub(super) fn run(args: &DiffArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    for folder in [&args.first].into_iter().chain(&args.second) {
        refuse_other_than_folders(folder, session)?;
    }
    let (before, after, absence) = if let Some(second) = &args.second {
        (args.first.clone(), second, Absence::IsADifference)
    } else {
        let committed = session.open()?.hypotheses_folder();
        (committed, &args.first, Absence::IsLeftOut)
    };
    let (before, after) = (ResultSet::read(&before)?, ResultSet::read(after)?);
    let mut diff = ResultsDiff::of(&before, &after, absence)?;
    let small = diff.leave_out_moves_below(args.threshold);
    let out = &mut session.out;
    match args.format {
        FlatFormat::Table => text::write_text(out, &diff, args.limit, small)?,
        FlatFormat::Json => write_json_lines(out, DiffLine::all(&diff))?,
        FlatFormat::Csv => write_csv(out, &COLUMNS, &DiffLine::all(&diff))?,
    }
    diff.remarks.iter().for_each(warn);
    Ok(if diff.is_empty() {
        ExitStatus::Fine
    } else {
        ExitStatus::Drifted
    })
}

/// Says what is compared where that is no folder, above all where it is the id of a hypothesis.
fn refuse_other_than_folders(path: &Path, session: &Session) -> anyhow::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let named = path.to_str().zip(session.open().ok());
    let known = named.and_then(|(id, project)| {
        let folder = project.hypothesis(id).ok()?;
        Some(shown(&project.root().join(folder.path())))
    });
    let hint = known.map_or_else(
        || "`rooflab run --out DIR` writes one".to_owned(),
        |folder| format!("the results of this hypothesis are in {folder}"),
    );
    anyhow::bail!(
        "`{}` is not a folder, and diff compares folders of results ({hint})",
        path.display()
    )
}

fn warn(remark: &DiffRemark) {
    message::warning(match remark {
        DiffRemark::NoOutcome { hypothesis } => format!(
            "{hypothesis}: no results have an outcome.json, so verdict and checks are not compared"
        ),
        DiffRemark::ByPosition { hypothesis, table } => format!(
            "{hypothesis}: no columns tell the rows of `{table}` apart, so they are compared by position"
        ),
        DiffRemark::LeftOut { hypotheses } => format!(
            "{hypotheses} of the committed hypotheses are not in the folder and are not compared"
        ),
    });
}
