//! Which project a command works on.

use std::env;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use experiment::Project;

/// The option for it.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProjectArgs {
    /// Folder of the project [default: the current folder or the nearest above it that has `hypotheses`,
    /// `model_configs` and `bench_data`]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
}

impl ProjectArgs {
    /// Finds the project.
    pub(crate) fn open(&self) -> anyhow::Result<Project> {
        if let Some(root) = &self.root {
            return Ok(Project::at(root)?);
        }
        let here = env::current_dir().context("the current folder cannot be found")?;
        Ok(Project::find(&here)?)
    }
}
