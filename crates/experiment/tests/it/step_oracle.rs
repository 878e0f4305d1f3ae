//! Step times straight from the roofline model, for simulations that can be written down step by step.

use catalog::{Catalog, Gpu, Model};
use roofline::{Batch, Hardware, HardwareSpec, Preset, StepModel};

use crate::test_project::TestProject;

/// The tiny model on one toy GPU with the assumptions of the hypothesis.
pub(crate) struct StepOracle {
    model: Model,
    gpu: Gpu,
}

impl StepOracle {
    pub(crate) fn of(project: &TestProject) -> Self {
        let catalog = Catalog::new(project.root());
        Self {
            model: catalog.model("tiny").unwrap(),
            gpu: catalog.gpu("toy").unwrap(),
        }
    }

    /// Milliseconds of a step that prefills (cached, new) and decodes at KV lengths.
    pub(crate) fn step_ms(&self, prefill: &[(u32, u32)], decode: &[u32]) -> f64 {
        let hardware = Hardware::new(HardwareSpec {
            peak_flops_per_s: self.gpu.peak_flops_per_s,
            bandwidth_bytes_per_s: self.gpu.bandwidth_bytes_per_s,
            bandwidth_efficiency: None,
            per_layer_overhead_us: 0.0,
        })
        .unwrap();
        let tables = self.gpu.mfu_tables().unwrap();
        let assumptions = Preset::Feb27.assumptions();
        let model = StepModel::new(&self.model.config, &hardware, tables, 1, &assumptions).unwrap();
        let mut batch = Batch::new();
        for (cached, new) in prefill {
            batch.push_prefill(*cached, *new).unwrap();
        }
        for kv in decode {
            batch.push_decode(*kv, 1).unwrap();
        }
        model.step(&batch).unwrap().step_us_exact / 1000.0
    }

    /// The decodes of one request behind its first token, each over what was there before.
    pub(crate) fn decodes_ms(&self, prompt_tokens: u32, output_tokens: u32) -> Vec<f64> {
        (0..output_tokens - 1)
            .map(|token| self.step_ms(&[], &[prompt_tokens + token]))
            .collect()
    }
}

/// Simulated time is in whole nanoseconds: half of one a step, of which no mean here has more than a hundred.
const TOLERANCE_MS: f64 = 100.0 * 0.5e-6;

#[track_caller]
pub(crate) fn assert_ms(ours: f64, expected: f64) {
    assert!(
        (ours - expected).abs() <= TOLERANCE_MS,
        "{ours} ms, expected {expected} ms"
    );
}
