//! What requests are simulated with.

use ground_truth::{Benchmark, MeasuredRun};
use replay::{Host, ReplayOptions, ReplayProblem, Replayed, replay};
use serving::{InvalidKvMemory, Simulation};
use settings::Setup;

use super::host_choice::{HostArgs, HostChoice};
use super::simulated::rejections;
use super::step_lines::StepLines;
use crate::message;
use crate::progress::{Bar, ServedRequests};

/// Everything that decides about a simulation but for its requests. The default is that of the command without flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Prediction {
    /// What the experiment does not say, or is not asked.
    pub(super) host: HostArgs,
    pub(super) setup: Setup,
    /// Whether the command has flags for these, which its messages may advise.
    pub(super) has_flags: bool,
}

impl Prediction {
    /// What decides about the simulation of a model on GPUs.
    pub(super) fn setup(&self, host: &HostChoice) -> Setup {
        Setup {
            model: Some(host.model.clone()),
            gpu: Some(host.gpu.clone()),
            tensor_parallel: host.tensor_parallel,
            ..self.setup.clone()
        }
    }

    /// The problem, with what helps where memory is short.
    pub(super) fn with_advice(&self, problem: ReplayProblem) -> anyhow::Error {
        match problem {
            ReplayProblem::Memory(full @ InvalidKvMemory::NoRoom { .. }) if self.has_flags => {
                anyhow::anyhow!(
                    "{full} (--tensor-parallel N takes more GPUs, --kv-blocks N states what a server has)"
                )
            }
            ReplayProblem::Overhead(wrong) if self.has_flags => {
                anyhow::anyhow!("--{}-overhead-us: {wrong}", wrong.kind.name())
            }
            other => other.into(),
        }
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
) -> Result<Replayed, ReplayProblem> {
    let mut steps = ServedRequests { bar, observer };
    replay(run, benchmark, host, options, &mut steps)
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
