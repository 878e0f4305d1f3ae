//! What every command works with.

use experiment::Project;

use crate::progress::ProgressBars;
use crate::project_args::ProjectArgs;
use crate::standard_output::StandardOutput;

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
        self.project.open()
    }
}
