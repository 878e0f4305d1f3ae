//! What one predicted step costs: Llama-3.1-8B with preset `feb27`, batches built beforehand.
//!
//! The MFU tables have the axes of the published H100 tables: 8 weight matrices at 14 token
//! counts, 6 attention shapes at 5 sequence lengths, and those shapes at 3 tensor parallel degrees,
//! 7 batch sizes and 7 KV lengths. The values are smooth saturating curves of their sizes at a
//! similar height, since only the path through the tables matters here: no value is so low that a
//! lookup falls back to another row.
#![expect(
    clippy::expect_used,
    reason = "a benchmark of invalid data has nothing to measure"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use roofline::{
    AttentionShape, Batch, DecodeRow, GemmRow, Hardware, HardwareSpec, MfuTables, ModelConfig,
    ModelFacts, PrefillRow, Preset, StepModel,
};

const MODEL_HEADS: [(u32, u32); 6] = [(28, 4), (32, 32), (32, 8), (40, 40), (56, 8), (64, 8)];
const GEMM_M: [u32; 14] = [
    8, 16, 32, 64, 128, 256, 512, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072,
];
const GEMM_K: [u32; 4] = [2048, 3584, 4096, 8192];
const GEMM_N: [u32; 2] = [6144, 11_008];
const PREFILL_LENGTHS: [u32; 5] = [1024, 4096, 8192, 16_384, 32_768];
const DECODE_BATCH_SIZES: [u32; 7] = [1, 16, 32, 64, 128, 256, 512];
const DECODE_KV_LENGTHS: [u32; 7] = [1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

fn tables() -> MfuTables {
    let saturating = |most: f64, size: f64, half: f64| most * size / (size + half);
    let shapes = MODEL_HEADS.map(|(heads, kv_heads)| AttentionShape {
        heads,
        kv_heads,
        head_dim: 128,
    });
    let mut gemm = Vec::new();
    for k in GEMM_K {
        for n in GEMM_N {
            gemm.extend(GEMM_M.map(|m| GemmRow {
                m,
                k,
                n,
                mfu: saturating(0.65, m.into(), 300.0),
            }));
        }
    }
    let mut prefill = Vec::new();
    let mut decode = Vec::new();
    for shape in shapes {
        prefill.extend(PREFILL_LENGTHS.map(|seq_len| PrefillRow {
            shape,
            seq_len,
            mfu: saturating(0.75, seq_len.into(), 1000.0),
        }));
        for tensor_parallel in [1, 2, 4] {
            for batch_size in DECODE_BATCH_SIZES {
                decode.extend(DECODE_KV_LENGTHS.map(|kv_len| DecodeRow {
                    shape,
                    tensor_parallel,
                    batch_size,
                    kv_len,
                    mfu: saturating(0.013, f64::from(batch_size) * f64::from(kv_len), 8000.0),
                }));
            }
        }
    }
    MfuTables::new(gemm, prefill, decode).expect("the tables are valid")
}

fn llama_3_1_8b() -> ModelConfig {
    ModelConfig::new(ModelFacts {
        layers: 32,
        hidden: 4096,
        heads: 32,
        kv_heads: 8,
        head_dim: None,
        intermediate: Some(14_336),
        vocab: 128_256,
        bytes_per_param: 2.0,
    })
    .expect("the model is valid")
}

fn h100() -> Hardware {
    Hardware::new(HardwareSpec {
        peak_flops_per_s: 989.5e12,
        bandwidth_bytes_per_s: 3.35e12,
        bandwidth_efficiency: Some(0.82),
        per_layer_overhead_us: 100.0,
    })
    .expect("the hardware is valid")
}

fn batch(prefill: &[(u32, u32)], decode_kv: impl Iterator<Item = u32>) -> Batch {
    let mut batch = Batch::new();
    for (cached, new) in prefill {
        batch.push_prefill(*cached, *new).expect("a valid request");
    }
    for kv in decode_kv {
        batch.push_decode(kv, 1).expect("a valid request");
    }
    batch
}

/// `requests` different KV lengths between 64 and 16 Ki tokens, in no particular order.
fn different(requests: u32) -> impl Iterator<Item = u32> {
    (0..requests).map(move |index| 64 + (index * 7919) % 16_321)
}

fn benches(criterion: &mut Criterion) {
    let tables = tables();
    let (model, hardware) = (llama_3_1_8b(), h100());
    let assumptions = Preset::Feb27.assumptions();
    let step_model = StepModel::new(&model, &hardware, &tables, 1, &assumptions)
        .expect("the step model is valid");

    let mut group = criterion.benchmark_group("step");
    for (name, batch) in [
        ("one decode", batch(&[], [2048].into_iter())),
        ("16 decodes, different kv", batch(&[], different(16))),
        ("256 decodes, different kv", batch(&[], different(256))),
        (
            "256 decodes, same kv",
            batch(&[], std::iter::repeat_n(2048, 256)),
        ),
        (
            "64 decodes, different kv, and 4 prefills of 512",
            batch(&[(0, 512); 4], different(64)),
        ),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&step_model).step(black_box(&batch)));
        });
    }
    group.finish();

    criterion.bench_function("step model", |bencher| {
        bencher.iter(|| {
            StepModel::new(
                black_box(&model),
                black_box(&hardware),
                &tables,
                1,
                black_box(&assumptions),
            )
        });
    });
}

criterion_group! {
    name = step;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = benches
}
criterion_main!(step);
