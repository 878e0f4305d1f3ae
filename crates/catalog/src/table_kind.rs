use std::collections::BTreeMap;
use std::fmt;

/// The tables of a GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Matrix products.
    Gemm,
    /// Attention over one causal sequence.
    AttentionPrefill,
    /// Attention of one new token for each request of a batch.
    AttentionDecode,
}

impl TableKind {
    /// All tables, in the order they are read and reported.
    pub const ALL: [Self; 3] = [Self::Gemm, Self::AttentionPrefill, Self::AttentionDecode];

    /// The file in the GPU's folder.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Gemm => "gemm.csv",
            Self::AttentionPrefill => "attention_prefill.csv",
            Self::AttentionDecode => "attention_decode.csv",
        }
    }
}

impl fmt::Display for TableKind {
    /// The file without its ending.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file_name().trim_end_matches(".csv"))
    }
}

/// A size that a measurement was made at: a column of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Inner size of a matrix product.
    K,
    /// Outer size of a matrix product.
    N,
    /// Tokens of a matrix product.
    M,
    /// Query heads of the whole model.
    Heads,
    /// KV heads of the whole model.
    KvHeads,
    /// Width of one head.
    HeadDim,
    /// GPUs that the heads are split over.
    TensorParallel,
    /// Requests.
    BatchSize,
    /// Tokens that each request holds.
    KvLen,
    /// Tokens of a sequence.
    SeqLen,
}

impl Axis {
    /// The name of the column.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::K => "k",
            Self::N => "n",
            Self::M => "m",
            Self::Heads => "heads",
            Self::KvHeads => "kv_heads",
            Self::HeadDim => "head_dim",
            Self::TensorParallel => "tensor_parallel",
            Self::BatchSize => "batch_size",
            Self::KvLen => "kv_len",
            Self::SeqLen => "seq_len",
        }
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.column())
    }
}

/// A place in a table: some of its axes with the sizes there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Point(BTreeMap<Axis, u32>);

impl Point {
    /// The place with these sizes.
    pub(crate) fn new(sizes: impl IntoIterator<Item = (Axis, u32)>) -> Self {
        Self(sizes.into_iter().collect())
    }

    /// The size along an axis; `None` where the table lacks the axis.
    #[must_use]
    pub fn size(&self, axis: Axis) -> Option<u32> {
        self.0.get(&axis).copied()
    }
}

impl fmt::Display for Point {
    /// `k 4096, n 6144, m 8`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes = self.0.iter().map(|(axis, size)| format!("{axis} {size}"));
        f.write_str(&sizes.collect::<Vec<_>>().join(", "))
    }
}
