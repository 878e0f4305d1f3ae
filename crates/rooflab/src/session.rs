//! What every command works with.

use std::env;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use experiment::Project;

use crate::progress::ProgressBars;
use crate::standard_output::StandardOutput;

/// Which project a command works on.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProjectArgs {
    /// Folder of the project [default: the current folder or the nearest above it that has `hypotheses`,
    /// `model_configs` and `bench_data`]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
}

/// The options that all commands have, and where results go.
pub(crate) struct Session {
    pub(crate) project: ProjectArgs,
    pub(crate) bars: ProgressBars,
    pub(crate) out: StandardOutput,
    /// The declarations of all commands, for those that write about them.
    pub(crate) program: fn() -> clap::Command,
}

impl Session {
    /// Finds the project.
    pub(crate) fn open(&self) -> anyhow::Result<Project> {
        if let Some(root) = &self.project.root {
            return Ok(Project::at(root)?);
        }
        let here = env::current_dir().context("the current folder cannot be found")?;
        Ok(Project::find(&here)?)
    }
}
