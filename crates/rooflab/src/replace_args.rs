//! Whether a command may replace files that it did not write.

use clap::Args;
use outputs::{OutputRules, Replace};

use crate::session::Session;

/// What a command may replace beside its own files.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ReplaceArgs {
    /// Replace files that this command did not write; inputs of a project are never replaced
    #[arg(long)]
    force: bool,
}

impl ReplaceArgs {
    /// Which files may be replaced.
    pub(crate) fn replace(self) -> Replace {
        if self.force {
            Replace::Any
        } else {
            Replace::Own
        }
    }

    /// Where the command may write. Without a project the inputs are those of any project that a path leads through.
    pub(crate) fn rules(self, session: &Session) -> OutputRules {
        let project = session.open().ok();
        OutputRules::new(
            project.as_ref().map(experiment::Project::root),
            self.replace(),
        )
    }
}
