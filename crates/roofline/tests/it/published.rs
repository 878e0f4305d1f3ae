//! Figures that findings were published with, digit by digit.

use std::path::Path;

use roofline::{
    Assumptions, DecodeAttentionMfu, LmHead, MixedBatch, Phase, PrefillContext, Preset, StepModel,
};

use crate::published_setting::{
    Setting, assert_cut_off, assert_printed, decodes, feb25_base, mixed,
};
use crate::shared_data::{model, read_csv, shared_dir};

#[test]
fn h6_nearest_lookups_step() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Line {
        sweep: String,
        points: usize,
        unique_mfu: usize,
        jumps_5pct: usize,
        jumps_10pct: usize,
        jumps_20pct: usize,
        max_jump_pct: String,
        longest_flat: usize,
    }

    fn describe(sweep: &str, mfus: &[f64]) -> Line {
        let mut unique: Vec<u64> = mfus.iter().map(|mfu| mfu.to_bits()).collect();
        unique.sort_unstable();
        unique.dedup();
        let jumps_pct: Vec<f64> = mfus
            .windows(2)
            .map(|pair| 100.0 * (pair[1] - pair[0]).abs() / pair[0].max(pair[1]))
            .collect();
        let jumps_of = |least_pct: f64| jumps_pct.iter().filter(|jump| **jump >= least_pct).count();
        let longest_flat = mfus
            .chunk_by(|a, b| a.to_bits() == b.to_bits())
            .map(<[f64]>::len)
            .max();
        Line {
            sweep: sweep.to_owned(),
            points: mfus.len(),
            unique_mfu: unique.len(),
            jumps_5pct: jumps_of(5.0),
            jumps_10pct: jumps_of(10.0),
            jumps_20pct: jumps_of(20.0),
            max_jump_pct: format!("{:.1}", jumps_pct.iter().copied().fold(0.0, f64::max)),
            longest_flat: longest_flat.unwrap(),
        }
    }

    let Some(setting) = Setting::at_peak() else {
        return;
    };
    let model = setting.step_model(1, Preset::Feb24.assumptions());
    let gemm = |n| -> Vec<f64> { (1..=512).map(|m| model.gemm_mfu(m, 4096, n).mfu).collect() };
    let over_batch = |kv| -> Vec<f64> {
        let mfu = |batch| model.decode_attention_mfu(batch, kv).mfu;
        (1..=256).map(mfu).collect()
    };
    let over_kv = |batch| -> Vec<f64> {
        let mfu = |kv| model.decode_attention_mfu(batch, kv).mfu;
        (128..=16_384).step_by(64).map(mfu).collect()
    };
    let prefill: Vec<f64> = (512..=32_768)
        .step_by(64)
        .map(|seq_len| model.prefill_attention_mfu(seq_len).mfu)
        .collect();
    let ours = [
        describe("gemm_k4096_n6144", &gemm(6144)),
        describe("gemm_k4096_n11008", &gemm(11_008)),
        describe("decode_kv1024", &over_batch(1024)),
        describe("decode_kv4096", &over_batch(4096)),
        describe("decode_kv8192", &over_batch(8192)),
        describe("decode_batch1", &over_kv(1)),
        describe("decode_batch32", &over_kv(32)),
        describe("decode_batch128", &over_kv(128)),
        describe("prefill", &prefill),
    ];
    let published: Vec<Line> = read_csv(&setting.file("h6-sweeps.csv"));
    assert_eq!(ours.as_slice(), published);
}

