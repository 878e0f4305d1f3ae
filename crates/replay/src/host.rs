//! What a simulated server runs on.

use roofline::{ModelConfig, StepModel};

/// What a server runs on.
#[derive(Debug, Clone, Copy)]
pub struct Host<'m> {
    /// The step model of model, GPU and tensor parallel.
    pub step_model: &'m StepModel<'m>,
    /// The model.
    pub config: &'m ModelConfig,
    /// The model's longest context, where it is known.
    pub max_position: Option<u32>,
    /// The GPU: its folder below `bench_data`, in lower case.
    pub gpu: &'m str,
    /// Memory of one GPU.
    pub gpu_memory_bytes: u64,
    /// GPUs that split the model.
    pub tensor_parallel: u32,
}
