//! The checked simulations of a `serve` run.

use std::sync::Arc;

use replay::ReplayOptions;

use super::axes::{Axes, FieldRef, value_text};
use crate::format::{CaseValue, ReplaySetting, Scalar, WrongValue};
use crate::project::MeasuredBenchmark;

/// What each cell of a `serve` run simulates.
#[derive(Debug, Clone)]
pub(crate) struct ServePlan {
    /// The axis over measured benchmarks.
    pub(crate) axis: usize,
    /// The benchmark at each of its positions.
    pub(crate) benchmarks: Arc<[MeasuredBenchmark]>,
    /// What the file says of each setting it mentions.
    pub(crate) settings: Vec<(ReplaySetting, ReplaySource)>,
}

/// A value that a setting does not take.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{}` cannot be `{value}`: it takes {}", setting.path(), wrong.0)]
pub(crate) struct WrongReplayValue {
    pub(crate) setting: ReplaySetting,
    pub(crate) value: String,
    pub(crate) wrong: WrongValue,
}

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ReplaySource {
    Fixed(Scalar),
    Varied(FieldRef),
}

impl ServePlan {
    /// The benchmark of the cells at `positions`.
    pub(crate) fn benchmark(&self, positions: &[usize]) -> &MeasuredBenchmark {
        &self.benchmarks[positions[self.axis]]
    }

    /// How the cells at `positions` are simulated.
    ///
    /// # Errors
    ///
    /// The setting whose value is of the wrong kind.
    pub(crate) fn options(
        &self,
        axes: &Axes,
        positions: &[usize],
    ) -> Result<ReplayOptions, WrongReplayValue> {
        let mut options = ReplayOptions::default();
        for (setting, source) in &self.settings {
            let value = match source {
                ReplaySource::Fixed(value) => value,
                ReplaySource::Varied(field) => match axes.value(*field, positions) {
                    CaseValue::One(value) => value,
                    list @ CaseValue::Lengths(_) => {
                        return Err(WrongReplayValue {
                            setting: *setting,
                            value: value_text(list),
                            wrong: WrongValue("one value"),
                        });
                    }
                },
            };
            setting
                .apply(&mut options, value)
                .map_err(|wrong| WrongReplayValue {
                    setting: *setting,
                    value: value.to_string(),
                    wrong,
                })?;
        }
        Ok(options)
    }
}