#[test]
fn h27_weighted_averages_of_mixed_batches() {
    #[derive(serde::Deserialize)]
    struct Line {
        case: String,
        tensor_parallel: u32,
        prefill_only_us: u64,
        decode_only_us: u64,
        max_us: u64,
        weighted_average_us: u64,
    }

    const EIGHT_DECODES: [u32; 8] = [256, 512, 1024, 1536, 2048, 3072, 4096, 6144];

    /// The batches in the order of the published table.
    fn batches() -> Vec<(Vec<u32>, Vec<u32>)> {
        let mut batches = Vec::new();
        for tokens in [16, 64, 128, 256, 512, 1024, 2048, 4096] {
            batches.push((vec![tokens], EIGHT_DECODES.to_vec()));
        }
        for requests in [1_u32, 2, 4, 8, 16, 32, 64] {
            let steps = (requests - 1).max(1);
            let kvs = (0..requests).map(|i| 256 + i * 3840 / steps).collect();
            batches.push((vec![512], kvs));
        }
        for prefills in [1, 2, 4] {
            for requests in [4, 8, 16] {
                let kvs = (0..requests).map(|i| 512 + 256 * i).collect();
                batches.push((vec![256; prefills], kvs));
            }
        }
        for tokens in [512, 2048, 512, 2048] {
            batches.push((vec![tokens], EIGHT_DECODES.to_vec()));
        }
        batches.push((vec![4096], vec![1024, 2048]));
        batches.push((vec![32], (0..32).map(|i| 256 + 128 * i).collect()));
        batches
    }

    let Some(setting) = Setting::derated() else {
        return;
    };
    let cases: Vec<Line> = read_csv(&setting.file("h27-cases.csv"));
    let batches = batches();
    assert_eq!(cases.len(), batches.len());
    for (case, (prefill, decode)) in cases.iter().zip(batches) {
        let decode: Vec<(u32, u32)> = decode.into_iter().map(|kv| (kv, 1)).collect();
        let step_us = |mixed_batch, prefill: &[u32], decode: &[(u32, u32)]| {
            let assumptions = Assumptions {
                mixed_batch,
                ..feb25_base()
            };
            let model = setting.step_model(case.tensor_parallel, assumptions);
            model.step(&mixed(prefill, decode)).unwrap().step_us
        };
        let ours = [
            step_us(MixedBatch::Max, &prefill, &[]),
            step_us(MixedBatch::Max, &[], &decode),
            step_us(MixedBatch::Max, &prefill, &decode),
            step_us(MixedBatch::WeightedAverage, &prefill, &decode),
        ];
        let published = [
            case.prefill_only_us,
            case.decode_only_us,
            case.max_us,
            case.weighted_average_us,
        ];
        assert_eq!(ours, published, "{}", case.case);
    }
}

#[test]
fn h28_heterogeneous_batches_are_charged_the_longest_kv() {
    #[derive(serde::Deserialize)]
    struct Line {
        batch_size: u32,
        heterogeneous_us: u64,
        homogeneous_us: u64,
        ratio: String,
        roofline_attention_flops: String,
        ideal_attention_flops: String,
        overestimation: String,
    }

    let Some(setting) = Setting::derated() else {
        return;
    };
    let lines: Vec<Line> = read_csv(&setting.file("h28-step-times.csv"));
    assert_eq!(lines.len(), 16);
    for line in lines {
        let heterogeneous = setting.step(
            feb25_base(),
            &decodes(&[(4096, 1), (64, line.batch_size - 1)]),
        );
        let homogeneous = setting.step(feb25_base(), &decodes(&[(64, line.batch_size)]));
        assert_eq!(heterogeneous.step_us, line.heterogeneous_us);
        assert_eq!(homogeneous.step_us, line.homogeneous_us);
        assert_printed(
            rounded_ratio(heterogeneous.step_us, homogeneous.step_us),
            &line.ratio,
        );
        let (charged, ideal) = (
            heterogeneous.attention_flops_charged,
            heterogeneous.attention_flops_ideal,
        );
        assert_printed(charged, &line.roofline_attention_flops);
        assert_printed(ideal, &line.ideal_attention_flops);
        assert_printed(charged / ideal, &line.overestimation);
    }
}

fn rounded_ratio(numerator_us: u64, denominator_us: u64) -> f64 {
    let exact = |us: u64| f64::from(u32::try_from(us).unwrap());
    exact(numerator_us) / exact(denominator_us)
}

