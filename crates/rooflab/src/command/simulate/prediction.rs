//! What measured runs are simulated with.

use settings::Setup;

use super::HostArgs;

/// Everything that decides about the simulation of a measured run. The default is that of the command without flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Prediction {
    /// What the experiment does not say, or is not asked.
    pub(super) host: HostArgs,
    pub(super) setup: Setup,
}
