//! Model, hardware, assumptions and simulation.

use catalog::Gpu;
use replay::ReplayOptions;
use roofline::{Assumptions, Hardware, HardwareSpec, Invalid, Preset};

/// FLOP/s in a TFLOP/s, bytes/s in a TB/s.
pub const TERA: f64 = 1e12;

/// What a prediction is made with; every default is filled in but the GPU's own figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Folder below `model_configs`.
    pub model: Option<String>,
    /// Folder below `bench_data`.
    pub gpu: Option<String>,
    /// GPUs that split the model.
    pub tensor_parallel: u32,
    /// The assumptions that were started from.
    pub preset: Preset,
    /// The assumptions.
    pub assumptions: Assumptions,
    /// Peak TFLOP/s; `None`: the GPU's own figure.
    pub peak_tflops: Option<f64>,
    /// Peak TB/s; `None`: the GPU's own figure.
    pub bandwidth_tb_per_s: Option<f64>,
    /// Share of the bandwidth that is reached; `None` or 0: all of it.
    pub bandwidth_efficiency: Option<f64>,
    /// Fixed time of each layer.
    pub per_layer_overhead_us: f64,
    /// How a measured benchmark is simulated.
    pub replay: ReplayOptions,
}

impl Default for Setup {
    fn default() -> Self {
        let preset = Preset::default();
        Self {
            model: None,
            gpu: None,
            tensor_parallel: 1,
            preset,
            assumptions: preset.assumptions(),
            peak_tflops: None,
            bandwidth_tb_per_s: None,
            bandwidth_efficiency: None,
            per_layer_overhead_us: 0.0,
            replay: ReplayOptions::default(),
        }
    }
}

impl Setup {
    /// The GPU with what differs from its own figures.
    ///
    /// # Errors
    ///
    /// Figures that no GPU has.
    pub fn hardware(&self, gpu: &Gpu) -> Result<Hardware, Invalid> {
        let rate = |tera: Option<f64>, own: f64| tera.map_or(own, |tera| tera * TERA);
        Hardware::new(HardwareSpec {
            peak_flops_per_s: rate(self.peak_tflops, gpu.peak_flops_per_s),
            bandwidth_bytes_per_s: rate(self.bandwidth_tb_per_s, gpu.bandwidth_bytes_per_s),
            bandwidth_efficiency: self.bandwidth_efficiency,
            per_layer_overhead_us: self.per_layer_overhead_us,
        })
    }
}
