//! What a simulation rests on.

use std::fmt;

use ground_truth::MeasuredRun;
use replay::Replayed;
use roofline::{Hardware, HardwareSpec, Preset};
use serde::{Serialize, Serializer};
use settings::{Given, InFile, OVERHEAD, OVERRIDES, SERVE, Setting, Setup};

use super::host_choice::{HostChoice, StatedBy};
use super::server_limits::StatedLimits;
use crate::assumptions_in_words::AssumptionsInWords;
use crate::step_setup::LoadedSetup;

/// The model, the GPUs, the server and the assumptions of a simulation. Displays as lines of text.
#[derive(Clone, Debug)]
pub(super) struct HostHead {
    pub(super) host: HostChoice,
    server: StatedLimits,
    pub(super) setup: Setup,
    hardware: Hardware,
}

/// The same as a part of JSON.
#[derive(Serialize)]
struct HeadJson<'h> {
    #[serde(flatten)]
    host: &'h HostChoice,
    server: &'h StatedLimits,
    preset: Preset,
    assumptions: InFile<'h, Given>,
    hardware: HardwareSpec,
    overheads: InFile<'h, Given>,
    #[serde(flatten)]
    drawing: InFile<'h, Given>,
}

impl HostHead {
    /// What the simulation of a run on a host rests on.
    pub(super) fn new(
        host: HostChoice,
        loaded: &LoadedSetup<'_>,
        longest_context: Option<u32>,
        run: &MeasuredRun,
        replayed: &Replayed,
    ) -> Self {
        let setup = loaded.setup.clone();
        let wanted = &setup.replay.server;
        Self {
            server: StatedLimits::new(replayed, &run.server, wanted, longest_context),
            host,
            setup,
            hardware: loaded.hardware,
        }
    }
}

impl Serialize for HostHead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = &Setting::values(&self.setup);
        HeadJson {
            host: &self.host,
            server: &self.server,
            preset: self.setup.preset,
            assumptions: InFile::of(values, OVERRIDES),
            hardware: self.hardware.spec(),
            overheads: InFile::of(values, OVERHEAD),
            drawing: InFile::of(values, SERVE),
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
                setup: &self.setup,
            }
        )?;
        let replay = &self.setup.replay;
        let overheads = replay.overheads;
        writeln!(
            f,
            "overheads    {} us a decode step, {} us a prefill step, {} us a mixed step",
            overheads.decode_us, overheads.prefill_us, overheads.mixed_us
        )?;
        writeln!(
            f,
            "drawing      lengths {}, arrivals {}, seed {}",
            replay.lengths, replay.arrivals, replay.seed
        )
    }
}
