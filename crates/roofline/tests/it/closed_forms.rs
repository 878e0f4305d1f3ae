//! Steps of a tiny model that a reader can compute by hand; see [`crate::small_tables`].

use roofline::{
    Assumptions, Batch, Bytes, DecodeAttentionFlops, DecodeAttentionMfu, EmptyBatch, Factors,
    GemmTime, Hardware, HardwareSpec, LmHead, MfuLookup, MixedBatch, ModelConfig, ModelFacts,
    PrefillContext, Preset, Projection, Regime, StepModel,
};

use crate::small_tables::{
    SLOW_SPEC, SMALL_FACTS, batch, flat_tables, slow_hardware, small_model, small_step, tables,
};

/// A few roundings of `f64`.
const ROUNDING: f64 = 1e-12;

#[track_caller]
fn assert_close(ours: f64, exact: f64) {
    assert!(
        (ours - exact).abs() <= ROUNDING * exact.abs(),
        "{ours} instead of {exact}"
    );
}

fn mfu_only() -> Assumptions {
    Assumptions {
        gemm_time: GemmTime::MfuOnly,
        ..Preset::Feb27.assumptions()
    }
}

#[test]
fn one_decode() {
    let step = small_step(&flat_tables(), 1, &mfu_only(), &batch(&[], &[(10, 1)]));
    assert_close(step.gemm_us, 576.0);
    assert_close(step.attention_us, 320.0);
    assert_close(step.compute_us, 896.0);
    assert_close(step.memory_us, 288.0 + 8.0 + 64.0 + 6.0);
    assert_close(step.step_us_exact, 896.0);
    assert_eq!(step.step_us, 896);
    assert_eq!(step.regime, Regime::Compute);
    assert_eq!(step.prefill, None);
    assert_eq!(
        step.bytes,
        Bytes {
            weights: 288.0,
            kv_read: 64.0,
            kv_write: 8.0,
            activations: 6.0
        }
    );
    let phase = step.decode.unwrap();
    assert_eq!((phase.requests, phase.tokens), (1, 1));
    assert_close(phase.gemm_flops, 576.0);
    assert_close(phase.attention_flops_charged, 320.0);
    assert_close(phase.attention_flops_ideal, 320.0);
    assert_close(phase.attention_mfu, 1.0);
}

#[test]
fn one_prefill_by_context_and_by_bucket() {
    let batch = batch(&[(0, 3)], &[]);
    let actual = small_step(&flat_tables(), 1, &mfu_only(), &batch);
    assert_close(actual.gemm_us, 1728.0);
    assert_close(actual.attention_us, 160.0);
    assert_close(actual.memory_us, 288.0 + 24.0 + 20.4);
    assert_close(actual.attention_flops_ideal, 192.0);
    let bucketed = Assumptions {
        prefill_context: PrefillContext::Bucketed,
        ..mfu_only()
    };
    let bucketed = small_step(&flat_tables(), 1, &bucketed, &batch);
    assert_close(bucketed.attention_us, 32.0 * 3.0 * 512.0 / 1.8);
    assert_close(bucketed.attention_flops_ideal, 192.0);
}

#[test]
fn a_prefill_of_one_token_uses_the_one_token_factors() {
    let factors = Factors {
        kv_read_one_token: 0.5,
        kv_read_many_tokens: 0.25,
        activation_one_token: 2.0,
        activation_many_tokens: 3.0,
        causal_divisor: 2.0,
    };
    let assumptions = Assumptions {
        factors,
        ..mfu_only()
    };
    let step = small_step(
        &flat_tables(),
        1,
        &assumptions,
        &batch(&[(100, 1), (10, 2)], &[]),
    );
    assert_close(step.bytes.kv_read, 8.0 * (100.0 * 0.5 + 10.0 * 0.25));
    assert_close(step.bytes.kv_write, 8.0 * 3.0);
    assert_close(step.bytes.activations, 8.0 * (2.0 + 2.0 * 3.0));
    assert_close(step.attention_us, 32.0 * (101.0 + 2.0 * 12.0) / 2.0);
    // The second request sees 10 + 1 and 10 + 2 tokens.
    assert_close(step.attention_flops_ideal, 32.0 * (101.0 + 11.0 + 12.0));
}

