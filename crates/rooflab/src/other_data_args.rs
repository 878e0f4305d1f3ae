//! Your own measurements, in place of those that the project has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use experiment::{Hypothesis, LoadOptions};

use crate::counted::joined;
use crate::loading::Loaded;

/// Which other measurements hypotheses are decided on. A command with these has an argument `ids`.
#[derive(Args, Debug)]
pub(crate) struct OtherDataArgs {
    /// Folder of measured runs in place of `eval/ground_truth`, one folder for each experiment
    ///
    /// Needs the IDs of hypotheses that simulate measured runs. Nothing is written beside the hypotheses then, since the
    /// findings of the project are those on its own ground truth.
    #[arg(long, value_name = "DIR", requires = "ids")]
    ground_truth: Option<PathBuf>,
    /// A file of data that a hypothesis describes, under the name that it has there, as in `step_trace=steps.parquet`
    ///
    /// Needs the IDs of hypotheses that describe it. Nothing is written beside the hypotheses then, since the findings of
    /// the project are those without it.
    #[arg(long, value_name = "NAME=FILE", requires = "ids", value_parser = parse_data)]
    data: Vec<(String, PathBuf)>,
}

impl OtherDataArgs {
    /// Whether findings are those on other measurements than the project's own.
    pub(crate) fn is_given(&self) -> bool {
        self.ground_truth.is_some() || !self.data.is_empty()
    }

    /// The folder and the files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        let files = self.data.iter().map(|(_, file)| file);
        self.ground_truth.iter().chain(files)
    }

    /// How hypotheses are to be read, their runs having so many cells at most where that is said.
    ///
    /// # Errors
    ///
    /// Two files have one name.
    pub(crate) fn options(&self, max_cells: Option<u64>) -> anyhow::Result<LoadOptions> {
        let mut data = BTreeMap::new();
        for (name, file) in &self.data {
            ensure!(
                data.insert(name.clone(), file.clone()).is_none(),
                "--data names `{name}` twice"
            );
        }
        let ground_truth = self.ground_truth.clone();
        Ok(LoadOptions {
            max_cells,
            ground_truth,
            data,
        })
    }

    /// Refuses measurements that none of the hypotheses would read: other measured runs say something about hypotheses
    /// that simulate measured runs, and data that no hypothesis at hand describes would be read by nobody.
    ///
    /// # Errors
    ///
    /// The measurements and who does not read them.
    pub(crate) fn refuse_unread(&self, loaded: &Loaded) -> anyhow::Result<()> {
        let hypotheses = &loaded.hypotheses;
        let others = hypotheses.iter().filter(|one| !one.reads_ground_truth());
        let others: Vec<&str> = others.map(Hypothesis::id).collect();
        ensure!(
            self.ground_truth.is_none() || others.is_empty(),
            "--ground-truth changes nothing for {}: no run of it simulates measured runs",
            others.join(", ")
        );
        let known: BTreeSet<&str> = hypotheses.iter().flat_map(Hypothesis::data_names).collect();
        let choices = if known.is_empty() {
            "none of these hypotheses describes any".to_owned()
        } else {
            format!("known data: {}", joined(&known))
        };
        for (name, _) in &self.data {
            // What cannot be read may describe it.
            ensure!(
                known.contains(name.as_str()) || !loaded.is_whole(),
                "--data: there is no data `{name}` ({choices})"
            );
        }
        Ok(())
    }
}

/// `NAME=FILE`.
fn parse_data(text: &str) -> Result<(String, PathBuf), &'static str> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(file)))
        }
        Some(_) | None => Err("expected NAME=FILE, as in step_trace=steps.parquet"),
    }
}
