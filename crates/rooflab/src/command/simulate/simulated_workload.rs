//! A workload of flags with its simulation.

use std::collections::BTreeMap;

use ground_truth::{LengthProfile, Strategy};
use request_metrics::Metric;
use serde::{Serialize, Serializer};
use serving::Simulation;

use super::host_head::HostHead;
use super::simulated::{Figures, Simulated};

/// A workload with what became of it: the line of `--format json`.
#[derive(Debug, Serialize)]
pub(super) struct SimulatedWorkload {
    #[serde(flatten)]
    pub(super) head: HostHead,
    pub(super) strategy: Strategy,
    #[serde(rename = "data")]
    pub(super) lengths: LengthProfile,
    #[serde(flatten, serialize_with = "with_latencies")]
    pub(super) simulated: Simulated,
}

impl SimulatedWorkload {
    pub(super) fn simulation(&self) -> &Simulation {
        &self.simulated.replayed.simulation
    }
}

#[derive(Serialize)]
struct WithLatencies<'s> {
    metrics: BTreeMap<&'static str, Option<Figures<'s>>>,
    simulated: &'s Simulated,
}

fn with_latencies<S: Serializer>(simulated: &Simulated, serializer: S) -> Result<S::Ok, S::Error> {
    let figures = |metric: Metric| (metric.key(), simulated.metrics.get(&metric).map(Figures));
    let metrics = Metric::ALL.map(figures).into();
    WithLatencies { metrics, simulated }.serialize(serializer)
}