#[test]
fn prefills_of_one_bucket_share_their_gemms() {
    // MFU 0.5 at 4 tokens and below, 1 from 8.
    let tables = tables(
        &[(4, 8, 8, 0.5), (8, 8, 8, 1.0)],
        &[(1, 1.0)],
        &[(1, 1, 1.0)],
    );
    let one_bucket = batch(&[(0, 4), (0, 4)], &[]);
    let two_buckets = batch(&[(0, 4), (600, 4)], &[]);
    let gemm_us = |batch| small_step(&tables, 1, &mfu_only(), batch).gemm_us;
    assert_close(gemm_us(&one_bucket), 8.0 * 576.0);
    assert_close(gemm_us(&two_buckets), 2.0 * 4.0 * 576.0 / 0.5);
}

#[test]
fn each_projection_has_its_own_table() {
    // For 3 tokens the attention projections have 0.75, and the MLP, measured at other token
    // counts, 0.5.
    let tables = tables(
        &[
            (2, 4, 4, 0.5),
            (4, 4, 4, 1.0),
            (1, 8, 8, 0.25),
            (3, 8, 8, 0.5),
        ],
        &[(1, 1.0)],
        &[(1, 1, 1.0)],
    );
    let step = small_step(&tables, 1, &mfu_only(), &batch(&[(0, 3)], &[]));
    let attention_us = (2.0 * 96.0 + 2.0 * 48.0) / 0.75;
    let mlp_us = 3.0 * 192.0 / 0.5;
    assert_close(step.gemm_us, 2.0 * (attention_us + mlp_us));
    let found = step.prefill.unwrap().gemm_found;
    assert_eq!(found.to_string(), "interpolated, other shape");
}

#[test]
fn two_gpus_halve_times_and_overhead() {
    let hardware = Hardware::new(HardwareSpec {
        per_layer_overhead_us: 5.0,
        ..SLOW_SPEC
    })
    .unwrap();
    let tables = flat_tables();
    let step = StepModel::new(&small_model(), &hardware, &tables, 2, &mfu_only())
        .unwrap()
        .step(&batch(&[], &[(10, 1)]))
        .unwrap();
    assert_close(step.overhead_us, 5.0);
    assert_close(step.hardware_us, 448.0);
    assert_close(step.memory_us, 183.0);
    assert_close(step.step_us_exact, 453.0);
    assert_close(step.bytes.total(), 366.0);
    assert_close(step.decode.unwrap().attention_mfu, 1.0);
}

#[test]
fn mixed_batches_combine_by_rule() {
    // Alone: prefill 1888 against 332.4, decode 896 against 366.
    let batch = batch(&[(0, 3)], &[(10, 1)]);
    let step_of = |mixed_batch| {
        let assumptions = Assumptions {
            mixed_batch,
            ..mfu_only()
        };
        small_step(&flat_tables(), 1, &assumptions, &batch)
    };
    assert_close(step_of(MixedBatch::Max).hardware_us, 1888.0);
    // Too few tokens for the steps of the weights: both averages go by share.
    let shares = 0.75 * 1888.0 + 0.25 * 896.0;
    assert_close(step_of(MixedBatch::WeightedAverage).hardware_us, shares);
    assert_close(
        step_of(MixedBatch::SmoothWeightedAverage).hardware_us,
        shares,
    );
    let summed = step_of(MixedBatch::Max);
    assert_close(summed.compute_us, 1888.0 + 896.0);
    assert_close(summed.bytes.weights, 2.0 * 288.0);

    let additive = step_of(MixedBatch::Additive);
    assert_close(additive.hardware_us, 4.0 * 576.0 + 320.0 + 160.0);
    assert_close(additive.gemm_us, 4.0 * 576.0);
    assert_close(additive.memory_us, 288.0 + 32.0 + 64.0 + 26.4);
    assert_close(additive.bytes.weights, 288.0);
    assert_eq!(additive.prefill, summed.prefill);
    assert_eq!(additive.decode, summed.decode);
}

