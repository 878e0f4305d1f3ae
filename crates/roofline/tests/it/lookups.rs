//! Which row of a table answers, and how the answer is marked.

use roofline::{
    Assumptions, AttentionShape, Found, MfuAnswer, MfuLookup, MfuTables, ModelConfig, ModelFacts,
    Preset, StepModel,
};

use crate::small_tables::{
    SMALL_FACTS, SMALL_SHAPE, decode_row, prefill_row, slow_hardware, small_model, tables,
};

const BOTH: [MfuLookup; 2] = [MfuLookup::Interpolated, MfuLookup::Nearest];

fn model_for(tables: &MfuTables, mfu_lookup: MfuLookup, tensor_parallel: u32) -> StepModel<'_> {
    let assumptions = Assumptions {
        mfu_lookup,
        ..Preset::Feb27.assumptions()
    };
    StepModel::new(
        &small_model(),
        &slow_hardware(),
        tables,
        tensor_parallel,
        &assumptions,
    )
    .unwrap()
}

#[track_caller]
fn assert_answer(answer: MfuAnswer, mfu: f64, found: &str) {
    assert!(
        (answer.mfu - mfu).abs() < 1e-12,
        "{} instead of {mfu}",
        answer.mfu
    );
    assert_eq!(answer.found.to_string(), found);
}

/// Decode rows beside the smallest tables for the rest.
fn decode_tables(rows: &[(u32, u32, f64)]) -> MfuTables {
    tables(&[(1, 1, 1, 1.0)], &[(1, 1.0)], rows)
}

#[test]
fn gemms_interpolate_over_tokens() {
    let tables = tables(
        &[(20, 4, 4, 0.4), (10, 4, 4, 0.2)],
        &[(1, 1.0)],
        &[(1, 1, 1.0)],
    );
    let interpolated = model_for(&tables, MfuLookup::Interpolated, 1);
    let nearest = model_for(&tables, MfuLookup::Nearest, 1);
    for (m, linear, linear_found, lower, lower_found) in [
        (1, 0.2, "clamped", 0.2, "clamped"),
        (10, 0.2, "exact", 0.2, "exact"),
        (15, 0.3, "interpolated", 0.2, "lower neighbour"),
        (19, 0.38, "interpolated", 0.2, "lower neighbour"),
        (20, 0.4, "exact", 0.4, "exact"),
        (u32::MAX, 0.4, "clamped", 0.4, "clamped"),
    ] {
        assert_answer(interpolated.gemm_mfu(m, 4, 4), linear, linear_found);
        assert_answer(nearest.gemm_mfu(m, 4, 4), lower, lower_found);
    }
}

#[test]
fn gemms_take_the_closest_matrix_that_is_not_smaller() {
    let tables = tables(
        &[
            (1, 4, 4, 0.1),
            (1, 8, 8, 0.2),
            (1, 16, 4, 0.3),
            (1, 4, 16, 0.4),
        ],
        &[(1, 1.0)],
        &[(1, 1, 1.0)],
    );
    for mode in BOTH {
        let model = model_for(&tables, mode, 1);
        assert_answer(model.gemm_mfu(1, 8, 8), 0.2, "exact");
        assert_answer(model.gemm_mfu(1, 4, 3), 0.1, "other shape");
        assert_answer(model.gemm_mfu(1, 5, 3), 0.2, "other shape");
        assert_answer(model.gemm_mfu(1, 10, 1), 0.3, "other shape");
        // (4, 16) and (16, 4) are as large: the first of them.
        assert_answer(model.gemm_mfu(1, 20, 20), 0.3, "clamped, other shape");
    }
}

