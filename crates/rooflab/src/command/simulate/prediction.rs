//! What measured runs are simulated with.

use replay::ReplayOptions;
use roofline::Preset;

use super::HostArgs;
use crate::overrides::{AssumptionOverrides, HardwareOverrides};

/// Everything that decides about the simulation of a measured run. The default is that of the command without flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Prediction {
    /// What the experiment does not say, or is not asked.
    pub(super) host: HostArgs,
    pub(super) options: ReplayOptions,
    pub(super) preset: Preset,
    pub(super) assumptions: AssumptionOverrides,
    pub(super) hardware: HardwareOverrides,
}