#[test]
fn weights_of_mixed_batches_step() {
    let hardware_us = |prefill: u32, decodes: u32, mixed_batch| {
        let assumptions = Assumptions {
            mixed_batch,
            ..mfu_only()
        };
        let step = small_step(
            &flat_tables(),
            1,
            &assumptions,
            &batch(&[(0, prefill)], &[(10, decodes)]),
        );
        (
            step.hardware_us,
            step.prefill.unwrap().time_us,
            step.decode.unwrap().time_us,
        )
    };
    for (prefill, decodes, prefill_weight) in [
        (120, 29, 0.75),
        (120, 30, 0.8),
        (100, 20, 100.0 / 120.0),
        (40, 81, 0.35),
        (40, 80, 40.0 / 120.0),
        (20, 50, 20.0 / 70.0),
    ] {
        let (ours, prefill_us, decode_us) =
            hardware_us(prefill, decodes, MixedBatch::WeightedAverage);
        assert_close(
            ours,
            prefill_weight * prefill_us + (1.0 - prefill_weight) * decode_us,
        );
    }
    let (smooth, prefill_us, decode_us) = hardware_us(120, 24, MixedBatch::SmoothWeightedAverage);
    assert_close(smooth, (120.0 * prefill_us + 24.0 * decode_us) / 144.0);
}

#[test]
fn the_regime_is_that_of_the_phase_that_contributes_more() {
    // Attention is next to free, so that a long context is bound by memory: decode 576 + 10
    // against 288 + 8 + 6400 + 6 and, below, the prefill 576 n against 288 + 8 n.
    let tables = tables(&[(1, 1, 1, 1.0)], &[(1, 1.5)], &[(1, 1, 1.5)]);
    let factors = Factors {
        kv_read_one_token: 100.0,
        ..Factors::default()
    };
    let regime = |mixed_batch, prefill_tokens| {
        let assumptions = Assumptions {
            mixed_batch,
            factors,
            ..mfu_only()
        };
        let step = small_step(
            &tables,
            1,
            &assumptions,
            &batch(&[(0, prefill_tokens)], &[(10, 1)]),
        );
        let (prefill, decode) = (step.prefill.unwrap(), step.decode.unwrap());
        assert_eq!(prefill.regime, Regime::Compute);
        assert_eq!(decode.regime, Regime::Memory);
        step.regime
    };
    assert_eq!(regime(MixedBatch::Max, 1), Regime::Memory);
    assert_eq!(regime(MixedBatch::Max, 100), Regime::Compute);
    // By share of tokens 8302 / 2 outweighs about 590 / 2, then 3 / 4 of 1840 stays below 1 / 4 of
    // it.
    assert_eq!(regime(MixedBatch::WeightedAverage, 1), Regime::Memory);
    assert_eq!(regime(MixedBatch::WeightedAverage, 100), Regime::Compute);
    assert_eq!(regime(MixedBatch::Additive, 1), Regime::Memory);
    assert_eq!(regime(MixedBatch::Additive, 100), Regime::Compute);
}

