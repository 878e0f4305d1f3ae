//! A hypothesis that was run, and where it was written.

use std::path::PathBuf;

use experiment::{Drift, Outcome, OutcomeSummary, Staleness};
use outputs::Replace;
use serde::Serialize;

use crate::message;
use crate::shown_path::shown;

/// An outcome, and where it was written.
pub(super) struct Derived {
    pub(super) outcome: Outcome,
    pub(super) folder: Option<PathBuf>,
}

/// One line of `--format json`.
#[derive(Serialize)]
pub(super) struct RunLine<'o> {
    #[serde(flatten)]
    summary: OutcomeSummary<'o>,
    drift: Vec<String>,
    findings: Option<String>,
    tables: Vec<String>,
}

impl Derived {
    /// Writes the outcome to the folder, where there is one.
    pub(super) fn write(
        outcome: Outcome,
        folder: Option<PathBuf>,
        replace: Replace,
    ) -> anyhow::Result<Self> {
        if let Some(folder) = &folder {
            outcome.write_over(folder, replace)?;
        }
        Ok(Self { outcome, folder })
    }

    pub(super) fn json_line(&self) -> RunLine<'_> {
        let outcome = &self.outcome;
        let written = self.folder.iter().flat_map(|folder| {
            let files = outcome.files.iter();
            files.map(|file| folder.join(&file.path))
        });
        // The copy of the published values is no table of the hypothesis.
        let is_table = |path: &PathBuf| {
            let mut names = outcome.tables.iter().map(|(name, _)| name.as_str());
            path.extension().is_some_and(|kind| kind == "csv")
                && names.any(|name| path.file_stem().is_some_and(|stem| stem == name))
        };
        let (tables, findings): (Vec<_>, Vec<_>) = written.partition(is_table);
        RunLine {
            summary: outcome.summary(),
            drift: outcome.drift().iter().map(Drift::to_string).collect(),
            findings: findings.first().map(|file| shown(file)),
            tables: tables.iter().map(|file| shown(file)).collect(),
        }
    }

    /// Names result files of tables that are no more; deleting is left to people.
    pub(super) fn warn_of_leftovers(&self) -> anyhow::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        for (path, staleness) in self.outcome.stale_files(folder)? {
            if staleness == Staleness::Leftover {
                let path = shown(&folder.join(path));
                let state = staleness.name();
                message::warning(format_args!("{path} is {state} (remove it)"));
            }
        }
        Ok(())
    }
}
