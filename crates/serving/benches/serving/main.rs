//! What simulations cost: Llama-3.1-8B on an H100 with preset `feb27`, and the same server with a latency that costs
//! nothing, which leaves the time of the simulator itself.
//!
//! The MFU tables have the axes of the published H100 tables for one attention shape, with smooth saturating curves in
//! place of measured values: only the path through the tables matters here.
#![expect(
    clippy::expect_used,
    reason = "a benchmark of invalid data has nothing to measure"
)]

mod work_rate;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use roofline::{
    DecodeRow, GemmRow, Hardware, HardwareSpec, MfuTables, ModelConfig, ModelFacts, PrefillRow,
    Preset, StepModel,
};
use serving::{
    Arrivals, LatencyModel, LengthProfile, LengthSampling, Limits, LinearLatency, Request,
    RooflineLatency, ServerConfig, ServerSpec, SharedPrefix, Simulation, StepOverheads,
    TokenLengthSpec, TokenLengths, simulate,
};

use self::work_rate::{Work, WorkRate};

const GEMM_M: [u32; 14] = [
    8, 16, 32, 64, 128, 256, 512, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072,
];
const GEMM_K: [u32; 4] = [2048, 3584, 4096, 8192];
const GEMM_N: [u32; 2] = [6144, 11_008];
const PREFILL_LENGTHS: [u32; 5] = [1024, 4096, 8192, 16_384, 32_768];
const DECODE_BATCH_SIZES: [u32; 7] = [1, 16, 32, 64, 128, 256, 512];
const DECODE_KV_LENGTHS: [u32; 7] = [1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/// 256 sequences, and a KV cache that holds them: 1100 MB of 80 GB left unused by 26,700 blocks.
const SERVER: ServerSpec = ServerSpec {
    max_num_batched_tokens: 8192,
    max_num_seqs: 256,
    max_model_len: 16_384,
    block_size_tokens: 16,
    kv_blocks: 26_700,
    chunked_prefill: true,
    prefix_caching: true,
};

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

fn tables(model: &ModelConfig) -> MfuTables {
    let saturating = |most: f64, size: f64, half: f64| most * size / (size + half);
    let shape = model.attention_shape();
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
    let prefill = PREFILL_LENGTHS.map(|seq_len| PrefillRow {
        shape,
        seq_len,
        mfu: saturating(0.75, seq_len.into(), 1000.0),
    });
    let mut decode = Vec::new();
    for batch_size in DECODE_BATCH_SIZES {
        decode.extend(DECODE_KV_LENGTHS.map(|kv_len| DecodeRow {
            shape,
            tensor_parallel: 1,
            batch_size,
            kv_len,
            mfu: saturating(0.013, f64::from(batch_size) * f64::from(kv_len), 8000.0),
        }));
    }
    MfuTables::new(gemm, prefill.to_vec(), decode).expect("the tables are valid")
}

fn lengths(mean: f64, std_dev: f64, min: u32, max: u32) -> TokenLengths {
    TokenLengths::new(TokenLengthSpec {
        mean,
        std_dev: Some(std_dev),
        min: Some(min),
        max: Some(max),
    })
    .expect("the lengths are valid")
}

fn run<L: LatencyModel>(
    spec: ServerSpec,
    requests: &[Request],
    arrivals: &Arrivals,
    latency: &L,
) -> Simulation {
    let server = ServerConfig::new(spec).expect("the server is valid");
    simulate(
        &server,
        black_box(requests),
        arrivals,
        latency,
        42,
        &Limits::default(),
        &mut (),
    )
    .expect("the simulation ends")
}

/// 10^5 requests at once.
fn saturated<L: LatencyModel>(
    criterion: &mut Criterion<WorkRate>,
    latency_name: &str,
    latency: &L,
) {
    let alike = vec![
        Request {
            prompt_tokens: 256,
            shared_prefix: None,
            output_tokens: 128,
        };
        100_000
    ];
    let profile = LengthProfile {
        prefix_tokens: 0,
        prompt: lengths(256.0, 100.0, 2, 512),
        output: lengths(128.0, 50.0, 1, 256),
    };
    let varied = profile.requests(100_000, LengthSampling::Seeded, 42);
    let mut sharing = varied.clone();
    for request in &mut sharing {
        let tokens = request.prompt_tokens / 2;
        request.shared_prefix = Some(SharedPrefix { group: 0, tokens });
    }
    let scarce = ServerSpec {
        kv_blocks: 4_000,
        ..SERVER
    };
    let mut group = criterion.benchmark_group(format!("saturated, {latency_name}"));
    group.sample_size(10);
    for (name, server, requests) in [
        ("256 + 128 tokens", SERVER, &alike),
        ("varied lengths", SERVER, &varied),
        ("varied lengths, shared prefixes", SERVER, &sharing),
        ("varied lengths, preemptions", scarce, &varied),
    ] {
        let at_once = Arrivals::Throughput {
            max_concurrency: None,
        };
        let simulation = run(server, requests, &at_once, latency);
        let parameter = format!(
            "{} steps, {} preemptions",
            simulation.steps, simulation.preemptions
        );
        group.throughput(Work::of([&simulation]).throughput());
        group.bench_function(BenchmarkId::new(name, parameter), |bencher| {
            bencher.iter(|| run(server, requests, &at_once, latency));
        });
    }
    group.finish();
}

/// As many requests as the measured experiments have, one at a time, of their four workloads: 26 simulations.
fn synchronous<L: LatencyModel>(
    criterion: &mut Criterion<WorkRate>,
    latency_name: &str,
    latency: &L,
) {
    let profiles = [
        (
            50,
            284,
            lengths(70.0, 35.0, 2, 200),
            lengths(215.0, 80.0, 1, 512),
        ),
        (
            50,
            0,
            lengths(2048.0, 1974.0, 2, 3500),
            lengths(28.0, 60.0, 6, 200),
        ),
        (
            40,
            820,
            lengths(4096.0, 500.0, 100, 7168),
            lengths(512.0, 150.0, 10, 1024),
        ),
        (
            40,
            1024,
            lengths(2048.0, 500.0, 100, 4096),
            lengths(32.0, 16.0, 1, 64),
        ),
    ];
    let workloads: Vec<_> = profiles
        .iter()
        .cycle()
        .take(26)
        .map(|&(count, prefix_tokens, prompt, output)| {
            let profile = LengthProfile {
                prefix_tokens,
                prompt,
                output,
            };
            profile.requests(count, LengthSampling::Stratified, 42)
        })
        .collect();
    let one_by_one = Arrivals::ClosedLoop { concurrency: 1 };
    let all = || -> Vec<Simulation> {
        workloads
            .iter()
            .map(|requests| run(SERVER, requests, &one_by_one, latency))
            .collect()
    };
    let mut group = criterion.benchmark_group(format!("synchronous, {latency_name}"));
    group.throughput(Work::of(&all()).throughput());
    group.bench_function("26 simulations of four workloads", |bencher| {
        bencher.iter(all);
    });
    group.finish();
}

fn benches(criterion: &mut Criterion<WorkRate>) {
    let (model, hardware) = (llama_3_1_8b(), h100());
    let tables = tables(&model);
    let step_model = StepModel::new(&model, &hardware, &tables, 1, &Preset::Feb27.assumptions())
        .expect("the step model is valid");
    let roofline = RooflineLatency::new(&step_model, StepOverheads::default())
        .expect("the overheads are valid");
    let linear = LinearLatency {
        fixed_us: 5000.0,
        prefill_token_us: 10.0,
        decode_request_us: 10.0,
    };
    saturated(criterion, "roofline", &roofline);
    saturated(criterion, "linear", &linear);
    synchronous(criterion, "roofline", &roofline);
    synchronous(criterion, "linear", &linear);
}

criterion_group! {
    name = serving;
    config = WorkRate::criterion()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    targets = benches
}
criterion_main!(serving);
