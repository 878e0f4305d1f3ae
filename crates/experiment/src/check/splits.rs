//! Parts into which experiments are divided: those that the file states, else those of splits.yaml.

use std::collections::BTreeMap;

use serde_yaml::Spanned;

use super::measured_fields::is_wanted;
use super::run_checker::RunChecker;
use crate::format::{Choices, HypothesisSpec, ProbeSpec};
use crate::project::UnreadableRuns;

/// The sides of every split in splits.yaml.
pub(super) const SIDES: [&str; 2] = ["train", "test"];

/// Experiments that are on one side of a split.
pub(super) struct SplitPart {
    /// The name of the split in splits.yaml; a file has one split of its own.
    split: Option<String>,
    name: String,
    pub(super) experiments: Vec<String>,
}

impl SplitPart {
    /// How a filter calls it, as in `hg1.train`.
    pub(super) fn called(&self) -> String {
        match &self.split {
            Some(split) => format!("{split}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// The one name of the parts that an experiment is in, of the splits that a filter names or else of all.
pub(super) fn split_of(
    parts: &[SplitPart],
    wanted: Option<&Choices>,
    experiment: &str,
) -> Option<String> {
    let is_named = |split: &Option<String>| {
        let mut of_split = parts.iter().filter(|part| part.split == *split);
        of_split.any(|part| is_wanted(wanted, &part.called()))
    };
    let mut names = parts
        .iter()
        .filter(|part| part.experiments.iter().any(|one| one == experiment))
        .filter(|part| is_named(&part.split))
        .map(|part| part.name.as_str());
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.to_owned())
}

impl RunChecker<'_, '_> {
    /// All parts that there are.
    pub(super) fn split_parts(&mut self) -> Result<Vec<SplitPart>, UnreadableRuns> {
        if !self.splits.is_empty() {
            let stated = self.splits.iter().map(|(name, experiments)| SplitPart {
                split: None,
                name: name.value.clone(),
                experiments: experiments.iter().map(|one| one.value.clone()).collect(),
            });
            return Ok(stated.collect());
        }
        let splits = self.measured.open()?.splits().iter();
        let parts = splits.flat_map(|split| {
            let sides = SIDES.into_iter().zip([&split.train, &split.test]);
            sides.map(|(name, experiments)| SplitPart {
                split: Some(split.name.clone()),
                name: name.to_owned(),
                experiments: experiments.clone(),
            })
        });
        Ok(parts.collect())
    }

    /// Each experiment that the file divides is there, and in one part.
    pub(super) fn check_splits(&mut self, spec: &HypothesisSpec) {
        let Some((first, _)) = self.splits.iter().next() else {
            return;
        };
        let is_serve = |probe: &ProbeSpec| matches!(probe, ProbeSpec::Serve(_));
        if !spec.runs.iter().any(|(_, probe)| is_serve(probe)) {
            let message = "`splits` divides experiments, and no run of the probe `serve` has any";
            self.reporter.at(first, message);
            return;
        }
        let known = match self.measured.open() {
            Ok(ground_truth) => ground_truth.experiments(),
            // The axis over it says what is wrong with it.
            Err(_unreadable) => return,
        };
        let mut part_of: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        for (part, experiments) in self.splits.iter() {
            for experiment in experiments {
                let name = &experiment.value;
                if !known.contains(name) {
                    let message = format!("there is no experiment `{name}`");
                    let known = known.iter().map(String::as_str);
                    self.reporter
                        .unknown(experiment, message, "experiments", known);
                }
                if let Some(other) = part_of.insert(name, part) {
                    let message = format!(
                        "experiment `{name}` stands in `{}` already: it is in one part",
                        other.value
                    );
                    self.reporter.at(experiment, message);
                }
            }
        }
    }
}
