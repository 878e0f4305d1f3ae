//! What holds for every batch, table and rule.

use proptest::prelude::*;
use roofline::{
    Assumptions, Batch, DecodeAttentionFlops, DecodeAttentionMfu, DecodeRow, GemmTime, Hardware,
    HardwareSpec, LmHead, MfuLookup, MfuTables, MixedBatch, ModelConfig, ModelFacts,
    PrefillContext, Preset, Regime, Step, StepModel,
};

use crate::small_tables::{
    SLOW_SPEC, SMALL_FACTS, SMALL_SHAPE, batch, decode_row, flat_tables, prefill_row,
    slow_hardware, small_model, small_step,
};

/// The sums by grid cell and the plain sum of one lookup a request may differ by so much.
const PLAIN_SUM_TOLERANCE: f64 = 1e-9;

/// A few roundings of `f64`.
const ROUNDING: f64 = 1e-12;

/// A KV length: mostly short, up to a million tokens.
fn kv() -> impl Strategy<Value = u32> {
    (0_u32..20, any::<u32>()).prop_map(|(octave, offset)| {
        let start = 1_u32 << octave;
        start + offset % start
    })
}

fn decodes(most: usize) -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec((kv(), 1_u32..5), 1..most)
}

fn prefills(most: usize) -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec((0_u32..100_000, prop_oneof![Just(1), 1_u32..5000]), 1..most)
}

/// An MFU as tables have them: three digits, often 0.
fn mfu() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => Just(0.0),
        1 => Just(1e-4),
        4 => (1_u32..900).prop_map(|thousandths| f64::from(thousandths) / 1000.0),
    ]
}

/// Decode rows on a grid of up to `most` KV lengths, with holes.
fn decode_rows(most: usize) -> impl Strategy<Value = Vec<DecodeRow>> {
    (
        prop::collection::btree_set(1_u32..600, 1..6),
        prop::collection::btree_set(kv(), 1..most),
    )
        .prop_flat_map(|(batches, kvs)| {
            let cells: Vec<(u32, u32)> = batches
                .iter()
                .flat_map(|batch| kvs.iter().map(move |kv| (*batch, *kv)))
                .collect();
            let values = prop::collection::vec(prop::option::weighted(0.9, mfu()), cells.len());
            (Just(cells), values)
        })
        .prop_map(|(cells, mfus)| {
            let rows = cells
                .into_iter()
                .zip(mfus)
                .filter_map(|((batch, kv), mfu)| Some(decode_row(SMALL_SHAPE, 1, batch, kv, mfu?)));
            rows.collect::<Vec<DecodeRow>>()
        })
        .prop_filter("at least one row", |rows| !rows.is_empty())
}

fn tables_with(decode: Vec<DecodeRow>) -> MfuTables {
    let gemm = [(8, 0.01), (64, 0.1), (512, 0.5), (4096, 0.6)];
    let gemm = gemm.map(|(m, mfu)| roofline::GemmRow { m, k: 8, n: 8, mfu });
    let prefill = [(1024, 0.2), (4096, 0.6), (16_384, 0.75)];
    let prefill = prefill.map(|(seq_len, mfu)| prefill_row(SMALL_SHAPE, seq_len, mfu));
    MfuTables::new(gemm.to_vec(), prefill.to_vec(), decode).unwrap()
}

fn assumptions() -> impl Strategy<Value = Assumptions> {
    fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
        prop::sample::select(all)
    }
    (
        any_of(MfuLookup::ALL),
        any_of(GemmTime::ALL),
        any_of(DecodeAttentionFlops::ALL),
        any_of(DecodeAttentionMfu::ALL),
        any_of(PrefillContext::ALL),
        any_of(MixedBatch::ALL),
        any_of(LmHead::ALL),
    )
        .prop_map(
            |(
                mfu_lookup,
                gemm_time,
                decode_attention_flops,
                decode_attention_mfu,
                prefill_context,
                mixed_batch,
                lm_head,
            )| Assumptions {
                mfu_lookup,
                gemm_time,
                decode_attention_flops,
                decode_attention_mfu,
                prefill_context,
                mixed_batch,
                lm_head,
                ..Preset::Feb27.assumptions()
            },
        )
}