#[test]
fn the_weight_floor_holds_for_each_gemm() {
    // 1000 times the FLOP/s: the GEMMs take 0.576 us by FLOPs and 288 us by their weights.
    let hardware = Hardware::new(HardwareSpec {
        peak_flops_per_s: 1e9,
        ..SLOW_SPEC
    })
    .unwrap();
    let tables = flat_tables();
    let model_with = |gemm_time, lm_head| {
        let assumptions = Assumptions {
            gemm_time,
            lm_head,
            ..Preset::Feb27.assumptions()
        };
        StepModel::new(&small_model(), &hardware, &tables, 1, &assumptions).unwrap()
    };
    let one = batch(&[], &[(10, 1)]);
    let gemm_us = |gemm_time, lm_head| model_with(gemm_time, lm_head).step(&one).unwrap().gemm_us;
    assert_close(gemm_us(GemmTime::MfuOnly, LmHead::Excluded), 0.576);
    assert_close(gemm_us(GemmTime::WeightFloor, LmHead::Excluded), 288.0);
    assert_close(gemm_us(GemmTime::WeightFloor, LmHead::Included), 328.0);
    // Buckets are separate GEMMs, each of which loads the weights.
    let two_buckets = batch(&[(0, 1), (600, 1)], &[]);
    let step = model_with(GemmTime::WeightFloor, LmHead::Included)
        .step(&two_buckets)
        .unwrap();
    assert_close(step.gemm_us, 2.0 * 288.0 + 40.0);

    let down = model_with(GemmTime::WeightFloor, LmHead::Excluded).gemm(Projection::Down, 1);
    assert_close(down.time_us, 64.0);
    assert_close(down.weight_stream_us, 64.0);
    assert_close(down.mfu_time_us, 0.128);
    assert_close(down.flops, 128.0);
    assert_eq!((down.m, down.k, down.n, down.count), (1, 8, 4, 2));
    let none = model_with(GemmTime::WeightFloor, LmHead::Excluded).gemm(Projection::Down, 0);
    assert_eq!(none.time_us.to_bits(), 0.0_f64.to_bits());
}

#[test]
fn the_lm_head_serves_emitted_tokens() {
    let assumptions = Assumptions {
        lm_head: LmHead::Included,
        mixed_batch: MixedBatch::Additive,
        ..mfu_only()
    };
    // 80 FLOPs and 40 bytes: one token of two prefills and of three decodes each.
    let step = small_step(
        &flat_tables(),
        1,
        &assumptions,
        &batch(&[(0, 3), (0, 4)], &[(10, 3)]),
    );
    assert_close(step.prefill.unwrap().gemm_us, 7.0 * 576.0 + 2.0 * 80.0);
    assert_close(step.decode.unwrap().gemm_us, 3.0 * 576.0 + 3.0 * 80.0);
    assert_close(step.gemm_us, 10.0 * 576.0 + 5.0 * 80.0);
    assert_close(step.gemm_flops, 10.0 * 576.0 + 5.0 * 80.0);
    assert_close(step.bytes.weights, 328.0);
    let halved = small_step(&flat_tables(), 2, &assumptions, &batch(&[], &[(10, 1)]));
    assert_close(halved.gemm_us, 288.0 + 40.0);
}

#[test]
fn projections_add_up_to_the_layers() {
    let tables = flat_tables();
    let model = StepModel::new(&small_model(), &slow_hardware(), &tables, 1, &mfu_only()).unwrap();
    let flops: Vec<f64> = Projection::ALL
        .iter()
        .map(|projection| model.gemm(*projection, 3).flops)
        .collect();
    let expected = [192.0, 96.0, 96.0, 192.0, 384.0, 384.0, 384.0, 240.0];
    assert_eq!(flops, expected);
}

