//! `rooflab new`: begins a hypothesis.

use std::io::Write;

use clap::Args;
use experiment::{Example, create_hypothesis};
use time::OffsetDateTime;

use crate::exit_status::ExitStatus;
use crate::session::Session;
use crate::shown_path::shown;

/// Make the folder of a new hypothesis that runs at once
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  rooflab new H99 kv-read-factor && rooflab run H99
  rooflab new H99 time-per-layer --measured
                          begin with the project's measured runs")]
pub(crate) struct NewArgs {
    /// Short name: letters and digits that begin with a capital letter, as in H99 or I2-H1
    id: String,
    /// What it is about, for the name of the folder: lower-case words with hyphens between
    slug: String,
    /// Begin with an example over measured runs instead of one over single steps
    #[arg(long)]
    measured: bool,
}

pub(super) fn run(args: &NewArgs, session: &mut Session) -> anyhow::Result<ExitStatus> {
    let project = session.open()?;
    let today = OffsetDateTime::now_utc().date().to_string();
    let example = if args.measured {
        Example::Measured
    } else {
        Example::Steps
    };
    let files = create_hypothesis(&project, &args.id, &args.slug, &today, example)?;
    for file in files {
        writeln!(session.out, "made {}", shown(&project.root().join(file)))?;
    }
    writeln!(session.out, "next: rooflab run {}", args.id)?;
    Ok(ExitStatus::Fine)
}