fn step_model<'t>(tables: &'t MfuTables, assumptions: &Assumptions) -> StepModel<'t> {
    StepModel::new(&small_model(), &slow_hardware(), tables, 1, assumptions).unwrap()
}

/// The decode attention MFU over a batch by one lookup a request, weighted by its FLOPs.
fn plain_weighted_mfu(
    model: &StepModel<'_>,
    flops: DecodeAttentionFlops,
    groups: &[(u32, u32)],
) -> f64 {
    let requests = groups.iter().map(|(_, requests)| requests).sum();
    let (mut tokens, mut mfu_tokens) = (0.0, 0.0);
    for (kv, count) in groups {
        let group_tokens = match flops {
            DecodeAttentionFlops::PerRequest => f64::from(*kv) * f64::from(*count),
            DecodeAttentionFlops::MaxKv => f64::from(*count),
        };
        tokens += group_tokens;
        mfu_tokens += group_tokens * model.decode_attention_mfu(requests, *kv).mfu;
    }
    mfu_tokens / tokens
}

fn check_against_plain_sum(
    rows: Vec<DecodeRow>,
    groups: &[(u32, u32)],
    mfu_lookup: MfuLookup,
    decode_attention_flops: DecodeAttentionFlops,
) {
    let tables = tables_with(rows);
    let assumptions = Assumptions {
        mfu_lookup,
        decode_attention_flops,
        ..Preset::Feb27.assumptions()
    };
    let model = step_model(&tables, &assumptions);
    let phase = model.step(&batch(&[], groups)).unwrap().decode.unwrap();
    let plain = plain_weighted_mfu(&model, decode_attention_flops, groups);
    assert!(
        (phase.attention_mfu / plain - 1.0).abs() < PLAIN_SUM_TOLERANCE,
        "{} instead of {plain}",
        phase.attention_mfu
    );
    let requests = groups.iter().map(|(_, requests)| requests).sum();
    let found = groups
        .iter()
        .map(|(kv, _)| model.decode_attention_mfu(requests, *kv).found)
        .reduce(roofline::Found::union);
    assert_eq!(Some(phase.attention_found), found);
}

