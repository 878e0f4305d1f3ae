//! Measurements in place of the project's own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use experiment::{Hypothesis, LoadOptions};

/// The options for them. A command that has them takes the ids of hypotheses as `ids`.
#[derive(Args, Debug)]
pub(crate) struct OtherDataArgs {
    /// Folder of measured runs in place of `eval/ground_truth`, one folder for each experiment
    ///
    /// Needs the IDs of hypotheses that simulate measured runs.
    #[arg(long, value_name = "DIR", requires = "ids")]
    ground_truth: Option<PathBuf>,
    /// A file of data that a hypothesis describes, under the name that it has there
    ///
    /// Needs the IDs of hypotheses that describe it.
    #[arg(long, value_name = "NAME=FILE", requires = "ids", value_parser = parse_data)]
    data: Vec<(String, PathBuf)>,
}

impl OtherDataArgs {
    /// Whether results are those on other measurements than the project's own.
    pub(crate) fn is_given(&self) -> bool {
        self.ground_truth.is_some() || !self.data.is_empty()
    }

    /// How hypotheses are to be read.
    ///
    /// # Errors
    ///
    /// Some data is named twice.
    pub(crate) fn load_options(&self, max_cells: Option<u64>) -> anyhow::Result<LoadOptions> {
        let mut data = BTreeMap::new();
        for (name, file) in &self.data {
            anyhow::ensure!(
                data.insert(name.clone(), file.clone()).is_none(),
                "--data names `{name}` twice"
            );
        }
        Ok(LoadOptions {
            max_cells,
            ground_truth: self.ground_truth.clone(),
            data,
        })
    }

    /// Makes sure that each option says something about the hypotheses.
    ///
    /// # Errors
    ///
    /// A hypothesis simulates no measured runs though there is a folder of them, or none describes some data.
    pub(crate) fn refuse_unused(&self, hypotheses: &[Hypothesis]) -> anyhow::Result<()> {
        if self.ground_truth.is_some() {
            refuse_those_without_ground_truth(hypotheses)?;
        }
        self.refuse_unknown_data(hypotheses)
    }

    /// Data that no hypothesis at hand describes would be read by nobody.
    fn refuse_unknown_data(&self, hypotheses: &[Hypothesis]) -> anyhow::Result<()> {
        let known: BTreeSet<&str> = hypotheses.iter().flat_map(Hypothesis::data_names).collect();
        let known: Vec<&str> = known.into_iter().collect();
        let choices = if known.is_empty() {
            "none of these hypotheses describes any".to_owned()
        } else {
            format!("known data: {}", known.join(", "))
        };
        for (name, _) in &self.data {
            anyhow::ensure!(
                known.contains(&name.as_str()),
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

/// Other measured runs say something about hypotheses that simulate measured runs.
fn refuse_those_without_ground_truth(hypotheses: &[Hypothesis]) -> anyhow::Result<()> {
    let others: Vec<&str> = hypotheses
        .iter()
        .filter(|hypothesis| !hypothesis.reads_ground_truth())
        .map(Hypothesis::id)
        .collect();
    anyhow::ensure!(
        others.is_empty(),
        "--ground-truth changes nothing for {}: no run of it simulates measured runs",
        others.join(", ")
    );
    Ok(())
}
