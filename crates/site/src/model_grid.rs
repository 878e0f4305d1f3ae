use serde::Serialize;

use crate::error::SiteError;

/// Decode steps of the model over a grid, computed beforehand.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ModelGrid {
    /// Models on GPUs.
    pub settings: Vec<GridSetting>,
    /// Models that have no steps, since they are mixtures of experts.
    #[serde(skip)]
    pub mixtures_of_experts: Vec<String>,
}

/// The steps of one model on one kind of GPU.
///
/// Cells run over the axes in the order `tensor_parallel`, `bandwidth_efficiency`, `batch`, `kv`, the last one fastest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridSetting {
    /// The model.
    pub model: String,
    /// The GPU.
    pub gpu: String,
    /// The assumptions.
    pub preset: String,
    /// Peak of one GPU.
    pub peak_flops_per_s: f64,
    /// Peak of one GPU, of which a share is reached.
    pub bandwidth_bytes_per_s: f64,
    /// GPUs that split the model.
    pub tensor_parallel: Vec<u32>,
    /// Shares of the bandwidth.
    pub bandwidth_efficiency: Vec<f64>,
    /// Decode requests in the step.
    pub batch: Vec<u32>,
    /// Tokens in the cache of each request.
    pub kv: Vec<u32>,
    /// What has to be done, over `batch` and `kv`, the last one fastest; it does not depend on the other axes.
    pub work: Vec<Work>,
    /// How long it takes.
    pub cells: Vec<GridCell>,
}

/// What a step has to do on all GPUs together. In JSON: `[flops, bytes]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Work(
    /// FLOPs of GEMMs and attention.
    pub f64,
    /// Bytes of weights, KV cache and activations.
    pub f64,
);

/// The times of a step in microseconds. In JSON: `[gemm, attention, memory, step]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GridCell(
    /// GEMMs.
    pub f64,
    /// Attention.
    pub f64,
    /// Moving the bytes.
    pub f64,
    /// The step.
    pub f64,
);

impl ModelGrid {
    /// The grid as a script, which a page that is opened from a disk can read; it may not read JSON.
    ///
    /// # Errors
    ///
    /// A setting has not as many cells as its axes say.
    pub(crate) fn script(&self) -> Result<String, SiteError> {
        for setting in &self.settings {
            setting.check()?;
        }
        let json = serde_json::to_string(self)?;
        Ok(format!("\"use strict\";\nwindow.rooflabGrid = {json};\n"))
    }
}

impl GridSetting {
    /// The step of a cell, by the places on the axes.
    pub(crate) fn step_us(
        &self,
        tp: usize,
        efficiency: usize,
        batch: usize,
        kv: usize,
    ) -> Option<f64> {
        let index = (tp * self.bandwidth_efficiency.len() + efficiency) * self.batch.len() + batch;
        self.cells
            .get(index * self.kv.len() + kv)
            .map(|cell| cell.3)
    }

    fn check(&self) -> Result<(), SiteError> {
        let work = self.batch.len() * self.kv.len();
        let cells = work * self.tensor_parallel.len() * self.bandwidth_efficiency.len();
        for (what, found, expected) in [
            ("steps", self.work.len(), work),
            ("times", self.cells.len(), cells),
        ] {
            if found != expected {
                return Err(SiteError::Grid {
                    model: self.model.clone(),
                    gpu: self.gpu.clone(),
                    what,
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }
}