/// All bits of a step.
fn bits(step: &Step) -> String {
    format!("{step:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_by_piece_equal_the_plain_sum(
        rows in decode_rows(12),
        groups in decodes(300),
        lookup in prop::sample::select(MfuLookup::ALL),
        flops in prop::sample::select(DecodeAttentionFlops::ALL),
    ) {
        check_against_plain_sum(rows, &groups, lookup, flops);
    }

    #[test]
    fn sums_by_many_pieces_equal_the_plain_sum(
        rows in decode_rows(120),
        groups in decodes(100),
        flops in prop::sample::select(DecodeAttentionFlops::ALL),
    ) {
        check_against_plain_sum(rows, &groups, MfuLookup::Interpolated, flops);
    }

    #[test]
    fn the_order_of_requests_changes_no_bit(
        rows in decode_rows(30),
        (decode, other_decode) in decodes(60)
            .prop_flat_map(|decode| (Just(decode.clone()), Just(decode).prop_shuffle())),
        (prefill, other_prefill) in prefills(20)
            .prop_flat_map(|prefill| (Just(prefill.clone()), Just(prefill).prop_shuffle())),
        assumptions in assumptions(),
    ) {
        let tables = tables_with(rows);
        let model = step_model(&tables, &assumptions);
        let step = model.step(&batch(&prefill, &decode)).unwrap();
        let other = model.step(&batch(&other_prefill, &other_decode)).unwrap();
        prop_assert_eq!(bits(&step), bits(&other));
    }

    #[test]
    fn grouped_requests_are_single_ones(
        rows in decode_rows(12), groups in decodes(20), assumptions in assumptions()
    ) {
        let tables = tables_with(rows);
        let model = step_model(&tables, &assumptions);
        let mut single = Batch::new();
        for round in 0..5 {
            for (kv, requests) in &groups {
                if round < *requests {
                    single.push_decode(*kv, 1).unwrap();
                }
            }
        }
        let grouped = model.step(&batch(&[], &groups)).unwrap();
        prop_assert_eq!(bits(&grouped), bits(&model.step(&single).unwrap()));
    }

    #[test]
    fn requests_that_are_alike_follow_one_rule(
        rows in decode_rows(12), kv in kv(), requests in 1_u32..600, assumptions in assumptions()
    ) {
        let tables = tables_with(rows);
        let at_max_kv = Assumptions {
            decode_attention_mfu: DecodeAttentionMfu::MaxKv,
            decode_attention_flops: DecodeAttentionFlops::MaxKv,
            ..assumptions
        };
        prop_assume!(assumptions.decode_attention_mfu != DecodeAttentionMfu::PerRequestAlone);
        let batch = batch(&[], &[(kv, requests)]);
        let step = step_model(&tables, &assumptions).step(&batch).unwrap();
        let other = step_model(&tables, &at_max_kv).step(&batch).unwrap();
        prop_assert_eq!(bits(&step), bits(&other));
    }

    #[test]
    fn a_step_is_no_less_than_its_parts(
        rows in decode_rows(12),
        prefill in prop_oneof![Just(vec![]), prefills(10)],
        decode in decodes(30),
        assumptions in assumptions(),
        per_layer_overhead_us in 0.0..100.0,
    ) {
        let tables = tables_with(rows);
        let hardware = Hardware::new(HardwareSpec { per_layer_overhead_us, ..SLOW_SPEC }).unwrap();
        let model = StepModel::new(&small_model(), &hardware, &tables, 2, &assumptions).unwrap();
        let step = model.step(&batch(&prefill, &decode)).unwrap();
        prop_assert!(step.step_us_exact >= step.hardware_us.max(step.overhead_us).max(1.0));
        prop_assert!(step.hardware_us <= step.compute_us + step.memory_us);
        prop_assert!((step.compute_us - step.gemm_us - step.attention_us).abs()
            <= ROUNDING * step.compute_us);
        let phases: Vec<_> = [step.prefill, step.decode].into_iter().flatten().collect();
        prop_assert_eq!(phases.len(), 1 + usize::from(!prefill.is_empty()));
        for phase in &phases {
            prop_assert!(phase.time_us >= phase.compute_us && phase.time_us >= phase.memory_us);
            prop_assert!(phase.compute_us >= phase.gemm_us && phase.compute_us >= phase.attention_us);
            prop_assert_eq!(phase.regime, Regime::of(phase.compute_us, phase.memory_us));
            prop_assert!((0.99e-4..=1.5).contains(&phase.attention_mfu));
            prop_assert!(!phase.attention_found.is_empty() && !phase.gemm_found.is_empty());
            prop_assert!(phase.bytes.total() >= phase.bytes.dynamic());
        }
        let sum_us: f64 = phases.iter().map(|phase| phase.time_us).sum();
        prop_assert!(step.hardware_us <= sum_us * (1.0 + ROUNDING));
        if assumptions.mixed_batch != MixedBatch::Additive || phases.len() == 1 {
            let least_us = phases.iter().map(|phase| phase.time_us).fold(f64::MAX, f64::min);
            prop_assert!(step.hardware_us >= least_us * (1.0 - ROUNDING));
        }
        let flops: f64 = phases.iter().map(|phase| phase.gemm_flops).sum();
        prop_assert!((step.gemm_flops - flops).abs() <= ROUNDING * flops);
    }

    #[test]
    fn at_a_flat_mfu_more_context_never_takes_less(
        groups in decodes(20), index in any::<prop::sample::Index>(), more in 1_u32..1000,
        mut assumptions in assumptions()
    ) {
        assumptions.mfu_lookup = MfuLookup::Interpolated;
        let tables = flat_tables();
        let model = step_model(&tables, &assumptions);
        let before = model.step(&batch(&[], &groups)).unwrap();
        let mut longer = groups.clone();
        longer[index.index(groups.len())].0 += more;
        let after = model.step(&batch(&[], &longer)).unwrap();
        prop_assert!(after.attention_us >= before.attention_us * (1.0 - PLAIN_SUM_TOLERANCE));
        prop_assert!(after.memory_us > before.memory_us);
        prop_assert!(after.step_us_exact >= before.step_us_exact * (1.0 - PLAIN_SUM_TOLERANCE));
    }

    #[test]
    fn interpolated_values_lie_between_their_neighbours(
        rows in decode_rows(12), requests in 1_u32..700, kv in kv()
    ) {
        let most = rows.iter().map(|row| row.mfu).fold(1e-4, f64::max);
        let tables = tables_with(rows);
        let model = step_model(&tables, &Preset::Feb27.assumptions());
        let answer = model.decode_attention_mfu(requests, kv);
        prop_assert!((1e-4..=most).contains(&answer.mfu), "{}", answer.mfu);
        prop_assert!(!answer.found.is_empty());
        // Exact or not, but not both in one lookup.
        prop_assert!(answer.found.is_measured() || !answer.found.is_exact());
    }

    #[test]
    fn measured_sizes_answer_with_their_rows(
        rows in decode_rows(30), index in any::<prop::sample::Index>(),
        lookup in prop::sample::select(MfuLookup::ALL)
    ) {
        let row = rows[index.index(rows.len())];
        let tables = tables_with(rows);
        let assumptions = Assumptions { mfu_lookup: lookup, ..Preset::Feb27.assumptions() };
        let model = step_model(&tables, &assumptions);
        let answer = model.decode_attention_mfu(row.batch_size, row.kv_len);
        if row.mfu >= 1e-4 {
            prop_assert!(answer.found.is_measured());
            prop_assert_eq!(answer.mfu.to_bits(), row.mfu.to_bits());
        } else {
            prop_assert!(answer.found.is_fallback_row());
        }
    }

    #[test]
    fn no_facts_panic_and_accepted_ones_give_finite_steps(
        sizes in prop::array::uniform5(prop_oneof![0_u32..50, any::<u32>()]),
        heads in prop_oneof![Just((1, 1)), Just((1 << 20, 1 << 20)), (0_u32..200, 0_u32..200)],
        head_dim in prop::option::of(prop_oneof![1_u32..300, any::<u32>()]),
        rates in prop::array::uniform2(prop_oneof![Just(1e6), Just(1e21), any::<f64>()]),
        bytes_per_param in prop_oneof![Just(2.0), any::<f64>()],
        (tokens, requests) in (1_u32..=1 << 24, 1_u32..=1 << 24),
        assumptions in assumptions(),
    ) {
        let [layers, hidden, intermediate, vocab, tensor_parallel] = sizes;
        let model = ModelConfig::new(ModelFacts {
            layers,
            hidden,
            heads: heads.0,
            kv_heads: heads.1,
            head_dim,
            intermediate: Some(intermediate),
            vocab,
            bytes_per_param,
        });
        let hardware = Hardware::new(HardwareSpec {
            peak_flops_per_s: rates[0],
            bandwidth_bytes_per_s: rates[1],
            ..SLOW_SPEC
        });
        let model = model.or_else(|_| ModelConfig::new(SMALL_FACTS)).unwrap();
        let hardware = hardware.or_else(|_| Hardware::new(SLOW_SPEC)).unwrap();
        let tables = flat_tables();
        let step_model = StepModel::new(&model, &hardware, &tables, tensor_parallel, &assumptions)
            .or_else(|_| StepModel::new(&model, &hardware, &tables, 1, &assumptions))
            .unwrap();
        let step = step_model
            .step(&batch(&[(tokens - 1, 1), (0, tokens)], &[(tokens, requests)]))
            .unwrap();
        prop_assert!(step.step_us_exact.is_finite() && step.step_us >= 1);
        prop_assert!(step.attention_flops_ideal.is_finite() && step.bytes.total().is_finite());
    }
}

#[test]
fn extreme_batches_keep_exact_sums() {
    const MOST: u32 = Batch::MAX_REQUESTS;
    // All requests but one have the longest context, so that sums of squares pass 64 bits.
    let groups = [(1 << 24, MOST - 1), (1, 1)];
    let step = small_step(
        &flat_tables(),
        1,
        &Preset::Feb27.assumptions(),
        &batch(&[], &groups),
    );
    let tokens = f64::from(1 << 24) * f64::from(MOST - 1) + 1.0;
    let attention_us = 32.0 * tokens;
    assert!((step.attention_us / attention_us - 1.0).abs() < PLAIN_SUM_TOLERANCE);
}