#[test]
fn gemms_below_the_least_mfu_take_the_nearest_row() {
    let tables = tables(
        &[
            (1, 4, 4, 0.0),
            (100, 4, 4, 0.5),
            (1, 4, 50, 0.25),
            (1, 50, 4, 0.125),
        ],
        &[(1, 1.0)],
        &[(1, 1, 1.0)],
    );
    for mode in BOTH {
        let model = model_for(&tables, mode, 1);
        // 46 away in n, first, and 46 away in k.
        assert_answer(model.gemm_mfu(1, 4, 4), 0.25, "fallback row");
        // 47 away in n, but 46 in k and 1 in n: from the request, not from the table it went to.
        assert_answer(model.gemm_mfu(1, 4, 3), 0.125, "fallback row, other shape");
        assert_answer(model.gemm_mfu(1, 4, 50), 0.25, "exact");
    }
    let nothing = self::tables(&[(1, 4, 4, 0.00009)], &[(1, 0.0)], &[(1, 1, 0.0)]);
    for mode in BOTH {
        let model = model_for(&nothing, mode, 1);
        assert_answer(model.gemm_mfu(1, 4, 4), 1e-4, "fallback row");
        assert_answer(model.prefill_attention_mfu(1), 1e-4, "fallback row");
        assert_answer(model.decode_attention_mfu(1, 1), 1e-4, "fallback row");
    }
}

#[test]
fn prefills_interpolate_over_the_length_of_the_nearest_shape() {
    let other = AttentionShape {
        heads: 40,
        kv_heads: 40,
        head_dim: 128,
    };
    let tables = MfuTables::new(
        vec![],
        vec![prefill_row(SMALL_SHAPE, 100, 0.5)],
        vec![decode_row(other, 1, 1, 1, 0.5)],
    );
    assert!(tables.is_err());
    let gemm = roofline::GemmRow {
        m: 1,
        k: 1,
        n: 1,
        mfu: 1.0,
    };
    let tables = MfuTables::new(
        vec![gemm],
        vec![
            prefill_row(other, 100, 0.9),
            prefill_row(SMALL_SHAPE, 100, 0.2),
            prefill_row(SMALL_SHAPE, 300, 0.6),
        ],
        vec![decode_row(other, 1, 1, 1, 0.5)],
    )
    .unwrap();
    let model = model_for(&tables, MfuLookup::Interpolated, 1);
    assert_answer(model.prefill_attention_mfu(150), 0.3, "interpolated");
    assert_answer(model.prefill_attention_mfu(300), 0.6, "exact");
    assert_answer(model.prefill_attention_mfu(301), 0.6, "clamped");
    assert_answer(model.decode_attention_mfu(1, 1), 0.5, "other shape");
    let nearest = model_for(&tables, MfuLookup::Nearest, 1);
    assert_answer(nearest.prefill_attention_mfu(299), 0.2, "lower neighbour");

    // One head more is nearer to the small shape than to 40 heads.
    let facts = ModelFacts {
        heads: 4,
        kv_heads: 2,
        ..SMALL_FACTS
    };
    let wider = StepModel::new(
        &ModelConfig::new(facts).unwrap(),
        &slow_hardware(),
        &tables,
        1,
        &Preset::Feb27.assumptions(),
    )
    .unwrap();
    assert_answer(wider.prefill_attention_mfu(300), 0.6, "other shape");
    assert_answer(
        wider.prefill_attention_mfu(150),
        0.3,
        "interpolated, other shape",
    );
}

#[test]
fn decodes_interpolate_over_batch_and_kv() {
    let tables = decode_tables(&[(1, 10, 0.1), (1, 20, 0.2), (3, 10, 0.3), (3, 20, 0.8)]);
    let model = model_for(&tables, MfuLookup::Interpolated, 1);
    for (batch, kv, mfu, found) in [
        (1, 10, 0.1, "exact"),
        (3, 20, 0.8, "exact"),
        (2, 10, 0.2, "interpolated"),
        (2, 15, 0.35, "interpolated"),
        (2, 99, 0.5, "interpolated, clamped"),
        (9, 15, 0.55, "interpolated, clamped"),
        (9, 99, 0.8, "clamped"),
    ] {
        assert_answer(model.decode_attention_mfu(batch, kv), mfu, found);
    }
    let model = model_for(&tables, MfuLookup::Nearest, 1);
    for (batch, kv, mfu, found) in [
        (1, 10, 0.1, "exact"),
        (2, 19, 0.1, "lower neighbour"),
        (3, 19, 0.3, "lower neighbour"),
        (9, 19, 0.3, "lower neighbour, clamped"),
        (9, 99, 0.8, "clamped"),
        // Nothing is below in both sizes: the nearest of all.
        (3, 9, 0.3, "clamped"),
    ] {
        assert_answer(model.decode_attention_mfu(batch, kv), mfu, found);
    }
}

