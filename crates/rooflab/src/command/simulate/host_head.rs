//! What a simulation rests on.

use std::fmt;

use ground_truth::MeasuredRun;
use replay::{ArrivalSource, ReplayOptions, Replayed};
use roofline::{Assumptions, Hardware, Preset};
use serde::{Serialize, Serializer};
use serving::StepOverheads;

use super::host_choice::{HostChoice, StatedBy};
use super::server_limits::StatedLimits;
use crate::assumptions_in_words::AssumptionsInWords;
use crate::step_setup::LoadedSetup;

/// The model, the GPUs, the server and the assumptions of a simulation. Displays as lines of text.
#[derive(Clone, Debug, Serialize)]
pub(super) struct HostHead {
    #[serde(flatten)]
    pub(super) host: HostChoice,
    server: StatedLimits,
    preset: Preset,
    assumptions: Assumptions,
    #[serde(with = "HardwareJson")]
    hardware: Hardware,
    #[serde(flatten, serialize_with = "options")]
    pub(super) options: ReplayOptions,
}

#[derive(Serialize)]
#[serde(remote = "Hardware")]
struct HardwareJson {
    #[serde(getter = "Hardware::peak_flops_per_s")]
    peak_flops_per_s: f64,
    #[serde(getter = "Hardware::bandwidth_bytes_per_s")]
    bandwidth_bytes_per_s: f64,
    #[serde(getter = "Hardware::bandwidth_efficiency")]
    bandwidth_efficiency: Option<f64>,
    #[serde(getter = "Hardware::per_layer_overhead_us")]
    per_layer_overhead_us: f64,
}

#[derive(Serialize)]
struct OptionsJson {
    #[serde(with = "OverheadsJson")]
    overheads: StepOverheads,
    lengths: &'static str,
    arrivals: &'static str,
    seed: u64,
}

#[derive(Serialize)]
#[serde(remote = "StepOverheads")]
#[expect(clippy::struct_field_names, reason = "names hold units")]
struct OverheadsJson {
    decode_us: f64,
    prefill_us: f64,
    mixed_us: f64,
}

impl HostHead {
    /// What the simulation of a run on a host rests on.
    pub(super) fn new(
        host: HostChoice,
        setup: &LoadedSetup<'_>,
        options: ReplayOptions,
        run: &MeasuredRun,
        replayed: &Replayed,
    ) -> Self {
        let longest = setup.model.facts.max_position;
        Self {
            server: StatedLimits::new(replayed, &run.server, &options.server, longest),
            host,
            preset: setup.preset,
            assumptions: setup.assumptions,
            hardware: setup.hardware,
            options,
        }
    }
}

/// The word that the flag takes.
fn arrivals(source: ArrivalSource) -> &'static str {
    let is_it = |name: &&&str| name.parse() == Ok(source);
    ArrivalSource::NAMES.iter().find(is_it).unwrap_or(&"")
}

fn options<S: Serializer>(options: &ReplayOptions, serializer: S) -> Result<S::Ok, S::Error> {
    OptionsJson {
        overheads: options.overheads,
        lengths: options.lengths.name(),
        arrivals: arrivals(options.arrivals),
        seed: options.seed,
    }
    .serialize(serializer)
}

impl fmt::Display for HostHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.host;
        write!(
            f,
            "model        {} on {} x {}",
            host.model, host.tensor_parallel, host.gpu
        )?;
        if host.tensor_parallel_by == StatedBy::Default {
            f.write_str(" (no tensor parallelism stated)")?;
        }
        writeln!(f)?;
        write!(f, "{}", self.server)?;
        write!(
            f,
            "{}",
            AssumptionsInWords {
                hardware: &self.hardware,
                preset: self.preset,
                assumptions: &self.assumptions,
            }
        )?;
        let overheads = self.options.overheads;
        writeln!(
            f,
            "overheads    {} us a decode step, {} us a prefill step, {} us a mixed step",
            overheads.decode_us, overheads.prefill_us, overheads.mixed_us
        )?;
        writeln!(
            f,
            "drawing      lengths {}, arrivals {}, seed {}",
            self.options.lengths,
            arrivals(self.options.arrivals),
            self.options.seed
        )
    }
}
