//! What a simulation rests on.

use std::fmt;

use replay::{ArrivalSource, ReplayOptions};
use roofline::{Assumptions, Hardware, Preset};
use serde::{Serialize, Serializer};

use super::host_choice::{HostChoice, StatedBy};
use super::server_limits::StatedLimits;
use crate::assumptions_in_words::AssumptionsInWords;

/// The model, the GPUs, the server and the assumptions of a simulation. Displays as lines of text.
#[derive(Clone, Debug)]
pub(super) struct HostHead {
    pub(super) host: HostChoice,
    pub(super) server: StatedLimits,
    pub(super) preset: Preset,
    pub(super) assumptions: Assumptions,
    pub(super) hardware: Hardware,
    pub(super) options: ReplayOptions,
}

/// The same as a part of JSON.
#[derive(Serialize)]
struct HeadJson<'h> {
    #[serde(flatten)]
    host: &'h HostChoice,
    server: &'h StatedLimits,
    preset: Preset,
    assumptions: &'h Assumptions,
    hardware: HardwareJson,
    overheads: OverheadsJson,
    lengths: &'static str,
    arrivals: &'static str,
    seed: u64,
}

#[derive(Serialize)]
struct HardwareJson {
    peak_flops_per_s: f64,
    bandwidth_bytes_per_s: f64,
    bandwidth_efficiency: Option<f64>,
    per_layer_overhead_us: f64,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "names hold units")]
struct OverheadsJson {
    decode_us: f64,
    prefill_us: f64,
    mixed_us: f64,
}

impl HostHead {
    /// The word that the flag takes.
    fn arrivals(&self) -> &'static str {
        let is_it = |name: &&&str| name.parse() == Ok(self.options.arrivals);
        ArrivalSource::NAMES.iter().find(is_it).unwrap_or(&"")
    }
}

impl Serialize for HostHead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let overheads = self.options.overheads;
        HeadJson {
            host: &self.host,
            server: &self.server,
            preset: self.preset,
            assumptions: &self.assumptions,
            hardware: HardwareJson {
                peak_flops_per_s: self.hardware.peak_flops_per_s(),
                bandwidth_bytes_per_s: self.hardware.bandwidth_bytes_per_s(),
                bandwidth_efficiency: self.hardware.bandwidth_efficiency(),
                per_layer_overhead_us: self.hardware.per_layer_overhead_us(),
            },
            overheads: OverheadsJson {
                decode_us: overheads.decode_us,
                prefill_us: overheads.prefill_us,
                mixed_us: overheads.mixed_us,
            },
            lengths: self.options.lengths.name(),
            arrivals: self.arrivals(),
            seed: self.options.seed,
        }
        .serialize(serializer)
    }
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
            self.arrivals(),
            self.options.seed
        )
    }
}
