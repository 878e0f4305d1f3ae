use std::collections::BTreeMap;

use roofline::AttentionShape;

use crate::measured_table::MeasuredTable;
use crate::measured_tables::MeasuredTables;
use crate::table_layout::Counting;

/// What the rows of a GPU's tables hold beside the MFU, by their sizes.
#[derive(Debug, Clone)]
pub struct MeasuredKernels {
    gemm: Kernels<3>,
    prefill: Kernels<4>,
    decode: Kernels<6>,
}

/// One measured kernel, on one GPU.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredKernel {
    /// Its time, in microseconds.
    pub latency_us: f64,
    /// Its FLOPs, counted in the likeliest way: `2 m k n` for a GEMM, half of `4 heads head_dim
    /// seq_len^2` for prefill attention, `4 heads/tensor_parallel head_dim batch_size kv_len` for
    /// decode attention.
    pub flops: f64,
}

impl MeasuredKernel {
    /// The peak rate, in FLOP/s, of which `mfu` is the share that was reached.
    #[must_use]
    pub fn implied_peak_flops_per_s(&self, mfu: f64) -> f64 {
        self.flops / (self.latency_us * 1e-6) / mfu
    }
}

type Kernels<const N: usize> = BTreeMap<[u32; N], MeasuredKernel>;

impl MeasuredKernels {
    pub(crate) fn of(tables: &MeasuredTables) -> Self {
        Self {
            gemm: kernels(&tables.gemm),
            prefill: kernels(&tables.prefill),
            decode: kernels(&tables.decode),
        }
    }

    /// The GEMM of these sizes, if it was measured.
    #[must_use]
    pub fn gemm(&self, m: u32, k: u32, n: u32) -> Option<MeasuredKernel> {
        self.gemm.get(&[k, n, m]).copied()
    }

    /// The prefill attention of this shape and length, if it was measured.
    #[must_use]
    pub fn prefill(&self, shape: AttentionShape, seq_len: u32) -> Option<MeasuredKernel> {
        let sizes = [shape.heads, shape.kv_heads, shape.head_dim, seq_len];
        self.prefill.get(&sizes).copied()
    }

    /// The decode attention of this shape and batch, if it was measured.
    #[must_use]
    pub fn decode(
        &self,
        shape: AttentionShape,
        tensor_parallel: u32,
        batch_size: u32,
        kv_len: u32,
    ) -> Option<MeasuredKernel> {
        let sizes = [
            shape.heads,
            shape.kv_heads,
            shape.head_dim,
            tensor_parallel,
            batch_size,
            kv_len,
        ];
        self.decode.get(&sizes).copied()
    }
}

fn kernels<const N: usize>(table: &MeasuredTable<N>) -> Kernels<N> {
    let likeliest = table.layout.countings.iter().take(1);
    let of_counting = |counting: &'static Counting<N>| {
        table.rows.iter().map(|row| {
            let kernel = MeasuredKernel {
                latency_us: row.latency_us,
                flops: (counting.flops)(row.sizes),
            };
            (row.sizes, kernel)
        })
    };
    likeliest.flat_map(of_counting).collect()
}