#[test]
fn a_missing_grid_cell_counts_as_zero() {
    let tables = decode_tables(&[(1, 10, 0.2), (1, 20, 0.4), (3, 10, 0.6)]);
    let model = model_for(&tables, MfuLookup::Interpolated, 1);
    assert_answer(model.decode_attention_mfu(2, 20), 0.2, "interpolated");
    // At the hole itself: 10 from (3, 10) and 2 from (1, 20).
    assert_answer(model.decode_attention_mfu(3, 20), 0.4, "fallback row");
    let model = model_for(&tables, MfuLookup::Nearest, 1);
    assert_answer(model.decode_attention_mfu(3, 20), 0.4, "lower neighbour");
}

#[test]
fn decodes_fall_back_by_the_distance_from_the_request() {
    let tables = decode_tables(&[(1, 10, 0.0), (1, 20, 0.4), (8, 10, 0.6), (8, 20, 0.7)]);
    let model = model_for(&tables, MfuLookup::Interpolated, 1);
    // From (1, 10) it is 7 to (8, 10) and 10 to (1, 20); from (1, 1), clamped to the same
    // cell, too.
    assert_answer(model.decode_attention_mfu(1, 10), 0.6, "fallback row");
    assert_answer(model.decode_attention_mfu(1, 1), 0.6, "fallback row");
    // From here on the interpolated value is enough.
    assert_answer(model.decode_attention_mfu(1, 11), 0.04, "interpolated");
}

#[test]
fn decodes_take_the_nearest_tensor_parallel_degree() {
    let shape = |heads, kv_heads| AttentionShape {
        heads,
        kv_heads,
        head_dim: 1,
    };
    let gemm = roofline::GemmRow {
        m: 1,
        k: 1,
        n: 1,
        mfu: 1.0,
    };
    let tables = MfuTables::new(
        vec![gemm],
        vec![prefill_row(shape(12, 12), 1, 1.0)],
        vec![
            decode_row(shape(12, 12), 4, 1, 1, 0.4),
            decode_row(shape(12, 12), 2, 1, 1, 0.2),
            decode_row(shape(100, 100), 3, 1, 1, 0.3),
        ],
    )
    .unwrap();
    let facts = ModelFacts {
        hidden: 12,
        heads: 12,
        kv_heads: 12,
        ..SMALL_FACTS
    };
    let answer = |tensor_parallel| {
        StepModel::new(
            &ModelConfig::new(facts).unwrap(),
            &slow_hardware(),
            &tables,
            tensor_parallel,
            &Preset::Feb27.assumptions(),
        )
        .unwrap()
        .decode_attention_mfu(1, 1)
    };
    assert_answer(answer(2), 0.2, "exact");
    assert_answer(answer(4), 0.4, "exact");
    assert_answer(answer(1), 0.2, "other tensor parallel");
    assert_answer(answer(12), 0.4, "other tensor parallel");
    // As far from 2 as from 4, and another shape that has 3 does not count.
    assert_answer(answer(3), 0.2, "other tensor parallel");
}

#[test]
fn sets_of_ways_have_names() {
    let found = Found::OTHER_TENSOR_PARALLEL.union(Found::INTERPOLATED);
    assert_eq!(found.to_string(), "interpolated, other tensor parallel");
    assert!(found.is_interpolated() && found.is_other_tensor_parallel());
    assert!(!found.is_measured() && !found.is_exact() && !found.is_clamped());
    assert!(found.contains(Found::INTERPOLATED) && !found.contains(Found::EXACT));
    assert!(Found::EXACT.is_measured());
    assert!(!Found::EXACT.union(Found::CLAMPED).is_measured());
    assert_eq!(Found::NONE.to_string(), "none");
}
