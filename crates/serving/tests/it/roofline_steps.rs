//! The roofline as a latency model.

use roofline::{
    Batch, DecodeRow, GemmRow, Hardware, HardwareSpec, MfuTables, ModelConfig, ModelFacts,
    PrefillRow, Preset, StepModel,
};
use serving::{LatencyModel, Limits, RooflineLatency, ServerConfig, StepOverheads, simulate};

use crate::workload::{ROOMY, SYNCHRONOUS, assert_ms, request};

/// A small model, whose tables have one row each.
fn with_step_model(test: impl FnOnce(&StepModel<'_>)) {
    let model = ModelConfig::new(ModelFacts {
        layers: 8,
        hidden: 512,
        heads: 8,
        kv_heads: 8,
        head_dim: None,
        intermediate: None,
        vocab: 1000,
        bytes_per_param: 2.0,
    })
    .unwrap();
    let hardware = Hardware::new(HardwareSpec {
        peak_flops_per_s: 1e13,
        bandwidth_bytes_per_s: 1e12,
        bandwidth_efficiency: None,
        per_layer_overhead_us: 10.0,
    })
    .unwrap();
    let shape = model.attention_shape();
    let tables = MfuTables::new(
        vec![GemmRow {
            m: 64,
            k: 512,
            n: 512,
            mfu: 0.5,
        }],
        vec![PrefillRow {
            shape,
            seq_len: 1024,
            mfu: 0.5,
        }],
        vec![DecodeRow {
            shape,
            tensor_parallel: 1,
            batch_size: 1,
            kv_len: 1024,
            mfu: 0.01,
        }],
    )
    .unwrap();
    test(&StepModel::new(&model, &hardware, &tables, 1, &Preset::Feb27.assumptions()).unwrap());
}

const OVERHEADS: StepOverheads = StepOverheads {
    decode_us: 5000.0,
    prefill_us: 30_000.0,
    mixed_us: 15_000.0,
};

#[test]
fn overheads_go_by_the_kind_of_step() {
    with_step_model(|model| {
        let latency = RooflineLatency::new(model, OVERHEADS).unwrap();
        for (prefill, decode, overhead_us) in [
            (false, true, 5000.0),
            (true, false, 30_000.0),
            (true, true, 15_000.0),
        ] {
            let mut batch = Batch::new();
            if prefill {
                batch.push_prefill(0, 100).unwrap();
            }
            if decode {
                batch.push_decode(100, 1).unwrap();
            }
            let exact_us = model.step(&batch).unwrap().step_us_exact;
            // Eight layers at 10 us are in the prediction.
            assert!(exact_us > 80.0);
            let overhead = latency.step_us(&batch).unwrap() - exact_us;
            assert!((overhead - overhead_us).abs() < 1e-9);
        }
    });
}

/// Its overhead alone is not the time of a step that has no prediction.
#[test]
fn what_the_model_refuses_takes_no_known_time() {
    with_step_model(|model| {
        let latency = RooflineLatency::new(model, OVERHEADS).unwrap();
        assert_eq!(latency.step_us(&Batch::new()), None);
    });
}

#[test]
fn a_request_takes_the_steps_that_the_model_predicts() {
    with_step_model(|model| {
        let latency = RooflineLatency::new(model, StepOverheads::default()).unwrap();
        let server = ServerConfig::new(ROOMY).unwrap();
        let requests = [request(300, 3)];
        let simulation = simulate(
            &server,
            &requests,
            &SYNCHRONOUS,
            &latency,
            0,
            &Limits::default(),
            &mut (),
        );
        let times = simulation.unwrap().served[0].times;
        let step_ms = |push: &dyn Fn(&mut Batch)| {
            let mut batch = Batch::new();
            push(&mut batch);
            model.step(&batch).unwrap().step_us_exact / 1e3
        };
        let prefill_ms = step_ms(&|batch| batch.push_prefill(0, 300).unwrap());
        let decode_ms = |kv| step_ms(&|batch: &mut Batch| batch.push_decode(kv, 1).unwrap());
        assert_ms(times.ttft_ms(), prefill_ms);
        assert_ms(times.e2e_ms(), prefill_ms + decode_ms(300) + decode_ms(301));
    });
}

#[test]
fn an_overhead_is_a_time() {
    with_step_model(|model| {
        for (mixed_us, shown) in [
            (-1.0, "-1"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            let overheads = StepOverheads {
                mixed_us,
                ..OVERHEADS
            };
            let message = RooflineLatency::new(model, overheads)
                .unwrap_err()
                .to_string();
            assert_eq!(
                message,
                format!("the overhead of a mixed step is {shown} us, expected 0 to 1e9 us")
            );
        }
    });
}