#[test]
fn decode_attention_by_rule() {
    let tables = tables(
        &[(1, 1, 1, 1.0)],
        &[(1, 1.0)],
        &[(1, 10, 0.1), (1, 30, 0.3), (2, 10, 0.2), (2, 30, 0.4)],
    );
    let (max_kv, own) = (
        DecodeAttentionFlops::MaxKv,
        DecodeAttentionFlops::PerRequest,
    );
    for (flops, mfu, charged_tokens, tokens_over_mfu) in [
        (own, DecodeAttentionMfu::MaxKv, 40.0, 40.0 / 0.4),
        (own, DecodeAttentionMfu::Weighted, 40.0, 1600.0 / 14.0),
        (own, DecodeAttentionMfu::PerRequestAlone, 40.0, 200.0),
        (own, DecodeAttentionMfu::PerRequestInBatch, 40.0, 125.0),
        (max_kv, DecodeAttentionMfu::MaxKv, 60.0, 150.0),
        (max_kv, DecodeAttentionMfu::Weighted, 60.0, 200.0),
        (max_kv, DecodeAttentionMfu::PerRequestAlone, 60.0, 400.0),
        (max_kv, DecodeAttentionMfu::PerRequestInBatch, 60.0, 225.0),
    ] {
        for mfu_lookup in [MfuLookup::Interpolated, MfuLookup::Nearest] {
            let assumptions = Assumptions {
                decode_attention_flops: flops,
                decode_attention_mfu: mfu,
                mfu_lookup,
                ..mfu_only()
            };
            let step = small_step(&tables, 1, &assumptions, &batch(&[], &[(10, 1), (30, 1)]));
            let error = step.attention_us / (32.0 * tokens_over_mfu) - 1.0;
            assert!(error.abs() < 1e-9, "{flops} {mfu} {mfu_lookup}: {error}");
            assert_close(step.attention_flops_charged, 32.0 * charged_tokens);
            assert_close(step.attention_flops_ideal, 32.0 * 40.0);
            let phase = step.decode.unwrap();
            assert!(phase.attention_found.is_measured());
            let effective_mfu = charged_tokens / tokens_over_mfu;
            assert!((phase.attention_mfu / effective_mfu - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn a_step_takes_a_microsecond_and_rounds_half_up() {
    let step_us = |bytes_per_s: f64, overhead_us: f64| {
        let hardware = Hardware::new(HardwareSpec {
            peak_flops_per_s: 1e18,
            bandwidth_bytes_per_s: bytes_per_s,
            bandwidth_efficiency: None,
            per_layer_overhead_us: overhead_us,
        });
        let tables = flat_tables();
        let model = StepModel::new(&small_model(), &hardware.unwrap(), &tables, 1, &mfu_only());
        let step = model.unwrap().step(&batch(&[], &[(10, 1)])).unwrap();
        (step.step_us, step.step_us_exact)
    };
    assert_eq!(step_us(1e18, 0.0), (1, 1.0));
    // 366 bytes take 0.5 us.
    assert_eq!(step_us(732e6, 0.5), (2, 1.5));
    assert_eq!(step_us(732e6, 1.0), (3, 2.5));
    assert_eq!(step_us(732e6, 0.75), (2, 2.0));
}

#[test]
fn an_efficiency_of_zero_is_no_derating() {
    let bandwidth = |bandwidth_efficiency| {
        let spec = HardwareSpec {
            bandwidth_efficiency,
            ..SLOW_SPEC
        };
        Hardware::new(spec)
            .unwrap()
            .effective_bandwidth_bytes_per_s()
    };
    assert_close(bandwidth(None), 1e6);
    assert_close(bandwidth(Some(0.0)), 1e6);
    assert_close(bandwidth(Some(0.5)), 5e5);
}

#[test]
fn missing_facts_follow_from_the_hidden_width() {
    let model = ModelConfig::new(ModelFacts {
        intermediate: None,
        ..SMALL_FACTS
    })
    .unwrap();
    assert_eq!((model.head_dim(), model.intermediate()), (2, 16));
    let explicit = ModelConfig::new(ModelFacts {
        hidden: 5,
        head_dim: Some(3),
        ..SMALL_FACTS
    })
    .unwrap();
    assert_eq!(explicit.attention_shape().to_string(), "2-1-3");
    // d d for query and output, whatever the heads: 2 (5 (5 + 6) + 25 + 3 5 8).
    assert_close(explicit.weight_bytes(LmHead::Excluded), 400.0);
    assert_close(explicit.weight_bytes(LmHead::Included), 450.0);
}

#[test]
fn an_empty_batch_has_no_step() {
    let tables = flat_tables();
    let model = StepModel::new(&small_model(), &slow_hardware(), &tables, 1, &mfu_only()).unwrap();
    assert_eq!(model.step(&Batch::new()), Err(EmptyBatch));
    let mut batch = batch(&[(0, 3)], &[(10, 1)]);
    batch.clear();
    assert_eq!(batch, Batch::new());
    assert_eq!(model.step(&batch), Err(EmptyBatch));
}
