//! The checked simulations of a `serve` run.

use std::sync::Arc;

use replay::ReplayOptions;
use settings::Setting;

use super::axes::Axes;
use super::setting_source::{SettingSource, WrongSetting, setup_at};
use crate::project::MeasuredBenchmark;

/// What each cell of a `serve` run simulates.
#[derive(Debug, Clone)]
pub(crate) struct ServePlan {
    /// The axis over measured benchmarks.
    pub(crate) axis: usize,
    /// The benchmark at each of its positions.
    pub(crate) benchmarks: Arc<[MeasuredBenchmark]>,
    /// What the file says of each setting it mentions.
    pub(crate) settings: Vec<(Setting, SettingSource)>,
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
    ) -> Result<ReplayOptions, WrongSetting> {
        Ok(setup_at(&self.settings, axes, positions)?.replay)
    }
}
