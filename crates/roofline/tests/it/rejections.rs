//! What constructors refuse, by the whole text of the error.

use roofline::{
    Assumptions, Batch, DecodeAttentionMfu, Factors, GemmRow, Hardware, HardwareSpec,
    InvalidRequest, MfuTables, ModelConfig, ModelFacts, Preset, StepModel,
};

use crate::small_tables::{
    SLOW_SPEC, SMALL_FACTS, SMALL_SHAPE, decode_row, flat_tables, prefill_row, slow_hardware,
    small_model,
};

fn model_error(facts: ModelFacts) -> String {
    ModelConfig::new(facts).unwrap_err().to_string()
}

#[test]
fn a_model_lists_all_its_problems() {
    let facts = ModelFacts {
        layers: 0,
        hidden: 0,
        heads: 0,
        kv_heads: 0,
        head_dim: Some(0),
        intermediate: Some(0),
        vocab: 0,
        bytes_per_param: f64::NAN,
    };
    assert_eq!(
        model_error(facts),
        "invalid model config: `layers` is 0, expected 1 to 65536; \
         `hidden` is 0, expected 1 to 16777216; \
         `heads` is 0, expected 1 to 16777216; \
         `kv_heads` is 0, expected 1 to 16777216; \
         `head_dim` is 0, expected 1 to 16777216; \
         `intermediate` is 0, expected 1 to 16777216; \
         `vocab` is 0, expected 1 to 16777216; \
         `bytes_per_param` is NaN, expected a positive number up to 16"
    );
    assert_eq!(
        ModelConfig::new(facts).unwrap_err().problems[7].field,
        "bytes_per_param"
    );
}

#[test]
fn heads_must_fit_each_other() {
    for (facts, error) in [
        (
            ModelFacts {
                kv_heads: 4,
                ..SMALL_FACTS
            },
            "invalid model config: `kv_heads` is 4, more than the 2 heads",
        ),
        (
            ModelFacts {
                heads: 4,
                kv_heads: 3,
                ..SMALL_FACTS
            },
            "invalid model config: `kv_heads` is 3, which does not divide the 4 heads",
        ),
        (
            ModelFacts {
                hidden: 5,
                ..SMALL_FACTS
            },
            "invalid model config: `head_dim` is absent and the 2 heads do not divide the hidden \
             width 5",
        ),
        (
            ModelFacts {
                heads: 1 << 20,
                head_dim: Some(17),
                ..SMALL_FACTS
            },
            "invalid model config: `head_dim` is 17, 17825792 over all heads, expected up to \
             16777216",
        ),
        (
            ModelFacts {
                hidden: 1 << 23,
                intermediate: None,
                ..SMALL_FACTS
            },
            "invalid model config: `intermediate` is absent and 4 * hidden is 33554432, above \
             16777216",
        ),
    ] {
        assert_eq!(model_error(facts), error);
    }
}

#[test]
fn bytes_per_parameter_are_a_positive_number() {
    for bytes_per_param in [0.0, -0.0, -2.0, f64::NAN, f64::INFINITY, 17.0] {
        let facts = ModelFacts {
            bytes_per_param,
            ..SMALL_FACTS
        };
        assert_eq!(
            model_error(facts),
            format!(
                "invalid model config: `bytes_per_param` is {bytes_per_param}, expected a positive \
                 number up to 16"
            )
        );
    }
    for bytes_per_param in [0.5, 1.0, 16.0] {
        let facts = ModelFacts {
            bytes_per_param,
            ..SMALL_FACTS
        };
        assert!(ModelConfig::new(facts).is_ok());
    }
}

#[test]
fn hardware_lists_all_its_problems() {
    let spec = HardwareSpec {
        peak_flops_per_s: 989.5,
        bandwidth_bytes_per_s: f64::NAN,
        bandwidth_efficiency: Some(1.01),
        per_layer_overhead_us: -1.0,
    };
    assert_eq!(
        Hardware::new(spec).unwrap_err().to_string(),
        "invalid hardware: `peak_flops_per_s` is 989.5 FLOP/s, expected 1e6 to 1e21 FLOP/s; \
         `bandwidth_bytes_per_s` is NaN bytes/s, expected 1e6 to 1e21 bytes/s; \
         `bandwidth_efficiency` is 1.01, expected a share from 0.000001 to 1, or 0 for no derating; \
         `per_layer_overhead_us` is -1 us, expected 0 to 1e9 us"
    );
    for efficiency in [f64::NAN, -0.1, f64::INFINITY] {
        let spec = HardwareSpec {
            bandwidth_efficiency: Some(efficiency),
            ..SLOW_SPEC
        };
        assert_eq!(Hardware::new(spec).unwrap_err().problems.len(), 1);
    }
}

#[test]
fn tables_list_all_their_problems() {
    let gemm = |m, mfu| GemmRow { m, k: 2, n: 3, mfu };
    let error = MfuTables::new(
        vec![gemm(8, 0.5), gemm(0, 0.5), gemm(9, f64::NAN), gemm(8, 1.6)],
        vec![],
        vec![
            decode_row(SMALL_SHAPE, 1, 8, 16, -0.1),
            decode_row(SMALL_SHAPE, 0, 8, 16, 0.1),
            decode_row(SMALL_SHAPE, 1, 8, 16, 0.1),
        ],
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid mfu tables: \
         `gemm` row 2 has m 0, expected at least 1; \
         `gemm` row 3 (m 9, k 2, n 3) has mfu NaN, expected 0 to 1.5; \
         `gemm` row 4 (m 8, k 2, n 3) has mfu 1.6, expected 0 to 1.5; \
         `gemm` row 4 (m 8, k 2, n 3) repeats row 1; \
         `attention_prefill` has no rows, expected at least one; \
         `attention_decode` row 1 (heads 2, kv_heads 1, head_dim 2, tensor_parallel 1, batch_size \
         8, kv_len 16) has mfu -0.1, expected 0 to 1.5; \
         `attention_decode` row 2 has tensor_parallel 0, expected at least 1; \
         `attention_decode` row 3 (heads 2, kv_heads 1, head_dim 2, tensor_parallel 1, batch_size \
         8, kv_len 16) repeats row 1"
    );
}

