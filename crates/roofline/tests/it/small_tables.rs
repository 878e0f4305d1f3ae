//! Tables, models and hardware small enough to compute by hand.

use roofline::{
    Assumptions, AttentionShape, Batch, DecodeRow, GemmRow, Hardware, HardwareSpec, MfuTables,
    ModelConfig, ModelFacts, PrefillRow, Step, StepModel,
};

/// 2 layers of width 4 with 2 query heads and 1 KV head of 2, an MLP of 8, 10 tokens in the
/// vocabulary and a byte a parameter.
///
/// So one token costs 2 x 288 GEMM FLOPs, 32 attention FLOPs per token of context, 8 bytes of KV
/// and 8 bytes of activations, and the weights are 288 bytes.
pub(crate) const SMALL_FACTS: ModelFacts = ModelFacts {
    layers: 2,
    hidden: 4,
    heads: 2,
    kv_heads: 1,
    head_dim: None,
    intermediate: Some(8),
    vocab: 10,
    bytes_per_param: 1.0,
};

pub(crate) const SMALL_SHAPE: AttentionShape = AttentionShape {
    heads: 2,
    kv_heads: 1,
    head_dim: 2,
};

/// One FLOP takes a microsecond and so does one byte.
pub(crate) const SLOW_SPEC: HardwareSpec = HardwareSpec {
    peak_flops_per_s: 1e6,
    bandwidth_bytes_per_s: 1e6,
    bandwidth_efficiency: None,
    per_layer_overhead_us: 0.0,
};

pub(crate) fn small_model() -> ModelConfig {
    ModelConfig::new(SMALL_FACTS).unwrap()
}

pub(crate) fn slow_hardware() -> Hardware {
    Hardware::new(SLOW_SPEC).unwrap()
}

/// An MFU of 1 for every kernel.
pub(crate) fn flat_tables() -> MfuTables {
    tables(&[(1, 1, 1, 1.0)], &[(1, 1.0)], &[(1, 1, 1.0)])
}

/// Rows (m, k, n, mfu), (length, mfu) and (batch, kv, mfu), the latter two for the shape of the
/// small model at tensor parallel 1.
pub(crate) fn tables(
    gemm: &[(u32, u32, u32, f64)],
    prefill: &[(u32, f64)],
    decode: &[(u32, u32, f64)],
) -> MfuTables {
    MfuTables::new(
        gemm.iter()
            .map(|&(m, k, n, mfu)| GemmRow { m, k, n, mfu })
            .collect(),
        prefill
            .iter()
            .map(|&(seq_len, mfu)| prefill_row(SMALL_SHAPE, seq_len, mfu))
            .collect(),
        decode
            .iter()
            .map(|&(batch, kv, mfu)| decode_row(SMALL_SHAPE, 1, batch, kv, mfu))
            .collect(),
    )
    .unwrap()
}

pub(crate) fn prefill_row(shape: AttentionShape, seq_len: u32, mfu: f64) -> PrefillRow {
    PrefillRow {
        shape,
        seq_len,
        mfu,
    }
}

pub(crate) fn decode_row(
    shape: AttentionShape,
    tensor_parallel: u32,
    batch_size: u32,
    kv_len: u32,
    mfu: f64,
) -> DecodeRow {
    DecodeRow {
        shape,
        tensor_parallel,
        batch_size,
        kv_len,
        mfu,
    }
}

/// Prefills of (cached, new) tokens and decodes of (kv, requests).
pub(crate) fn batch(prefill: &[(u32, u32)], decode: &[(u32, u32)]) -> Batch {
    let mut batch = Batch::new();
    for &(cached, new) in prefill {
        batch.push_prefill(cached, new).unwrap();
    }
    for &(kv, requests) in decode {
        batch.push_decode(kv, requests).unwrap();
    }
    batch
}

/// A step of the small model on the slow hardware.
pub(crate) fn small_step(
    tables: &MfuTables,
    tensor_parallel: u32,
    assumptions: &Assumptions,
    batch: &Batch,
) -> Step {
    let model = StepModel::new(
        &small_model(),
        &slow_hardware(),
        tables,
        tensor_parallel,
        assumptions,
    );
    model.unwrap().step(batch).unwrap()
}
