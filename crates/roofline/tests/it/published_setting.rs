//! What findings were made with, and how their figures were printed.

use std::path::PathBuf;

use roofline::{Assumptions, Batch, Hardware, MfuTables, ModelConfig, Preset, Step, StepModel};

use crate::shared_data::{PUBLISHED_PEAK_FLOPS_PER_S, h100, h100_tables, model, shared_dir};

/// What most findings were made with: Llama-3.1-8B on an H100 at 989.0 TFLOP/s.
pub(crate) struct Setting {
    pub(crate) expected: PathBuf,
    pub(crate) model: ModelConfig,
    pub(crate) hardware: Hardware,
    pub(crate) tables: MfuTables,
}

impl Setting {
    /// With 82% of the bandwidth and 100 us a layer. `None` without the published figures.
    pub(crate) fn derated() -> Option<Self> {
        Self::with_hardware(h100(PUBLISHED_PEAK_FLOPS_PER_S, Some(0.82), 100.0))
    }

    /// With all of the bandwidth and no overhead.
    pub(crate) fn at_peak() -> Option<Self> {
        Self::with_hardware(h100(PUBLISHED_PEAK_FLOPS_PER_S, None, 0.0))
    }

    pub(crate) fn with_hardware(hardware: Hardware) -> Option<Self> {
        let shared = shared_dir()?;
        Some(Self {
            expected: shared.join("expected"),
            model: model(&shared, "llama-3.1-8b"),
            hardware,
            tables: h100_tables(&shared),
        })
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.expected.join(name)
    }

    pub(crate) fn step_model(
        &self,
        tensor_parallel: u32,
        assumptions: Assumptions,
    ) -> StepModel<'_> {
        StepModel::new(
            &self.model,
            &self.hardware,
            &self.tables,
            tensor_parallel,
            &assumptions,
        )
        .unwrap()
    }

    pub(crate) fn step(&self, assumptions: Assumptions, batch: &Batch) -> Step {
        self.step_model(1, assumptions).step(batch).unwrap()
    }
}

pub(crate) fn decodes(groups: &[(u32, u32)]) -> Batch {
    mixed(&[], groups)
}

pub(crate) fn mixed(prefill: &[u32], decode: &[(u32, u32)]) -> Batch {
    let mut batch = Batch::new();
    for new in prefill {
        batch.push_prefill(0, *new).unwrap();
    }
    for (kv, requests) in decode {
        batch.push_decode(*kv, *requests).unwrap();
    }
    batch
}

pub(crate) fn feb25_base() -> Assumptions {
    Preset::Feb25Base.assumptions()
}

/// A number as it was printed, with so many digits after the point.
#[track_caller]
pub(crate) fn assert_printed(ours: f64, published: &str) {
    let digits = published
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    assert_eq!(format!("{ours:.digits$}"), published);
}

/// Whole microseconds, cut off as the findings did.
#[track_caller]
pub(crate) fn assert_cut_off(ours_us: f64, published_us: u32) {
    let cut_off = ours_us.floor();
    assert!(
        (cut_off - f64::from(published_us)).abs() < 0.5,
        "{ours_us} instead of {published_us}"
    );
}
