//! What requests are simulated with.

use ground_truth::{Benchmark, MeasuredRun};
use replay::{Host, ReplayOptions, ReplayProblem, Replayed, replay};
use roofline::{Preset, StepModel};
use serving::{InvalidKvMemory, Simulation};

use super::host_choice::{HostArgs, HostChoice};
use super::simulated::rejections;
use super::step_lines::StepLines;
use crate::message;
use crate::overrides::{AssumptionOverrides, HardwareOverrides};
use crate::progress::{Bar, ServedRequests};
use crate::step_setup::{LoadedSetup, StepSetup};

/// Everything that decides about a simulation but for its requests. The default is that of the command without flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Prediction {
    /// What the experiment does not say, or is not asked.
    pub(super) host: HostArgs,
    pub(super) options: ReplayOptions,
    pub(super) preset: Preset,
    pub(super) assumptions: AssumptionOverrides,
    pub(super) hardware: HardwareOverrides,
}

impl Prediction {
    /// What decides about the step model of a model on GPUs.
    pub(super) fn setup(&self, host: &HostChoice) -> StepSetup {
        StepSetup {
            model: host.model.clone(),
            gpu: host.gpu.clone(),
            tensor_parallel: host.tensor_parallel,
            preset: self.preset,
            assumptions: self.assumptions.clone(),
            hardware: self.hardware.clone(),
        }
    }
}

/// What the server runs on.
pub(super) fn server_host<'m>(
    setup: &'m LoadedSetup<'_>,
    step_model: &'m StepModel<'m>,
) -> Host<'m> {
    Host {
        step_model,
        config: &setup.model.config,
        max_position: setup.model.facts.max_position,
        gpu: &setup.gpu.name,
        gpu_memory_bytes: setup.gpu.memory_bytes,
        tensor_parallel: setup.tensor_parallel,
    }
}

/// The simulation of a benchmark, whose requests the bar counts.
pub(super) fn simulated(
    run: &MeasuredRun,
    benchmark: &Benchmark,
    host: &Host<'_>,
    options: &ReplayOptions,
    bar: &Bar,
    observer: &mut StepLines,
) -> anyhow::Result<Replayed> {
    let mut steps = ServedRequests { bar, observer };
    replay(run, benchmark, host, options, &mut steps).map_err(with_advice)
}

/// The problem, with the flags that help where memory is short.
pub(super) fn with_advice(problem: ReplayProblem) -> anyhow::Error {
    match problem {
        ReplayProblem::Memory(full @ InvalidKvMemory::NoRoom { .. }) => anyhow::anyhow!(
            "{full} (--tensor-parallel N takes more GPUs, --kv-blocks N states what a server has)"
        ),
        ReplayProblem::Overhead(wrong) => {
            anyhow::anyhow!("--{}-overhead-us: {wrong}", wrong.kind.name())
        }
        other => other.into(),
    }
}

/// Figures of a part of the requests are no figures of all: says so, behind what names the simulation.
pub(super) fn warn_of_rejections(front: &str, simulation: &Simulation) {
    for (reason, count) in rejections(simulation) {
        let all = simulation.injected;
        message::warning(format_args!(
            "{front}{count} of {all} requests rejected: {reason}"
        ));
    }
}
