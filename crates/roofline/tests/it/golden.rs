//! Steps against ones that were computed independently, with six models, three settings of the
//! H100 and three presets.

use crate::shared_data::{H100_PEAK_FLOPS_PER_S, h100, h100_tables, model, shared_dir};
use roofline::{Batch, StepModel};

/// The golden steps are printed with four digits after the point of a microsecond.
const RELATIVE_TOLERANCE: f64 = 1e-6;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct GoldenStep {
    id: u32,
    model: String,
    gpu: String,
    hardware: GoldenHardware,
    tensor_parallel: u32,
    preset: String,
    prefill: Vec<GoldenPrefill>,
    decode: Vec<u32>,
    step_us_exact: f64,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct GoldenHardware {
    bandwidth_efficiency: Option<f64>,
    per_layer_overhead_us: Option<f64>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct GoldenPrefill {
    cached: u32,
    new: u32,
}

#[test]
fn golden_steps_are_reproduced() {
    let Some(shared) = shared_dir() else { return };
    let tables = h100_tables(&shared);
    let text = std::fs::read_to_string(shared.join("golden/steps.jsonl")).unwrap();
    let mut wrong = Vec::new();
    let mut steps = 0;
    for line in text.lines() {
        let golden: GoldenStep = serde_json::from_str(line).unwrap();
        assert_eq!(golden.gpu, "h100");
        let hardware = h100(
            H100_PEAK_FLOPS_PER_S,
            golden.hardware.bandwidth_efficiency,
            golden.hardware.per_layer_overhead_us.unwrap_or(0.0),
        );
        let preset: roofline::Preset = golden.preset.parse().unwrap();
        let step_model = StepModel::new(
            &model(&shared, &golden.model),
            &hardware,
            &tables,
            golden.tensor_parallel,
            &preset.assumptions(),
        )
        .unwrap();
        let mut batch = Batch::new();
        for request in &golden.prefill {
            batch.push_prefill(request.cached, request.new).unwrap();
        }
        for kv in &golden.decode {
            batch.push_decode(*kv, 1).unwrap();
        }
        let step = step_model.step(&batch).unwrap();
        let error = step.step_us_exact / golden.step_us_exact - 1.0;
        if error.abs() > RELATIVE_TOLERANCE {
            wrong.push(format!(
                "{} {preset}: {} instead of {}",
                golden.id, step.step_us_exact, golden.step_us_exact
            ));
        }
        steps += 1;
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(steps, 180);
}