#[test]
fn h29_prefills_by_bucket_and_by_context() {
    #[derive(serde::Deserialize)]
    struct Published {
        seq_len: u32,
        step_us: u64,
        compute_us: String,
        memory_us: String,
    }
    #[derive(serde::Deserialize)]
    struct Sweep {
        seq_len: u32,
        bucketed_step_us: u64,
        bucketed_compute_us_floor: u32,
        memory_us_floor: u32,
        unbucketed_flops_step_us: u64,
    }

    let Some(setting) = Setting::at_peak() else {
        return;
    };
    let published: Vec<Published> = read_csv(&setting.file("h29-published.csv"));
    assert_eq!(published.len(), 33);
    for line in published {
        let step = setting.step(feb25_base(), &mixed(&[line.seq_len], &[]));
        assert_eq!(step.step_us, line.step_us, "{}", line.seq_len);
        assert_printed(step.compute_us, &line.compute_us);
        assert_printed(step.memory_us, &line.memory_us);
    }
    let sweep: Vec<Sweep> = read_csv(&setting.file("h29-prefill-sweep.csv"));
    assert_eq!(sweep.len(), 35);
    for line in sweep {
        let batch = mixed(&[line.seq_len], &[]);
        let bucketed = setting.step(feb25_base(), &batch);
        assert_eq!(bucketed.step_us, line.bucketed_step_us, "{}", line.seq_len);
        assert_cut_off(bucketed.compute_us, line.bucketed_compute_us_floor);
        assert_cut_off(bucketed.memory_us, line.memory_us_floor);
        let actual = Assumptions {
            prefill_context: PrefillContext::Actual,
            ..feb25_base()
        };
        let actual = setting.step(actual, &batch);
        assert_eq!(
            actual.step_us, line.unbucketed_flops_step_us,
            "{}",
            line.seq_len
        );
    }
}

#[test]
fn h32_share_of_the_lm_head_in_the_weights() {
    let Some(shared) = shared_dir() else { return };
    for (name, share_pct) in [
        ("llama-3.1-8b", "7.00"),
        ("qwen2.5-7b", "7.71"),
        ("llama-2-70b", "0.38"),
    ] {
        let model = model(&shared, name);
        let without = model.weight_bytes(LmHead::Excluded);
        let with = model.weight_bytes(LmHead::Included);
        assert_printed(100.0 * (with - without) / with, share_pct);
    }
}

#[test]
fn h33_decode_mfus() {
    let Some(setting) = Setting::derated() else {
        return;
    };
    let model = setting.step_model(1, feb25_base());
    let mut reader = csv::Reader::from_path(setting.file("h33-decode-mfu.csv")).unwrap();
    assert_eq!(
        reader.headers().unwrap(),
        [
            "kv_len",
            "mfu_batch_1",
            "mfu_batch_4",
            "mfu_batch_8",
            "mfu_batch_16",
            "mfu_batch_32"
        ]
        .as_slice()
    );
    let mut values = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let kv: u32 = record[0].parse().unwrap();
        for (column, batch) in [(1, 1), (2, 4), (3, 8), (4, 16), (5, 32)] {
            let answer = model.decode_attention_mfu(batch, kv);
            assert_printed(answer.mfu, &record[column]);
            // The finding marks these as fallbacks from a value of 0.
            assert_eq!(
                answer.found.is_fallback_row(),
                batch == 1 && kv <= 1024,
                "{batch} {kv}"
            );
            values += 1;
        }
    }
    assert_eq!(values, 45);
}

