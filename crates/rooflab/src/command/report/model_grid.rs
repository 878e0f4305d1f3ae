//! Steps over a grid, for a page with sliders.

use catalog::{Catalog, CatalogError, Gpu, Model};
use roofline::{Batch, Hardware, HardwareSpec, Preset, Step, StepModel};
use site::{GridCell, GridSetting, ModelGrid, Work};

use crate::message;

const TENSOR_PARALLEL: [u32; 4] = [1, 2, 4, 8];
const BANDWIDTH_EFFICIENCY: [f64; 5] = [0.6, 0.7, 0.8, 0.9, 1.0];
const BATCH: [u32; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const KV: [u32; 8] = [128, 256, 512, 1024, 2048, 4096, 8192, 16384];

/// Decode steps of each model on each GPU with tables. Says which models and GPUs cannot be read.
pub(super) fn model_grid(catalog: &Catalog) -> anyhow::Result<ModelGrid> {
    let mut models = Vec::new();
    let mut mixtures_of_experts = Vec::new();
    for name in catalog.model_names()? {
        match catalog.model(&name) {
            Ok(model) => models.push((name, model)),
            Err(CatalogError::MixtureOfExperts { .. }) => mixtures_of_experts.push(name),
            Err(problem) => {
                message::warning(format_args!("no steps of the model {name}: {problem}"));
            }
        }
    }
    let mut settings = Vec::new();
    for name in catalog.gpu_names()? {
        match catalog.gpu(&name) {
            // There are GPUs with datasheets alone.
            Ok(gpu) if gpu.mfu_tables().is_err() => {}
            Ok(gpu) => {
                for (model_name, model) in &models {
                    settings.extend(setting(model_name, model, &name, &gpu)?);
                }
            }
            Err(problem) => message::warning(format_args!("no steps on the GPU {name}: {problem}")),
        }
    }
    Ok(ModelGrid {
        settings,
        mixtures_of_experts,
    })
}

/// The steps of a model on a GPU; none where no number of GPUs can split it.
fn setting(
    model_name: &str,
    model: &Model,
    gpu_name: &str,
    gpu: &Gpu,
) -> anyhow::Result<Option<GridSetting>> {
    let preset = Preset::default();
    let assumptions = preset.assumptions();
    let tables = gpu.mfu_tables()?;
    let mut tensor_parallel = Vec::new();
    let mut cells = Vec::new();
    let mut work = Vec::new();
    for gpus in TENSOR_PARALLEL {
        let mut of_gpus = Vec::new();
        for efficiency in BANDWIDTH_EFFICIENCY {
            let hardware = Hardware::new(HardwareSpec {
                peak_flops_per_s: gpu.peak_flops_per_s,
                bandwidth_bytes_per_s: gpu.bandwidth_bytes_per_s,
                bandwidth_efficiency: Some(efficiency),
                per_layer_overhead_us: 0.0,
            })?;
            // A model whose heads cannot be split so many ways has no such steps.
            let Ok(step_model) =
                StepModel::new(&model.config, &hardware, tables, gpus, &assumptions)
            else {
                break;
            };
            let steps = steps(&step_model)?;
            if work.is_empty() {
                work = steps.iter().map(work_of).collect();
            }
            of_gpus.extend(steps.iter().map(cell_of));
        }
        if of_gpus.is_empty() {
            continue;
        }
        tensor_parallel.push(gpus);
        cells.extend(of_gpus);
    }
    Ok((!tensor_parallel.is_empty()).then(|| GridSetting {
        model: model_name.to_owned(),
        gpu: gpu_name.to_owned(),
        preset: preset.to_string(),
        peak_flops_per_s: gpu.peak_flops_per_s,
        bandwidth_bytes_per_s: gpu.bandwidth_bytes_per_s,
        tensor_parallel,
        bandwidth_efficiency: BANDWIDTH_EFFICIENCY.into(),
        batch: BATCH.into(),
        kv: KV.into(),
        work,
        cells,
    }))
}

/// The step of each batch size and KV length.
fn steps(model: &StepModel<'_>) -> anyhow::Result<Vec<Step>> {
    let mut steps = Vec::with_capacity(BATCH.len() * KV.len());
    for requests in BATCH {
        for kv in KV {
            let mut batch = Batch::new();
            batch.push_decode(kv, requests)?;
            steps.push(model.step(&batch)?);
        }
    }
    Ok(steps)
}

fn work_of(step: &Step) -> Work {
    let flops = step.gemm_flops + step.attention_flops_charged;
    Work(flops.round(), step.bytes.total().round())
}

/// The times in whole nanoseconds, which keeps the file small.
fn cell_of(step: &Step) -> GridCell {
    let whole_ns = |us: f64| (us * 1e3).round() / 1e3;
    GridCell(
        whole_ns(step.gemm_us),
        whole_ns(step.attention_us),
        whole_ns(step.memory_us),
        whole_ns(step.step_us_exact),
    )
}