#[test]
fn absurdly_sparse_decode_grids_are_refused() {
    let rows = (1..=3000).map(|at| decode_row(SMALL_SHAPE, 1, at, at, 0.1));
    let gemm = GemmRow {
        m: 1,
        k: 1,
        n: 1,
        mfu: 1.0,
    };
    let error = MfuTables::new(
        vec![gemm],
        vec![prefill_row(SMALL_SHAPE, 1, 1.0)],
        rows.collect(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid mfu tables: `attention_decode` has 3000 batch sizes by 3000 kv lengths for shape \
         2-1-2 at tensor parallel 1, expected up to 4194304 combinations"
    );
}

#[test]
fn a_step_model_lists_all_its_problems() {
    let tables = flat_tables();
    let error_of = |tensor_parallel, factors| {
        let assumptions = Assumptions {
            factors,
            ..Preset::Feb27.assumptions()
        };
        let model = StepModel::new(
            &small_model(),
            &slow_hardware(),
            &tables,
            tensor_parallel,
            &assumptions,
        );
        model.unwrap_err().to_string()
    };
    let factors = Factors {
        kv_read_one_token: -0.1,
        kv_read_many_tokens: f64::NAN,
        activation_one_token: f64::INFINITY,
        activation_many_tokens: 2e6,
        causal_divisor: 0.0,
    };
    assert_eq!(
        error_of(0, factors),
        "invalid step model: `tensor_parallel` is 0, expected at least 1; \
         `kv_read_one_token` is -0.1, expected 0 to 1000000; \
         `kv_read_many_tokens` is NaN, expected 0 to 1000000; \
         `activation_one_token` is inf, expected 0 to 1000000; \
         `activation_many_tokens` is 2000000, expected 0 to 1000000; \
         `causal_divisor` is 0, expected 0.000001 to 1000000"
    );
    assert_eq!(
        error_of(3, Factors::default()),
        "invalid step model: `tensor_parallel` is 3, which does not divide the 2 heads"
    );
}

#[test]
fn requests_out_of_bounds_leave_the_batch_as_it_was() {
    const MOST: u32 = 1 << 24;
    let mut batch = Batch::new();
    batch.push_decode(5, MOST - 1).unwrap();
    let before = batch.clone();
    for (refused, text) in [
        (
            batch.push_prefill(7, 0),
            "a prefill request has 0 new tokens, expected at least 1",
        ),
        (
            batch.push_prefill(MOST, 1),
            "a request has 16777217 tokens, expected up to 16777216",
        ),
        (
            batch.push_prefill(u32::MAX, u32::MAX),
            "a request has 8589934590 tokens, expected up to 16777216",
        ),
        (
            batch.push_decode(0, 1),
            "a decode request has a kv length of 0, expected at least 1",
        ),
        (
            batch.push_decode(MOST + 1, 1),
            "a request has 16777217 tokens, expected up to 16777216",
        ),
        (
            batch.push_decode(5, 2),
            "a batch has 16777217 requests of one kind, expected up to 16777216",
        ),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), text);
    }
    assert_eq!(batch, before);
    assert_eq!(batch.push_decode(0, 0), Err(InvalidRequest::NoKv));
    batch.push_decode(6, 0).unwrap();
    assert_eq!(batch, before);
    batch.push_decode(MOST, 1).unwrap();
    batch.push_prefill(MOST - 1, 1).unwrap();
    assert_eq!(
        (batch.decode_requests(), batch.prefill_requests()),
        (MOST, 1)
    );
}

#[test]
fn unknown_names_list_the_known_ones() {
    let error = "feb28".parse::<Preset>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown preset `feb28` (valid choices: feb24, feb25-base, feb25-h28-fixed, feb27)"
    );
    let error = "max_kv".parse::<DecodeAttentionMfu>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown decode attention mfu `max_kv` (valid choices: max-kv, weighted, \
         per-request-alone, per-request-in-batch)"
    );
    for preset in Preset::ALL {
        assert_eq!(preset.name().parse(), Ok(*preset));
    }
    assert_eq!(Preset::default(), Preset::Feb27);
    assert_eq!(Assumptions::default(), Preset::Feb27.assumptions());
}

#[cfg(feature = "serde")]
#[test]
fn assumptions_are_written_by_name() {
    let assumptions = Preset::Feb25H28Fixed.assumptions();
    let text = serde_json::to_string(&assumptions).unwrap();
    assert_eq!(
        text,
        r#"{"mfu_lookup":"interpolated","gemm_time":"mfu-only","decode_attention_flops":"per-request","decode_attention_mfu":"max-kv","prefill_context":"bucketed","mixed_batch":"weighted-average","lm_head":"excluded","factors":{"kv_read_one_token":0.8,"kv_read_many_tokens":0.92,"activation_one_token":0.75,"activation_many_tokens":0.85,"causal_divisor":1.8}}"#
    );
    let read: Assumptions = serde_json::from_str(&text).unwrap();
    assert_eq!(read, assumptions);
    let error = serde_json::from_str::<Preset>(r#""feb26""#).unwrap_err();
    assert!(error.to_string().contains("`feb25-h28-fixed`"), "{error}");
}