#[test]
fn h33_one_lookup_against_one_for_each_request() {
    #[derive(serde::Deserialize)]
    struct Line {
        scenario: String,
        kv_lens: String,
        attention_time_ratio: String,
        baseline_step_us: u64,
        per_request_step_us: u64,
        attention_share_of_hardware_step_pct: String,
    }
    #[derive(serde::Deserialize)]
    struct Sweep {
        short_kv: u32,
        attention_time_ratio: String,
    }

    let Some(setting) = Setting::derated() else {
        return;
    };
    let base = Preset::Feb25H28Fixed.assumptions();
    let alone = Assumptions {
        decode_attention_mfu: DecodeAttentionMfu::PerRequestAlone,
        ..base
    };
    let scenarios: Vec<Line> = read_csv(&setting.file("h33-scenarios.csv"));
    assert_eq!(scenarios.len(), 15);
    for line in scenarios {
        let groups: Vec<(u32, u32)> = line
            .kv_lens
            .split(' ')
            .map(|kv| (kv.parse().unwrap(), 1))
            .collect();
        let batch = decodes(&groups);
        let one = setting.step(base, &batch);
        let each = setting.step(alone, &batch);
        assert_printed(
            one.attention_us / each.attention_us,
            &line.attention_time_ratio,
        );
        assert_eq!(one.step_us, line.baseline_step_us, "{}", line.scenario);
        assert_eq!(each.step_us, line.per_request_step_us, "{}", line.scenario);
        assert_printed(
            100.0 * one.attention_us / one.hardware_us,
            &line.attention_share_of_hardware_step_pct,
        );
    }
    let sweep: Vec<Sweep> = read_csv(&setting.file("h33-range-sweep.csv"));
    assert_eq!(sweep.len(), 7);
    for line in sweep {
        let batch = decodes(&[(8192, 1), (line.short_kv, 3)]);
        let ratio =
            setting.step(base, &batch).attention_us / setting.step(alone, &batch).attention_us;
        assert_printed(ratio, &line.attention_time_ratio);
    }
}

#[test]
fn h34_gemm_times_of_small_batches() {
    #[derive(serde::Deserialize)]
    struct Line {
        model: String,
        batch_size: u32,
        gemm_us: String,
        ratio_to_batch_8: String,
    }

    let Some(setting) = Setting::at_peak() else {
        return;
    };
    let shared: &Path = setting.expected.parent().unwrap();
    let lines: Vec<Line> = read_csv(&setting.file("h34-gemm-scaling.csv"));
    assert_eq!(lines.len(), 36);
    for line in lines {
        let model = model(shared, &line.model);
        let step_model =
            StepModel::new(&model, &setting.hardware, &setting.tables, 1, &feb25_base()).unwrap();
        let gemm_us = |requests| {
            let batch = decodes(&[(1, requests)]);
            step_model.step(&batch).unwrap().gemm_us
        };
        assert_printed(gemm_us(line.batch_size), &line.gemm_us);
        assert_printed(
            gemm_us(line.batch_size) / gemm_us(8),
            &line.ratio_to_batch_8,
        );
    }
}

#[test]
fn h35_activation_factors() {
    #[derive(serde::Deserialize)]
    struct Line {
        batch_size: u32,
        kv_len: u32,
        step_us_f050: u64,
        step_us_f075: u64,
        step_us_f100: u64,
        step_us_f150: u64,
        activation_pct_of_dynamic_bytes: String,
        regime_exact: String,
    }

    let Some(setting) = Setting::derated() else {
        return;
    };
    let lines: Vec<Line> = read_csv(&setting.file("h35-grid.csv"));
    assert_eq!(lines.len(), 56);
    for line in lines {
        let batch = decodes(&[(line.kv_len, line.batch_size)]);
        let step_with = |factor| {
            let mut assumptions = feb25_base();
            assumptions.factors.activation_one_token = factor;
            setting.step(assumptions, &batch)
        };
        assert_eq!(
            [0.5, 0.75, 1.0, 1.5].map(|factor| step_with(factor).step_us),
            [
                line.step_us_f050,
                line.step_us_f075,
                line.step_us_f100,
                line.step_us_f150
            ],
            "{} {}",
            line.batch_size,
            line.kv_len
        );
        let step = step_with(0.75);
        let phase: Phase = step.decode.unwrap();
        assert_printed(
            100.0 * phase.bytes.activations / phase.bytes.dynamic(),
            &line.activation_pct_of_dynamic_bytes,
        );
        let regime = match step.regime {
            roofline::Regime::Compute => "CMP",
            roofline::Regime::Memory => "MEM",
        };
        assert_eq!(regime, line.regime_exact);
    }
}
