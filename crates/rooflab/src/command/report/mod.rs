//! `rooflab report`: the findings as a site.

mod hypothesis_data;
mod model_grid;

use std::io::Write;
use std::path::PathBuf;

use catalog::Catalog;
use clap::Args;
use experiment::{Audit, OWN_GROUND_TRUTH};
use outputs::{OutputRules, Replace};
use site::Site;

use self::hypothesis_data::{audit_data, hypothesis_data};
use self::model_grid::model_grid;
use super::simulate::site_ground_truth;
use crate::exit_status::ExitStatus;
use crate::jobs::JobsArgs;
use crate::loading::Loaded;
use crate::message;
use crate::other_data_args::OtherDataArgs;
use crate::output_folder::OutputFolder;
use crate::session::Session;
use crate::shown_path::shown;

/// Write the findings as a static site: tables that sort and filter, pictures, and the model with sliders
///
/// Computes the hypotheses, simulates the measured experiments of the project or of `--ground-truth`, and writes pages for a browser that opens
/// them from the disk: the audit, one for each hypothesis and each experiment, and one that explains the model. Nothing is
/// asked of a network. DIR appears when it is whole; an earlier report there is replaced, and a folder with other files is
/// refused. The findings of the project stay as they are. What cannot be computed is left out and said, and ends the command
/// with 2. Otherwise it ends with 0 whatever the findings say; `rooflab check` is the command that judges.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab report --html site          write it, then open site/index.html
  rooflab report --html site H28 H33  with two hypotheses
  rooflab report --html site H1 H5 --ground-truth ~/sweeps
                                      with hypotheses and experiments on your own measurements")]
pub(crate) struct ReportArgs {
    /// Hypotheses to show, each by its id (H28) or the name of its folder [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Folder to write the site to: a new one, an empty one, or an earlier report
    #[arg(long, value_name = "DIR")]
    html: PathBuf,
    #[command(flatten)]
    other_data: OtherDataArgs,
    #[command(flatten)]
    jobs: JobsArgs,
}

pub(super) fn run(args: &ReportArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    // What stands in the way shows before the work rather than after it.
    let rules = OutputRules::new(Some(project.root()), Replace::Own);
    let folder = OutputFolder::claim(&args.html, &rules)?;
    let options = args.other_data.options(None)?;
    let loaded = Loaded::readable(&project, &args.ids, &options, args.jobs)?;
    args.other_data.refuse_unread(&loaded)?;
    let mut outcomes = Vec::with_capacity(loaded.hypotheses.len());
    let failed = loaded.run_each(session.bars, |hypothesis, outcome| {
        outcomes.push((hypothesis, outcome));
        Ok(())
    })?;
    let catalog = Catalog::new(project.root());
    let own = project.root().join(OWN_GROUND_TRUTH);
    let (of_runs, name) = match &options.ground_truth {
        Some(folder) => (folder, folder.display().to_string()),
        None => (&own, OWN_GROUND_TRUTH.to_owned()),
    };
    let (ground_truth, not_simulated) =
        site_ground_truth(of_runs, &name, catalog.clone(), session.bars);
    let hypotheses = outcomes.iter();
    let hypotheses = hypotheses.map(|(hypothesis, outcome)| hypothesis_data(hypothesis, outcome));
    let site = Site {
        footer: format!("Written by rooflab {}.", env!("CARGO_PKG_VERSION")),
        audit: audit_data(&Audit::of(outcomes.iter().map(|(_, outcome)| outcome))),
        hypotheses: hypotheses.collect::<anyhow::Result<_>>()?,
        ground_truth,
        model: model_grid(&catalog)?,
    };
    let files = site.files()?;
    let path = folder.write(&files)?;
    writeln!(
        session.out,
        "hypotheses {}, measured experiments {}, files {}: {}",
        site.hypotheses.len(),
        site.ground_truth.experiments.len(),
        files.len(),
        shown(&path.join("index.html"))
    )?;
    if failed + not_simulated > 0 {
        message::warning("the site lacks what could not be computed");
    }
    Ok(ExitStatus::of_failed(failed + not_simulated))
}
