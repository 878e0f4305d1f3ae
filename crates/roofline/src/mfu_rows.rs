use std::collections::BTreeMap;

use crate::attention_shape::AttentionShape;
use crate::invalid::Problems;

/// One measured GEMM, C\[m,n\] = A\[m,k\] B\[k,n\] on one GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GemmRow {
    /// Tokens.
    pub m: u32,
    /// Inner size.
    pub k: u32,
    /// Outer size.
    pub n: u32,
    /// Share of peak FLOP/s that was reached; 0 where a table rounds it away.
    pub mfu: f64,
}

/// One measured prefill attention: a single causal sequence on one GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrefillRow {
    /// Heads of the model.
    pub shape: AttentionShape,
    /// Tokens of the sequence.
    pub seq_len: u32,
    /// Share of peak FLOP/s that was reached; 0 where a table rounds it away.
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
    /// Share of peak FLOP/s that was reached; 0 where a table rounds it away.
    pub mfu: f64,
}

/// Values below this count as missing: tables give three digits, and a 0 there would make a
/// kernel take forever. Also the answer where no row has more.
pub(crate) const LEAST_MFU: f64 = 1e-4;

/// The largest MFU a row may have.
pub(crate) const MAX_MFU: f64 = 1.5;

/// A row of one of the tables: named sizes and an MFU.
pub(crate) trait Row {
    const NAMES: &'static [&'static str];
    type Sizes: AsRef<[u32]> + Ord;

    fn sizes(&self) -> Self::Sizes;
    fn mfu(&self) -> f64;
}

impl Row for GemmRow {
    const NAMES: &'static [&'static str] = &["m", "k", "n"];
    type Sizes = [u32; 3];

    fn sizes(&self) -> [u32; 3] {
        [self.m, self.k, self.n]
    }

    fn mfu(&self) -> f64 {
        self.mfu
    }
}

impl Row for PrefillRow {
    const NAMES: &'static [&'static str] = &["heads", "kv_heads", "head_dim", "seq_len"];
    type Sizes = [u32; 4];

    fn sizes(&self) -> [u32; 4] {
        let AttentionShape {
            heads,
            kv_heads,
            head_dim,
        } = self.shape;
        [heads, kv_heads, head_dim, self.seq_len]
    }

    fn mfu(&self) -> f64 {
        self.mfu
    }
}

impl Row for DecodeRow {
    const NAMES: &'static [&'static str] = &[
        "heads",
        "kv_heads",
        "head_dim",
        "tensor_parallel",
        "batch_size",
        "kv_len",
    ];
    type Sizes = [u32; 6];

    fn sizes(&self) -> [u32; 6] {
        let AttentionShape {
            heads,
            kv_heads,
            head_dim,
        } = self.shape;
        [
            heads,
            kv_heads,
            head_dim,
            self.tensor_parallel,
            self.batch_size,
            self.kv_len,
        ]
    }

    fn mfu(&self) -> f64 {
        self.mfu
    }
}

/// Reports what no row of a table may have.
pub(crate) fn check_rows<R: Row>(table: &'static str, rows: &[R], problems: &mut Problems) {
    if rows.is_empty() {
        problems.add(table, "has no rows, expected at least one");
    }
    let mut first_row = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let number = index + 1;
        let sizes = row.sizes();
        let named = || R::NAMES.iter().zip(sizes.as_ref());
        let key = || {
            let sizes: Vec<String> = named()
                .map(|(name, size)| format!("{name} {size}"))
                .collect();
            sizes.join(", ")
        };
        for (name, _) in named().filter(|(_, size)| **size == 0) {
            problems.add(
                table,
                format!("row {number} has {name} 0, expected at least 1"),
            );
        }
        let mfu = row.mfu();
        if !(0.0..=MAX_MFU).contains(&mfu) {
            problems.add(
                table,
                format!(
                    "row {number} ({}) has mfu {mfu}, expected 0 to {MAX_MFU}",
                    key()
                ),
            );
        }
        let key_text = key;
        if let Some(first) = first_row.get(&sizes) {
            problems.add(
                table,
                format!("row {number} ({}) repeats row {first}", key_text()),
            );
        } else {
            first_row.insert(row.sizes(), number);
        }
    }
}
